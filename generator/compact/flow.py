"""Where what a moving face shows was in another picture of it: an optical flow from what is known, not from pixels.

The head is taken for an ellipsoid that turns on the neck before the camera; where eyes, brows, lips and jaw are, is
known to a pixel or two (see `generator.compact.geometry`), and what lies near goes with them. So nothing swims.
Flows are float32 (SIDE, SIDE, 2): how far to the right and down a pixel came from, in pixels of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from generator.compact.camera import CENTRE_HEIGHT, DISTANCE, LANDMARKS, ZOOM
from generator.compact.pose import EYES, NECK, SIDE, Pose

CENTRE = np.array([0.0, 2.66, 1.05], np.float32)  # cm; of the ellipsoid, fitted to turned heads and their hair
RADII = np.array([7.52, 11.49, 9.59], np.float32)  # cm
FRONT = 8.0  # cm before the pivot: where the face is
COLLAR, CHIN = -12.0, -5.5  # cm; between these the neck bends
REACH = np.ones((LANDMARKS, 1), np.float32)  # pixels about a landmark that go with it
REACH[list(sum(EYES, ()))] = 0.75
FAINT = 0.02  # how little of a landmark's weight is half of the way: farther off, nothing does


def flows(now: Pose, thens: Sequence[Pose]) -> list[np.ndarray]:
    """From a face as it is `now` to where it was `then`, for each of these."""
    places, near, turns = now.places, _near(now.places), dict[bytes, np.ndarray]()
    across, down = np.ascontiguousarray(places.T)[:, None]
    found = []
    for then in thens:
        key = then.turn.tobytes()
        turn = turns[key] if key in turns else turns.setdefault(key, turned(now.turn, then.turn))
        taken = cv2.remap(turn, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
        moved = np.einsum("kc,kp->cp", then.places - places - taken, near)
        found.append(turn + moved.T.reshape(SIDE, SIDE, 2))
    return found


def turned(now: np.ndarray, then: np.ndarray) -> np.ndarray:
    """The flow of a head that has the rotation (3, 3) `now`, to where it had the one `then`."""
    if np.array_equal(now, then):
        return np.zeros((SIDE, SIDE, 2), np.float32)
    rays, screen = _camera()
    eye = (np.array([0.0, CENTRE_HEIGHT, DISTANCE], np.float32) - NECK) @ now + NECK - CENTRE
    rays = rays @ (now / RADII)
    across = eye / RADII  # on the unit sphere
    a, b, c = np.einsum("ij,ij->i", rays, rays), rays @ across, across @ across - 1
    far = (-b - np.sqrt(np.maximum(b * b - a * c, 0))) / a  # a ray that misses meets it where it passes
    hit = (far[:, None] * rays + across) @ (then * RADII).T + (then @ (CENTRE - NECK) + NECK)
    zoom = ZOOM / (DISTANCE - hit[:, 2])
    there = np.stack([hit[:, 0] * zoom, (CENTRE_HEIGHT - hit[:, 1]) * zoom], -1)
    return ((there - screen) * (SIDE / 2)).reshape(SIDE, SIDE, 2) * follows()[..., None]


def _near(places: np.ndarray) -> np.ndarray:
    """(k, pixels): how far each pixel goes with each of `places` (k, 2). What is multiplied with it is so without BLAS,
    whose threads would keep the network's from their cores.
    """
    pixels = np.arange(SIDE, dtype=np.float32)
    across, down = (np.exp(-np.square((pixels - there[:, None]) / REACH) / 2) for there in places.T)
    spots = (down[:, :, None] * across[:, None]).reshape(LANDMARKS, -1)
    return spots / (spots.sum(0) + FAINT)


@cache
def _camera() -> tuple[np.ndarray, np.ndarray]:
    """Of each pixel its ray (n, 3), and where it is (n, 2) in -1..1, to the right and down."""
    middle = (np.arange(SIDE, dtype=np.float32) + 0.5) / (SIDE / 2) - 1
    screen = np.stack(np.meshgrid(middle, middle), -1).reshape(-1, 2)
    x, y = screen[:, 0] / ZOOM, -screen[:, 1] / ZOOM
    return np.stack([x, y, np.full_like(x, -1)], -1), screen


@cache
def follows() -> np.ndarray:
    """0..1, float32 (SIDE, SIDE): how far what a pixel shows follows the head, and not the shoulders."""
    height = CENTRE_HEIGHT + _camera()[0][:, 1] * (DISTANCE - FRONT)
    bend = ((height - COLLAR) / (CHIN - COLLAR)).clip(0, 1)
    return (bend * bend * (3 - 2 * bend)).astype(np.float32).reshape(SIDE, SIDE)
