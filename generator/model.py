"""What the stream sees of a checkpoint, whichever it is: how its latents are noised, guided and decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from generator.face_generator import Finish, StreamSettings
from generator.identities import Identity
from generator.sampler import Schedule

Subject = Any  # what a model computed once of a person: opaque to everyone else
Guides = Any  # what a model computed once of a frame


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """What one stream's next picture is to show; `expression` (k,) float32 in the model's basis."""

    subject: Subject
    expression: np.ndarray
    settings: StreamSettings
    last: np.ndarray | None = None  # the clean latent before (c, h, w), for models that read it


class Model(Protocol):
    """One thread uses it. n streams go through in one pass. Arrays are float32 wherever nothing else is said; a network
    that computes elsewhere fetches them from here and brings them back, 64 KB a stream, so that all else can do without
    its library, which takes longer to load than all of a small model.
    """

    name: str
    label: str  # what the start-up lines and the doctor say of how it runs
    basis: str
    sizes: tuple[int, ...]
    capabilities: tuple[str, ...]
    max_batch: int
    default_steps: int
    reads_last: bool  # the last latent is an input of the network: then frames start from pure noise
    reuse_floor: int  # else the least noise level from which it was found good at going on from the last latent
    latent_shape: tuple[int, int, int]
    schedule: Schedule
    warm_ups: tuple[tuple[int, bool], ...]  # passes before the first stream: how many at once, with a reference?

    def expression(self, curves: np.ndarray, scale: float) -> np.ndarray:
        """Curves as a stream sent them, as the network is given them, and as change is measured."""
        ...

    def subject(self, identity: Identity) -> Subject:
        """Whatever of a person does not change from frame to frame."""
        ...

    def noise(self, seed: int) -> np.ndarray:
        """A stream's own, `latent_shape`; the same seed gives the same on every machine."""
        ...

    def guides(self, wishes: Sequence[Wish]) -> Guides:
        """Whatever of a frame does not change from step to step."""
        ...

    def denoise(self, noisy: np.ndarray, level: np.ndarray, guides: Guides) -> np.ndarray:
        """(n, c, h, w), (n,) int64 0..999 → the clean latent (n, c, h, w)."""
        ...

    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        """(n, c, h, w) → uint8 (n, size, size, 3 or 4), row 0 on top: what `finish` takes."""
        ...

    def finish(self, wish: Wish, picture: np.ndarray) -> Finish:
        """What makes of a decoded picture the one to be shown, with whatever the network does not draw."""
        ...


class People(Protocol):
    """Whom a model can draw."""

    def names(self) -> tuple[str, ...]: ...

    def read(self, name: str) -> Identity:
        """Raises ValueError for somebody who is not there."""
        ...
