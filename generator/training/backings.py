"""The backdrop that belongs to each person of the portraits, so that two pictures of one person share it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generator.training.device import DEVICE


def backings(people: np.ndarray, size: int) -> Tensor:
    """People (n,) → (n, 3, size, size) sRGB in 0..1 on the device: a colour, or a few running into each other."""
    who, places = np.unique(people, return_inverse=True)
    found = [_knots(int(person)) for person in who]
    out = torch.empty(len(who), 3, size, size, device=DEVICE)
    for cells in {len(knots) for knots in found}:
        alike = [i for i, knots in enumerate(found) if len(knots) == cells]
        knots = torch.from_numpy(np.stack([found[i] for i in alike])).to(DEVICE).permute(0, 3, 1, 2)
        out[alike] = functional.interpolate(knots, size, mode="bilinear")
    return out[torch.from_numpy(places).to(DEVICE)]


def backed(pictures: Tensor, people: np.ndarray) -> Tensor:
    """Premultiplied (n, 4, h, w) on the backings of `people` (n,) → the same, solid."""
    return over(pictures, backings(people, pictures.shape[-1]))


def over(pictures: Tensor, behind: Tensor) -> Tensor:
    """Premultiplied (n, 4, h, w) on backdrops (n, 3, h, w) → the same, solid."""
    clear = 1 - pictures[:, 3:]
    return torch.cat([pictures[:, :3] + clear * behind, torch.ones_like(clear)], 1)


def _knots(person: int) -> np.ndarray:
    """float32 (cells, cells, 3)."""
    g = np.random.default_rng([11, person])
    colour, cells = g.uniform(0.05, 0.95, 3), int(g.integers(1, 5))
    return np.clip(colour + 0.3 * g.uniform() * g.normal(size=(cells, cells, 3)), 0, 1).astype(np.float32)
