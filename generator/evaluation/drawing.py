"""Drives the generator as the bridge does: streams, batches, frames in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from generator.diffusion import DiffusionGenerator
from generator.face_generator import Drawn, StreamSettings


def draw_each(
    generator: DiffusionGenerator, names: Sequence[str], curves: np.ndarray, seed: int, steps: int = 0
) -> np.ndarray:
    """Row i of `curves` (n, 55) on the person `names[i]`, each a stream's first picture: uint8 (n, size, size, 3).

    One `seed`, hence one noise, for all.
    """
    settings = [StreamSettings(name, generator.sizes[0], seed, steps) for name in names]
    frames = [(generator.open_stream(one), row) for one, row in zip(settings, curves, strict=True)]
    batches = [frames[at : at + generator.max_batch] for at in range(0, len(frames), generator.max_batch)]
    return np.stack([drawn.pixels for batch in batches for drawn in generator.render(batch)])


def draw_people(generator: DiffusionGenerator, names: Sequence[str], curves: np.ndarray, seed: int) -> np.ndarray:
    """Every row of `curves` (k, 55) on every person, from the same fresh noise: uint8 (people, k, size, size, 3)."""
    everyone = [name for name in names for _ in curves]
    drawn = draw_each(generator, everyone, np.tile(curves, (len(names), 1)), seed)
    return drawn.reshape(len(names), len(curves), *drawn.shape[1:])


def play(
    generator: DiffusionGenerator, names: Sequence[str], curves: np.ndarray, seed: int, steps: int = 0
) -> list[list[Drawn]]:
    """A performance (t, 55) by several people, a stream for each, drawn together: for every person t pictures."""
    settings = [StreamSettings(name, generator.sizes[0], seed, steps) for name in names]
    streams = [generator.open_stream(one) for one in settings]
    drawn: list[list[Drawn]] = [[] for _ in names]
    for row in curves:
        for at in range(0, len(streams), generator.max_batch):
            pictures = generator.render([(stream, row) for stream in streams[at : at + generator.max_batch]])
            for one, picture in zip(drawn[at:], pictures, strict=False):
                one.append(picture)
    return drawn


def pixels(drawn: Sequence[Drawn]) -> np.ndarray:
    """uint8 (n, size, size, 3)."""
    return np.stack([picture.pixels for picture in drawn])


@contextmanager
def reusing(generator: DiffusionGenerator, floor: int | None) -> Iterator[None]:
    """Latents reused from noise level `floor` up inside the block; None: every frame from pure noise."""
    own, reuse = generator.reuse_floor, generator.reuse
    generator.reuse = floor is not None
    if floor is not None:
        generator.reuse_floor = floor
    try:
        yield
    finally:
        generator.reuse_floor, generator.reuse = own, reuse
