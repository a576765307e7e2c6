"""The compact model as the stream sees it: curves held to what it knows, a light, a person's reference read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from generator.compact.card import Card
from generator.compact.ranges import AZIMUTHS, CURVE_RANGE, ELEVATIONS, PORTRAIT_LIGHT, TURN_RANGE
from generator.compact.runtime import Conditions, Runtime
from generator.identities import Identity
from generator.light import direction
from generator.model import Wish
from generator.sampler import COMPACT

SIDE = 256  # pixels of a reference picture
REMEMBERED = 16  # people whose reference is kept

Reference = list[Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A person for the network: the identity vector (512,), and what was read of their reference picture, if any."""

    identity: Tensor
    reference: Reference


class CompactModel:
    """A `Model` of a folder with a card, run by any of the runtimes."""

    capabilities: tuple[str, ...] = ("expression", "reference", "light", "alpha")
    max_batch = 4
    warm_ups = ((1, False),)
    schedule = COMPACT
    reads_last = True
    reuse_floor = 0

    def __init__(self, card: Card, runtime: Runtime) -> None:
        self.card, self.runtime = card, runtime
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
            self._people[key] = Subject(vector, [] if picture is None else self._read(picture, vector))
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

    def _read(self, picture: np.ndarray, identity: Tensor) -> Reference:
        pixels = torch.from_numpy(_premultiplied(picture, SIDE)).permute(2, 0, 1)[None].to(self.device)
        return [seen[0] for seen in self.runtime.read(pixels, identity[None])]


def _premultiplied(picture: np.ndarray, side: int) -> np.ndarray:
    """uint8 (h, w, 3) or (h, w, 4) with straight alpha → float32 (side, side, 4) in 0..1, premultiplied."""
    if picture.shape[2] == 3:
        picture = np.concatenate([picture, np.full_like(picture[..., :1], 255)], 2)
    layers = picture.astype(np.float32) / 255
    layers[..., :3] *= layers[..., 3:]
    return layers if len(layers) == side else cv2.resize(layers, (side, side), interpolation=cv2.INTER_AREA)


def _scene(wish: Wish, looks: bool) -> np.ndarray:
    """(4,) float32: unit vector to the key light, 1 for plain clothes without a backdrop."""
    light = wish.settings.light
    held = None if light is None else (np.clip(light[0], *AZIMUTHS), np.clip(light[1], *ELEVATIONS))
    towards = np.array(PORTRAIT_LIGHT, np.float32) if held is None else direction(held)
    return np.append(towards / np.linalg.norm(towards), np.float32(not looks)).astype(np.float32)
