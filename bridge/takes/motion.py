"""How a face moves: the few time courses a performance is put together from.

Every function takes the time of each frame, float64 (N,) seconds, and gives float64 (N,).
"""

from collections.abc import Iterable

import numpy as np

Move = tuple[float, float, float]
"""(start, duration, target): from wherever it was to `target`, starting at `start` seconds."""


def ease(x: np.ndarray) -> np.ndarray:
    """Minimum jerk from 0 to 1 over 0..1 (Flash & Hogan 1985): how a hand, an eye or a brow goes to its next place."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def moves(time: np.ndarray, rest: float, steps: Iterable[Move]) -> np.ndarray:
    """A value that goes from target to target. Moves may overlap: each adds its step, a new aim bends the path."""
    value, aim = np.full_like(time, rest), rest
    for start, duration, target in steps:
        value = value + (target - aim) * ease((time - start) / duration)
        aim = target
    return value


def lid_closure(time: np.ndarray, start: float, closing: float, held: float, opening: float) -> np.ndarray:
    """One blink, 0 open to 1 shut. The lid falls fast, stays a moment and rises slower, last of all near the top."""
    falling = ease((time - start) / closing)
    rising = ease(np.clip((time - start - closing - held) / opening, 0.0, 1.0) ** 0.8)
    return falling * (1.0 - rising)


def drift(time: np.ndarray, period: float, rng: np.random.Generator, slowest: int = 2, fastest: int = 24) -> np.ndarray:
    """Idle unrest of unit deviation that repeats after `period` seconds: whole cycles, the quick ones smaller."""
    cycles = np.arange(slowest, fastest + 1)
    phases = rng.uniform(0.0, 2.0 * np.pi, len(cycles))
    waves = np.sin(2.0 * np.pi * np.outer(time / period, cycles) + phases) / cycles**0.8
    return waves.sum(axis=1) / np.sqrt(0.5 * np.sum(cycles**-1.6))


def held_clock(time: np.ndarray, start: float, length: float, easing: float = 0.4) -> np.ndarray:
    """A performer's own time, which eases to a stop at `start`, stands for `length` seconds and eases on again.

    The time lost is `length` + `easing`, so what repeats in the performer's time repeats in real time too.
    """
    before, after = time - (start - easing), time - (start + length)
    slowing = easing * _ease_integral(np.clip(before / easing, 0.0, 1.0))
    standing = np.clip(time - start, 0.0, length)
    resuming = np.clip(after, 0.0, easing) - easing * _ease_integral(np.clip(after / easing, 0.0, 1.0))
    return time - slowing - standing - resuming


def _ease_integral(x: np.ndarray) -> np.ndarray:
    """The integral of `ease` from 0 to x, for x within 0..1."""
    return x**4 * (2.5 - 3.0 * x + x**2)
