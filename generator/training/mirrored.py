"""Twice the people for the price of a copy: a mirrored portrait is somebody else's, their parting on the other side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from generator.training.head.landmarks import NAMES
from generator.training.performances import MIRROR
from generator.training.portraits import Portraits

TURNED = np.where(np.isin(np.arange(55), (52, 54)), -1.0, 1.0).astype(np.float32)  # yaw and roll turn round
SIDES = {"left": "right", "right": "left"}


def twice(portraits: Portraits) -> Portraits:
    """All of them, and after them the same mirrored: person p of P becomes P + p. Pictures are left as they are:
    `Prints` turns them round.
    """
    people, size = int(portraits.people.max()) + 1, portraits.pictures.shape[2]
    turned_light = portraits.lights * np.array([-1, 1, 1], np.float32)
    return replace(
        portraits,
        curves=np.concatenate([portraits.curves, mirrored_curves(portraits.curves)]),
        landmarks=np.concatenate([portraits.landmarks, mirrored_points(portraits.landmarks, size)]),
        lights=np.concatenate([portraits.lights, turned_light]),
        people=np.concatenate([portraits.people, portraits.people + people]),
        dressed=np.tile(portraits.dressed, 2),
        traits=np.tile(portraits.traits[:people], (2, 1)),
    )


def mirrored_curves(curves: np.ndarray) -> np.ndarray:
    """(n, 55) → what the mirror image does."""
    return curves[:, MIRROR] * TURNED


def mirrored_points(points: np.ndarray, size: int) -> np.ndarray:
    """Landmarks (n, k, 2) in pixels of `size` → those of the mirror image; left stays the person's own left."""
    sides = [name.split("_", 1) for name in NAMES]
    names = [f"{SIDES[side]}_{rest}" if side in SIDES else f"{side}_{rest}" for side, rest in sides]
    turned = points[:, [NAMES.index(name) for name in names]].copy()
    turned[..., 0] = size - turned[..., 0]
    return turned
