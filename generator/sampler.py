"""Noise levels and the few-step sampler: each step finds the clean latent, the next starts from it, noised again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

LEVELS = 1000
PURE_NOISE = LEVELS - 1

Denoise = Callable[[np.ndarray, np.ndarray], np.ndarray]  # (noisy (n, c, h, w), level (n,)) → x0


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """How a latent is noised: sqrt(alpha-bar) x0 + sqrt(1 - alpha-bar) noise, variance preserving.

    `signal` (1000,) float32 is sqrt(alpha-bar) at each level, exactly 0 at level 999, which is pure noise. `grid`: the
    model was made for every grid-th level only, counted down from 999.
    """

    signal: np.ndarray
    grid: int = 1

    def noised(self, clean: np.ndarray, noise: np.ndarray, level: np.ndarray) -> np.ndarray:
        """`level` (n,) int64, one a sample."""
        signal = self.signal[level][:, None, None, None]
        return signal * clean + np.sqrt(1 - signal * signal) * noise

    def walk(self, start: int, steps: int) -> list[int]:
        """`steps` noise levels going down evenly from `start`, on the grid."""
        return [max(round((start * (1 - i / steps) + 1) / self.grid), 1) * self.grid - 1 for i in range(steps)]


def zero_terminal() -> Schedule:
    """Stable Diffusion's scaled-linear schedule, rescaled so that the last level is pure noise (arXiv 2305.08891,
    section 3.1).
    """
    betas = np.linspace(0.00085**0.5, 0.012**0.5, LEVELS) ** 2
    signal = np.sqrt(np.cumprod(1 - betas))
    first, last = signal[0], signal[-1]
    return Schedule(((signal - last) * first / (first - last)).astype(np.float32))


COMPACT = zero_terminal()
"""What the compact model is trained with."""


def sample(
    denoise: Denoise, start: np.ndarray, noise: np.ndarray, levels: Sequence[np.ndarray], schedule: Schedule
) -> np.ndarray:
    """Walks down `levels` (each (n,)), re-noising what each step finds with the stream's own `noise`; returns the last
    x0.
    """
    clean = denoise(start, levels[0])
    for level in levels[1:]:
        clean = denoise(schedule.noised(clean, noise, level), level)
    return clean
