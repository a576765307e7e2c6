"""The crop that faces of the FFHQ data set have, and that the published model draws: eyes level, the head in a square.

The recipe is the data set's (Karras, Laine, Aila: A Style-Based Generator Architecture for GANs, appendix A, and the
script that goes with the data): the square lies along the line from eye to eye mixed with the one across the line from
eyes to mouth; where it leaves the photograph, the photograph is mirrored, blurred and faded to its median towards the
edge. Every picture is drawn larger than needed and scaled down with a Lanczos filter.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from PIL import Image

LEFT_EYE, RIGHT_EYE, MOUTH_CORNERS = slice(36, 42), slice(42, 48), [48, 54]  # of the 68 landmarks
EYES_APART, EYES_TO_MOUTH, DOWN = 2.0, 1.8, 0.1  # half a side in eye distances or in eye-mouth distances; the centre
RIM, FADE, BLUR = 0.1, 0.3, 0.02  # of the square's side
OVERSAMPLED = 8  # pixels drawn for one kept, a side


def ffhq_crop(picture: np.ndarray, landmarks: np.ndarray, size: int) -> np.ndarray:
    """uint8 (height, width, 3) RGB and 68 landmarks (68, 2) in its pixels → uint8 (size, size, 3)."""
    corners = ffhq_square(landmarks)
    picture, corners = _shrunk(picture, corners, size)
    picture, corners = _cropped(picture, corners)
    picture, corners = _padded(picture, corners)
    return _drawn(picture, corners, size)


def ffhq_square(landmarks: np.ndarray) -> np.ndarray:
    """The square to cut out: float64 (4, 2), its corners x, y from the upper left downwards and round."""
    points = landmarks.astype(np.float64)
    left, right = points[LEFT_EYE].mean(0), points[RIGHT_EYE].mean(0)
    eyes, mouth = (left + right) / 2, points[MOUTH_CORNERS].mean(0)
    across, down = right - left, mouth - eyes
    along = across + _turned(down)
    reach = max(EYES_APART * np.hypot(*across), EYES_TO_MOUTH * np.hypot(*down))
    x = along / np.hypot(*along) * reach
    y = -_turned(x)
    centre = eyes + DOWN * down
    return np.stack([centre - x - y, centre - x + y, centre + x + y, centre + x - y])


def _turned(vector: np.ndarray) -> np.ndarray:
    """A quarter turn, from down to right."""
    return np.array([vector[1], -vector[0]])


def _side(corners: np.ndarray) -> float:
    return float(np.hypot(*(corners[3] - corners[0])))


def _shrunk(picture: np.ndarray, corners: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A large photograph by a whole number, to no less than twice what is needed."""
    factor = math.floor(_side(corners) / size * 0.5)
    if factor <= 1:
        return picture, corners
    height, width = (round(side / factor) for side in picture.shape[:2])
    smaller = Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(smaller), corners / factor


def _rim(corners: np.ndarray) -> int:
    return max(round(_side(corners) * RIM), 3)


def _cropped(picture: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Only what the square and a rim around it cover."""
    low, high = _bounds(corners)
    start = np.maximum(low - _rim(corners), 0)
    stop = np.minimum(high + _rim(corners), picture.shape[1::-1])
    return picture[start[1] : stop[1], start[0] : stop[0]], corners - start


def _bounds(corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.floor(corners.min(0)).astype(int), np.ceil(corners.max(0)).astype(int)


def _padded(picture: np.ndarray, corners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the square leaves the photograph: mirrored, and faded towards the new edge."""
    low, high = _bounds(corners)
    rim = _rim(corners)
    before = np.maximum(rim - low, 0)
    after = np.maximum(high - picture.shape[1::-1] + rim, 0)
    if max(*before, *after) <= rim - 4:
        return picture, corners
    least = round(_side(corners) * FADE)
    before, after = np.maximum(before, least), np.maximum(after, least)
    margins = ((before[1], after[1]), (before[0], after[0]), (0, 0))
    wide = np.pad(picture.astype(np.float32), margins, mode="reflect")
    return _faded(wide, before, after, _side(corners) * BLUR), corners + before


def _faded(picture: np.ndarray, before: np.ndarray, after: np.ndarray, sigma: float) -> np.ndarray:
    """float32 (h, w, 3) with margins → uint8: blurred from the photograph outwards, then drowned in its median."""
    height, width = picture.shape[:2]
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    inwards = np.minimum(
        np.minimum(x / before[0], (width - 1 - x) / after[0]), np.minimum(y / before[1], (height - 1 - y) / after[1])
    )
    outside = (1 - inwards)[..., None]  # 1 at the edge, 0 where the photograph begins, below 0 inside
    radius = int(4 * sigma + 0.5)
    blurred = cv2.GaussianBlur(picture, (2 * radius + 1,) * 2, sigma, borderType=cv2.BORDER_REFLECT)
    picture = picture + (blurred - picture) * np.clip(3 * outside + 1, 0, 1)
    picture = picture + (np.median(picture, axis=(0, 1)) - picture) * np.clip(outside, 0, 1)
    return np.rint(np.clip(picture, 0, 255)).astype(np.uint8)


def _drawn(picture: np.ndarray, corners: np.ndarray, size: int) -> np.ndarray:
    fine = size * OVERSAMPLED
    quadrilateral = tuple((corners + 0.5).ravel())
    large = Image.fromarray(picture).transform(
        (fine, fine), Image.Transform.QUAD, quadrilateral, Image.Resampling.BILINEAR
    )
    return np.asarray(large.resize((size, size), Image.Resampling.LANCZOS))
