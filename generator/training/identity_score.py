"""How well an identity encoder knows people it was never trained on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import torch
from torch import nn

from generator.compact.identity_network import as_input
from generator.training.backdrops import on_plain
from generator.training.device import half
from generator.training.head.gallery import GALLERY, SHAPE_MODES
from generator.training.head.person import Beard, Brows, Eyes, Hair, Skin
from generator.training.thumbnails import Thumbnails

STRANGERS, OF_EACH = 500, 3  # people to be mistaken for, and portraits of each
Embed = Callable[[np.ndarray], np.ndarray]
"""uint8 (n, 112, 112, 3) RGB → (n, 512) float32 of unit length."""


def trait_places(total: int) -> dict[str, slice]:
    """Where each kind of trait lies among the `total` numbers of `portraits.traits`."""
    widths = {"shape": SHAPE_MODES, "age": 1, "woman": 1}
    widths |= {kind.__name__.lower(): len(fields(kind)) for kind in (Skin, Eyes, Brows, Hair, Beard)}
    ends = np.cumsum([0, *widths.values()])
    places = {name: slice(int(a), int(b)) for name, a, b in zip(widths, ends, ends[1:], strict=False)}
    return places | {"make_up": slice(int(ends[-1]), total)}


def by_network(network: nn.Module) -> Embed:
    def embed(pictures: np.ndarray) -> np.ndarray:
        parts, device = [], next(network.parameters()).device
        for at in range(0, len(pictures), 64):
            with torch.no_grad(), half():
                parts.append(network(as_input(pictures[at : at + 64]).to(device)).cpu())
        return torch.cat(parts).numpy()

    return embed


def score_identities(embed: Embed, faces: Thumbnails, unseen: Thumbnails) -> dict[str, float]:
    """Of the people in `unseen` (its gallery is left out): mean cosine of a portrait to the mean of the person's other
    plain ones; share of portraits nearest to their own person among them and up to `STRANGERS` of `faces`; share of
    the traits' variance that a linear map from the embedding explains, by kind. `_plain` leaves dressed portraits out.
    """
    first, skipped = unseen.starts[len(GALLERY)], len(GALLERY)
    embeddings = embed(on_plain(unseen.pictures[first:]))
    people, plain = unseen.people[first:] - skipped, ~unseen.dressed[first:]
    count = min(STRANGERS, faces.seen - skipped)
    rows = (faces.starts[skipped : skipped + count, None] + np.arange(OF_EACH)).reshape(-1)
    known = embed(on_plain(faces.pictures[rows]))
    own, near = closeness(embeddings, people, plain, _unit(known.reshape(count, OF_EACH, -1).mean(1)))
    figures = {
        "cosine": own.mean(), "cosine_plain": own[plain].mean(), "cosine_plain_low": np.quantile(own[plain], 0.05),
        "rank1": near.mean(), "rank1_plain": near[plain].mean(),
    }  # fmt: skip
    guessed = _linear(known, faces.traits[faces.people[rows]], embeddings[plain])
    explained = _explained(guessed, unseen.traits[people[plain] + skipped])
    return {name: float(figure) for name, figure in (figures | explained).items()}


def closeness(
    embeddings: np.ndarray, people: np.ndarray, plain: np.ndarray, strangers: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Each portrait's cosine to the mean of its own person's other plain ones, and whether nobody else is nearer."""
    sums = np.stack([embeddings[plain & (people == p)].sum(0) for p in range(people.max() + 1)])
    own = (embeddings * _unit(sums[people] - embeddings * plain[:, None])).sum(1)
    others = embeddings @ _unit(sums).T
    others[np.arange(len(people)), people] = -1
    return own, own > np.maximum(others.max(1), (embeddings @ strangers.T).max(1))


def _linear(embeddings: np.ndarray, traits: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Ridge regression: the traits of those with embeddings `asked`."""
    middle, usual = embeddings.mean(0), traits.mean(0)
    off = (embeddings - middle).astype(np.float64)
    square = off.T @ off
    ridge = 0.1 * np.trace(square) / len(square) * np.eye(len(square))
    return (asked - middle) @ np.linalg.solve(square + ridge, off.T @ (traits - usual)) + usual


def _explained(guessed: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Mean R² by kind, of traits that differ at all."""
    varied = true.std(0) > 1e-6
    shares = 1 - ((guessed - true) ** 2).mean(0) / np.where(varied, true.var(0), 1)
    kinds = {"shape10": slice(0, 10), **trait_places(true.shape[1])}
    return {f"r2_{name}": shares[at][varied[at]].mean() for name, at in kinds.items() if varied[at].any()}


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
