"""Where the mouth and the eyes lie in a training picture: for weighting the loss and for scoring each by itself."""

from __future__ import annotations

import numpy as np

from generator.training.renderer.camera import HALF_WIDTH, project

MOUTH, LEFT_EYE, RIGHT_EYE = np.array([[0.0, -3.9, 10.5], [3.2, 3.7, 9.0], [-3.2, 3.7, 9.0]])
MOUTH_SIZE, EYE_SIZE = (3.6, 2.9), (2.4, 1.8)  # half width, half height in cm


def region_masks(curves: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Curves (n, 55) → mouth and eyes, each bool (n, size, size), row 0 on top; they follow the head."""
    centres = np.stack([project(np.stack([MOUTH, LEFT_EYE, RIGHT_EYE]), row[52:55]) for row in curves])
    mouth = _boxes(centres[:, 0], MOUTH_SIZE, size)
    eyes = _boxes(centres[:, 1], EYE_SIZE, size) | _boxes(centres[:, 2], EYE_SIZE, size)
    return mouth, eyes


def loss_weights(curves: np.ndarray, size: int, weight: float = 4.0) -> np.ndarray:
    """(n, 1, size, size) float32: 1 everywhere, `weight` on mouth and eyes."""
    mouth, eyes = region_masks(curves, size)
    return (1 + (weight - 1) * (mouth | eyes)).astype(np.float32)[:, None]


def _boxes(centre: np.ndarray, half: tuple[float, float], size: int) -> np.ndarray:
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    across = np.abs(axis[None, :] - centre[:, :1]) < half[0] / HALF_WIDTH
    down = np.abs(-axis[None, :] - centre[:, 1:]) < half[1] / HALF_WIDTH
    return down[:, :, None] & across[:, None, :]
