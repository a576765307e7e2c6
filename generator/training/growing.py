"""What is made of each portrait, kept in a file that grows as portraits are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.training.device import LARGER

CHUNK = 64 * LARGER  # portraits at once


@torch.no_grad()
def write_rows(path: Path, total: int, make: Callable[[np.ndarray], Tensor]) -> None:
    """`path` holds a float16 row for each of the first portraits; adds, up to `total`, what `make` makes of later ones
    by their numbers.
    """
    known = [np.load(path)] if path.exists() else []
    begin = sum(len(part) for part in known)
    made = [
        make(np.arange(at, min(at + CHUNK, total))).half().cpu().numpy() for at in range(begin, total, CHUNK)
    ]  # fmt: skip
    if made:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npy")
        np.save(partial, np.concatenate([*known, *made]))
        partial.replace(path)
