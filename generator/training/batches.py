"""Training batches as tensors, drawn at random with a fixed seed."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from generator.training.dataset import Dataset
from generator.training.regions import loss_weights


def picture_tensor(pictures: np.ndarray, device: torch.device) -> Tensor:
    """uint8 (n, h, w, 3) → float (n, 3, h, w) in 0..1."""
    return torch.from_numpy(np.array(pictures)).to(device).permute(0, 3, 1, 2).float() / 255


def crops(g: np.random.Generator, data: Dataset, count: int, side: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Random `side`² crops at multiples of 8 and their loss weights: (count, 3, side, side), (count, 1, side, side)."""
    rows = np.sort(g.choice(len(data.pictures), count, replace=False))
    size = data.pictures.shape[1]
    weights = loss_weights(data.curves[rows], size)
    top, left = g.integers(0, (size - side) // 8 + 1, (2, count)) * 8
    cut = [(slice(t, t + side), slice(x, x + side)) for t, x in zip(top, left, strict=True)]
    pictures = np.stack([data.pictures[r][c] for r, c in zip(rows, cut, strict=True)])
    weighed = np.stack([w[:, c[0], c[1]] for w, c in zip(weights, cut, strict=True)])
    return picture_tensor(pictures, device), torch.from_numpy(weighed).to(device)
