"""Portraits at 112 × 112, kept in one file so that no portrait is shrunk twice; more are taken up as they are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.compact.identity_encoder import SIDE, shrink
from generator.training.portraits import open_portraits


class Thumbnails:
    """`pictures` uint8 (n, 112, 112, 4), premultiplied, of all portraits that `folder` holds so far; `people` (n,),
    `dressed` (n,), and `starts` (people + 1,), where each person's portraits begin.
    """

    def __init__(self, folder: Path, kept: Path) -> None:
        self.folder, self._file = folder, kept
        self.traits = open_portraits(folder).traits
        total = len(np.load(folder / "people.npy", mmap_mode="r"))
        fresh = not kept.exists()
        kept.parent.mkdir(parents=True, exist_ok=True)
        self._all = np.lib.format.open_memmap(kept, "w+" if fresh else "r+", np.uint8, (total, SIDE, SIDE, 4))
        self._count = 0
        if not fresh:
            self._count = int(np.load(self._counted))
        self.refresh()

    @property
    def _counted(self) -> Path:
        return self._file.with_suffix(".count.npy")

    @property
    def seen(self) -> int:
        """How many people there are."""
        return len(self.starts) - 1

    def refresh(self) -> None:
        """Takes up what was drawn since."""
        portraits = open_portraits(self.folder)
        for at in range(self._count, len(portraits.pictures)):
            self._all[at] = shrink(portraits.pictures[at])
        self._count = len(portraits.pictures)
        np.save(self._counted, self._count)
        self.pictures, self.people, self.dressed = self._all[: self._count], portraits.people, portraits.dressed
        self.starts = np.searchsorted(self.people, np.arange(self.people.max() + 2))

    def rows(self, g: np.random.Generator, people: np.ndarray, each: int) -> np.ndarray:
        """`each` portraits of every one of `people`, drawn at random, different ones as far as there are so many:
        (people, each).
        """
        counts = np.diff(self.starts)
        return np.stack([self.starts[p] + np.resize(g.permutation(counts[p]), each) for p in people])
