"""The one camera all people are drawn with, and where points of the head land in its picture."""

from __future__ import annotations

import numpy as np

DISTANCE, HALF_WIDTH, CENTRE_HEIGHT = 70.0, 13.1, 1.1  # cm; from above the hair to the collar
FOCUS_DEPTH = 9.0  # the plane that HALF_WIDTH is measured in
NEAR, FAR = 40.0, 100.0


def project(points: np.ndarray) -> np.ndarray:
    """Points (n, 3) of the turned head → (n, 2) in -1..1, x to the right, y up; camera.glsl does the same."""
    zoom = (DISTANCE - FOCUS_DEPTH) / HALF_WIDTH / (DISTANCE - points[:, 2])
    return np.stack([points[:, 0] * zoom, (points[:, 1] - CENTRE_HEIGHT) * zoom], 1)
