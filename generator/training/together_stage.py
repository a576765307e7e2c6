"""Stage: everything together. The whole network, the decoder and the identity encoder with it, on portraits seen
through the decoder as well as on latents: what each part learned on frozen others is brought to fit.

Reuse is learned here: 30 % of the samples are shown the clean latent that the network itself found for a similar
expression of the same person, having been shown one itself, as it will find it in a stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.autoencoder import Autoencoder
from generator.compact.denoiser import Denoiser
from generator.sampler import PURE_NOISE
from generator.training.acquaintance import acquainted
from generator.training.changes import unlike, unlike_change
from generator.training.device import DEVICE, LARGER, half, there
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.foundation_stage import latent_loss
from generator.training.lessons import Lesson, Lessons
from generator.training.likeness import Likeness
from generator.training.looks import Looks, pulled
from generator.training.progress import Stage

BATCH, FROM_NOISE, WITH_LAST, WITH_REFERENCE = 48, 0.9, 0.3, 0.25
RATES = 1.5e-3, 3e-4, 5e-4  # denoiser, decoder, identity encoder
AGAIN = 0.6  # of the rates, for a model that was trained before
ANCHOR = 0.5  # how much latents count where they are looked at as well
CHANGE = 0.5  # pull of what differs in a pair or from a reference; the truth's is 1
LOOK_EVERY, LOOKED_AT = 3, 16  # steps between looks through the decoder, and at how many pictures
MOVED = 0.25  # a curve's largest usual change since the last frame


class Trio(nn.Module):
    """What is trained together."""

    def __init__(self, denoiser: Denoiser, autoencoder: Autoencoder, encoder: Likeness) -> None:
        super().__init__()
        self.denoiser, self.autoencoder, self.encoder = denoiser, autoencoder, encoder


def train_together(
    trio: Trio, looks: Looks, exam: Exam, out: Path, minutes: float, resume: bool, ready: bool = False
) -> Trio:
    """The denoiser of `trio` is filled with what the reference stage left, unless it is `ready` as it comes. Returns
    the running average.
    """
    if not ready:
        read_average(out, "reference", trio.denoiser)

    def loss(_: nn.Module, stage: Stage) -> Tensor:
        return lesson_loss(trio, looks, stage.step)[0]

    stage_of, groups = stage_in(out, "together", minutes, resume), rates(trio, AGAIN if ready else 1.0)
    best = fit(stage_of, trio, groups, loss, lambda trio: score(trio, exam))
    assert isinstance(best, Trio)
    return best


def rates(trio: Trio, share: float = 1.0) -> list[tuple[Iterable[nn.Parameter], float]]:
    """The weights that learn with their peak rates, of which `share` is taken."""
    parts = trio.denoiser.drawing(), trio.autoencoder.decoder.parameters(), trio.encoder.parameters()
    return [(weights, peak * share) for weights, peak in zip(parts, RATES, strict=True)]


def score(trio: nn.Module, exam: Exam) -> dict[str, float]:
    assert isinstance(trio, Trio)
    exam.autoencoder = trio.autoencoder
    exam.enrol(trio.encoder)
    return exam.ask(trio.denoiser)


def lesson_loss(trio: Trio, looks: Looks, step: int) -> tuple[Tensor, Tensor, Lesson, list[Tensor] | None]:
    """What one batch costs; also what was found in it, the lesson, and the states of its reference pictures. Some of
    every third are looked at through the decoder.
    """
    with half():
        lesson, last, seen = a_lesson(trio, looks.lessons, step, BATCH * LARGER, FROM_NOISE)
        found = find(trio.denoiser, lesson, last, seen)
        cost = ANCHOR * _in_latents(found.float(), lesson)
        if step % LOOK_EVERY == 0:
            pictures = trio.autoencoder.decode(there(found[: LOOKED_AT * LARGER])).float()
            cost = 0.3 * cost + looks.cost(pictures, lesson)
    return cost, found, lesson, seen


def a_lesson(
    trio: Trio, lessons: Lessons, step: int, count: int, from_noise: float
) -> tuple[Lesson, Tensor, list[Tensor] | None]:
    """With the latents that were last, and the states of reference pictures, which every fourth lesson has; every
    second one is of pairs.
    """
    with_reference = step % round(1 / WITH_REFERENCE) == 1
    focus = "any" if with_reference else ("plain", "paired")[step % 2 == 0]
    lesson = lessons.draw(count, focus, from_noise, reference=with_reference)
    lesson = replace(lesson, identity=acquainted(trio.encoder, lessons, lesson))
    with torch.no_grad():
        seen = None if lesson.reference is None else trio.denoiser.read(lesson.reference, lesson.identity)
    return lesson, _last(trio.denoiser, lesson, seen), seen


def find(denoiser: Denoiser, lesson: Lesson, last: Tensor | None, seen: list[Tensor] | None) -> Tensor:
    return denoiser(there(lesson.noisy), lesson.level, lesson.identity, lesson.scene, lesson.curves, last, seen)


def _in_latents(found: Tensor, lesson: Lesson) -> Tensor:
    costs, pulls = [latent_loss(found, lesson.clean, lesson.weights)], [1.0]
    if lesson.paired:
        costs.append(unlike_change(found, lesson.clean, lesson.weights))
        pulls.append(CHANGE)
    if lesson.reference is not None:
        costs.append(unlike(found - lesson.reference, lesson.clean - lesson.reference, lesson.weights))
        pulls.append(CHANGE)
    return pulled(found, costs, pulls)


@torch.no_grad()
def _last(denoiser: Denoiser, lesson: Lesson, seen: list[Tensor] | None) -> Tensor:
    """What the network drew one frame before, from what it had drawn one before that, with the same noise, as in a
    stream; zero for those who have no frame before; the same for both of a pair. Seldom it was quite another
    expression: a cut.
    """
    last = torch.zeros_like(lesson.noisy)
    shown = torch.rand(len(last), device=DEVICE) < WITH_LAST
    if lesson.paired:
        shown[1::2] = False
    rows = torch.nonzero(shown)[:, 0]
    if len(rows):
        level = torch.full((len(rows),), PURE_NOISE, device=DEVICE)
        noise, who = there(lesson.noise[rows]), (lesson.identity[rows], lesson.scene[rows])
        looked_at = None if seen is None else [states[rows] for states in seen]
        before = _before(lesson.curves)[rows]
        first = denoiser(noise, level, *who, _before(before), None, looked_at)
        last[rows] = denoiser(noise, level, *who, before, there(first.float()), looked_at).float()
    return last[::2].repeat_interleave(2, 0) if lesson.paired else last


def _before(curves: Tensor) -> Tensor:
    """Curves (n, 55) as they may have been one frame earlier."""
    amount = MOVED * torch.rand_like(curves[:, :1]) ** 2
    moved = (torch.rand_like(curves) < 0.3) * torch.randn_like(curves) * amount
    moved[:, 52:] *= 0.3
    cut = torch.rand_like(curves[:, :1]) < 0.1
    return torch.where(cut, curves[torch.randperm(len(curves), device=DEVICE)], curves + moved)
