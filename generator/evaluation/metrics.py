"""How two series of pictures differ: uint8 or float, levels 0..255, (n, height, width, 3) unless said otherwise."""

from __future__ import annotations

import numpy as np

ROUNDING = 1 / 12  # squared levels: the error of rounding to 8 bits, below which nothing can be told
REACH = 6  # frames a stream is thought to be late or early at most


def psnr(drawn: np.ndarray, truth: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
    """(n,) dB of each picture, inside `mask` (n, height, width) if given. Equal pictures have 58.9 dB."""
    error = np.square(drawn.astype(np.float32) - truth.astype(np.float32)).mean(-1)
    inside = np.ones(error.shape, bool) if mask is None else mask
    squared = (error * inside).sum((1, 2), dtype=np.float64) / inside.sum((1, 2))
    return 10 * np.log10(255**2 / np.maximum(squared, ROUNDING))


def gain(change: np.ndarray, wanted: np.ndarray) -> float:
    """How much of the `wanted` change a change of any shape holds: its projection, 1 all of it, 0.5 half as strong."""
    change, wanted = _flat(change), _flat(wanted)
    return float(change @ wanted / (wanted @ wanted))


def cosine(change: np.ndarray, wanted: np.ndarray) -> float:
    """Whether a change has the direction of the `wanted` one, however strong: 1 the same, 0 nothing in common."""
    change, wanted = _flat(change), _flat(wanted)
    return float(change @ wanted / max(np.linalg.norm(change) * np.linalg.norm(wanted), 1e-12))


def coarse(pictures: np.ndarray, factor: int = 4) -> np.ndarray:
    """(…, height, width, 3), `factor` times smaller, as means of blocks; sides are multiples of `factor`."""
    *many, height, width, colours = pictures.shape
    blocks = pictures.reshape(*many, height // factor, factor, width // factor, factor, colours)
    return blocks.mean((-4, -2))


def share_shown(before: np.ndarray, first: np.ndarray, settled: np.ndarray) -> float:
    """How much of the way from `before` to `settled` the picture `first` has gone."""
    start = before.astype(np.float32)
    return gain(first - start, settled - start)


def changes(pictures: np.ndarray) -> np.ndarray:
    """float32 (n - 1, …): each frame less the one before."""
    return np.diff(pictures.astype(np.float32), axis=0)


def flicker(drawn: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> float:
    """Change nobody made: mean |drawn change - true change| in levels, inside `mask` (n, height, width)."""
    difference = np.abs(changes(drawn) - changes(truth)).mean(-1)
    return float(difference[mask[1:]].mean())


def lag(drawn: np.ndarray, truth: np.ndarray, reach: int = REACH) -> float:
    """Frames by which the drawn change follows the true one: shift of best correlation, a parabola between frames.

    Needs more than 2 * reach + 1 frames.
    """
    late, real = changes(drawn), changes(truth)
    middle = late[reach : len(late) - reach]
    shifts = np.arange(-reach, reach + 1)
    match = np.array([cosine(middle, real[reach - s : len(real) - reach - s]) for s in shifts])
    best = int(np.clip(match.argmax(), 1, len(shifts) - 2))
    left, top, right = match[best - 1 : best + 2]
    bend = left - 2 * top + right
    return float(shifts[best] + (0.5 * (left - right) / bend if bend < 0 else 0.0))


def correlations(read: np.ndarray, performed: np.ndarray) -> np.ndarray:
    """(k,) Pearson correlation of each column of two (n, k) arrays; 0 where one of them stands still."""
    a, b = (values - values.mean(0) for values in (read.astype(np.float64), performed.astype(np.float64)))
    size = np.sqrt(np.square(a).sum(0) * np.square(b).sum(0))
    return np.where(size > 1e-12, (a * b).sum(0) / np.maximum(size, 1e-12), 0.0)


def _flat(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float64).ravel()
