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
            alike: dict[torch.Size, list[Tensor]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    alike.setdefault(matrix.shape, []).append(matrix)
            for matrices in alike.values():
                self._down(matrices, group)

    def _down(self, matrices: list[Tensor], group: dict[str, Any]) -> None:
        """All of one shape at once: a card would wait for the one after the other to be asked for."""
        gradients = [matrix.grad for matrix in matrices if matrix.grad is not None]
        momenta = [self._momentum(matrix) for matrix in matrices]
        for momentum, gradient in zip(momenta, gradients, strict=True):
            momentum.lerp_(gradient, 1 - MOMENTUM)
        ahead = torch.stack(gradients).lerp(torch.stack(momenta), MOMENTUM)
        length = LIKE_ADAMW * max(ahead.shape[1:]) ** 0.5
        steps = orthogonal(ahead, group["rounds"]) * (-group["lr"] * length)
        for matrix, step in zip(matrices, steps, strict=True):
            matrix.mul_(1 - group["lr"] * group["decay"]).add_(step)

    def _momentum(self, matrix: Tensor) -> Tensor:
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        return state["momentum_buffer"]


def orthogonal(matrices: Tensor, rounds: int) -> Tensor:
    """(k, n, m) with all singular values of each brought near 1."""
    a, b, c = QUINTIC
    flat = matrices.bfloat16() if HALF_PAYS else matrices
    tall = flat.shape[1] > flat.shape[2]
    flat = flat.mT if tall else flat
    flat = flat / flat.norm(dim=(1, 2), keepdim=True).clamp(min=LEAST)
    for _ in range(rounds):
        gram = flat @ flat.mT
        flat = torch.baddbmm(flat, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), flat, beta=a)
    return (flat.mT if tall else flat).to(matrices.dtype)
