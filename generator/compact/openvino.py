"""OpenVINO: the fastest CPU path that installs everywhere. Converted once, then kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import warnings
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openvino as ov
import platformdirs
import torch
from torch import Tensor, nn

from generator import hardware
from generator.compact.card import FILES, Card
from generator.compact.runtime import Conditions

if TYPE_CHECKING:
    from generator.compact.denoiser import Denoiser

BATCHES = (1, 2, 4)  # compiled shapes: a batch is filled up to the next, so that no new shape stalls a show
CURVES = 55
BFLOAT16 = {"INFERENCE_PRECISION_HINT": "bf16"}
FLOAT32 = {"INFERENCE_PRECISION_HINT": "f32"}
if platform.machine().lower() in ("x86_64", "amd64"):
    FLOAT32["SNIPPETS_MODE"] = "DISABLE"  # or OpenVINO 2026.4 crashes over attention in float32, with AVX2 and AVX-512
log = logging.getLogger(__name__)


class OpenVinoRuntime:
    """In bfloat16 where the processor is faster in it, else in float32, unless `bfloat16` says which; one that has no
    bfloat16 draws in float32 in any case. What nobody asked for yet is not compiled.
    """

    device = "cpu"

    def __init__(self, folder: Path, card: Card, threads: int = 0, bfloat16: bool | None = None) -> None:
        self._folder, self._card, self._core = folder, card, ov.Core()
        bfloat16 = self._can_halve() and (hardware.half_pays() if bfloat16 is None else bfloat16)
        self.label = f"OpenVINO {ov.__version__.split('-')[0]}, {'bfloat16' if bfloat16 else 'float32'}"
        self._settings = {"PERFORMANCE_HINT": "LATENCY", **(BFLOAT16 if bfloat16 else FLOAT32)}
        if threads:
            self._settings["INFERENCE_NUM_THREADS"] = str(threads)
        self._kept = Path(platformdirs.user_cache_dir("facebridge")) / "openvino" / _fingerprint(folder)
        self._compiled: dict[tuple[str, int], ov.InferRequest] = {}
        self._behind = ThreadPoolExecutor(1, "compile")
        self._coming: dict[tuple[str, int], Future[None]] = {}
        self._decoders = dict(zip(sorted(card.sizes, reverse=True), ("decoder", "small_decoder"), strict=True))

    def _can_halve(self) -> bool:
        """Asked for bfloat16 without it, OpenVINO would compute in float32 as it likes, see `FLOAT32`."""
        return "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")

    def denoise(self, noisy: Tensor, level: Tensor, given: Conditions) -> Tensor:
        maps = self._run("geometry", [given.identity, given.curves])
        inputs = [noisy, level, given.identity, given.scene, given.curves, given.last, maps]
        if not given.reference:
            return self._run("denoiser", inputs)
        return self._run("reference_denoiser", [*inputs, given.reference_scale, *given.reference])

    def decode(self, latents: Tensor, size: int) -> Tensor:
        return self._run(self._decoders[size], [latents])

    def read(self, picture: Tensor, identity: Tensor) -> list[Tensor]:
        """With plain torch: once a person."""
        from generator.compact.network import load_autoencoder

        with torch.inference_mode():
            return self._denoiser.read(load_autoencoder(self._folder).encode(picture), identity)

    @cached_property
    def _denoiser(self) -> Denoiser:
        from generator.compact.network import load_denoiser  # and diffusers with it: seconds

        return load_denoiser(self._folder, self._card)

    def _run(self, graph: str, tensors: list[Tensor]) -> Tensor:
        inputs = [tensor.numpy() for tensor in tensors]
        count = len(inputs[0])
        if count > BATCHES[-1]:
            raise ValueError(f"{count} streams in one pass; this runtime takes {BATCHES[-1]}")
        size = self._batch(graph, count)
        parts = [self._infer(graph, size, [a[at : at + size] for a in inputs]) for at in range(0, count, size)]
        return torch.from_numpy(np.concatenate(parts))

    def _infer(self, graph: str, size: int, inputs: list[np.ndarray]) -> np.ndarray:
        count = len(inputs[0])
        if size > count:
            inputs = [np.concatenate([a, np.repeat(a[-1:], size - count, 0)]) for a in inputs]
        request = self._compiled[graph, size]
        request.infer(inputs)
        return request.get_output_tensor(0).data[:count].copy()

    def _batch(self, graph: str, count: int) -> int:
        """The size to draw `count` in: the next that holds them, or while that is being compiled, the largest there is:
        a second performer does not stop the first.
        """
        wanted = next(n for n in BATCHES if n >= count)
        ready = [n for n in BATCHES if (graph, n) in self._compiled]
        if not ready:
            self._compile(graph, wanted)
        elif wanted not in ready:
            if (graph, wanted) not in self._coming:
                self._coming[graph, wanted] = self._behind.submit(self._compile_behind, graph, wanted)
            return max(ready)
        return wanted

    def _compile_behind(self, graph: str, batch: int) -> None:
        try:
            self._compile(graph, batch)
        except Exception:
            log.exception("%s for %d streams at once does not compile: they are drawn in smaller groups", graph, batch)

    def _compile(self, graph: str, batch: int) -> None:
        shaped = self._graph(graph)
        shaped.reshape({port: [batch, *list(port.get_partial_shape())[1:]] for port in shaped.inputs})
        exact = FLOAT32 if graph == "geometry" else {}  # see Geometry.forward
        compiled = self._started(shaped, self._settings | exact, kept=batch == 1)
        self._compiled[graph, batch] = compiled.create_infer_request()

    def _started(self, graph: ov.Model, settings: dict[str, str], kept: bool) -> ov.CompiledModel:
        """Compiled for this processor; what a first picture waits for is `kept`, and half as long next time."""
        if kept:
            try:
                return self._core.compile_model(graph, "CPU", settings | {"CACHE_DIR": str(self._kept)})
            except RuntimeError as error:  # a full disk, or another process that is just writing it
                log.info("compiled anew: %s", error)
        return self._core.compile_model(graph, "CPU", settings)

    def _graph(self, name: str) -> ov.Model:
        path = self._kept / f"{name}.xml"
        if path.exists():
            return self._core.read_model(path)
        made = _traced(*self._example(name))
        try:
            _keep(made, path)
        except OSError as error:
            log.warning("the converted model cannot be kept in %s (%s): every start will convert it again", path, error)
        return made

    def _example(self, name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
        """The module that a graph is traced from, and inputs for it."""
        from generator.compact.network import load_autoencoder, load_small_decoder

        side, channels = self._card.latent_size, self._card.latent_channels
        latents = torch.zeros(2, channels, side, side)
        if name == "decoder":
            return _Bytes(load_autoencoder(self._folder).decode), (latents,)
        if name == "small_decoder":
            return _Bytes(load_small_decoder(self._folder)), (latents,)
        identity, curves = torch.zeros(2, 512), torch.zeros(2, CURVES)
        geometry = self._denoiser.expression.geometry
        if name == "geometry":
            return geometry, (identity, curves)
        with torch.inference_mode():
            maps = geometry(identity, curves)
            seen = self._denoiser.read(latents, identity) if name == "reference_denoiser" else []
        inputs = (latents, torch.tensor([999, 500]), identity, torch.zeros(2, 4), curves, latents, maps)
        return _Drawing(self._denoiser), (*inputs, torch.ones(2), *seen) if seen else inputs


def _keep(graph: ov.Model, path: Path) -> None:
    """Written beside and renamed, so that a second process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{os.getpid()}.{path.name}")
    ov.save_model(graph, partial, compress_to_fp16=False)
    partial.with_suffix(".bin").replace(path.with_suffix(".bin"))
    partial.replace(path)  # last: from here on it is there


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(f"{ov.__version__} {torch.__version__}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())  # what was converted is code as well as weights
    for name in FILES:
        stat = (folder / name).stat()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:24]


def _traced(module: nn.Module, example: tuple[Tensor, ...]) -> ov.Model:
    """As `ov.convert_model` does it, less its second look at the trace and its report home, its slowest parts."""
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of what a trace fixes: shapes, and these are fixed anyhow
        decoder = TorchScriptPythonDecoder(torch.jit.trace(module, example, strict=False, check_trace=False))
        frontend = FrontEndManager().load_by_framework("pytorch")
        graph = frontend.convert(frontend.load(decoder))
    graph.reshape({port: [-1, *tensor.shape[1:]] for port, tensor in zip(graph.inputs, example, strict=True)})
    return graph


class _Bytes(nn.Module):
    def __init__(self, decode: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.decode = decode

    def forward(self, latents: Tensor) -> Tensor:
        from generator.compact.network import to_bytes

        return to_bytes(self.decode(latents))


class _Drawing(nn.Module):
    """The denoiser in a signature of tensors alone: without a reference, or with its scale and states behind."""

    def __init__(self, denoiser: nn.Module) -> None:
        super().__init__()
        self.denoiser = denoiser

    def forward(self, *inputs: Tensor) -> Tensor:
        *first, maps = inputs[:7]
        scale, seen = (inputs[7], list(inputs[8:])) if len(inputs) > 7 else (None, None)
        return self.denoiser(*first, reference=seen, reference_scale=scale, maps=maps)
