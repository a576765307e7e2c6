"""Where the key light stands: degrees for people, a unit vector for models."""

import numpy as np

Light = tuple[float, float]
"""(azimuth, elevation) in degrees as seen from the head: + to the picture's right and up, (0, 0) at the camera."""


def direction(light: Light) -> np.ndarray:
    """From the head to the light, float32 (3,) of length 1: x to the picture's right, y up, z towards the camera."""
    azimuth, elevation = np.radians(light)
    across = np.cos(elevation)
    return np.array([across * np.sin(azimuth), np.sin(elevation), across * np.cos(azimuth)], np.float32)


def angle(one: Light, other: Light) -> float:
    """Between two lights, in radians."""
    chord = np.linalg.norm(direction(one) - direction(other))  # exact for small angles, where a cosine is not
    return float(2 * np.arcsin(min(chord / 2, 1.0)))
