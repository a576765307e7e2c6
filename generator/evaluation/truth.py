"""What the pictures should be: the renderer's own, drawn by several processes and kept in a folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from generator.training.renderer.person import Person

if TYPE_CHECKING:  # imported only where it draws: it opens OpenGL
    from generator.training.renderer.head_renderer import HeadRenderer

PIECE = 32  # pictures a process draws in one go, and a file holds
RENDERER = Path(__file__).parents[1] / "training" / "renderer"
Job = tuple[Person, np.ndarray]


class Truth:
    """`data` holds the rig; pictures are `size`² pixels, kept in `folder`. A context manager: it holds processes."""

    def __init__(self, data: Path, folder: Path, size: int, workers: int) -> None:
        self._folder, self._size = folder, size
        folder.mkdir(parents=True, exist_ok=True)
        # Spawned: a fork of a process with inference threads may hang, and OpenGL must not meet torch (`__main__`).
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(data, size))

    def __enter__(self) -> Truth:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def draw(self, jobs: Iterable[Job]) -> list[np.ndarray]:
        """Each (person, curves (n, 55)) as uint8 (n, size, size, 3) RGB."""
        jobs = list(jobs)
        pieces = [(person, part) for person, curves in jobs for part in _parts(curves)]
        drawn = iter(self._pieces(pieces))
        return [np.concatenate([next(drawn) for _ in _parts(curves)]) for _, curves in jobs]

    def _pieces(self, pieces: Sequence[Job]) -> list[np.ndarray]:
        files = [self._folder / f"{_digest(piece, self._size)}.npy" for piece in pieces]
        known = [file.exists() for file in files]
        fresh = self._pool.map(_draw, [piece for piece, there in zip(pieces, known, strict=True) if not there])
        return [np.load(file) if there else _keep(next(fresh), file) for file, there in zip(files, known, strict=True)]


def _parts(curves: np.ndarray) -> list[np.ndarray]:
    return [curves[at : at + PIECE] for at in range(0, len(curves), PIECE)]


def _keep(pictures: np.ndarray, file: Path) -> np.ndarray:
    """Written beside and renamed, so that an interrupted run leaves no half file."""
    partial = file.with_suffix(f".{os.getpid()}.npy")
    np.save(partial, pictures)
    partial.replace(file)
    return pictures


def _digest(piece: Job, size: int) -> str:
    person, curves = piece
    digest = hashlib.sha256(f"{_renderer_digest()} {size} {person!r}".encode())
    digest.update(np.ascontiguousarray(curves, np.float32).tobytes())
    return digest.hexdigest()[:32]


@cache
def _renderer_digest() -> str:
    """Another renderer draws other pictures: its sources are part of their names."""
    digest = hashlib.sha256()
    for path in sorted(p for p in RENDERER.rglob("*") if p.suffix in (".py", ".vert", ".frag", ".glsl")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


class _Process:
    """What a drawing process holds: the renderer and who it last wore."""

    renderer: HeadRenderer | None = None
    person: Person | None = None


def _begin(data: Path, size: int) -> None:
    os.environ["LP_NUM_THREADS"] = "1"  # Mesa's software rasteriser: processes beat its threads
    from generator.training.renderer.head_renderer import HeadRenderer

    _Process.renderer = HeadRenderer(data, size)


def _draw(piece: Job) -> np.ndarray:
    person, curves = piece
    assert _Process.renderer is not None
    if person != _Process.person:
        _Process.renderer.wear(person)
        _Process.person = person
    return np.stack([_Process.renderer.draw(row) for row in curves])
