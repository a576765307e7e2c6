"""The pictures of portraits as training takes them: on the device, and mirrored by the way."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.training.device import DEVICE, sent
from generator.training.portraits import open_portraits

CHUNK = 1024  # pictures that go to a card at once


class Prints:
    """Of uint8 `pictures` (n, h, w, 4), premultiplied. A card holds them all, 262 KB each; else they stay where they
    are, as in a memory-mapped file.
    """

    def __init__(self, pictures: np.ndarray) -> None:
        self.count = len(pictures)
        self._here = pictures
        self._there = _on_card(pictures) if DEVICE.type == "cuda" else None

    def take(self, rows: np.ndarray) -> Tensor:
        """(k, 4, h, w) in 0..1 on the device; row n + i is picture i mirrored."""
        own, turned = rows % self.count, rows >= self.count
        taken = torch.from_numpy(np.array(self._here[own])) if self._there is None else self._there[sent(own)]
        return shown(taken, turned)


def shown(pictures: Tensor, turned: np.ndarray) -> Tensor:
    """uint8 (n, h, w, 4) → (n, 4, h, w) in 0..1, those that are `turned` (n,) mirrored."""
    floats = pictures.permute(0, 3, 1, 2).float() / 255
    return torch.where(sent(turned)[:, None, None, None], floats.flip(3), floats) if turned.any() else floats


@lru_cache(maxsize=4)
def prints_of(folder: Path, count: int) -> Prints:
    """Of the first `count` portraits in `folder`; asked again, the same ones."""
    return Prints(open_portraits(folder).pictures[:count])


def _on_card(pictures: np.ndarray) -> Tensor:
    there = torch.empty(pictures.shape, dtype=torch.uint8, device=DEVICE)
    for at in range(0, len(pictures), CHUNK):
        there[at : at + CHUNK] = torch.from_numpy(np.array(pictures[at : at + CHUNK])).to(DEVICE)
    return there
