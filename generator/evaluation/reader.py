"""Reads curves back from pictures of one person: kernel ridge regression on crops that follow the head.

The crops (mouth, each eye with its brow, nose) keep the picture's full resolution: eyelids cannot be read at less.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generator.training.renderer.camera import HALF_WIDTH, project

CROPS = (  # centre in rest coordinates, half width, half height; cm
    (np.array([0.0, -3.9, 10.5]), 4.4, 3.8),
    (np.array([3.2, 4.3, 9.0]), 2.9, 2.7),
    (np.array([-3.2, 4.3, 9.0]), 2.9, 2.7),
    (np.array([0.0, 0.6, 10.5]), 3.6, 2.2),
)
SPREAD_FLOOR = 0.02  # of full scale: pixels that hardly change must not count as much as lips
WIDTH, RIDGE = 8.0, 0.01  # kernel width in median squared distances; found on renders of held-out recordings


@dataclass(frozen=True, slots=True)
class CurveReader:
    """n `lessons` (n, m) with `weights` (n, k); crops are centred by `mean` (m,) and divided by `spread` (m,)."""

    mean: np.ndarray
    spread: np.ndarray
    lessons: np.ndarray
    width: float
    weights: np.ndarray
    offset: np.ndarray

    def read(self, pictures: np.ndarray, angles: np.ndarray) -> np.ndarray:
        """uint8 (n, size, size, 3) of heads turned by `angles` (n, 3) → (n, k) curves."""
        seen = (crops(pictures, angles) - self.mean) / self.spread
        return np.exp(-_distances(seen, self.lessons) / self.width) @ self.weights + self.offset


def learn(pictures: np.ndarray, curves: np.ndarray) -> CurveReader:
    """Learns the first 52 of `curves` (n, 55) from `pictures` uint8 (n, size, size, 3) of one person."""
    seen = crops(pictures, curves[:, 52:])
    mean, spread = seen.mean(0), seen.std(0) + SPREAD_FLOOR
    lessons = (seen - mean) / spread
    distances = _distances(lessons, lessons)
    width = WIDTH * float(np.median(distances))
    offset = curves[:, :52].mean(0)
    kernel = np.exp(-distances / width) + RIDGE * np.eye(len(lessons))
    return CurveReader(mean, spread, lessons, width, np.linalg.solve(kernel, curves[:, :52] - offset), offset)


def crops(pictures: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """(n, m) float32 in 0..1: the four crops of every picture, put upright."""
    rows = [
        np.concatenate([_crop(picture, turn, *where).ravel() for where in CROPS])
        for picture, turn in zip(pictures, angles, strict=True)
    ]
    return np.stack(rows).astype(np.float32) / 255


def _crop(picture: np.ndarray, turn: np.ndarray, centre: np.ndarray, across: float, up: float) -> np.ndarray:
    size = picture.shape[0]
    corners = project(np.stack([centre, centre + np.array([across, 0, 0]), centre + np.array([0, up, 0])]), turn)
    seen = np.stack([(corners[:, 0] + 1) / 2 * size - 0.5, (1 - corners[:, 1]) / 2 * size - 0.5], 1)
    w, h = (round(half / HALF_WIDTH * size / 2) for half in (across, up))
    place = cv2.getAffineTransform(np.array([[w, h], [2 * w, h], [w, 0]], np.float32), seen.astype(np.float32))
    return cv2.warpAffine(picture, place, (2 * w + 1, 2 * h + 1), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)


def _distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances (n, k) of the rows of `a` (n, m) and `b` (k, m)."""
    return np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * a @ b.T
