"""What draws a face: the one interface between the bridge and every model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from generator.light import Light

Stream = Any  # what a generator remembers of one performer: opaque to everyone else
Finish = Callable[[], np.ndarray]  # gives the same pixels whenever it is asked

CARD = "facebridge.json"  # what tells a model of our own
PUBLISHED = ("arc2face", "models/arc2face")  # what tells the published one, named itself or by the folder it lies in
CAPABILITIES = ("expression", "reference", "light", "alpha")
AUTOENCODERS = ("taesd", "sd")
DEVICES = ("auto", "cpu", "cuda")
DTYPES = ("auto", "float32", "float16", "bfloat16")
RUNTIMES = ("auto", "eager", "compiled", "openvino")


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How a stream is drawn: `size` in pixels (square), `steps` 0 the model's default, `expression_scale` 1 as sent.

    `reference_scale` is how closely the identity's own picture is kept to, 0 not at all; without the capability
    "reference", or for an identity without a picture, it has no effect. `light` is (azimuth, elevation) of the key
    light in degrees, within ±90 and -30..90, None the model's own; without the capability "light" it has no effect.
    """

    identity: str
    size: int
    seed: int = 0
    steps: int = 0
    expression_scale: float = 1.0
    reference_scale: float = 0.8
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What a model's folder alone does not say; "" and "auto" are decided by what is there.

    A model with a facebridge.json says the rest itself and heeds `runtime`, `device` and `store` alone.
    """

    base: str = ""  # folder with Stable Diffusion 1.5's vae/ and scheduler/
    autoencoder: str = ""  # of AUTOENCODERS; "" the fast one where it is there
    device: str = "auto"  # of DEVICES
    dtype: str = "auto"  # of DTYPES
    runtime: str = "auto"  # of RUNTIMES
    store: str = ""  # folder of the identities enrolled; "" the user's own


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture. `finish` does whatever is left to do for it and needs no model, once, in the thread of whoever asks
    first: meanwhile the model draws the next. `repeated` marks a still face: the last pixels again.
    """

    finish: Finish
    repeated: bool

    @classmethod
    def whole(cls, pixels: np.ndarray, repeated: bool) -> Drawn:
        """Of pixels to which nothing is left to do."""
        return cls(lambda: pixels, repeated)

    @property
    def pixels(self) -> np.ndarray:
        """Row 0 on top: uint8 (size, size, 3) RGB, or by a model with the capability "alpha" (size, size, 4) RGBA
        without a backdrop, its alpha straight.
        """
        return self.finish()


class FaceGenerator(Protocol):
    """Curves in, faces out. One thread calls it; only `identities` must be safe to read from others."""

    name: str
    basis: str  # of `protocol.blendshapes.BASES`: what `render` expects
    sizes: tuple[int, ...]  # pixels
    max_batch: int  # streams drawn in one pass
    default_steps: int
    capabilities: tuple[str, ...]  # of CAPABILITIES: what the model heeds, and "alpha" for what it draws

    @property
    def identities(self) -> tuple[str, ...]:
        """Whom it can draw now; somebody may enrol, or be removed, while it runs."""
        ...

    def open_stream(self, settings: StreamSettings) -> Stream:
        """State for a new stream. Raises ValueError saying which setting is refused and why."""
        ...

    def change(self, stream: Stream, settings: StreamSettings) -> None:
        """Settings from the next picture on. Raises ValueError; the stream then keeps the old ones."""
        ...

    def reset(self, stream: Stream) -> None:
        """Forget the stream's past: the next picture starts fresh."""
        ...

    def render(self, frames: Sequence[tuple[Stream, np.ndarray]]) -> list[Drawn]:
        """One picture for each (stream, float32 curves in `basis`), in one pass; no stream occurs twice."""
        ...


def load_generator(model: str, options: ModelOptions = ModelOptions()) -> FaceGenerator:
    """The built-in one of that name, "testcard", or the one in a model folder. Errors say which file and why."""
    if model == "testcard":
        from generator.testcard import TestCard

        return TestCard()
    from generator.checkpoint import CheckpointError, model_folder

    folder = model_folder(model)
    if folder.is_dir() and not (folder / CARD).is_file():
        if not any((folder / place).is_dir() for place in PUBLISHED):
            raise CheckpointError(
                f"{folder} is no model: it holds neither {CARD} (a model of facebridge's own) "
                "nor arc2face/ (the published model, which `facebridge models pull arc2face` fetches)"
            )
        from generator.arc2face.streaming import load_streaming

        return load_streaming(folder, options)
    from generator.diffusion import load_diffusion

    return load_diffusion(model, _own_runtime(model, options), options.store)


def _own_runtime(model: str, options: ModelOptions) -> str:
    """The runtime of a model of our own, which has none of the published model's choices."""
    from generator.checkpoint import CheckpointError

    unheeded = [name for name in ("base", "autoencoder") if getattr(options, name)]
    unheeded += [] if options.dtype == "auto" else ["dtype"]
    if unheeded:
        raise CheckpointError(f"{model} has no choice of {' or '.join(unheeded)}: that is for the published model")
    if options.runtime == "compiled":
        raise CheckpointError(f"{model} runs eager or with openvino; compiled is for the published model")
    return options.runtime if options.device == "auto" or options.runtime != "auto" else options.device
