"""The compact model as the stream sees it: curves held to what it knows, a light, a person's reference read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from generator.compact.card import Card
from generator.compact.flow import SIDE as FLOW
from generator.compact.flow import Motion
from generator.compact.geometry import Geometry
from generator.compact.portrait import View, foreign, laid_over, multiplied, resized, straight
from generator.compact.ranges import AZIMUTHS, CURVE_RANGE, ELEVATIONS, PORTRAIT_LIGHT, TURN_RANGE
from generator.compact.runtime import Conditions, Runtime
from generator.face_generator import StreamSettings
from generator.identities import Identity
from generator.light import direction
from generator.model import Wish
from generator.sampler import COMPACT, PURE_NOISE
from generator.temporal import stream_noise
from protocol.blendshapes import BASES

SIDE = 256  # pixels of a reference picture
REMEMBERED = 16  # people whose picture is kept
VIEWS = 8  # of each of them
WHOLE = 0.8  # the reference scale from which all of a picture's detail is shown
STEP = 3.0  # degrees that a light is rounded to

Reference = list[Tensor]


Look = tuple[int, tuple[float, float] | None, float]  # size, light, how closely the network keeps to the picture


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A person for the network: the identity vector (512,), how their face moves, their own picture, if there is one,
    as `multiplied` gives it, and what was read of it, if it shows what no drawing of its person does. `views`: the last
    looks that were asked for.
    """

    identity: Tensor
    motion: Motion
    picture: np.ndarray | None = None
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

    def __init__(self, card: Card, runtime: Runtime, geometry: Geometry) -> None:
        self.card, self.runtime, self.geometry = card, runtime, geometry
        self.name, self.basis, self.label, self.device = card.name, card.basis, runtime.label, runtime.device
        self.sizes, self.default_steps = card.sizes, card.default_steps
        self.latent_shape = (card.latent_channels, card.latent_size, card.latent_size)
        self._people: OrderedDict[tuple[bytes, bytes], Subject] = OrderedDict()

    def expression(self, curves: np.ndarray, scale: float) -> np.ndarray:
        """Exaggerated or muted by `scale`, beside the card's gain; held to the range the network knows. The head's turn
        is not scaled.
        """
        shaped = np.clip(curves * (scale * self.card.expression_gain), *CURVE_RANGE)
        shaped[52:] = np.clip(curves[52:], -TURN_RANGE, TURN_RANGE)
        return shaped.astype(np.float32)

    def subject(self, identity: Identity) -> Subject:
        picture = identity.reference
        key = identity.embedding.tobytes(), b"" if picture is None else picture.tobytes()
        if key not in self._people:
            vector = torch.from_numpy(np.asarray(identity.embedding, np.float32)).to(self.device)
            alone = Subject(vector, Motion(self.geometry, vector))
            self._people[key] = alone if picture is None else self._pictured(alone, picture)
        self._people.move_to_end(key)
        while len(self._people) > REMEMBERED:
            self._people.popitem(last=False)
        return self._people[key]

    def guides(self, wishes: Sequence[Wish]) -> list[tuple[list[int], Conditions]]:
        """Frames with and without a reference go through different networks: (their numbers, their conditions)."""
        looks = [bool(wish.subject.reference) and wish.settings.reference_scale > 0 for wish in wishes]
        groups = [[i for i, looking in enumerate(looks) if looking is kind] for kind in (False, True)]
        return [(group, self._conditions([wishes[i] for i in group], looks[group[0]])) for group in groups if group]

    def denoise(self, noisy: Tensor, level: Tensor, guides: list[tuple[list[int], Conditions]]) -> Tensor:
        clean = torch.empty_like(noisy)
        for group, given in guides:
            clean[group] = self.runtime.denoise(noisy[group], level[group], given)
        return clean

    def decode(self, latents: Tensor, size: int) -> Tensor:
        return self.runtime.decode(latents, size)

    def finish(self, wish: Wish, picture: np.ndarray) -> np.ndarray:
        subject: Subject = wish.subject
        weight = min(wish.settings.reference_scale / WHOLE, 1.0)
        if subject.picture is None or weight <= 0:
            return picture
        seen = self._view(subject, subject.picture, _look(subject, wish.settings))
        flow, told = subject.motion.at(wish.expression)
        return straight(laid_over(multiplied(picture, len(picture)), seen, flow, weight * told))

    def _conditions(self, wishes: Sequence[Wish], looks: bool) -> Conditions:
        nothing = torch.zeros(self.latent_shape, device=self.device)
        curves = torch.from_numpy(np.stack([wish.expression for wish in wishes]))
        scenes = torch.from_numpy(np.stack([_scene(wish, looks) for wish in wishes]))
        subjects: list[Subject] = [wish.subject for wish in wishes]
        layers = zip(*(subject.reference for subject in subjects), strict=True) if looks else ()
        return Conditions(
            torch.stack([subject.identity for subject in subjects]), scenes.to(self.device), curves.to(self.device),
            torch.stack([nothing if wish.last is None else wish.last * self.card.last_scale for wish in wishes]),
            [torch.stack(list(seen)) for seen in layers],
            torch.tensor([wish.settings.reference_scale for wish in wishes], device=self.device),
        )  # fmt: skip

    def _pictured(self, alone: Subject, picture: np.ndarray) -> Subject:
        layers, size = multiplied(picture, SIDE), max(self.sizes)
        if not foreign(resized(layers, size), self._face(alone, (size, None, 0.0))):
            return replace(alone, picture=layers)
        pixels = torch.from_numpy(layers / 255).permute(2, 0, 1)[None].to(self.device)
        read = self.runtime.read(pixels, alone.identity[None])
        return replace(alone, picture=layers, reference=[seen[0] for seen in read])

    def _view(self, subject: Subject, picture: np.ndarray, look: Look) -> View:
        """Of the subject's picture. What it shows beyond its drawing is told in the light that pictures have."""
        size, light, closeness = look
        if look not in subject.views:
            drawn, usual = self._face(subject, look), (size, None, closeness)
            beyond = resized(picture, size) - drawn if light is None else self._view(subject, picture, usual).beyond
            subject.views[look] = View(resized(drawn, FLOW), beyond)
        subject.views.move_to_end(look)
        while len(subject.views) > VIEWS:
            subject.views.popitem(last=False)
        return subject.views[look]

    def _face(self, subject: Subject, look: Look) -> np.ndarray:
        """The face of people's pictures, a neutral one, drawn in one step: float32 (size, size, 4), multiplied."""
        size, light, closeness = look
        settings = StreamSettings("", size, light=light, reference_scale=closeness)
        guides = self.guides([Wish(subject, np.zeros(len(BASES[self.basis]), np.float32), settings)])
        noise = stream_noise(0, *self.latent_shape[:2])[None].to(self.device)
        level = torch.tensor([PURE_NOISE], device=self.device)
        return multiplied(self.decode(self.denoise(noise, level, guides), size)[0].cpu().numpy(), size)


def _look(subject: Subject, settings: StreamSettings) -> Look:
    """Rounded: a light that is being moved is not drawn anew at every frame."""
    closeness = round(settings.reference_scale, 1) if subject.reference else 0.0
    if settings.light is None:
        return settings.size, None, closeness
    azimuth, elevation = (round(angle / STEP) * STEP for angle in settings.light)
    return settings.size, (azimuth, elevation), closeness


def _scene(wish: Wish, looks: bool) -> np.ndarray:
    """(4,) float32: unit vector to the key light, 1 for plain clothes without a backdrop."""
    light = wish.settings.light
    held = None if light is None else (np.clip(light[0], *AZIMUTHS), np.clip(light[1], *ELEVATIONS))
    towards = np.array(PORTRAIT_LIGHT, np.float32) if held is None else direction(held)
    return np.append(towards / np.linalg.norm(towards), np.float32(not looks)).astype(np.float32)
