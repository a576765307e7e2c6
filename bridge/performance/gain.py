"""Per-curve gain: how strongly a movement counts."""

import numpy as np


def amplify(gain: np.ndarray, values: np.ndarray) -> np.ndarray:
    """values · gain, channel by channel. A negative gain on a rotation turns it round."""
    return values * gain
