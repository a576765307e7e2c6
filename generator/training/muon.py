"""Descent for matrices by orthogonalised momentum (Muon, arXiv 2502.16982), in the precision the device is fast in:
torch's own computes in bfloat16 alone, which takes a processor without it thirty times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor

from generator.training.device import HALF_PAYS

MOMENTUM, LEAST = 0.95, 1e-7
QUINTIC = 3.4445, -4.775, 2.0315  # a x + b x³ + c x⁵ brings singular values near 1
LIKE_ADAMW = 0.2  # times the root of the longer side: updates as large as AdamW's


class Muon(torch.optim.Optimizer):
    """Over matrices (n, m); `rounds` of Newton and Schulz each step, `decay` of the weights."""

    def __init__(self, params: Iterable[dict[str, Any]], decay: float, rounds: int) -> None:
        super().__init__(params, {"lr": 1e-3, "decay": decay, "rounds": rounds})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    self._down(matrix, matrix.grad, group)

    def _down(self, matrix: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        momentum = self.state[matrix].setdefault("momentum_buffer", torch.zeros_like(matrix))
        momentum.lerp_(gradient, 1 - MOMENTUM)
        ahead = gradient.lerp(momentum, MOMENTUM)
        matrix.mul_(1 - group["lr"] * group["decay"])
        length = LIKE_ADAMW * max(matrix.shape) ** 0.5
        matrix.add_(orthogonal(ahead, group["rounds"]), alpha=-group["lr"] * length)


def orthogonal(matrix: Tensor, rounds: int) -> Tensor:
    """(n, m) with all singular values brought near 1."""
    a, b, c = QUINTIC
    flat = matrix.bfloat16() if HALF_PAYS else matrix
    tall = flat.shape[0] > flat.shape[1]
    flat = flat.T if tall else flat
    flat = flat / flat.norm().clamp(min=LEAST)
    for _ in range(rounds):
        gram = flat @ flat.T
        flat = torch.addmm(flat, torch.addmm(gram, gram, gram, beta=b, alpha=c), flat, beta=a)
    return (flat.T if tall else flat).to(matrix.dtype)
