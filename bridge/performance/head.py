"""The head: on or off, and how far it may turn."""

from dataclasses import dataclass, field

import numpy as np

from bridge.performance.channels import HEAD
from bridge.performance.clamp import give
from bridge.performance.settings import number, switch

NONE = 180.0
KNEE = 0.2  # of the range: a head that reaches its range slows down before it stops


@dataclass(frozen=True, slots=True)
class Head:
    """Degrees to either side that the head may turn, nod and tilt; 180 leaves it alone."""

    on: bool = field(**switch(True))
    yaw: float = field(**number(NONE, 0.0, NONE))
    pitch: float = field(**number(NONE, 0.0, NONE))
    roll: float = field(**number(NONE, 0.0, NONE))


def hold_head(settings: Head, values: np.ndarray) -> np.ndarray:
    """Off: the three rotations are 0. On: those with a range stay within it, and slow down where it ends."""
    given = np.array([settings.yaw, settings.pitch, settings.roll])
    if settings.on and (given == NONE).all():
        return values
    held = values.copy()
    held[HEAD] = np.where(given == NONE, values[HEAD], _within(values[HEAD], np.radians(given))) if settings.on else 0.0
    return held


def _within(angles: np.ndarray, most: np.ndarray) -> np.ndarray:
    return np.copysign(np.clip(give(np.abs(angles), most, KNEE * most), 0.0, most), angles)
