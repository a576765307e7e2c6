"""The compact model as the stream sees it: curves held to what it knows, a light, a person's reference read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from generator.compact.bearing import Bearing, Landmarks
from generator.compact.card import Card
from generator.compact.flow import flows, follows
from generator.compact.glances import Album, Told
from generator.compact.portrait import SIDE as SMALL
from generator.compact.portrait import Glance, View, beyond, foreign, laid_over, matted, multiplied, resized, straight
from generator.compact.pose import Pose, face
from generator.compact.ranges import AZIMUTHS, CURVE_RANGE, ELEVATIONS, PORTRAIT_LIGHT, TURN_RANGE
from generator.compact.runtime import Conditions, Runtime
from generator.face_generator import Finish, StreamSettings
from generator.identities import Identity
from generator.light import direction
from generator.model import Wish
from generator.sampler import COMPACT, PURE_NOISE
from generator.shots import Shot
from generator.temporal import stream_noise
from protocol.blendshapes import BASES

SIDE = 256  # pixels of a reference picture
REMEMBERED = 16  # people whose pictures are kept
VIEWS = 48  # of each of them
WHOLE = 0.8  # the reference scale from which all of a picture's detail is shown
STEP = 3.0  # degrees that a light is rounded to

Reference = list[np.ndarray]


@dataclass(frozen=True, slots=True)
class Look:
    """How one of a person's pictures is drawn: which, pixels, light, how closely the network keeps to the picture."""

    number: int
    size: int
    light: tuple[float, float] | None
    closeness: float


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A person for the network: the identity vector (512,), how their face moves, their own pictures, if there are any,
    and what was read of the first, if it shows what no drawing of its person does. `views`: the last looks that were
    asked for.
    """

    identity: np.ndarray
    bearing: Bearing
    album: Album | None = None
    reference: Reference = field(default_factory=list)
    views: OrderedDict[Look, View] = field(default_factory=OrderedDict)


class CompactModel:
    """A `Model` of a folder with a card, run by any of the runtimes."""

    capabilities: tuple[str, ...] = ("expression", "reference", "light", "alpha")
    max_batch = 4
    warm_ups = ((1, False),)
    schedule = COMPACT
    reads_last = True
    reuse_floor = 0

    def __init__(self, card: Card, runtime: Runtime, landmarks: Landmarks) -> None:
        self.card, self.runtime, self.landmarks = card, runtime, landmarks
        self.name, self.basis, self.label = card.name, card.basis, runtime.label
        self.sizes, self.default_steps = card.sizes, card.default_steps
        self.latent_shape = (card.latent_channels, card.latent_size, card.latent_size)
        self._gains = np.array([card.curve_gains.get(name, 1.0) for name in BASES[self.basis]], np.float32)
        self._people: OrderedDict[tuple[bytes, ...], Subject] = OrderedDict()

    def expression(self, curves: np.ndarray, scale: float) -> np.ndarray:
        """Exaggerated or muted by `scale`, beside the card's gains; held to the range the network knows, beyond which
        only those go that are drawn too faintly there. The head's turn is not scaled.
        """
        shaped = np.clip(curves * (scale * self.card.expression_gain), *CURVE_RANGE) * self._gains
        shaped[52:] = np.clip(curves[52:], -TURN_RANGE, TURN_RANGE)
        return shaped.astype(np.float32)

    def subject(self, identity: Identity) -> Subject:
        picture = identity.reference
        key = (
            identity.embedding.tobytes(),
            b"" if picture is None else picture.tobytes(),
            *(part for shot in identity.shots for part in (shot.curves.tobytes(), shot.file)),
        )
        if key not in self._people:
            vector = np.asarray(identity.embedding, np.float32)
            alone = Subject(vector, Bearing(self.landmarks, vector))
            self._people[key] = alone if picture is None else self._pictured(alone, picture, identity.shots)
        self._people.move_to_end(key)
        while len(self._people) > REMEMBERED:
            self._people.popitem(last=False)
        return self._people[key]

    def noise(self, seed: int) -> np.ndarray:
        return stream_noise(seed, *self.latent_shape[:2])

    def guides(self, wishes: Sequence[Wish]) -> list[tuple[list[int], Conditions]]:
        """Frames with and without a reference go through different networks: (their numbers, their conditions)."""
        looks = [bool(wish.subject.reference) and wish.settings.reference_scale > 0 for wish in wishes]
        groups = [[i for i, looking in enumerate(looks) if looking is kind] for kind in (False, True)]
        return [(group, self._conditions([wishes[i] for i in group], looks[group[0]])) for group in groups if group]

    def denoise(self, noisy: np.ndarray, level: np.ndarray, guides: list[tuple[list[int], Conditions]]) -> np.ndarray:
        clean = np.empty_like(noisy)
        for group, given in guides:
            clean[group] = self.runtime.denoise(noisy[group], level[group], given)
        return clean

    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        return self.runtime.decode(latents, size)

    def finish(self, wish: Wish, picture: np.ndarray) -> Finish:
        """Here the network draws what it has not drawn yet of the person's pictures; nothing later needs it."""
        subject: Subject = wish.subject
        weight = min(wish.settings.reference_scale / WHOLE, 1.0)
        if subject.album is None or weight <= 0:
            return cache(lambda: straight(matted(picture)))
        now, album = subject.bearing.at(wish.expression / self._gains), subject.album
        told = album.telling(now)
        views = [self._view(subject, album, _look(subject, each.number, wish.settings)) for each in told]
        poses = [album.poses[each.number] for each in told]
        return cache(lambda: straight(laid_over(matted(picture), _glances(now, told, poses, views, weight))))

    def _conditions(self, wishes: Sequence[Wish], looks: bool) -> Conditions:
        nothing, scale = np.zeros(self.latent_shape, np.float32), np.float32(self.card.last_scale)
        subjects: list[Subject] = [wish.subject for wish in wishes]
        layers = zip(*(subject.reference for subject in subjects), strict=True) if looks else ()
        return Conditions(
            np.stack([subject.identity for subject in subjects]),
            np.stack([_scene(wish, looks) for wish in wishes]),
            np.stack([wish.expression for wish in wishes]),
            np.stack([nothing if wish.last is None else wish.last * scale for wish in wishes]),
            [np.stack(seen) for seen in layers],
            np.array([wish.settings.reference_scale for wish in wishes], np.float32),
        )

    def _pictured(self, alone: Subject, picture: np.ndarray, shots: Sequence[Shot]) -> Subject:
        """With what pictures tell. A `foreign` one stands alone: further shots would lack what it shows."""
        first, neutral, usual = multiplied(picture, SIDE), alone.bearing.at(self._neutral), self._usual
        drawn = self._face(alone, neutral, usual)
        if foreign(resized(first, usual.size), drawn):
            pixels = np.ascontiguousarray(first.transpose(2, 0, 1)[None]) / np.float32(255)
            read = self.runtime.read(pixels, alone.identity[None])
            return replace(alone, album=Album((first,), (neutral,)), reference=[seen[0] for seen in read])
        poses = (alone.bearing.at(self.expression(shot.curves, 1.0) / self._gains) for shot in shots)
        pictures = (multiplied(shot.picture, SIDE) for shot in shots)
        alone.views[usual] = View(resized(drawn, SMALL), beyond(resized(first, usual.size), drawn))
        return replace(alone, album=Album((first, *pictures), (neutral, *poses)))

    def _view(self, subject: Subject, album: Album, look: Look) -> View:
        """What a picture shows beyond its drawing is told in the light that pictures have."""
        if look not in subject.views:
            drawn, usual = self._face(subject, album.poses[look.number], look), replace(look, light=None)
            if look == usual:
                more = beyond(resized(album.pictures[look.number], look.size), drawn)
            else:
                more = self._view(subject, album, usual).beyond
            subject.views[look] = View(resized(drawn, SMALL), more)
        subject.views.move_to_end(look)
        while len(subject.views) > VIEWS:
            subject.views.popitem(last=False)
        return subject.views[look]

    def _face(self, subject: Subject, pose: Pose, look: Look) -> np.ndarray:
        """A face as the network draws it in one step: uint8 (size, size, 4), multiplied."""
        settings = StreamSettings("", look.size, light=look.light, reference_scale=look.closeness)
        guides = self.guides([Wish(subject, pose.curves * self._gains, settings)])
        found = self.denoise(self.noise(0)[None], np.array([PURE_NOISE]), guides)
        return matted(self.decode(found, look.size)[0])

    @property
    def _usual(self) -> Look:
        return Look(0, max(self.sizes), None, 0.0)

    @property
    def _neutral(self) -> np.ndarray:
        return np.zeros(len(BASES[self.basis]), np.float32)


def _glances(
    now: Pose, told: Sequence[Told], poses: Sequence[Pose], views: Sequence[View], weight: float
) -> list[Glance]:
    hair, each = follows() * (1 - face(now)), zip(told, flows(now, poses), views, strict=True)
    return [Glance(view, flow, weight * one.part, one.near * hair, one.rank) for one, flow, view in each]


def _look(subject: Subject, number: int, settings: StreamSettings) -> Look:
    """Rounded: a light that is being moved is not drawn anew at every frame."""
    closeness = round(settings.reference_scale, 1) if subject.reference else 0.0
    if settings.light is None:
        return Look(number, settings.size, None, closeness)
    azimuth, elevation = (round(angle / STEP) * STEP for angle in settings.light)
    return Look(number, settings.size, (azimuth, elevation), closeness)


def _scene(wish: Wish, looks: bool) -> np.ndarray:
    """(4,) float32: unit vector to the key light, 1 for plain clothes without a backdrop."""
    light = wish.settings.light
    held = None if light is None else (np.clip(light[0], *AZIMUTHS), np.clip(light[1], *ELEVATIONS))
    towards = np.array(PORTRAIT_LIGHT, np.float32) if held is None else direction(held)
    return np.append(towards / np.linalg.norm(towards), np.float32(not looks)).astype(np.float32)
