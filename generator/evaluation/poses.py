"""The poses that a face must be able to make, as curves (55,) at full strength."""

from __future__ import annotations

import numpy as np

from generator.training.performances import look
from protocol.blendshapes import INDEX

NEUTRAL = np.zeros(55, np.float32)


def pose(**curves: float) -> np.ndarray:
    """Named curves set, all others zero; a name without its side sets both sides."""
    made = NEUTRAL.copy()
    for name, value in curves.items():
        sides = [name] if name in INDEX else [f"{name}Left", f"{name}Right"]
        made[[INDEX[side] for side in sides]] = value
    return made


def gaze(side: float, up: float) -> np.ndarray:
    """Both eyes looking `side` (+ to the person's left) and `up`, -1..1."""
    made = NEUTRAL.copy()
    look(made, side, up)
    return made


POSES = {
    "jaw": pose(jawOpen=1),
    "smile": pose(mouthSmile=1),
    "pucker": pose(mouthPucker=1),
    "frown": pose(mouthFrown=1),
    "wink left": pose(eyeBlinkLeft=1),
    "wink right": pose(eyeBlinkRight=1),
    "brows up": pose(browInnerUp=1, browOuterUp=1),
    "brows down": pose(browDown=1),
    "cheeks": pose(cheekPuff=1),
    "gaze left": gaze(1, 0),
    "gaze right": gaze(-1, 0),
    "gaze up": gaze(0, 1),
}
EYES = {
    "neutral": NEUTRAL,
    "both shut": pose(eyeBlink=1),
    "wink left": POSES["wink left"],
    "wink right": POSES["wink right"],
    "left half": pose(eyeBlinkLeft=0.5),
    "wide": pose(eyeWide=1),
}
GAZES = {
    "ahead": NEUTRAL,
    "left": POSES["gaze left"],
    "right": POSES["gaze right"],
    "up": POSES["gaze up"],
    "down": gaze(0, -1),
}
TEETH = {
    "bared": pose(mouthUpperUp=1, mouthLowerDown=1, mouthStretch=0.5),
    "laugh": pose(jawOpen=0.4, mouthSmile=1, mouthUpperUp=0.5, cheekSquint=0.8),
    "jaw": pose(jawOpen=0.8),
    "upper": pose(mouthUpperUp=1, jawOpen=0.15),
    "lower": pose(mouthLowerDown=1, jawOpen=0.15),
}
