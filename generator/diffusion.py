"""The face generator of a diffusion checkpoint: expression → denoise from the last latent → decode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from generator.checkpoint import model_folder
from generator.compact.bearing import read_landmarks
from generator.compact.card import read_card, read_identities
from generator.compact.model import CompactModel
from generator.compact.people import CompactPeople
from generator.compact.runtime import load_runtime
from generator.face_generator import Drawn, Finish, StreamSettings
from generator.identities import Enrolled, Identity, IdentityStore
from generator.identity_file import REFERENCE
from generator.model import Model, People, Wish
from generator.sampler import PURE_NOISE, sample
from generator.temporal import (
    STILL,
    StreamState,
    change,
    eased,
    settled,
    start_level,
    starts_fresh,
    take_over,
)
from protocol.blendshapes import BASES

MAX_STEPS = 8
MOST_NAMED = 12  # people named in a refusal


def load_diffusion(model: str, runtime: str = "auto", store: str = "") -> DiffusionGenerator:
    """A built-in model by name or a model folder; `store` is the folder of the people enrolled, "" the user's own.

    Raises CheckpointError naming the file and why.
    """
    folder = model_folder(model)
    card = read_card(folder).called(model)
    enrolled = Enrolled(IdentityStore(Path(store) if store else None), card.encoder)
    people = CompactPeople(read_identities(folder, card), enrolled)
    return DiffusionGenerator(CompactModel(card, load_runtime(folder, card, runtime), read_landmarks(folder)), people)


class DiffusionGenerator:
    """A `FaceGenerator`. One thread calls it."""

    def __init__(self, model: Model, people: People) -> None:
        self.model, self.people = model, people
        self.name, self.label, self.basis = model.name, model.label, model.basis
        self.sizes, self.default_steps, self.max_batch = model.sizes, model.default_steps, model.max_batch
        self.capabilities, self.reuse_floor, self.reuse = model.capabilities, model.reuse_floor, True
        self._warm_up()

    @property
    def identities(self) -> tuple[str, ...]:
        return self.people.names()

    def open_stream(self, settings: StreamSettings) -> StreamState:
        """Raises ValueError naming the setting that is refused."""
        return self._new_stream(settings, self._checked(settings))

    def change(self, stream: StreamState, settings: StreamSettings) -> None:
        """Takes new settings over at the next picture; another identity or seed starts fresh. Raises ValueError."""
        identity = self._checked(settings)
        take_over(stream, settings, self.model.subject(identity), self.model.noise(settings.seed))

    def reset(self, stream: StreamState) -> None:
        """Starts fresh at the next picture."""
        stream.forget()

    def render(self, frames: Sequence[tuple[StreamState, np.ndarray]]) -> list[Drawn]:
        """One picture a frame, in order; float32 curves in the model's basis. All streams that have something new go
        through the network together.
        """
        shaped = [(s, self.model.expression(curves, s.settings.expression_scale)) for s, curves in frames]
        changes = [change(stream, curves, self.basis) for stream, curves in shaped]
        new = [(*frame, amount) for frame, amount in zip(shaped, changes, strict=True) if amount > STILL]
        for steps in {self._steps(stream) for stream, _, _ in new}:
            self._draw([frame for frame in new if self._steps(frame[0]) == steps], steps)
        return [Drawn(_last(stream), amount <= STILL) for (stream, _), amount in zip(shaped, changes, strict=True)]

    def _draw(self, frames: Sequence[tuple[StreamState, np.ndarray, float]], steps: int) -> None:
        streams, schedule = [stream for stream, _, _ in frames], self.model.schedule
        fresh = [not self.reuse or starts_fresh(stream, amount) for stream, _, amount in frames]
        starts = [
            PURE_NOISE if new or self.model.reads_last else start_level(stream, amount, self.reuse_floor)
            for (stream, _, amount), new in zip(frames, fresh, strict=True)
        ]
        walks = zip(*(schedule.walk(start, steps) for start in starts), strict=True)
        levels = [np.array(level) for level in walks]
        noise = np.stack([stream.noise for stream in streams])
        last = np.stack([stream.noise if stream.latent is None else stream.latent for stream in streams])
        wishes = [
            Wish(s.subject, curves, s.settings, None if new else s.latent)
            for (s, curves, _), new in zip(frames, fresh, strict=True)
        ]
        guides = self.model.guides(wishes)

        def denoise(noisy: np.ndarray, level: np.ndarray) -> np.ndarray:
            return self.model.denoise(noisy, level, guides)

        found = sample(denoise, schedule.noised(last, noise, levels[0]), noise, levels, schedule)
        latents = np.stack([self._taken(*each) for each in zip(streams, found, strict=True)])
        pictures = self._decoded(latents, [stream.settings.size for stream in streams])
        finished = [self.model.finish(wish, picture) for wish, picture in zip(wishes, pictures, strict=True)]
        drawn = zip(frames, found, latents, finished, fresh, strict=True)
        for (stream, expressed, _), whole, latent, picture, new in drawn:
            stream.remember(latent, expressed, picture, new, settled(whole, latent))

    def _taken(self, stream: StreamState, found: np.ndarray) -> np.ndarray:
        """What is shown of the latent found. Who does not read the last one never settles, and is taken at its word."""
        if stream.latent is None or not (self.reuse and self.model.reads_last):
            return found
        return eased(stream.latent, found)

    def _decoded(self, latents: np.ndarray, sizes: Sequence[int]) -> list[np.ndarray]:
        pictures: dict[int, np.ndarray] = {}
        for size in set(sizes):
            alike = [i for i, other in enumerate(sizes) if other == size]
            drawn = self.model.decode(latents[alike], size)
            pictures |= dict(zip(alike, drawn, strict=True))
        return [pictures[i] for i in range(len(sizes))]

    def _steps(self, stream: StreamState) -> int:
        return stream.settings.steps or self.default_steps

    def _checked(self, settings: StreamSettings) -> Identity:
        if settings.size not in self.sizes:
            raise ValueError(f"no size {settings.size}; this model draws {', '.join(map(str, self.sizes))}")
        if not 0 <= settings.steps <= MAX_STEPS:
            raise ValueError(f"steps {settings.steps}: 1 to {MAX_STEPS}, or 0 for the model's own {self.default_steps}")
        return self.people.read(settings.identity)

    def _new_stream(self, settings: StreamSettings, identity: Identity) -> StreamState:
        return StreamState(settings, self.model.subject(identity), self.model.noise(settings.seed))

    def _warm_up(self) -> None:
        """The first pass of each kind is slow; it should not be a performer's. Nobody in particular is drawn."""
        size, neutral = self.sizes[0], np.zeros(len(BASES[self.basis]), np.float32)
        for count, reference in self.model.warm_ups:
            picture = np.zeros(REFERENCE, np.uint8) if reference else None
            nobody = Identity("nobody", np.eye(1, 512, dtype=np.float32)[0], reference=picture)
            settings = StreamSettings("nobody", size, steps=1)
            self.render([(self._new_stream(settings, nobody), neutral) for _ in range(count)])


def _last(stream: StreamState) -> Finish:
    assert stream.picture is not None
    return stream.picture
