"""Where what a moving face shows was in its neutral picture: an optical flow from what is known, not from pixels.

The head is taken for an ellipsoid that turns on the neck before the camera; where eyes, brows, lips and jaw are, is
known to a pixel or two (see `generator.compact.geometry`), and what lies near goes with them. So nothing swims.
Flows are float32 (SIDE, SIDE, 2): how far to the right and down a pixel came from, in pixels of these.
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import torch

from generator.compact.geometry import CENTRE_HEIGHT, DISTANCE, LANDMARKS, PIVOT, WEIGHTS, ZOOM, Geometry, head_turn

SIDE, COARSE = 128, 64  # pixels of a flow, and of a turn, which is smoother
CENTRE, RADII = np.array([0.0, 2.66, 1.05]), np.array([7.52, 11.49, 9.59])  # cm; fitted to turned heads and their hair
FRONT = 8.0  # cm before the pivot: where the face is
COLLAR, CHIN = -12.0, -5.5  # cm; between these the neck bends
EYES = (11, 12, 13, 14, 38), (26, 27, 28, 29, 39)  # landmarks: corners, lids, pupil
REACH = np.full((LANDMARKS, 1), 2.0, np.float32)  # pixels about a landmark that go with it
REACH[list(sum(EYES, ()))] = 1.5
MOUTH = (3, 4, 5, 6, 16, 31)  # lips from above, corners
FEATURES = (  # their landmarks, the pixels about these that belong to them, and between which of them to measure
    (EYES[0], 3.0, ((13, 14),)),
    (EYES[1], 3.0, ((28, 29),)),
    (MOUTH, 4.0, ((3, 6), (16, 31))),
)
FAINT = 0.02  # how little of a landmark's weight is half of the way: farther off, nothing does
OTHER = 0.1, 0.3  # of an eye's height, of a mouth's height and width: from where on, and by where it is another


class Motion:
    """How one person's face moves; `identity` is their vector (512,), and `geometry` lies on the CPU."""

    def __init__(self, geometry: Geometry, identity: torch.Tensor) -> None:
        self._geometry, self._identity = geometry, identity.cpu()[None]
        self._rest = self._landmarks(np.zeros(WEIGHTS + 3, np.float32))

    def at(self, curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The flow to `curves` (55,), head angles in radians last; and (SIDE, SIDE) what the picture tells of a place,
        from all, 1, to nothing, 0: of eyes and mouths that have opened or closed.
        """
        flow, places = turned(curves[WEIGHTS:]), self._landmarks(curves)
        across, down = np.ascontiguousarray(places.T)[:, None]
        taken = cv2.remap(flow, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        return flow + _spread(places, self._rest - places - taken), self._told(places)

    def _told(self, places: np.ndarray) -> np.ndarray:
        told = np.ones((SIDE, SIDE), np.float32)
        for feature, reach, pairs in FEATURES:
            change = max(abs(_apart(places, *pair) / _apart(self._rest, *pair) - 1) for pair in pairs)
            moved = min((change - OTHER[0]) / (OTHER[1] - OTHER[0]), 1.0)
            if moved > 0:
                told *= 1 - moved * _laid(*_spots(places[list(feature)], reach)).clip(0, 1)
        return told

    @torch.inference_mode()
    def _landmarks(self, curves: np.ndarray) -> np.ndarray:
        """(k, 2) float32 pixels, across and down."""
        points = self._geometry.points(self._identity, torch.from_numpy(curves)[None])[0].numpy()
        return (np.array([1, -1], np.float32) * points + 1) * (SIDE / 2) - 0.5


def turned(angles: np.ndarray) -> np.ndarray:
    """The flow of a head turned by yaw, pitch, roll."""
    if not angles.any():
        return np.zeros((SIDE, SIDE, 2), np.float32)
    rays, follows = _camera()
    turn = head_turn(torch.from_numpy(np.asarray(angles, np.float32))[None])[0].double().numpy()
    eye = (np.array([0.0, CENTRE_HEIGHT, DISTANCE]) - PIVOT) @ turn + PIVOT - CENTRE
    rays = np.einsum("yxi,ij->yxj", rays, turn)
    near, across = rays / RADII, eye / RADII  # on the unit sphere
    a, b, c = np.square(near).sum(-1), near @ across, across @ across - 1
    far = (-b - np.sqrt(np.maximum(b * b - a * c, 0))) / a  # a ray that misses meets it where it passes
    hit = eye + far[..., None] * rays + CENTRE
    zoom = ZOOM / (DISTANCE - hit[..., 2])
    there = np.stack([hit[..., 0] * zoom, (CENTRE_HEIGHT - hit[..., 1]) * zoom], -1)
    flow = (there - _screen()) * (SIDE / 2) * follows
    return cv2.resize(flow.astype(np.float32), (SIDE, SIDE))


def _apart(places: np.ndarray, one: int, other: int) -> float:
    return float(np.linalg.norm(places[one] - places[other]))


def _spread(places: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """How far `places` (k, 2) have moved, to all that is near them."""
    across, down = _spots(places, REACH)
    right, below = (_laid(across, down * by[:, None]) for by in moved.T)
    return np.stack([right, below], -1) / (_laid(across, down) + FAINT)[..., None]


def _spots(places: np.ndarray, reach: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """A soft spot at each of `places` (k, 2), across and down: (k, SIDE) both."""
    pixels = np.arange(SIDE, dtype=np.float32)
    across, down = (np.exp(-np.square((pixels - there[:, None]) / reach) / 2) for there in places.T)
    return across, down


def _laid(across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """All spots, (SIDE, SIDE). Not by BLAS: its threads would keep the network's from their cores."""
    return np.einsum("ky,kx->yx", down, across)


@cache
def _screen() -> np.ndarray:
    """Pixels (COARSE, COARSE, 2) in -1..1, to the right and down."""
    middle = (np.arange(COARSE) + 0.5) / (COARSE / 2) - 1
    return np.stack(np.meshgrid(middle, middle), -1)


@cache
def _camera() -> tuple[np.ndarray, np.ndarray]:
    """The ray (COARSE, COARSE, 3) of each pixel, and how far (COARSE, COARSE, 1) what it shows follows the head."""
    x, y = _screen()[..., 0] / ZOOM, -_screen()[..., 1] / ZOOM
    height = CENTRE_HEIGHT + y * (DISTANCE - FRONT)
    bend = ((height - COLLAR) / (CHIN - COLLAR)).clip(0, 1)
    return np.stack([x, y, np.full_like(x, -1)], -1), (bend * bend * (3 - 2 * bend))[..., None]
