"""The identity encoder's last layer in closed form: what tells people apart, against what differs between portraits of
one person (linear discriminants, Fisher 1936). Minutes of training leave such a layer far from where it belongs; this
finds it for the features as they are.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from generator.compact.identity_network import KEPT, WIDTH, IdentityNetwork, as_input
from generator.training.backdrops import on_plain, photographed
from generator.training.head.gallery import GALLERY
from generator.training.thumbnails import Thumbnails

PRINCIPAL = 1000  # directions of the features that are looked at
SHRINK = 0.2  # of the mean variance, added to every direction of what differs within a person
FAVOUR = 0.2  # power of a direction's ratio of variances by which it weighs: 0 whitens
EACH, PLAIN_SHARE, CHUNK = 7, 0.75, 64


def refit_head(network: IdentityNetwork, faces: Thumbnails) -> None:
    """Replaces the last layers by those that fit `faces` best. Of everybody but the gallery, whom there is more of,
    some portraits are looked at, as they are or as photographed.
    """
    features, classes = _features(network.eval(), faces)
    middle = features.mean(0)
    features -= middle
    principal = _principal(features, PRINCIPAL)
    directions = principal @ torch.from_numpy(discriminants((features @ principal).double().numpy(), classes)).float()
    directions *= 10 / (features @ directions).square().sum(1).mean().sqrt()
    turn = torch.linalg.qr(torch.randn(WIDTH, KEPT, generator=torch.Generator().manual_seed(0)))[0]
    with torch.no_grad():
        network.reduce.weight.zero_()[: directions.shape[1]] = directions.T
        network.reduce.bias.zero_()[: directions.shape[1]] = -middle @ directions
        network.expand.weight.copy_(turn)  # so that all numbers carry something


def discriminants(features: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Directions (f, at most KEPT) of features (n, f) without a mean, in classes (n,) counted from 0 without a gap."""
    from scipy.linalg import eigh

    counts = np.bincount(classes)[:, None]
    means = np.zeros((len(counts), features.shape[1]))
    np.add.at(means, classes, features)
    means /= counts
    off = features - means[classes]
    within = off.T @ off / max(len(features) - len(counts), 1)
    between = means.T @ means / len(counts) - within / counts.mean()
    size = len(within)
    within += SHRINK * np.trace(within) / size * np.eye(size)
    ratios, vectors = eigh(between, within, subset_by_index=[max(size - KEPT, 0), size - 1])
    return vectors[:, ::-1] * np.clip(ratios[::-1], 0.02, None) ** FAVOUR


def _principal(features: Tensor, count: int) -> Tensor:
    """(f, at most `count`) orthonormal: about the directions in which features (n, f) differ most (arXiv 0909.4061)."""
    count = min(count, *features.shape)
    guess = torch.randn(features.shape[1], count, generator=torch.Generator().manual_seed(1))
    return torch.linalg.qr(features.T @ (features @ guess))[0]


@torch.no_grad()
def _features(network: IdentityNetwork, faces: Thumbnails) -> tuple[Tensor, np.ndarray]:
    """What the last layers are given, (n, f), and whose portrait it is. A mirrored person is another one."""
    g = np.random.default_rng(5)
    people = np.arange(len(GALLERY), faces.seen)
    rows, turned = faces.rows(g, people, EACH).reshape(-1), g.integers(0, 2, len(people)).astype(bool).repeat(EACH)
    parts: list[Tensor] = []
    for at in range(0, len(rows), CHUNK):
        taken = [_taken(g, faces.pictures[r], t) for r, t in zip(rows[at:][:CHUNK], turned[at:], strict=False)]
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(network.features(as_input(np.stack(taken))).float())
    return torch.cat(parts), np.arange(len(people)).repeat(EACH)


def _taken(g: np.random.Generator, layers: np.ndarray, mirrored: bool) -> np.ndarray:
    if g.uniform() < PLAIN_SHARE:
        return on_plain(layers[:, ::-1] if mirrored else layers)
    return photographed(g, layers, mirrored)
