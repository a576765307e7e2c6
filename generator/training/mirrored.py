"""Twice the people for the price of a copy: a mirrored portrait is somebody else's, their parting on the other side."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from generator.training.head.landmarks import NAMES
from generator.training.performances import MIRROR
from generator.training.portraits import KINDS, Portraits, open_portraits

TURNED = np.where(np.isin(np.arange(55), (52, 54)), -1.0, 1.0).astype(np.float32)  # yaw and roll turn round
SIDES = {"left": "right", "right": "left"}
CHUNK = 256


def write_mirrored(source: Path, folder: Path) -> int:
    """The portraits of `source`, which have their landmarks, and after them the same mirrored, into `folder`: person p
    of P becomes P + p. Returns how many there are in `source`; where `folder` has that many, it is left as it is.
    """
    portraits, points = open_portraits(source), np.load(source / "landmarks.npy")
    count, people = len(portraits.curves), int(portraits.people.max()) + 1
    if _holds(folder, portraits):
        return count
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "done.npy").unlink(missing_ok=True)  # written last: until then it holds nothing
    shape = (2 * count, *portraits.pictures.shape[1:])
    pictures = np.lib.format.open_memmap(folder / "pictures.npy", "w+", KINDS["pictures"], shape)
    for at in range(0, count, CHUNK):
        part = np.asarray(portraits.pictures[at : min(at + CHUNK, count)])
        pictures[at : at + len(part)] = part
        pictures[count + at : count + at + len(part)] = part[:, :, ::-1]
    twice = {
        "curves": np.concatenate([portraits.curves, mirrored_curves(portraits.curves)]),
        "lights": np.concatenate([portraits.lights, portraits.lights * np.array([-1, 1, 1], np.float32)]),
        "people": np.concatenate([portraits.people, portraits.people + people]),
        "dressed": np.tile(portraits.dressed, 2),
        "traits": np.tile(portraits.traits[:people], (2, 1)),
        "landmarks": np.concatenate([points[:count], mirrored_points(points[:count], shape[2])]),
        "starts": np.array([0, 2 * count]),
        "done": np.ones(1, bool),
    }
    for name, array in twice.items():
        np.save(folder / f"{name}.npy", array)
    return count


def _holds(folder: Path, portraits: Portraits) -> bool:
    """Whether these portraits are mirrored in `folder` already."""
    if not (folder / "done.npy").exists():
        return False
    count, known = len(portraits.curves), open_portraits(folder).curves
    return len(known) == 2 * count and np.array_equal(known[:count], portraits.curves)


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
