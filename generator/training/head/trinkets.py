"""Glasses, ear-rings and a scarf, made to the measure of a person."""

from __future__ import annotations

import numpy as np

from generator.training.head.rig import Rig
from generator.training.head.solids import Solid, joined, sheet, tube


def glasses(eyes: tuple[np.ndarray, np.ndarray], front: float, wide: float) -> tuple[Solid, Solid]:
    """Frame and lenses. `eyes` (3,) each, left and right; `front` (cm) where the lenses stand; `wide` half the head."""
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    frame, lenses, outer = [], [], []
    for centre, out in zip(eyes, (1.0, -1.0), strict=True):
        power = 2 / 3.2  # a rounded box
        x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power * 2.55
        y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power * 1.85 - 0.25
        depth = front - 0.07 * (x * out) - 0.035 * (x + out * 0.5) ** 2
        rim = np.stack([centre[0] + 0.12 * out + x, centre[1] + y, depth], 1)
        frame.append(tube(rim, 0.15, closed=True, around=8))
        share = np.linspace(0, 1, 6)[:, None, None]
        middle = rim.mean(0) + np.array([0, 0, 0.12])
        closed = np.concatenate([rim, rim[:1]])
        lenses.append(sheet(middle + (closed[None] - middle) * share, np.zeros((6, 41, 2))))
        outer.append(rim[np.argmax(rim[:, 0] * out)])
    frame.append(_bridge(eyes, front))
    for start, out in zip(outer, (1.0, -1.0), strict=True):
        hinge = np.array([out * max(wide, abs(start[0]) + 0.3), start[1] + 0.35, start[2] - 2.2])
        back = np.array([out * (wide + 0.15), start[1] + 0.2, 0.2])
        frame.append(tube(np.stack([start, hinge, (hinge + back) / 2, back, back + np.array([0.0, -1.6, -1.8])]), 0.14))
    return joined(frame), joined(lenses)


def _bridge(eyes: tuple[np.ndarray, np.ndarray], front: float) -> Solid:
    left, right = (
        np.array([e[0] - out * 2.35, e[1] + 0.35, front + 0.05]) for e, out in zip(eyes, (1, -1), strict=True)
    )
    share = np.linspace(0, 1, 9)[:, None]
    arch = np.sin(np.pi * share) ** 0.7 * np.array([0.0, 0.25, 0.25])
    return tube(left + (right - left) * share + arch, 0.14)


def ear_rings(lobes: tuple[np.ndarray, np.ndarray]) -> Solid:
    """A hoop in each lobe (3,)."""
    angle = np.linspace(0, 2 * np.pi, 29)[:-1]
    hoops = []
    for lobe in lobes:
        ring = np.stack([0.25 * np.sin(angle), -0.85 + 0.95 * np.cos(angle), 0.95 * np.sin(angle)], 1)
        hoops.append(tube(lobe + ring, 0.10, closed=True, around=8))
    return joined(hoops)


def find_lobes(rig: Rig) -> tuple[int, int]:
    """The vertices of the left and the right ear lobe."""
    skin = rig.vertices["skin"]
    x, y, z = rig.neutral[skin].T
    found = []
    for out in (1.0, -1.0):
        near = (x * out > 7.5) & (y > -3.5) & (y < 1.0) & (np.abs(z) < 3.0)
        found.append(int(skin[near][np.argmin(y[near])]))
    return found[0], found[1]


def scarf() -> Solid:
    """Two thick loops round the neck and an end that hangs down."""
    angle = np.linspace(0, 2 * np.pi, 61)[:-1]
    loops = []
    for height, wide, tilt, thick in ((-12.6, 8.3, 0.10, 1.9), (-10.9, 7.6, 0.24, 1.55)):
        wobble = 0.3 * np.sin(3 * angle + height)
        rise = height - tilt * 7.5 * np.cos(angle) + wobble
        path = np.stack([wide * np.sin(angle), rise, -1.0 + (wide - 0.2) * np.cos(angle)], 1)
        loops.append(tube(path, thick * (1 + 0.16 * np.sin(5 * angle + height)), closed=True, around=18))
    down = np.linspace(0, 1, 9)[:, None]
    end = np.array([2.6, -12.0, 7.5]) + down * [0.8, -8.0, 1.4] + [0, 0, 0.6] * np.sin(down * 3)
    return joined([*loops, tube(end, 1.7, around=14)])
