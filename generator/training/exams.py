"""How good a denoiser is on people it has never seen: one step from noise, decoded, against their true portraits."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from generator.compact.autoencoder import Autoencoder
from generator.compact.denoiser import Denoiser
from generator.sampler import PURE_NOISE
from generator.training.autoencoder_stage import detail
from generator.training.changes import response
from generator.training.device import DEVICE, half, sent, there
from generator.training.head.landmarks import masks
from generator.training.lessons import Lessons
from generator.training.likeness import Likeness
from generator.training.portraits import GROUP

COUNT, BATCH = 96, 12  # of portraits in pairs


class Exam:
    """`ask(denoiser)` gives dB over grey on the whole, in the eyes' and the mouth's boxes; what is lost when the
    neutral expression is asked for instead (the head's turn kept); how much like the person the pictures are, and how
    much fine detail they have, times the truth's.
    """

    def __init__(self, lessons: Lessons, autoencoder: Autoencoder, likeness: Likeness) -> None:
        both = lessons.pairs
        unseen = both[(lessons.people[both[:, 0]] >= GROUP) & ~lessons.dressed[both[:, 0]]]
        rows = unseen[:: max(2 * len(unseen) // COUNT, 1)][: COUNT // 2].ravel()
        self.autoencoder, self.likeness, self.lessons, portraits = autoencoder, likeness, lessons, lessons.portraits
        self.people = lessons.people[rows]
        scene = np.c_[portraits.lights[rows], np.ones(len(rows))].astype(np.float32)
        known = (lessons.enrolled[lessons.people[rows]], scene, portraits.curves[rows])
        self.identity, self.scene, self.curves = (sent(array) for array in known)
        self.who = self.identity  # by the frozen encoder, whatever the pictures are drawn from
        self.truth = on_grey(lessons.prints.take(rows))
        found = {name: torch.from_numpy(mask).to(DEVICE) for name, mask in masks(portraits.landmarks[rows]).items()}
        self.eyes, self.mouth = found["left_eye"] | found["right_eye"], found["mouth"]
        shape = lessons.plain.shape[1:]
        self.noise = torch.randn(1, *shape, generator=torch.Generator().manual_seed(0))

    @torch.no_grad()
    def enrol(self, encoder: Likeness) -> None:
        """Has everyone drawn from what `encoder` says of all their plain portraits."""
        found: dict[int, Tensor] = {}
        for person in np.unique(self.people):
            rows = np.flatnonzero((self.lessons.people == person) & ~self.lessons.dressed)
            found[person] = functional.normalize(encoder(self.lessons.prints.take(rows)).mean(0), dim=0)
        self.identity = torch.stack([found[person] for person in self.people])

    @torch.no_grad()
    def ask(self, model: nn.Module) -> dict[str, float]:
        assert isinstance(model, Denoiser)
        neutral = self.curves.clone()
        neutral[:, :52] = 0
        drawn, still = (self.drawn(model, curves) for curves in (self.curves, neutral))
        error = self.errors(drawn)
        whole, (alike, gain) = decibels(error.mean((1, 2))), response(on_grey(drawn), self.truth)
        return {
            "psnr": whole, "eyes": _within(error, self.eyes), "mouth": _within(error, self.mouth),
            "neutral_loses": whole - decibels(self.errors(still).mean((1, 2))),
            "likeness": float((self.likeness(drawn) * self.who).sum(1).mean()),
            "detail": float(detail(on_grey(drawn)).mean() / detail(self.truth).mean()),
            "change": alike, "gain": gain,
        }  # fmt: skip

    def ask_foundation(self, model: nn.Module) -> dict[str, float]:
        """dB on the whole, with no expression given: the best it can do is what all of a person's have in common."""
        assert isinstance(model, Denoiser)
        return {"psnr": decibels(self.errors(self.drawn(model, None)).mean((1, 2)))}

    def errors(self, drawn: Tensor) -> Tensor:
        """Squared errors (n, h, w) of premultiplied pictures."""
        return (on_grey(drawn) - self.truth).square().mean(1)

    def drawn(self, denoiser: Denoiser, curves: Tensor | None) -> Tensor:
        """Everyone, premultiplied (n, 4, h, w), or with no expression given."""
        parts = [slice(at, at + BATCH) for at in range(0, len(self.curves), BATCH)]
        return torch.cat([
            self.draw(denoiser, self.identity[p], self.scene[p], None if curves is None else curves[p]) for p in parts
        ])  # fmt: skip

    @torch.no_grad()
    def draw(self, denoiser: Denoiser, identity: Tensor, scene: Tensor, curves: Tensor | None) -> Tensor:
        """Premultiplied (n, 4, h, w) in 0..1."""
        level = torch.full((len(identity),), PURE_NOISE, device=DEVICE)
        with half():
            noise = there(self.noise.expand(len(identity), -1, -1, -1))
            return self.autoencoder.decode(denoiser(noise, level, identity, scene, curves)).float().clamp(0, 1)


def on_grey(pictures: Tensor) -> Tensor:
    """Premultiplied (n, 4, h, w) → (n, 3, h, w) on middle grey."""
    return pictures[:, :3] + (1 - pictures[:, 3:]) * 0.5


def decibels(squared: Tensor) -> float:
    return float((-10 * squared.clamp(min=1e-8).log10()).mean())


def _within(error: Tensor, mask: Tensor) -> float:
    return decibels((error * mask).sum((1, 2)) / mask.sum((1, 2)).clamp(min=1))
