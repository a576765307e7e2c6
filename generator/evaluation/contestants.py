"""Who is measured: the shipped model, its rivals, and the truth itself. Each draws a performance as one stream."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch

from generator.diffusion import MAX_STEPS, DiffusionGenerator
from generator.face_generator import StreamSettings
from generator.identity_file import ARCFACE, Identity
from generator.model import Wish
from generator.sampler import PURE_NOISE
from generator.temporal import WEIGHTS, StreamState, stream_noise
from generator.training.acting import act
from generator.training.head.appearance import Appearance, Light
from generator.training.head.person import Person
from generator.training.head.studio import Job, Studio

FPS = 30.0
PIECE = 6  # frames that one drawing process gets at a time
BANK = 12  # pictures that the nearest-frame rival knows of a person
RENOISED = 500  # the level that naive reuse goes back to
MANY_STEPS = 25
PLAIN = Appearance()


@dataclass(frozen=True, slots=True, eq=False)
class Actor:
    """Who performs: `person` is the truth, `embedding` (512,) unit is all that a model is told of it.

    The light of `appearance` is the stream's; its clothes and accessories reach a model through `reference` alone, a
    picture of the person, uint8 (256, 256, 4) RGBA, framed as the model draws.
    """

    name: str
    person: Person
    embedding: np.ndarray
    appearance: Appearance = PLAIN
    reference: np.ndarray | None = None


class Contestant(Protocol):
    """Draws curves (n, 55) in order, as one stream: uint8 (size, size, 4) RGBA each, straight alpha, no backdrop.

    `remembers`: a picture depends on the ones before. `slow`: an order of magnitude slower than the model.
    """

    name: str
    remembers: bool
    slow: bool

    def frames(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> Iterator[np.ndarray]:
        """One picture at a time, for streams too long to keep."""
        ...

    def perform(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> np.ndarray:
        """uint8 (n, size, size, 4)."""
        ...


class _InOrder(ABC):
    """All pictures at once, from one at a time."""

    remembers, slow = False, False

    @abstractmethod
    def frames(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> Iterator[np.ndarray]: ...

    def perform(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> np.ndarray:
        return np.stack(list(self.frames(actor, curves, fps)))


class Truth(_InOrder):
    """The renders themselves: what every figure is compared with."""

    name = "truth"

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def frames(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> Iterator[np.ndarray]:
        pieces = [curves[at : at + PIECE] for at in range(0, len(curves), PIECE)]
        for pictures in self._studio.draw(_job(actor, piece) for piece in pieces):
            yield from pictures

    def several(self, actors: Sequence[Actor], curves: Sequence[np.ndarray]) -> list[np.ndarray]:
        """`perform` for each of them, side by side."""
        return self._studio.draw(_job(*each) for each in zip(actors, curves, strict=True))


def _job(actor: Actor, curves: np.ndarray) -> Job:
    return actor.person, replace(actor.appearance, backdrop=None), curves


class Cast:
    """A `People` of whoever was engaged."""

    def __init__(self, encoder: str) -> None:
        self._people: dict[str, Identity] = {}
        self._encoder = encoder

    def engage(self, actor: Actor) -> None:
        known = Identity(actor.name, actor.embedding, reference=actor.reference, encoder=self._encoder)
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


class Streamed(_InOrder):
    """The model through the generator that the server uses.

    `reuse` off: every frame is drawn as if it were the stream's first, from the stream's one noise.
    """

    def __init__(self, name: str, stage: Stage, steps: int = 0, reuse: bool = True) -> None:
        self.name, self._stage, self._steps = name, stage, steps
        self.remembers, self.slow = reuse, steps > MAX_STEPS

    def frames(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> Iterator[np.ndarray]:
        generator, stream = self._stage.generator, self._stage.open(actor, self._steps)
        for row in curves:
            if not self.remembers:
                generator.reset(stream)
            yield opaque(generator.render([(stream, row)])[0].pixels)


class NaiveReuse(_InOrder):
    """Image-to-image at a fixed strength: the last latent re-noised to `RENOISED` with fresh noise, and one step."""

    name, remembers = "naive reuse", True

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def frames(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> Iterator[np.ndarray]:
        model, stream = self._stage.generator.model, self._stage.open(actor)
        level, last = PURE_NOISE, stream.noise

        for index, row in enumerate(curves):
            noise = stream_noise(self._stage.seed + index, *model.latent_shape[:2]).to(model.device)
            guides = model.guides([Wish(stream.subject, model.expression(row, 1.0), stream.settings)])
            levels = torch.tensor([level], device=model.device)
            with torch.inference_mode():
                latent = model.denoise(model.schedule.noised(last[None], noise[None], levels), levels, guides)
                picture = model.decode(latent, stream.settings.size)[0].cpu().numpy()
            level, last = RENOISED, latent[0]
            yield opaque(picture)


class NearestFrame(_InOrder):
    """No model at all: of a dozen true pictures of the person, the one whose curves are nearest."""

    name = "nearest frame"

    def __init__(self, studio: Studio, recorded: np.ndarray, seed: int = 0) -> None:
        """`recorded` (n, 55): rows of real recordings, which the known expressions are drawn from."""
        self._truth, self._recorded, self._seed = Truth(studio), recorded, seed
        self._banks: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def frames(self, actor: Actor, curves: np.ndarray, fps: float = FPS) -> Iterator[np.ndarray]:
        known, pictures = self._bank(actor)
        for row in curves:
            yield pictures[int(np.square((known - row) * WEIGHTS["arkit55"]).sum(1).argmin())]

    def _bank(self, actor: Actor) -> tuple[np.ndarray, np.ndarray]:
        if actor.name not in self._banks:
            g = np.random.default_rng([self._seed, BANK])
            known = np.stack([np.zeros(55, np.float32), *(act(g, self._recorded) for _ in range(BANK - 1))])
            self._banks[actor.name] = known, self._truth.perform(actor, known)
        return self._banks[actor.name]


def bearing(light: Light) -> tuple[float, float] | None:
    """Where the key stands, as a stream's settings say it: (azimuth, elevation) in degrees, None in its usual place."""
    if light.direction == PLAIN.light.direction:
        return None
    x, y, z = light.direction
    return float(np.degrees(np.arctan2(x, z))), float(np.degrees(np.arcsin(np.clip(y, -1, 1))))


def opaque(picture: np.ndarray) -> np.ndarray:
    """RGBA as it is; RGB of a model that knows no alpha with an alpha of 255."""
    if picture.shape[-1] == 4:
        return picture
    return np.concatenate([picture, np.full((*picture.shape[:-1], 1), 255, np.uint8)], -1)


def rivals(stage: Stage, studio: Studio, recorded: np.ndarray) -> tuple[Contestant, ...]:
    """Whom the shipped model is measured against; the truth last."""
    return (
        Streamed("full sampling", stage, MANY_STEPS, reuse=False),
        Streamed("one step, no reuse", stage, 1, reuse=False),
        NaiveReuse(stage),
        NearestFrame(studio, recorded, stage.seed),
        Truth(studio),
    )
