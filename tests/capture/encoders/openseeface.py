"""Packets of OpenSeeFace, field by field as its tracker writes them."""

import struct
from collections.abc import Mapping

import numpy as np

from bridge.capture.openseeface import FEATURES

AHEAD = (180.0, 0.0, 90.0)


def face(
    features: Mapping[str, float] | None = None, number: int = 0, fitted: bool = True,
    opened: tuple[float, float] = (1.0, 1.0), euler: tuple[float, float, float] = AHEAD,
    gaze: tuple[float, float, float] = (0.0, 0.0, -0.1),
) -> bytes:  # fmt: skip
    """opened: right, left. gaze: from both eyeballs to their pupils, x right, y down, z into the picture."""
    out = struct.pack("<di", 1700000000.5, number) + struct.pack("<ff", 640, 360) + struct.pack("<ff", *opened)
    out += struct.pack("<Bf", fitted, 0.4) + struct.pack("<4f", 0.7, 0.7, 0.0, 0.0) + struct.pack("<3f", *euler)
    out += struct.pack("<3f", 0.8, -0.8, -3.9) + struct.pack("<68f", *[0.9] * 68) + struct.pack("<136f", *[100.0] * 136)
    points = np.zeros((70, 3), "<f4")
    points[66:68] = gaze
    values = features or {}
    return out + points.tobytes() + struct.pack("<14f", *(values.get(name, 0.0) for name in FEATURES))
