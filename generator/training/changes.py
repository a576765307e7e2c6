"""What a face does, apart from all else: the change from one picture of a pair to the other, or from a reference, drawn
beside true.

Beside the rest of a picture a squint is a few levels in a few pixels, and an error there costs nothing. As a share of
its own change it counts as much as a jaw that drops.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

LEAST = 0.05  # of a batch's mean: changes smaller than this count less, or they would be all noise
COARSE = 4  # pixels a side that are averaged: where detail lies may differ


def unlike(made: Tensor, real: Tensor, weights: Tensor) -> Tensor:
    """Squared error of changes (n, c, h, w), each as a share of the true one: 0 is all of it and nothing else, 1 no
    change at all. `weights` count within a picture.
    """
    wrong = (weights * (made - real).square()).mean((1, 2, 3))
    whole = (weights * real.square()).mean((1, 2, 3))
    return (wrong / whole.clamp(min=LEAST * float(whole.mean()) + 1e-12)).mean()


def unlike_change(drawn: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """Of the change within each pair, rows 2k and 2k + 1 of (n, c, h, w)."""
    return unlike(within_pairs(drawn), within_pairs(truth), weights[::2])


def unlike_change_seen(drawn: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """The same of pictures (n, 4, h, w), `weights` (n, 1, h, w), at a quarter of their size."""
    small = (functional.avg_pool2d(one, COARSE) for one in (drawn, truth, weights))
    return unlike_change(*small)


def within_pairs(rows: Tensor) -> Tensor:
    """(2n, …) → (n, …): the second of each pair minus the first."""
    return rows[1::2] - rows[::2]


def response(drawn: Tensor, truth: Tensor) -> tuple[float, float]:
    """Of pairs of pictures (2n, c, h, w): cosine of drawn and true change, and how much of the true one is drawn; the
    means over pairs.
    """
    made, real = (within_pairs(functional.avg_pool2d(one, COARSE)).flatten(1) for one in (drawn, truth))
    both, whole = (made * real).sum(1), real.square().sum(1).clamp(min=1e-9)
    cosine = both / (made.norm(dim=1) * whole.sqrt()).clamp(min=1e-9)
    return float(cosine.mean()), float((both / whole).mean())
