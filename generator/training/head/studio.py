"""Pictures of people drawn by other processes: OpenGL must not meet torch in one (see head_renderer.py)."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from generator.training.head.appearance import Appearance
from generator.training.head.person import Person
from generator.training.one_thread import one_thread

if TYPE_CHECKING:  # imported only where it draws: it opens OpenGL
    from generator.training.head.flow import Flow
    from generator.training.head.head_renderer import HeadRenderer

Job = tuple[Person, Appearance, np.ndarray]


class Studio:
    """`data` holds the rig; pictures are `size`² pixels. A context manager: it holds processes."""

    def __init__(self, data: Path, size: int = 256, workers: int = 1) -> None:
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(data, size))
        with one_thread():  # a process begins when there is something to do and all others are busy
            for _ in range(workers):
                self._pool.submit(_ready)

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def draw(self, jobs: Iterable[Job]) -> list[np.ndarray]:
        """Each (person, appearance, curves (n, 55)) as uint8 (n, size, size, 4) RGBA."""
        return list(self._pool.map(_draw, jobs))

    def flow(self, person: Person, appearance: Appearance, first: np.ndarray, second: np.ndarray) -> Flow:
        """Motion from the frame with curves `first` (55,) to the one with `second` (55,)."""
        return self._pool.submit(_flow, person, appearance, first, second).result()


_renderer: HeadRenderer


def _ready() -> None:
    pass


def _begin(data: Path, size: int) -> None:
    from generator.training.head.head_renderer import HeadRenderer

    global _renderer
    _renderer = HeadRenderer(data, size)


def _draw(job: Job) -> np.ndarray:
    person, appearance, curves = job
    _renderer.wear(person, appearance)
    return np.stack([_renderer.draw(row) for row in curves])


def _flow(person: Person, appearance: Appearance, first: np.ndarray, second: np.ndarray) -> Flow:
    from generator.training.head.flow import FlowRenderer

    _renderer.wear(person, appearance)
    return FlowRenderer(_renderer.figure, _renderer.size).between(first, second)
