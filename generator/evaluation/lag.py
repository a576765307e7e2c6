"""How late a stream follows its performance, in frames: told from changes of speed, drawn and true.

Not from changes of place: where someone drifts slowly, one of them looks like those of many frames before. And from all
performances together, each by how much it moves: where hardly anything does, whatever shift agrees best is chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

REACH = 6  # frames a stream is thought to be late or early at most
SHIFTS = np.arange(-REACH, REACH + 1)
COARSE = 4  # pixels a side that are averaged first
TELLING = 0.03  # the least best agreement that is no chance


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """Of one stream with its truth: `match` (2 REACH + 1,) is the cosine of drawn and true changes of speed at each of
    `SHIFTS`, 0 at those a short stream cannot tell; `moves` is how much of them there truly is.
    """

    match: np.ndarray
    moves: float


def agreement(drawn: np.ndarray, truth: np.ndarray) -> Agreement:
    """Of pictures, float (n, s, s, 3)."""
    late, real = (np.diff(coarse(pictures), 2, axis=0).reshape(len(pictures) - 2, -1) for pictures in (drawn, truth))
    match, reach = np.zeros(len(SHIFTS)), min(REACH, (len(late) - 2) // 3)
    if reach < 1:
        return Agreement(match, 0.0)
    middle = late[reach : len(late) - reach]
    for shift in range(-reach, reach + 1):
        match[REACH + shift] = _cosine(middle, real[reach - shift : len(real) - reach - shift])
    return Agreement(match, float(np.square(real).sum()))


def lag(found: Sequence[Agreement]) -> float:
    """The shift of best agreement, a parabola between frames. NaN for streams that stand still, are too short, or show
    nothing of what moves.
    """
    moves = sum(one.moves for one in found)
    match = sum((one.match * one.moves for one in found), np.zeros(len(SHIFTS))) / max(moves, 1e-9)
    if match.max() < TELLING:
        return float("nan")
    best = int(np.clip(match.argmax(), 1, len(SHIFTS) - 2))
    left, top, right = match[best - 1 : best + 2]
    bend = left - 2 * top + right
    return float(SHIFTS[best] + (np.clip(0.5 * (left - right) / bend, -1, 1) if bend < 0 else 0.0))


def coarse(pictures: np.ndarray) -> np.ndarray:
    """(…, s, s, 3) as means of blocks: what softness and noise have left of it."""
    *many, height, width, colours = pictures.shape
    blocks = pictures.reshape(*many, height // COARSE, COARSE, width // COARSE, COARSE, colours)
    return blocks.mean((-4, -2))


def _cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float((a * b).sum() / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))
