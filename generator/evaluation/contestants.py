"""Who is measured: the shipped model, its rivals, and the truth itself. Each draws a performance as one stream."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

import numpy as np

from generator.diffusion import MAX_STEPS
from generator.evaluation.stage import Actor, Stage
from generator.model import Wish
from generator.sampler import PURE_NOISE
from generator.temporal import WEIGHTS, StreamState
from generator.training.acting import act
from generator.training.head.studio import Job, Studio

PIECE = 6  # frames that one drawing process gets at a time
BANK = 12  # pictures that the nearest-frame rival knows of a person
RENOISED = 500  # the level that naive reuse goes back to
MANY_STEPS = 25

Take = tuple[Actor, np.ndarray]  # who performs which curves (n, 55)


class Contestant(Protocol):
    """Draws takes in order, as one stream each: uint8 (size, size, 4) RGBA a frame, straight alpha, no backdrop.

    `remembers`: a picture depends on the ones before. `slow`: an order of magnitude slower than the model.
    """

    name: str
    remembers: bool
    slow: bool

    def frames(self, actor: Actor, curves: np.ndarray) -> Iterator[np.ndarray]:
        """One picture at a time, for streams too long to keep."""
        ...

    def perform(self, actor: Actor, curves: np.ndarray) -> np.ndarray:
        """uint8 (n, size, size, 4)."""
        ...

    def several(self, takes: Sequence[Take]) -> list[np.ndarray]:
        """`perform` for each of them, side by side."""
        ...


class SideBySide(ABC):
    """Who draws several takes faster than one after the other. Who does not remember draws equal frames once."""

    remembers, slow = False, False

    @abstractmethod
    def _draw(self, takes: Sequence[Take]) -> list[np.ndarray]: ...

    def perform(self, actor: Actor, curves: np.ndarray) -> np.ndarray:
        return self.several([(actor, curves)])[0]

    def frames(self, actor: Actor, curves: np.ndarray) -> Iterator[np.ndarray]:
        yield from self.perform(actor, curves)

    def several(self, takes: Sequence[Take]) -> list[np.ndarray]:
        if self.remembers:
            return self._draw(takes)
        unlike = [np.unique(curves, axis=0, return_inverse=True) for _, curves in takes]
        drawn = self._draw([(actor, rows) for (actor, _), (rows, _) in zip(takes, unlike, strict=True)])
        return [pictures[where.ravel()] for pictures, (_, where) in zip(drawn, unlike, strict=True)]


class Truth(SideBySide):
    """The renders themselves: what every figure is compared with."""

    name = "truth"

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def _draw(self, takes: Sequence[Take]) -> list[np.ndarray]:
        jobs = [
            [_job(actor, curves[at : at + PIECE]) for at in range(0, len(curves), PIECE)] for actor, curves in takes
        ]
        pieces = iter(self._studio.draw(job for take in jobs for job in take))
        return [np.concatenate(list(islice(pieces, len(take)))) for take in jobs]


def _job(actor: Actor, curves: np.ndarray) -> Job:
    return actor.person, replace(actor.appearance, backdrop=None), curves


class _OnStage(SideBySide):
    """Who draws with the model: as many streams at once as it takes, and where one ends, the next begins."""

    def __init__(self, stage: Stage, steps: int = 0) -> None:
        self._stage, self._steps = stage, steps

    @abstractmethod
    def _pictures(self, streams: Sequence[StreamState], rows: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The next of each stream, with curves (55,)."""
        ...

    def frames(self, actor: Actor, curves: np.ndarray) -> Iterator[np.ndarray]:
        stream = self._stage.open(actor, self._steps)
        for row in curves:
            yield opaque(self._pictures([stream], [row])[0])

    def _draw(self, takes: Sequence[Take]) -> list[np.ndarray]:
        if self.remembers:
            return self._streamed(takes)
        single = iter(self._streamed([(actor, row[None]) for actor, curves in takes for row in curves]))
        return [np.concatenate(list(islice(single, len(curves)))) for _, curves in takes]

    def _streamed(self, takes: Sequence[Take]) -> list[np.ndarray]:
        drawn: list[list[np.ndarray]] = [[] for _ in takes]
        waiting = ((nth, self._stage.open(actor, self._steps)) for nth, (actor, _) in enumerate(takes))
        running: list[tuple[int, StreamState]] = []
        while running := [*running, *islice(waiting, self._stage.generator.max_batch - len(running))]:
            rows = [takes[nth][1][len(drawn[nth])] for nth, _ in running]
            for (nth, _), picture in zip(running, self._pictures([s for _, s in running], rows), strict=True):
                drawn[nth].append(opaque(picture))
            running = [(nth, stream) for nth, stream in running if len(drawn[nth]) < len(takes[nth][1])]
        return [np.stack(pictures) for pictures in drawn]


class Streamed(_OnStage):
    """The model through the generator that the server uses.

    `reuse` off: every frame is drawn as if it were the stream's first, from the stream's one noise.
    """

    def __init__(self, name: str, stage: Stage, steps: int = 0, reuse: bool = True) -> None:
        super().__init__(stage, steps)
        self.name, self.remembers, self.slow = name, reuse, steps > MAX_STEPS

    def _pictures(self, streams: Sequence[StreamState], rows: Sequence[np.ndarray]) -> list[np.ndarray]:
        generator = self._stage.generator
        for stream in streams if not self.remembers else ():
            generator.reset(stream)
        return [drawn.pixels for drawn in generator.render(list(zip(streams, rows, strict=True)))]


class NaiveReuse(_OnStage):
    """Image-to-image at a fixed strength: the last latent re-noised to `RENOISED` with fresh noise, and one step."""

    name, remembers = "naive reuse", True

    def _pictures(self, streams: Sequence[StreamState], rows: Sequence[np.ndarray]) -> list[np.ndarray]:
        model = self._stage.generator.model
        first = [stream.latent is None for stream in streams]
        last = np.stack([stream.noise if stream.latent is None else stream.latent for stream in streams])
        noise = np.stack([self._noise(stream) for stream in streams])
        levels = np.array([PURE_NOISE if new else RENOISED for new in first])
        pairs = zip(streams, rows, strict=True)
        wishes = [Wish(s.subject, model.expression(row, 1.0), s.settings) for s, row in pairs]
        guides = model.guides(wishes)
        latents = model.denoise(model.schedule.noised(last, noise, levels), levels, guides)
        decoded = model.decode(latents, streams[0].settings.size)
        finished = [model.finish(wish, picture) for wish, picture in zip(wishes, decoded, strict=True)]
        for stream, latent, row, picture, new in zip(streams, latents, rows, finished, first, strict=True):
            stream.remember(latent, row, picture, new)
        return [picture() for picture in finished]

    def _noise(self, stream: StreamState) -> np.ndarray:
        """Another for every frame."""
        frame = 0 if stream.latent is None else stream.since_anchor + 1
        return self._stage.generator.model.noise(self._stage.seed + frame)


class NearestFrame(SideBySide):
    """No model at all: of a dozen true pictures of the person, the one whose curves are nearest."""

    name = "nearest frame"

    def __init__(self, studio: Studio, recorded: np.ndarray, seed: int = 0) -> None:
        """`recorded` (n, 55): rows of real recordings, which the known expressions are drawn from."""
        g = np.random.default_rng([seed, BANK])
        self._known = np.stack([np.zeros(55, np.float32), *(act(g, recorded) for _ in range(BANK - 1))])
        self._truth, self._banks = Truth(studio), dict[str, np.ndarray]()

    def _draw(self, takes: Sequence[Take]) -> list[np.ndarray]:
        self._learn(actor for actor, _ in takes)
        return [self._banks[actor.name][[self._nearest(row) for row in curves]] for actor, curves in takes]

    def _nearest(self, row: np.ndarray) -> int:
        return int(np.square((self._known - row) * WEIGHTS["arkit55"]).sum(1).argmin())

    def _learn(self, actors: Iterable[Actor]) -> None:
        new = list({actor.name: actor for actor in actors if actor.name not in self._banks}.values())
        drawn = self._truth.several([(actor, self._known) for actor in new])
        self._banks |= {actor.name: pictures for actor, pictures in zip(new, drawn, strict=True)}


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
