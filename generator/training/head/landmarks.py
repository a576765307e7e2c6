"""Where a drawn person's eyes, brows, nose, mouth, cheeks and jaw are in the picture, from the rig, without OpenGL.

Pixels are counted from the upper left corner, x to the right, y down; a pixel's middle is at a half. "left" is the
person's own left, to the right in the picture.
"""

from __future__ import annotations

import numpy as np

from generator.training.head.camera import HALF_WIDTH, project
from generator.training.head.expression import EYE_SETBACK, Poser
from generator.training.head.person import Person
from generator.training.head.rig import Rig
from generator.training.head.shape import body
from generator.training.head.turns import follow, placed

PUPIL = np.array([0.0, 0.0, 1.47])  # from the eyeball's centre, looking ahead
MIDDLE = {  # places on the rig's skin at rest, cm
    "nose_bridge": (0.0, 3.3, 10.97), "nose_tip": (0.0, 0.41, 13.07), "nose_base": (0.0, -1.35, 11.53),
    "mouth_upper": (0.0, -2.48, 11.84), "mouth_upper_inner": (0.0, -3.27, 11.42),
    "mouth_lower_inner": (0.0, -3.51, 11.40), "mouth_lower": (0.0, -4.57, 11.32),
    "jaw_chin": (0.0, -7.57, 10.43),
}  # fmt: skip
LEFT = {
    "brow_inner": (1.17, 5.11, 10.6), "brow_middle": (3.14, 5.82, 10.26), "brow_outer": (5.12, 5.36, 9.05),
    "eye_inner": (1.73, 3.39, 9.32), "eye_outer": (5.23, 3.41, 8.20),
    "eye_upper": (3.29, 4.33, 9.68), "eye_lower": (3.25, 2.59, 9.47),
    "nose_wing": (2.09, -0.74, 10.24), "mouth_corner": (2.43, -3.47, 10.23),
    "cheek_upper": (4.48, 0.49, 9.34), "cheek_outer": (6.44, -0.5, 6.2), "cheek_lower": (4.95, -3.57, 8.17),
    "jaw_corner": (5.94, -4.5, 5.32), "jaw_side": (4.14, -6.78, 5.47), "jaw_front": (2.05, -7.94, 7.14),
}  # fmt: skip
PLACES = MIDDLE | {
    f"{side}_{name}": (x * out, y, z)
    for side, out in (("left", 1.0), ("right", -1.0))
    for name, (x, y, z) in LEFT.items()
}
NAMES = (*PLACES, "left_eye_pupil", "right_eye_pupil")
"""The landmarks in order, k of them."""

MARGINS = {  # cm beside, cm above and below
    "brow": (0.35, 0.65), "eye": (0.35, 0.45), "nose": (0.3, 0.4), "mouth": (0.7, 0.5), "cheek": (0.3, 0.3),
    "jaw": (0.3, 0.4),
}  # fmt: skip
REGIONS = ("left_eye", "right_eye", "left_brow", "right_brow", "nose", "mouth", "left_cheek", "right_cheek", "jaw")


class Landmarks:
    """Finds landmarks on one rig. Pictures are those `HeadRenderer` and `Studio` draw, whatever a person wears."""

    def __init__(self, rig: Rig) -> None:
        self.rig, self.poser = rig, Poser(rig)
        skin = rig.vertices["skin"]
        self._places = np.array([skin[_nearest(rig.neutral[skin], place)] for place in PLACES.values()])
        self._follow = np.r_[follow(rig.neutral[self._places]), 1.0, 1.0]
        self._person: Person | None = None

    def points(self, person: Person, curves: np.ndarray, size: int = 256) -> np.ndarray:
        """(k, 2) float32 pixels x, y, in the order of `NAMES`, with curves (55,). Points may be hidden, but their
        place is right; about 2 ms.
        """
        curves = np.asarray(curves, np.float64)
        if person != self._person:
            self._person, self._base = person, body(self.rig, person)
        vertices = self.poser.pose(self._base, curves)
        pupils = [self._pupil(curves, side) for side in ("Left", "Right")]
        there = project(placed(np.stack([*vertices[self._places], *pupils]), self._follow, curves[52:55]))
        return ((there * [1.0, -1.0] + 1.0) * (size / 2)).astype(np.float32)

    def regions(self, person: Person, curves: np.ndarray, size: int = 256) -> dict[str, np.ndarray]:
        """Each of `REGIONS` as a box (4,) float32 of pixels: left, upper, right, lower edge; see `boxes`."""
        return boxes(self.points(person, curves, size), size)

    def _pupil(self, curves: np.ndarray, side: str) -> np.ndarray:
        return self.poser.eye_centre(self._base, side) - EYE_SETBACK + self.poser.gaze(curves, side) @ PUPIL


def boxes(points: np.ndarray, size: int = 256) -> dict[str, np.ndarray]:
    """Landmarks (..., k, 2) in a `size`² picture → each of `REGIONS` as boxes (..., 4): left, upper, right, lower edge.

    A box holds its region's landmarks and a margin; those of neighbours overlap a little, and edges may lie outside
    the picture. An eye's box has lids and lashes but not the brow; the jaw's the chin and the jaw line.
    """
    return {region: _box(points[..., _members(region), :], region, size) for region in REGIONS}


def masks(points: np.ndarray, size: int = 256) -> dict[str, np.ndarray]:
    """Landmarks (..., k, 2) → each of `REGIONS` as bool (..., size, size), true in its box, row 0 on top."""
    middle = np.arange(size) + 0.5
    out = {}
    for region, box in boxes(points, size).items():
        across = (box[..., 0, None] < middle) & (middle < box[..., 2, None])
        down = (box[..., 1, None] < middle) & (middle < box[..., 3, None])
        out[region] = down[..., :, None] & across[..., None, :]
    return out


def _members(region: str) -> list[int]:
    part = f"{region}_" if "_" in region else region
    return [index for index, name in enumerate(NAMES) if part in name]


def _box(points: np.ndarray, region: str, size: int) -> np.ndarray:
    margin = np.array(MARGINS[region.rpartition("_")[2]], np.float32) * (size / 2 / HALF_WIDTH)
    low, high = np.asarray(points, np.float32).min(-2) - margin, np.asarray(points, np.float32).max(-2) + margin
    return np.concatenate([low, high], -1)


def _nearest(points: np.ndarray, place: tuple[float, float, float]) -> int:
    return int(np.square(points - np.array(place)).sum(1).argmin())
