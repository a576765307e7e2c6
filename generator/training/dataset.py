"""Stage one of training: pictures of people making expressions, rendered once into memory-mapped arrays.

A folder holds `pictures.npy` uint8 (N, size, size, 3), `curves.npy` float32 (N, 55),
`people.npy` int64 (N,) and `done.npy` bool (rounds,).
Rounds of so many pictures a person are independent: several processes share them, and an interrupted render goes on
where it stopped.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from rich.progress import track

from generator.training.performances import recordings, sample
from generator.training.renderer.head_renderer import HeadRenderer
from generator.training.renderer.person import people

SEED = 7


@dataclass(frozen=True)
class Dataset:
    pictures: np.ndarray  # uint8 (N, size, size, 3)
    curves: np.ndarray  # float32 (N, 55)
    people: np.ndarray  # int64 (N,)


def render_dataset(
    source: Path, folder: Path, rounds: int, block: int, size: int, held_out: bool = False, workers: int = 2
) -> Dataset:
    """Renders `rounds` × all people × `block` pictures into `folder`, using the rig and recordings in `source`."""
    per_round = len(people()) * block
    _lay_out(folder, rounds, per_round, size)
    done = np.load(folder / "done.npy")
    todo = [r for r in range(rounds) if not done[r]]
    jobs = [(source, folder, r, block, size, held_out) for r in todo]
    # Spawned: software OpenGL and torch must not meet in one process, each brings an LLVM of its own.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_one_thread) as pool:
        for finished in track(pool.map(_render_round, jobs), f"render {folder.name}", len(todo)):
            done[finished] = True
            np.save(folder / "done.npy", done)
    return open_dataset(folder)


def open_dataset(folder: Path) -> Dataset:
    """The rendered part of `folder`, memory-mapped. FileNotFoundError says to render first."""
    if not (folder / "done.npy").exists():
        raise FileNotFoundError(f"no rendered pictures in {folder}: run the render stage first")
    done = np.load(folder / "done.npy")
    pictures, curves, who = (
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("pictures", "curves", "people")
    )
    per_round = len(pictures) // len(done)
    ready = int(np.argmin(done)) if not done.all() else len(done)
    return Dataset(
        pictures[: ready * per_round], np.array(curves[: ready * per_round]), np.array(who[: ready * per_round])
    )


def _lay_out(folder: Path, rounds: int, per_round: int, size: int) -> None:
    shape = (rounds * per_round, size, size, 3)
    if (folder / "pictures.npy").exists() and np.load(folder / "pictures.npy", mmap_mode="r").shape == shape:
        return
    folder.mkdir(parents=True, exist_ok=True)
    count = shape[0]
    for name, kind, array_shape in (
        ("pictures", np.uint8, shape),
        ("curves", np.float32, (count, 55)),
        ("people", np.int64, (count,)),
    ):
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", kind, array_shape)
    np.save(folder / "done.npy", np.zeros(rounds, bool))


def _one_thread() -> None:
    os.environ["LP_NUM_THREADS"] = "1"  # Mesa's software rasteriser: processes beat its threads


def _render_round(job: tuple[Path, Path, int, int, int, bool]) -> int:
    source, folder, index, block, size, held_out = job
    pictures, curves, who = (
        np.load(folder / f"{name}.npy", mmap_mode="r+") for name in ("pictures", "curves", "people")
    )
    recorded = recordings(source / "captures", held_out)
    renderer, everyone = HeadRenderer(source, size), people()
    at = index * len(everyone) * block
    for number, person in enumerate(everyone):
        g = np.random.default_rng([SEED + held_out, index, number])
        renderer.wear(person)
        for _ in range(block):
            curves[at], who[at] = sample(g, recorded), number
            pictures[at] = renderer.draw(curves[at])
            at += 1
    for array in (pictures, curves, who):
        array.flush()
    return index
