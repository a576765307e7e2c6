"""`generator.sampler.COMPACT` on the device that trains."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from generator.sampler import COMPACT
from generator.training.device import DEVICE


def signal(level: Tensor) -> Tensor:
    """sqrt(alpha-bar) at each of `level` (n,) int64 → (n, 1, 1, 1)."""
    return _signals()[level][:, None, None, None]


def noised(clean: Tensor, noise: Tensor, level: Tensor) -> Tensor:
    """As `Schedule.noised`."""
    kept = signal(level)
    return kept * clean + (1 - kept.square()).sqrt() * noise


@cache
def _signals() -> Tensor:
    return torch.from_numpy(COMPACT.signal).to(DEVICE)
