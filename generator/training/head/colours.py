"""Colours of people as few continuous numbers: hair from its pigments, irises from a ramp. Linear RGB in 0..1."""

from __future__ import annotations

import numpy as np

IRIS_RAMP = np.array(
    [[0.30, 0.36, 0.42], [0.11, 0.25, 0.42], [0.13, 0.25, 0.19], [0.20, 0.20, 0.08], [0.30, 0.17, 0.06],
     [0.15, 0.065, 0.025], [0.055, 0.026, 0.014]]
)  # fmt: skip
"""Grey, blue, green, hazel, amber, brown, dark."""


def tissue(melanin: float, haemoglobin: float) -> np.ndarray:
    """(3,) skin from its two pigments; paint.frag does the same."""
    swallowed = melanin * np.array([2.10, 2.45, 2.75]) + haemoglobin * np.array([0.10, 0.66, 0.56])
    return np.array([0.80, 0.655, 0.565]) * np.exp(-swallowed)


def hair_colour(dark: float, red: float, grey: float) -> np.ndarray:
    """(3,) from eumelanin `dark` (0 blond .. 1 black), pheomelanin `red` and the share of `grey`, each 0..1."""
    each = np.array([0.62, 0.93, 1.32]) + dark**3 * np.array([0.12, -0.05, -0.30])  # black is nearly neutral
    swallowed = (0.40 + 6.2 * dark**1.5) * each + red * np.array([0.05, 1.0, 1.9])
    pigmented = 0.95 * np.exp(-swallowed)
    white = np.array([0.54, 0.53, 0.52])
    return pigmented + (white - pigmented) * grey**1.3


def iris_colour(tone: float) -> np.ndarray:
    """(3,) along IRIS_RAMP; `tone` 0 grey .. 1 dark."""
    at = float(np.clip(tone, 0, 1)) * (len(IRIS_RAMP) - 1)
    low = min(int(at), len(IRIS_RAMP) - 2)
    return IRIS_RAMP[low] + (IRIS_RAMP[low + 1] - IRIS_RAMP[low]) * (at - low)
