"""How the denoiser's weights are taught: its matrices by orthogonalised momentum (see `muon`), the rest by AdamW. In
the same time the first learns more, though it takes up to a quarter of a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from generator.training.muon import Muon

NARROWEST, MOST_OUTPUTS = 64, 2048  # of a matrix that is orthogonalised: not LoRA, layouts, first and last layers
ROUNDS, DECAY = 3, 1e-3  # of Newton and Schulz, which take a tenth of a step each


class Descent:
    """A pair of optimizers over `groups`, (weights, peak rate) each; `rate` scales all peaks."""

    def __init__(self, groups: Sequence[tuple[Iterable[nn.Parameter], float]]) -> None:
        taught = [(list(weights), peak) for weights, peak in groups]
        self.weights = [weight for weights, _ in taught for weight in weights]
        self._turned = [(weight, nn.Parameter(_matrix(weight.detach()))) for weight in self.weights if _is_wide(weight)]
        flat = {id(weight): matrix for weight, matrix in self._turned}
        wide = [([flat[id(w)] for w in weights if id(w) in flat], peak) for weights, peak in taught]
        rest = [([w for w in weights if id(w) not in flat], peak) for weights, peak in taught]
        self._optimizers: list[torch.optim.Optimizer] = []
        if any(weights for weights, _ in wide):
            self._optimizers.append(Muon(_groups(wide), DECAY, ROUNDS))
        self._optimizers.append(torch.optim.AdamW(_groups(rest), betas=(0.9, 0.98), weight_decay=DECAY, fused=True))

    def step(self, rate: float) -> None:
        """Down the gradient that the weights hold, which is let go of; `rate` 0..1 scales the peak rates."""
        for weight, matrix in self._turned:
            matrix.grad = None if weight.grad is None else _matrix(weight.grad)
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate
            optimizer.step()
        for weight in self.weights:
            weight.grad = None

    def state_dict(self) -> dict[str, Any]:
        return {str(number): optimizer.state_dict() for number, optimizer in enumerate(self._optimizers)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """All but the peak rates, which stay as they were given."""
        for number, optimizer in enumerate(self._optimizers):
            peaks = [group["peak"] for group in optimizer.param_groups]
            optimizer.load_state_dict(state[str(number)])
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["peak"] = peak


def _groups(taught: Sequence[tuple[list[nn.Parameter], float]]) -> list[dict[str, Any]]:
    return [{"params": weights, "peak": peak, "lr": peak} for weights, peak in taught if weights]


def _is_wide(weight: Tensor) -> bool:
    return weight.dim() > 1 and min(weight.shape[0], weight[0].numel()) >= NARROWEST and len(weight) <= MOST_OUTPUTS


def _matrix(weight: Tensor) -> Tensor:
    """(outputs, everything else), the same memory where the weight is a layer's own."""
    return (weight.permute(0, 2, 3, 1) if weight.dim() == 4 else weight).flatten(1)
