"""Noise levels and the few-step sampler: x0-prediction on a variance-preserving schedule with zero terminal SNR.

The schedule is Stable Diffusion's scaled-linear one, rescaled so that the last level is pure noise (arXiv 2305.08891,
section 3.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import torch
from torch import Tensor

LEVELS = 1000
PURE_NOISE = LEVELS - 1

Denoise = Callable[[Tensor, Tensor], Tensor]  # (noisy (n, c, h, w), level (n,)) → x0


@lru_cache(maxsize=1)
def signal_levels() -> Tensor:
    """(1000,) float32: the square root of alpha-bar, 1 (nearly) at level 0, exactly 0 at level 999."""
    betas = torch.linspace(0.00085**0.5, 0.012**0.5, LEVELS, dtype=torch.float64) ** 2
    signal = torch.cumprod(1 - betas, 0).sqrt()
    first, last = signal[0], signal[-1]
    return ((signal - last) * first / (first - last)).float()


def noised(clean: Tensor, noise: Tensor, level: Tensor) -> Tensor:
    """sqrt(alpha-bar) x0 + sqrt(1 - alpha-bar) noise, `level` (n,) int."""
    signal = signal_levels().to(clean.device)[level][:, None, None, None]
    return signal * clean + (1 - signal.square()).sqrt() * noise


def sample(denoise: Denoise, start: Tensor, noise: Tensor, levels: Sequence[Tensor]) -> Tensor:
    """Walks down `levels` (each (n,)), predicting x0 and re-noising it with the stream's own `noise`; returns the
    last x0.
    """
    clean = denoise(start, levels[0])
    for level in levels[1:]:
        clean = denoise(noised(clean, noise, level), level)
    return clean
