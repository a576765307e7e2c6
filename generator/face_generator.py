"""What draws a face: the one interface between the bridge and every model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Stream = Any  # what a generator remembers of one performer: opaque to everyone else


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """How a stream is drawn: `size` in pixels (square), `steps` 0 the model's default, `expression_scale` 1 as sent."""

    identity: str
    size: int
    seed: int = 0
    steps: int = 0
    expression_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture: uint8 (size, size, 3) RGB, row 0 on top. `repeated` marks a still face: the last pixels again."""

    pixels: np.ndarray
    repeated: bool


class FaceGenerator(Protocol):
    """Curves in, faces out. One thread calls it; it need not be safe for more."""

    name: str
    basis: str  # of `protocol.blendshapes.BASES`: what `render` expects
    sizes: tuple[int, ...]  # pixels
    identities: tuple[str, ...]
    max_batch: int  # streams drawn in one pass
    default_steps: int

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


def load_generator(model: str) -> FaceGenerator:
    """The generator called "testcard" or "compact", or the one in a model folder. Errors say which file and why."""
    if model == "testcard":
        from generator.testcard import TestCard

        return TestCard()
    from generator.diffusion import load_diffusion

    return load_diffusion(model)
