"""The backdrop that belongs to each person of the portraits, so that two pictures of one person share it."""

from __future__ import annotations

import cv2
import numpy as np


def backing(person: int, size: int) -> np.ndarray:
    """Float32 (size, size, 3) sRGB in 0..1: a colour, or a few running into each other."""
    g = np.random.default_rng([11, person])
    colour, cells = g.uniform(0.05, 0.95, 3), int(g.integers(1, 5))
    knots = np.clip(colour + 0.3 * g.uniform() * g.normal(size=(cells, cells, 3)), 0, 1).astype(np.float32)
    return cv2.resize(knots, (size, size), interpolation=cv2.INTER_LINEAR).reshape(size, size, 3)


def backed(pictures: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Premultiplied uint8 (n, h, w, 4) on the backings of `people` (n,) → uint8 (n, h, w, 4), solid."""
    behind = np.stack([backing(int(person), pictures.shape[1]) for person in people])
    clear = 255.0 - pictures[..., 3:]
    solid = np.full_like(pictures, 255)
    solid[..., :3] = np.round(pictures[..., :3] + clear * behind).clip(0, 255)
    return solid
