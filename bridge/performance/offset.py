"""Per-curve offset: a lasting expression, or a source's bias taken away."""

import numpy as np


def shift(offset: np.ndarray, values: np.ndarray) -> np.ndarray:
    """values + offset, channel by channel; radians for rotations."""
    return values + offset
