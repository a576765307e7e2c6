"""The one camera all people are drawn with, and where points of the head land in its picture."""

from __future__ import annotations

import numpy as np

from generator.training.renderer.rig import pitch_matrix, roll_matrix, yaw_matrix

PIVOT = np.array([0.0, -2.0, 2.0])  # the head turns about the top of the neck
DISTANCE, HALF_WIDTH, CENTRE_HEIGHT = 70.0, 9.9, 0.25  # cm; the crop runs from the hairline to below the chin
FOCUS_DEPTH = 9.0  # the plane that HALF_WIDTH is measured in


def head_turn(angles: np.ndarray) -> np.ndarray:
    """(3, 3) rotation for yaw (+ to the person's right), pitch (+ down), roll (+ towards their left shoulder),
    radians, as in SPEC.md.
    """
    yaw, pitch, roll = (float(a) for a in angles)
    return roll_matrix(-roll) @ yaw_matrix(-yaw) @ pitch_matrix(pitch)


def project(points: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Rest points (k, 3) of a head turned by `angles` (3,) → (k, 2) in -1..1, x to the right, y up."""
    placed = (points - PIVOT) @ head_turn(angles).T + PIVOT
    zoom = (DISTANCE - FOCUS_DEPTH) / HALF_WIDTH / (DISTANCE - placed[:, 2])
    return np.stack([placed[:, 0] * zoom, (placed[:, 1] - CENTRE_HEIGHT) * zoom], 1)
