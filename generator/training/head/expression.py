"""What curves do to the vertices of a person: blend shapes, the eyeballs' turn, the tongue."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.csgraph import connected_components

from generator.training.head.rig import Rig
from generator.training.head.turns import pitch_matrix, yaw_matrix
from protocol.blendshapes import INDEX

LEFT_EYE = np.array([3.116, 3.602, 7.982], np.float32)
EYE_SCALE, EYE_SETBACK = 0.975, np.array([0.0, 0.0, 0.07], np.float32)  # else the cornea pokes through closed lids
TONGUE_TIP = np.array([0.0, -3.99, 9.75])
PARTED = 0.22  # how far the jaw opens for a tongue that is out
LOOK_SIDE, LOOK_UP, LOOK_DOWN = np.radians([32.0, 24.0, 26.0])  # gaze at a look curve of 1


class Poser:
    """Moves the vertices of one rig. `eyes` and `tongue` are found once."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        eyes = rig.vertices["eyes"]
        self.eyes = {side: eyes[rig.neutral[eyes, 0] * out > 0] for side, out in (("Left", 1.0), ("Right", -1.0))}
        self.tongue, self._reach = _tongue(rig)

    def pose(self, base: np.ndarray, curves: np.ndarray) -> np.ndarray:
        """Vertices (v, 3) of the person `base` (v, 3) making the first 52 of `curves`; the head is not turned."""
        weights = np.asarray(curves[:52], np.float32).copy()
        close, jaw = INDEX["mouthClose"], INDEX["jawOpen"]
        weights[close] = min(weights[close], max(weights[jaw], 0.0))  # it only means something on an open jaw
        weights[jaw] = max(weights[jaw], PARTED * weights[INDEX["tongueOut"]])  # lips make way for the tongue
        active = np.flatnonzero(weights)
        vertices = base + (weights[active] @ self.rig.expression[active]).reshape(-1, 3)
        tongue = self.rig.neutral[self.tongue]
        vertices[self.tongue] += _tongue_shift(tongue, self._reach, float(weights[INDEX["tongueOut"]]))
        for side in self.eyes:
            self._turn_eye(vertices, base, weights, side)
        return vertices

    def eye_centre(self, base: np.ndarray, side: str) -> np.ndarray:
        """(3,) of the person's eyeball, rest pose."""
        indices = self.eyes[side]
        outward = 1.0 if side == "Left" else -1.0
        return LEFT_EYE * [outward, 1, 1] + (base[indices] - self.rig.neutral[indices]).mean(0)

    def gaze(self, curves: np.ndarray, side: str) -> np.ndarray:
        """(3, 3) turn of the eyeball of `side`."""
        look = {way: float(curves[INDEX[f"eyeLook{way}{side}"]]) for way in ("In", "Out", "Up", "Down")}
        outward = 1.0 if side == "Left" else -1.0
        yaw = (look["Out"] - look["In"]) * LOOK_SIDE * outward
        return yaw_matrix(yaw) @ pitch_matrix(look["Down"] * LOOK_DOWN - look["Up"] * LOOK_UP)

    def _turn_eye(self, vertices: np.ndarray, base: np.ndarray, curves: np.ndarray, side: str) -> None:
        indices, centre = self.eyes[side], self.eye_centre(base, side)
        turn = self.gaze(curves, side).astype(np.float32)
        vertices[indices] = ((base[indices] - centre) * EYE_SCALE) @ turn.T + centre - EYE_SETBACK


def _tongue(rig: Rig) -> tuple[np.ndarray, np.ndarray]:
    """The vertices of the tongue, an island in the texture, and how far each goes along when it comes out (0..1)."""
    triangles, count = rig.triangles["gums"], len(rig.neutral)
    edges = (np.ones(triangles.size), (triangles.ravel(), np.roll(triangles, 1, 1).ravel()))
    _, island = connected_components(sparse.csr_matrix(edges, shape=(count, count)), directed=False)
    gums = rig.vertices["gums"]
    tip = gums[np.argmin(np.linalg.norm(rig.neutral[gums] - TONGUE_TIP, axis=1))]
    tongue = gums[island[gums] == island[tip]]
    return tongue, np.clip((rig.neutral[tongue, 2] - 5.0) / 4.8, 0, 1)


def _tongue_shift(rest: np.ndarray, reach: np.ndarray, amount: float) -> np.ndarray:
    """(n, 3): out over the lower lip, then down, and narrower."""
    out = max(amount, 0.0) * reach
    down = 0.35 * out * (1 - out) - 1.35 * out**2.2 - 0.1 * out
    return np.stack([-0.30 * rest[:, 0] * out, down, 4.4 * out**1.15], 1).astype(np.float32)
