"""What a picture is judged by in training."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional


def picture_loss(drawn: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """Weighted L1 + MSE + gradient + 4×-pooled L1 of pictures (n, 3, h, w) in 0..1; `weights` (n, 1, h, w)."""
    error = drawn - truth
    plain = (weights * (error.abs() + 16.0 * error.square())).mean()
    down = (weights[:, :, 1:] * (error[:, :, 1:] - error[:, :, :-1]).abs()).mean()
    across = (weights[..., 1:] * (error[..., 1:] - error[..., :-1]).abs()).mean()
    pooled = (functional.avg_pool2d(weights, 4) * functional.avg_pool2d(error, 4).abs()).mean()
    return plain + 0.5 * (down + across) + pooled
