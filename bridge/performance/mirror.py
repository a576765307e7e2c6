"""Mirror: left and right swapped, so that the face on the screen moves as one's own in a mirror."""

import numpy as np

from bridge.performance.channels import CHANNELS, place_of


def _other_side(name: str) -> str:
    if "Left" in name:
        return name.replace("Left", "Right")
    return name.replace("Right", "Left")


def _turned(name: str) -> bool:
    """Turns and tilts change their direction in a mirror, nods do not."""
    return name.endswith(("Yaw", "Roll"))


PARTNERS = np.array([place_of(_other_side(name)) for name in CHANNELS])
SIGNS = np.array([-1.0 if _turned(name) else 1.0 for name in CHANNELS])


def mirror(on: bool, values: np.ndarray) -> np.ndarray:
    """Every left curve where the right one was and the reverse; yaw and roll of head and eyes negated."""
    return values[PARTNERS] * SIGNS if on else values
