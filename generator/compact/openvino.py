"""OpenVINO: the fastest CPU path that installs everywhere. Converted once, then kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import shutil
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import openvino as ov
import platformdirs

from generator import hardware
from generator.compact.card import COLOURS, FILES, IDENTITY, SQUARE, Card
from generator.compact.runtime import Conditions

if TYPE_CHECKING:
    from generator.compact.tracing import Networks

BATCHES = (1, 2, 4)  # compiled shapes: a batch is filled up to the next, so that no new shape stalls a show
BFLOAT16 = {"INFERENCE_PRECISION_HINT": "bf16"}
FLOAT32 = {"INFERENCE_PRECISION_HINT": "f32"}
if platform.machine().lower() in ("x86_64", "amd64"):
    FLOAT32["SNIPPETS_MODE"] = "DISABLE"  # or OpenVINO 2026.4 crashes over attention in float32, with AVX2 and AVX-512
KNOWN = 64  # people in their scenes that are remembered; a light that is moved makes many
UNUSED = 30 * 24 * 3600.0  # seconds after which a conversion is not kept any longer
log = logging.getLogger(__name__)


class OpenVinoRuntime:
    """In bfloat16 where the processor is faster in it, else in float32, unless `bfloat16` says which; one that has no
    bfloat16 draws in float32 in any case. What nobody asked for yet is not compiled.
    """

    def __init__(self, folder: Path, card: Card, threads: int = 0, bfloat16: bool | None = None) -> None:
        self._folder, self._card, self._core = folder, card, ov.Core()
        bfloat16 = hardware.has_bfloat16() and (hardware.half_pays() if bfloat16 is None else bfloat16)
        self.label = f"OpenVINO {ov.__version__.split('-')[0]}, {'bfloat16' if bfloat16 else 'float32'}"
        self._settings = {"PERFORMANCE_HINT": "LATENCY", **(BFLOAT16 if bfloat16 else FLOAT32)}
        if threads:
            self._settings["INFERENCE_NUM_THREADS"] = str(threads)
        self._kept = Path(platformdirs.user_cache_dir("facebridge")) / "openvino" / _fingerprint(folder)
        _forget_unused(self._kept)
        self._known: OrderedDict[bytes, np.ndarray] = OrderedDict()
        self._compiled: dict[tuple[str, int], ov.InferRequest] = {}
        self._behind = ThreadPoolExecutor(1, "compile")
        self._coming: dict[tuple[str, int], Future[None]] = {}
        self._decoders = dict(zip(sorted(card.sizes, reverse=True), ("decoder", "small_decoder"), strict=True))

    def denoise(self, noisy: np.ndarray, level: np.ndarray, given: Conditions) -> np.ndarray:
        maps, who = self._run("geometry", [given.identity, given.curves]), self._people(given)
        inputs = [noisy, level, given.identity, given.scene, given.curves, given.last, maps, who]
        if not given.reference:
            return self._run("denoiser", inputs)
        return self._run("reference_denoiser", [*inputs, given.reference_scale, *given.reference])

    def _people(self, given: Conditions) -> np.ndarray:
        """What the network makes of each person in their scene: once, since neither changes from frame to frame."""
        rows = np.concatenate([given.identity, given.scene], 1)
        for row in rows:
            if row.tobytes() not in self._known:
                self._known[row.tobytes()] = self._run("person", [row[None, :IDENTITY], row[None, IDENTITY:]])[0]
        found = np.stack([self._known[row.tobytes()] for row in rows])
        while len(self._known) > KNOWN:
            self._known.popitem(last=False)
        return found

    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        squares = self._run(self._decoders[size], [latents])
        rows = squares.reshape(*squares.shape[:3], SQUARE, -1).swapaxes(2, 3)
        return rows.reshape(len(latents), size, size, COLOURS)

    def read(self, picture: np.ndarray, identity: np.ndarray) -> list[np.ndarray]:
        """With plain torch: once a person."""
        return self._networks.read(picture, identity)

    @cached_property
    def _networks(self) -> Networks:
        from generator.compact.tracing import Networks  # and torch and diffusers with it: seconds

        return Networks(self._folder, self._card)

    def _run(self, graph: str, inputs: list[np.ndarray]) -> np.ndarray:
        count = len(inputs[0])
        if count > BATCHES[-1]:
            raise ValueError(f"{count} streams in one pass; this runtime takes {BATCHES[-1]}")
        size = self._batch(graph, count)
        parts = [self._infer(graph, size, [a[at : at + size] for a in inputs]) for at in range(0, count, size)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

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
        if batch > 1:
            _make_for(shaped, batch)
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
        """For one stream, which is what a first picture waits for."""
        path = self._kept / f"{name}.xml"
        if not path.exists():
            made = self._networks.traced(name)
            _make_for(made, 1)
            try:
                _keep(made, path)
            except OSError as error:
                log.warning("the converted model cannot be kept in %s (%s): every start converts it again", path, error)
                return made
        return self._core.read_model(path)  # even what was just made: what is compiled of it is kept by what was read


def _forget_unused(kept: Path) -> None:
    """Other conversions, 290 MB each, that no start has used for long: of models that were replaced since."""
    with suppress(OSError):  # no such folder yet, none of ours, or another process forgets it, too
        os.utime(kept)
    for other in kept.parent.glob("*/"):
        with suppress(OSError):
            if time.time() - other.stat().st_mtime > UNUSED:
                shutil.rmtree(other)


def _make_for(graph: ov.Model, batch: int) -> None:
    """A graph of a fixed number of streams: faster than one of any."""
    graph.reshape({port: [batch, *list(port.get_partial_shape())[1:]] for port in graph.inputs})


def _keep(graph: ov.Model, path: Path) -> None:
    """Written beside and renamed, so that a second process never reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{os.getpid()}.{path.name}")
    ov.save_model(graph, partial, compress_to_fp16=False)
    partial.with_suffix(".bin").replace(path.with_suffix(".bin"))
    partial.replace(path)  # last: from here on it is there


def _fingerprint(folder: Path) -> str:
    digest = hashlib.sha256(f"{ov.__version__} {version('torch')}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())  # what was converted is code as well as weights
    for name in FILES:
        stat = (folder / name).stat()
        digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()[:24]
