"""OpenVINO: the fastest CPU path that installs everywhere. Converted once, then kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import logging
import os
import warnings
from pathlib import Path

import numpy as np
import openvino as ov
import platformdirs
import torch
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
from torch import Tensor, nn

from generator.checkpoint import FILES, Card
from protocol.blendshapes import BASES

BATCHES = (1, 2, 4)  # compiled shapes: a batch is filled up to the next, so that no new shape stalls a show
log = logging.getLogger(__name__)


class OpenVinoRuntime:
    """bfloat16 where the processor computes in it, else float32."""

    device = "cpu"

    def __init__(self, folder: Path, card: Card, threads: int = 0) -> None:
        core = ov.Core()
        fast = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.label = f"OpenVINO {ov.__version__.split('-')[0]}, {'bfloat16' if fast else 'float32'}"
        settings = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "bf16" if fast else "f32"}
        if threads:
            settings["INFERENCE_NUM_THREADS"] = str(threads)
        denoiser, decoder = _graphs(core, folder, card)
        self._denoisers = {n: _compiled(core, denoiser, n, settings) for n in BATCHES}
        self._decoders = {n: _compiled(core, decoder, n, settings) for n in BATCHES}

    def denoise(self, noisy: Tensor, level: Tensor, identity: Tensor, curves: Tensor) -> Tensor:
        return torch.from_numpy(_run(self._denoisers, [t.numpy() for t in (noisy, level, identity, curves)]))

    def decode(self, latents: Tensor) -> Tensor:
        return torch.from_numpy(_run(self._decoders, [latents.numpy()]))


def _run(requests: dict[int, ov.InferRequest], inputs: list[np.ndarray]) -> np.ndarray:
    count = len(inputs[0])
    if count > BATCHES[-1]:
        raise ValueError(f"{count} streams in one pass; this runtime takes {BATCHES[-1]}")
    size = next(n for n in BATCHES if n >= count)
    if size > count:
        inputs = [np.concatenate([a, np.repeat(a[-1:], size - count, 0)]) for a in inputs]
    request = requests[size]
    request.infer(inputs)
    return request.get_output_tensor(0).data[:count].copy()


def _compiled(core: ov.Core, graph: ov.Model, batch: int, settings: dict[str, str]) -> ov.InferRequest:
    shaped = graph.clone()
    shaped.reshape({port: [batch, *list(port.get_partial_shape())[1:]] for port in shaped.inputs})
    return core.compile_model(shaped, "CPU", settings).create_infer_request()


def _graphs(core: ov.Core, folder: Path, card: Card) -> tuple[ov.Model, ov.Model]:
    kept = Path(platformdirs.user_cache_dir("facebridge")) / "openvino" / _fingerprint(folder)
    paths = kept / "denoiser.xml", kept / "decoder.xml"
    if all(path.exists() for path in paths):
        return core.read_model(paths[0]), core.read_model(paths[1])
    graphs = _convert(folder, card)
    try:
        _keep(graphs, kept)
    except OSError as error:
        log.warning("the converted model cannot be kept in %s (%s): every start will convert it again", kept, error)
    return graphs


def _keep(graphs: tuple[ov.Model, ov.Model], kept: Path) -> None:
    """Written beside and renamed, so that a second process never reads half a file."""
    partial = kept.with_name(f"{kept.name}.{os.getpid()}")
    partial.mkdir(parents=True)
    for graph, name in zip(graphs, ("denoiser.xml", "decoder.xml"), strict=True):
        ov.save_model(graph, partial / name, compress_to_fp16=False)
    if not kept.exists():
        partial.rename(kept)


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(f"{ov.__version__} {torch.__version__}".encode())
    for name in FILES:
        stat = (folder / name).stat()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:24]


def _convert(folder: Path, card: Card) -> tuple[ov.Model, ov.Model]:
    from generator.compact_network import load_network

    denoiser, autoencoder = load_network(folder, card)
    latents = torch.zeros(2, card.latent_channels, card.latent_size, card.latent_size)
    example = (latents, torch.tensor([999, 500]), torch.zeros(2, 512), torch.zeros(2, len(BASES[card.basis])))
    with torch.inference_mode():
        return _traced(denoiser, example), _traced(_ToBytes(autoencoder), (latents,))


def _traced(module: nn.Module, example: tuple[Tensor, ...]) -> ov.Model:
    """As `ov.convert_model` does it, less its second look at the trace and its report home, its slowest parts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a trace fixes: shapes, and these are fixed anyhow
        decoder = TorchScriptPythonDecoder(torch.jit.trace(module, example, strict=False, check_trace=False))
    frontend = FrontEndManager().load_by_framework("pytorch")
    graph = frontend.convert(frontend.load(decoder))
    graph.reshape({port: [-1, *tensor.shape[1:]] for port, tensor in zip(graph.inputs, example, strict=True)})
    return graph


class _ToBytes(nn.Module):
    def __init__(self, autoencoder: nn.Module) -> None:
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, latents: Tensor) -> Tensor:
        pictures = self.autoencoder.decode(latents).permute(0, 2, 3, 1)  # type: ignore[operator]
        return (pictures * 255).round().clamp(0, 255).to(torch.uint8)
