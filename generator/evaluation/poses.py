"""Poses with a name, each (55,) float32: what sheets show and steps go to."""

from __future__ import annotations

import numpy as np

from protocol.blendshapes import INDEX

SIDES = ("Left", "Right")


def posed(**curves: float) -> np.ndarray:
    """(55,) with the named curves set; a name without its side sets both."""
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        for full in (name,) if name in INDEX else (name + side for side in SIDES):
            row[INDEX[full]] = value
    return row


SMILE = {"mouthSmile": 0.9, "cheekSquint": 0.5, "mouthUpperUp": 0.35, "mouthLowerDown": 0.3, "eyeSquint": 0.3}
EXPRESSIONS: dict[str, np.ndarray] = {
    "neutral": posed(),
    "smile": posed(**SMILE),
    "surprise": posed(jawOpen=0.6, browInnerUp=0.9, browOuterUp=0.9, eyeWide=0.8),
    "anger": posed(browDown=1.0, noseSneer=0.7, mouthFrown=0.4, mouthPress=0.4, headPitch=0.12),
    "wink": posed(eyeBlinkLeft=1.0, mouthSmileLeft=0.7, headYaw=-0.3),
    "pucker": posed(mouthPucker=0.9, headPitch=0.2, eyeLookUp=0.6),
    "tongue": posed(jawOpen=0.55, tongueOut=1.0, headRoll=0.2),
    "away": posed(headYaw=0.45, headRoll=0.12, eyeLookOutRight=0.8, eyeLookInLeft=0.8),
}
STEPS: dict[str, np.ndarray] = {
    "grin, all of it": posed(mouthSmile=1.0, jawOpen=0.7),
    "brows and lids, two fifths": posed(browInnerUp=0.4, browOuterUp=0.4, eyeBlink=0.4),
    "grin, one seventh": posed(mouthSmile=0.15, jawOpen=0.1),
}
