"""How one person's face stands: where its features are, and which of these two poses have alike.

A picture of an open mouth tells nothing of a closed one, nor one of an open eye of a lid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from generator.compact.camera import PIVOT, WEIGHTS
from protocol.blendshapes import INDEX

NECK = np.array(PIVOT, np.float32)
SIDE = 64  # pixels that places are told in, and flows
EYES = (11, 12, 13, 14, 38), (26, 27, 28, 29, 39)  # landmarks: corners, lids, pupil
MOUTH = (3, 4, 5, 6, 16, 31)  # lips from above, corners
FEATURES = (*EYES, MOUTH)
CHEEKS = (7, 15, 17, 19, 20, 21, 22, 30, 32, 34, 35, 36, 37)  # and jaw, chin: what goes with a mouth
AROUND = (*EYES, (*MOUTH, *CHEEKS))
MEASURED = ((13, 14), (28, 29), (16, 31), (3, 6), (4, 5))  # landmarks: each eye's height, a mouth's width, height, gap
SHUT = 0.6  # of the mouth's height, added to the gap of the lips: what is measured of it is never nothing
TONGUE = INDEX["tongueOut"]  # no landmark tells
LIPS = {name: number for name, number in INDEX.items() if name.startswith(("mouth", "jaw"))}
CARRIED = (  # by these lips go elsewhere, and stay the same
    *("jawLeft", "jawRight", "jawForward", "mouthLeft", "mouthRight", "mouthFrownLeft", "mouthFrownRight"),
    *("mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight"),
)
CURVED = np.array([0.07 if name in CARRIED else 0.2 for name in LIPS], np.float32)  # of a mouth's curves together
OTHER = 0.1, 0.3  # of what is measured: from where on, and by where a feature is another
SKIN = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))  # about a feature's landmarks, that belongs to it
BROW = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))  # about a face's


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """curves (55,) as performed, within what the network knows, head angles in radians last; the head's `turn` (3, 3);
    `places` (40, 2) of the landmarks, float32 pixels across and down; `sizes` (5,), as MEASURED.
    """

    curves: np.ndarray
    turn: np.ndarray
    places: np.ndarray
    sizes: np.ndarray

    @property
    def angles(self) -> np.ndarray:
        return self.curves[WEIGHTS:]


def rotation(angles: np.ndarray) -> np.ndarray:
    """`head_turn` of one head: yaw, pitch, roll (3,) in radians → (3, 3) float32."""
    (sy, sp, sr), (cy, cp, cr) = np.sin(angles), np.cos(angles)
    yaw, pitch = [[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]], [[1, 0, 0], [0, cp, -sp], [0, sp, cp]]
    return np.array(np.array([[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]]) @ yaw @ pitch, np.float32)


def alike(now: Pose, poses: Sequence[Pose]) -> np.ndarray:
    """(poses, FEATURES) 0..1: whether one pose has a feature as each of the others: by its height and width, a mouth by
    its curves and the tongue, too.
    """
    changes, apart = _changes(now, poses), now.curves - np.array([pose.curves for pose in poses])
    curved = np.linalg.norm(apart[:, list(LIPS.values())] * CURVED, axis=1)
    mouths = np.column_stack([changes[:, len(EYES) : -1], curved, np.abs(apart[:, TONGUE])]).max(1)
    return _same(np.column_stack([changes[:, : len(EYES)], mouths]))


def as_open(now: Pose, poses: Sequence[Pose]) -> np.ndarray:
    """(poses,) 0..1: whether the lips are as far apart."""
    return _same(_changes(now, poses)[:, -1])


def _changes(now: Pose, poses: Sequence[Pose]) -> np.ndarray:
    return np.abs(now.sizes / np.array([pose.sizes for pose in poses]) - 1)


def _same(changes: np.ndarray) -> np.ndarray:
    return (1 - (changes - OTHER[0]) / (OTHER[1] - OTHER[0])).clip(0, 1)


def area(pose: Pose, landmarks: Sequence[int]) -> np.ndarray:
    """0..1, float32 (SIDE, SIDE): where a feature with these is."""
    return _soft(cv2.dilate(_within(pose.places[list(landmarks)]), SKIN), 1.0)


def face(pose: Pose) -> np.ndarray:
    """0..1, float32 (SIDE, SIDE): from brows to jaw, which expressions move."""
    return _soft(cv2.dilate(_within(pose.places), BROW), 1.5)


def _within(places: np.ndarray) -> np.ndarray:
    around = cv2.convexHull((places * 16).astype(np.int32))
    return cv2.fillConvexPoly(np.zeros((SIDE, SIDE), np.uint8), around, (255,), cv2.LINE_AA, shift=4)


def _soft(mask: np.ndarray, radius: float) -> np.ndarray:
    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), radius) / 255
