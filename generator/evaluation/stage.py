"""Who performs, and the loaded model that all contestants who draw with it share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from generator.diffusion import DiffusionGenerator
from generator.face_generator import StreamSettings
from generator.identity_file import ARCFACE, Identity
from generator.shots import Shot
from generator.temporal import StreamState
from generator.training.head.appearance import Appearance, Light
from generator.training.head.person import Person

PLAIN = Appearance()


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """Who performs: `person` is the truth, `embedding` (512,) unit is all that a model is told of it.

    The light of `appearance` is the stream's; its clothes and accessories reach a model through `reference` alone, a
    picture of the person, uint8 (256, 256, 4) RGBA, framed as the model draws; `shots` are further ones.
    """

    name: str
    person: Person
    embedding: np.ndarray
    appearance: Appearance = PLAIN
    reference: np.ndarray | None = None
    shots: tuple[Shot, ...] = ()


class Cast:
    """A `People` of whoever was engaged."""

    def __init__(self, encoder: str) -> None:
        self._people: dict[str, Identity] = {}
        self._encoder = encoder

    def engage(self, actor: Actor) -> None:
        known = Identity(actor.name, actor.embedding, 0, actor.reference, "", self._encoder, actor.shots)
        self._people[actor.name] = known

    def names(self) -> tuple[str, ...]:
        return tuple(self._people)

    def read(self, name: str) -> Identity:
        if name not in self._people:
            raise ValueError(f"{name!r} was not engaged")
        return self._people[name]


class Stage:
    """One loaded model for several contestants, with a cast of its own instead of the people it came with.

    `encoder`: what the embeddings are of, see `Identity`. The seed is that of all streams.
    """

    def __init__(self, generator: DiffusionGenerator, seed: int = 0, encoder: str = ARCFACE) -> None:
        self.generator, self.seed, self._cast = generator, seed, Cast(encoder)
        generator.people = self._cast

    def open(self, actor: Actor, steps: int = 0) -> StreamState:
        """A new stream, as the server opens one, but of any number of steps; 0 is the model's own."""
        self._cast.engage(actor)
        light = bearing(actor.appearance.light)
        settings = StreamSettings(actor.name, max(self.generator.sizes), self.seed, light=light)
        stream = self.generator.open_stream(settings)
        stream.settings = replace(settings, steps=steps)
        return stream


def bearing(light: Light) -> tuple[float, float] | None:
    """Where the key stands, as a stream's settings say it: (azimuth, elevation) in degrees, None in its usual place."""
    if light.direction == PLAIN.light.direction:
        return None
    x, y, z = light.direction
    return float(np.degrees(np.arctan2(x, z))), float(np.degrees(np.arcsin(np.clip(y, -1, 1))))
