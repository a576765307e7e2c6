"""How strongly an expression folds the skin: brow lines, smile lines, squint lines, frown lines."""

from __future__ import annotations

import numpy as np

from protocol.blendshapes import INDEX

FOLDS = (
    {"browInnerUp": 0.7, "browOuterUp": 0.5},
    {"mouthSmile": 0.9, "mouthUpperUp": 0.3, "mouthDimple": 0.4, "noseSneer": 0.3},
    {"eyeSquint": 0.7, "cheekSquint": 0.6, "eyeBlink": 0.12, "mouthSmile": 0.35},
    {"browDown": 0.9, "noseSneer": 0.8, "mouthPucker": 0.25, "mouthShrugLower": 0.4},
)


def fold_strengths(curves: np.ndarray, wear: float, side: str) -> np.ndarray:
    """(4,) for `side` ("Left", "Right") of a face worn `wear` (0..1): what the relief's grooves are multiplied with."""
    strength = [sum(share * _value(curves, name, side) for name, share in fold.items()) for fold in FOLDS]
    return np.clip(strength, 0.0, 1.2) * (0.30 + 0.90 * wear)


def _value(curves: np.ndarray, name: str, side: str) -> float:
    index = INDEX[name] if name in INDEX else INDEX[name + side]
    return max(float(curves[index]), 0.0)
