"""The expressions that every VRM avatar has, as ARKit curves: for senders that know nothing finer.

What is lost: an avatar's artist chose what Joy looks like, and this is one reading of it; a preset moves both sides
alike, so a smirk, a bite or a sneer never comes through; what a mouth does between two vowels is their sum. Each entry
is what the whole preset, 1, becomes. The names are those of VRM 0 and, where it renamed them, of VRM 1.
"""

from collections.abc import Mapping

import numpy as np

from bridge.capture.spelling import plain
from protocol.blendshapes import ARKIT52, INDEX

Look = dict[str, float]

VRM0: dict[str, Look] = {
    "Neutral": {},
    "A": {"jawOpen": 0.55, "mouthLowerDown": 0.3, "mouthUpperUp": 0.1},
    "I": {"jawOpen": 0.12, "mouthStretch": 0.3, "mouthSmile": 0.2, "mouthLowerDown": 0.25},
    "U": {"jawOpen": 0.12, "mouthPucker": 0.7, "mouthFunnel": 0.3},
    "E": {"jawOpen": 0.3, "mouthStretch": 0.25, "mouthLowerDown": 0.35, "mouthUpperUp": 0.15},
    "O": {"jawOpen": 0.4, "mouthFunnel": 0.5, "mouthPucker": 0.3},
    "Joy": {"mouthSmile": 0.8, "cheekSquint": 0.5, "eyeSquint": 0.3},
    "Angry": {"browDown": 0.9, "eyeSquint": 0.3, "noseSneer": 0.4, "mouthFrown": 0.3, "mouthPress": 0.3},
    "Sorrow": {"browInnerUp": 0.8, "mouthFrown": 0.6, "mouthShrugLower": 0.3},
    "Fun": {"mouthSmile": 0.5, "cheekSquint": 0.2, "browOuterUp": 0.2},
    "Surprised": {"browInnerUp": 0.7, "browOuterUp": 0.8, "eyeWide": 0.8, "jawOpen": 0.3},
    "Blink": {"eyeBlink": 1.0},
    "Blink_L": {"eyeBlinkLeft": 1.0},
    "Blink_R": {"eyeBlinkRight": 1.0},
    "LookUp": {"eyeLookUp": 0.7},
    "LookDown": {"eyeLookDown": 0.7},
    "LookLeft": {"eyeLookOutLeft": 0.7, "eyeLookInRight": 0.7},
    "LookRight": {"eyeLookInLeft": 0.7, "eyeLookOutRight": 0.7},
}
RENAMED = {
    "happy": "Joy", "sad": "Sorrow", "relaxed": "Fun", "aa": "A", "ih": "I", "ou": "U", "ee": "E", "oh": "O",
    "blinkLeft": "Blink_L", "blinkRight": "Blink_R",
}  # fmt: skip
"""VRM 1 → VRM 0."""


def _curves(look: Look) -> np.ndarray:
    """float32 (52,); a name without its side stands for both."""
    curves = np.zeros(len(ARKIT52), np.float32)
    for name, value in look.items():
        for curve in (name,) if name in INDEX else (f"{name}Left", f"{name}Right"):
            curves[INDEX[curve]] = value
    return curves


PRESETS = {plain(name): _curves(look) for name, look in VRM0.items()}
PRESETS |= {plain(new): PRESETS[plain(old)] for new, old in RENAMED.items()}
"""Each preset, by its plain name: float32 (52,)."""


def arkit_of(values: Mapping[str, float]) -> np.ndarray:
    """Presets by their plain names → float32 (52,): their sum, not clamped."""
    curves = np.zeros(len(ARKIT52))
    for name, value in values.items():
        curves += value * PRESETS[name]
    return curves.astype(np.float32)
