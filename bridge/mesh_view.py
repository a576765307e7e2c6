"""A mesh drawn as clay under one lamp, in software: triangles from back to front, smooth between their corners."""

from __future__ import annotations

import cv2
import numpy as np

from bridge.strip import BACKGROUND

OVERSAMPLING = 2  # pixels drawn a side for each one shown
SUBPIXEL = 4  # bits of the fraction in OpenCV's coordinates
DISTANCE = 6.0  # from the eye to the middle of the mesh, in half its height: a portrait lens
MARGIN = 1.22  # half the picture's height over half the mesh's: room to turn in


def _unit(*vector: float) -> np.ndarray:
    return np.array(vector, np.float32) / np.float32(np.linalg.norm(vector))


CLAY = np.array([0.66, 0.46, 0.38], np.float32)
SKY, GROUND = np.array([0.34, 0.38, 0.46], np.float32), np.array([0.10, 0.08, 0.07], np.float32)
LAMP = np.array([1.05, 1.0, 0.93], np.float32)
TO_LAMP = _unit(-0.45, 0.55, 0.70)
HALFWAY = _unit(*(TO_LAMP + np.array([0.0, 0.0, 1.0])))  # between the lamp and the viewer: where the sheen is
SHEEN, SHEEN_EXPONENT = 0.16, 24.0
GAMMA = 2.2


class MeshView:
    """Draws one mesh, in any pose of its vertices, through a camera that is set once by its pose at rest."""

    def __init__(self, rest: np.ndarray, faces: np.ndarray, size: int) -> None:
        """`rest` (k, 3) and `faces` (m, 3), counter-clockwise from outside; x to the right, y up, z to the viewer."""
        self.size = size
        self._faces = faces
        low, high = rest.min(axis=0), rest.max(axis=0)
        self._middle = (low + high) / 2
        self._half = float((high - low)[:2].max()) / 2

    def draw(self, vertices: np.ndarray) -> np.ndarray:
        """Vertices (k, 3) → uint8 (size, size, 3) RGB."""
        points, depth = self._project(vertices)
        seen = self._front_to_viewer(points)
        order = np.argsort(-depth[seen].mean(axis=1), kind="stable")
        triangles, corners = points[seen[order]], _normals(vertices, self._faces)[seen[order]]
        drawn = self.size * OVERSAMPLING
        which = _stack(triangles, drawn)
        image = np.full((drawn, drawn, 3), BACKGROUND, np.uint8)
        ys, xs = np.nonzero(which >= 0)
        image[ys, xs] = _shade(_between(triangles, corners, which[ys, xs], xs, ys))
        return cv2.resize(image, (self.size, self.size), interpolation=cv2.INTER_AREA)

    def _project(self, vertices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels of the oversampled picture (k, 2), y down, and how far away each vertex is (k,), in half heights."""
        placed = (vertices - self._middle) / self._half
        depth = DISTANCE - placed[:, 2]
        zoom = (self.size * OVERSAMPLING / 2) / MARGIN * DISTANCE / depth[:, None]
        centre = (self.size * OVERSAMPLING - 1) / 2
        return centre + placed[:, :2] * zoom * (1, -1), depth

    def _front_to_viewer(self, points: np.ndarray) -> np.ndarray:
        """The faces (n, 3) that show their outside."""
        a, b, c = (points[self._faces[:, corner]] for corner in range(3))
        turned = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        return self._faces[turned < -1e-6]  # y points down: counter-clockwise is negative


def _normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Unit normals (k, 3): of each vertex the mean of its faces', the larger the weightier."""
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    sums = [np.bincount(faces.ravel(), np.repeat(across[:, axis], 3), len(vertices)) for axis in range(3)]
    normals = np.stack(sums, axis=1)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def _stack(triangles: np.ndarray, size: int) -> np.ndarray:
    """int32 (size, size): which of the triangles (n, 3, 2) each pixel shows, the last over the first; -1 for none."""
    which = np.full((size, size), -1, np.int32)
    for index, triangle in enumerate(np.round(triangles * (1 << SUBPIXEL)).astype(np.int32)):
        cv2.fillConvexPoly(which, triangle, index, cv2.LINE_8, SUBPIXEL)
    return which


def _between(
    triangles: np.ndarray, values: np.ndarray, which: np.ndarray, xs: np.ndarray, ys: np.ndarray
) -> np.ndarray:
    """Corner values (n, 3, 3) between the corners of `which` triangle, at each pixel: (p, 3)."""
    (ax, ay), (bx, by), (cx, cy) = (triangles[:, corner].T for corner in range(3))
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    x, y = xs - ax[which], ys - ay[which]
    second = np.clip((x * (cy - ay)[which] - y * (cx - ax)[which]) / area[which], 0, 1)
    third = np.clip((y * (bx - ax)[which] - x * (by - ay)[which]) / area[which], 0, 1)
    a, b, c = (values[which, corner] for corner in range(3))
    return a + second[:, None] * (b - a) + third[:, None] * (c - a)


def _shade(normals: np.ndarray) -> np.ndarray:
    """Normals (p, 3) → uint8 (p, 3) RGB: clay under a lamp, a pale sky above and a dark ground below."""
    normals = (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    lit = np.maximum(normals @ TO_LAMP, 0)[:, None]
    up = (normals[:, 1:2] + 1) / 2
    sheen = SHEEN * np.maximum(normals @ HALFWAY, 0)[:, None] ** SHEEN_EXPONENT
    light = CLAY * (lit * LAMP + up * SKY + (1 - up) * GROUND) + sheen
    return np.round(np.clip(light, 0, 1) ** (1 / GAMMA) * 255).astype(np.uint8)
