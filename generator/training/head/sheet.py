"""Contact sheets to look at: `python -m generator.training.head.sheet DATA OUT.png [--size 256] [WHAT ...]`."""

from __future__ import annotations

import numpy as np

from protocol.blendshapes import INDEX

EXPRESSIONS: dict[str, dict[str, float]] = {
    "neutral": {},
    "smile": {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9, "cheekSquintLeft": 0.5, "cheekSquintRight": 0.5,
              "mouthUpperUpLeft": 0.35, "mouthUpperUpRight": 0.35, "mouthLowerDownLeft": 0.3,
              "mouthLowerDownRight": 0.3, "eyeSquintLeft": 0.3, "eyeSquintRight": 0.3},
    "surprise": {"jawOpen": 0.6, "browInnerUp": 0.9, "browOuterUpLeft": 0.9, "browOuterUpRight": 0.9, "eyeWideLeft": 0.8,
                 "eyeWideRight": 0.8},
    "anger": {"browDownLeft": 1.0, "browDownRight": 1.0, "noseSneerLeft": 0.7, "noseSneerRight": 0.7, "mouthFrownLeft": 0.4,
              "mouthFrownRight": 0.4, "mouthPressLeft": 0.4, "mouthPressRight": 0.4},
    "tongue": {"jawOpen": 0.55, "tongueOut": 1.0},
    "wink": {"eyeBlinkLeft": 1.0, "mouthSmileLeft": 0.7, "headYaw": -0.35},
    "pucker": {"mouthPucker": 0.9, "headPitch": 0.25, "eyeLookUpLeft": 0.6, "eyeLookUpRight": 0.6},
    "away": {"headYaw": 0.5, "headRoll": 0.2, "eyeLookOutRight": 0.8, "eyeLookInLeft": 0.8},
}  # fmt: skip


def posed(**curves: float) -> np.ndarray:
    """(55,) with the named curves set."""
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row
