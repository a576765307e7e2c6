"""The compact model as the stream sees it: curves held to what it knows, one vector a person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from generator.checkpoint import Card
from generator.identities import Identity
from generator.model import Wish
from generator.runtimes import Runtime
from generator.sampler import COMPACT

CURVE_RANGE = (-0.1, 1.15)  # what the model has seen; recordings go a little beyond 0..1
MAX_TURN = np.radians(12.0)


class CompactModel:
    """A `Model` of a folder with a card, run by any of the runtimes."""

    capabilities: tuple[str, ...] = ("expression",)
    sizes: tuple[int, ...]
    max_batch = 4
    warm_ups = ((1, False),)
    schedule = COMPACT
    reads_last = False

    def __init__(self, card: Card, runtime: Runtime) -> None:
        self.card, self.runtime = card, runtime
        self.name, self.basis, self.label, self.device = card.name, card.basis, runtime.label, runtime.device
        self.sizes, self.default_steps, self.reuse_floor = (card.size,), card.default_steps, card.reuse_floor
        self.latent_shape = (card.latent_channels, card.latent_size, card.latent_size)

    def expression(self, curves: np.ndarray, scale: float) -> np.ndarray:
        """Exaggerated or muted by `scale`, held to the range the network knows; the head's turn is not scaled."""
        shaped = np.clip(curves * scale, *CURVE_RANGE)
        shaped[52:] = np.clip(curves[52:], -MAX_TURN, MAX_TURN)
        return shaped.astype(np.float32)

    def subject(self, identity: Identity) -> Tensor:
        return torch.from_numpy(identity.embedding).to(self.device)

    def guides(self, wishes: Sequence[Wish]) -> tuple[Tensor, Tensor]:
        curves = torch.from_numpy(np.stack([wish.expression for wish in wishes]))
        return torch.stack([wish.subject for wish in wishes]), curves.to(self.device)

    def denoise(self, noisy: Tensor, level: Tensor, guides: tuple[Tensor, Tensor]) -> Tensor:
        return self.runtime.denoise(noisy, level, *guides)

    def decode(self, latents: Tensor, size: int) -> Tensor:
        return self.runtime.decode(latents)


class BuiltInPeople:
    """The people in a model's own folder."""

    def __init__(self, vectors: dict[str, np.ndarray]) -> None:
        self._people = {name: Identity(name, vector) for name, vector in vectors.items()}

    def names(self) -> tuple[str, ...]:
        return tuple(self._people)

    def read(self, name: str) -> Identity:
        if name not in self._people:
            raise ValueError(f"no identity {name!r}; this model has {', '.join(self._people)}")
        return self._people[name]
