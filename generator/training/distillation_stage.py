"""Stage: few steps. The whole network, and the decoder with it, learns to say in one step what the stages before say
in many, with the conditions kept: consistency with the frozen teacher (arXiv 2310.04378, equation 12, without its
guidance), and the portraits themselves, seen through the decoder.

Reuse is learned here: a quarter of the samples is shown the clean latent that the network itself found for a similar
expression of the same person, as it will find it in a stream.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from generator.compact.autoencoder import Autoencoder
from generator.compact.denoiser import Denoiser
from generator.sampler import COMPACT, PURE_NOISE
from generator.training.autoencoder_stage import as_tensor, texture_loss
from generator.training.backings import backed
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.foundation_stage import latent_loss
from generator.training.lessons import Lesson, Lessons, focus_weights
from generator.training.losses import picture_loss

BATCH, FROM_NOISE, WITH_LAST, WITH_REFERENCE = 16, 0.85, 0.25, 0.125
RATES = 1e-3, 3e-4  # denoiser, decoder
WINDOW, FACTOR = 8, 16  # latents a window is wide, pixels a latent is
ANCHOR, TEXTURE, CONSISTENT = 0.5, 0.3, 0.5
LOOK_EVERY = 3  # steps between looks through the decoder, which cost as much as all the rest
TEACH_EVERY, JUMP = 8, (100, 300)  # steps between lessons of consistency; levels that the teacher goes down
MOVED = 0.25  # a curve's largest usual change since the last frame


@dataclass(frozen=True, slots=True, eq=False)
class School:
    """`teacher` is frozen: what the reference stage left."""

    teacher: Denoiser
    lessons: Lessons


class Pair(nn.Module):
    """What is trained together."""

    def __init__(self, denoiser: Denoiser, autoencoder: Autoencoder) -> None:
        super().__init__()
        self.denoiser, self.autoencoder = denoiser, autoencoder


def distil(
    teacher: Denoiser, autoencoder: Autoencoder, lessons: Lessons, exam: Exam, out: Path, minutes: float, resume: bool
) -> Pair:
    """`teacher` is filled with what the reference stage left. Returns the running average."""
    read_average(out, "reference", teacher)
    school = School(teacher.requires_grad_(False), lessons)
    pair = Pair(deepcopy(school.teacher), autoencoder)
    groups = [(pair.denoiser.drawing(), RATES[0]), (pair.autoencoder.decoder.parameters(), RATES[1])]

    def loss(average: nn.Module, step: int) -> Tensor:
        assert isinstance(average, Pair)
        return lesson_loss(pair, average, school, step)

    def score(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Pair)
        exam.autoencoder = average.autoencoder
        return exam.ask(average.denoiser)

    best = fit(stage_in(out, "distillation", minutes, resume), pair, groups, loss, score)
    assert isinstance(best, Pair)
    return best


def lesson_loss(pair: Pair, average: Pair, school: School, step: int) -> Tensor:
    """What one batch costs. Every eighth has reference pictures, every eighth is compared with the teacher,
    every third is looked at through the decoder.
    """
    with_reference = step % round(1 / WITH_REFERENCE) == 1
    focus = "any" if with_reference else "plain"
    lesson = school.lessons.draw(BATCH, focus, FROM_NOISE, reference=with_reference)
    with torch.autocast("cpu", torch.bfloat16):
        seen = None
        if lesson.reference is not None:
            with torch.no_grad():
                seen = pair.denoiser.read(lesson.reference, lesson.identity)
        last = _last(pair.denoiser, lesson, seen)
        found = _found(pair.denoiser, lesson, last, seen)
        cost = ANCHOR * latent_loss(found, lesson.clean, lesson.weights)
        if step % LOOK_EVERY == 0:
            cost = 0.3 * cost + _seen_through_decoder(pair.autoencoder, found, lesson, school.lessons)
        if step % TEACH_EVERY == 0:
            cost = cost + CONSISTENT * _consistency(average.denoiser, school.teacher, found, lesson, seen)
    return cost


def _found(denoiser: Denoiser, lesson: Lesson, last: Tensor | None, seen: list[Tensor] | None) -> Tensor:
    noisy = lesson.noisy.contiguous(memory_format=torch.channels_last)
    return denoiser(noisy, lesson.level, lesson.identity, lesson.scene, lesson.curves, last, seen)


@torch.no_grad()
def _last(denoiser: Denoiser, lesson: Lesson, seen: list[Tensor] | None) -> Tensor:
    """What the network drew one frame before, zero for those who have no frame before. Seldom it was quite another
    expression: a cut.
    """
    last = torch.zeros_like(lesson.noisy)
    rows = torch.nonzero(torch.rand(len(last)) < WITH_LAST)[:, 0]
    if len(rows):
        level = torch.full((len(rows),), PURE_NOISE)
        noise = torch.randn_like(lesson.noisy[rows]).contiguous(memory_format=torch.channels_last)
        looked_at = None if seen is None else [states[rows] for states in seen]
        before = _before(lesson.curves)[rows]
        last[rows] = denoiser(noise, level, lesson.identity[rows], lesson.scene[rows], before, None, looked_at).float()
    return last


def _before(curves: Tensor) -> Tensor:
    """Curves (n, 55) as they may have been one frame earlier."""
    count = len(curves)
    amount = MOVED * torch.rand(count, 1) ** 2
    moved = (torch.rand(count, 55) < 0.3) * torch.randn(count, 55) * amount
    moved[:, 52:] *= 0.3
    cut = torch.rand(count, 1) < 0.1
    return torch.where(cut, curves[torch.randperm(count)], curves + moved)


def _seen_through_decoder(autoencoder: Autoencoder, found: Tensor, lesson: Lesson, lessons: Lessons) -> Tensor:
    side = found.shape[-1]
    top, left = lessons.g.binomial(side - WINDOW, 0.5, 2) if lessons.g.uniform() < 0.7 else lessons.g.integers(
        0, side - WINDOW + 1, 2
    )  # fmt: skip
    cut = slice(int(top), int(top) + WINDOW), slice(int(left), int(left) + WINDOW)
    pixels = tuple(slice(part.start * FACTOR, part.stop * FACTOR) for part in cut)
    drawn = autoencoder.decode(found[:, :, *cut].contiguous(memory_format=torch.channels_last)).float()
    truth = _truth(lesson, lessons, pixels)
    size = lessons.portraits.pictures.shape[1]
    weights = focus_weights(lessons.landmarks[lesson.rows], size)[:, :, *pixels]
    return picture_loss(drawn, truth, torch.from_numpy(weights)) + TEXTURE * texture_loss(drawn, truth)


def _truth(lesson: Lesson, lessons: Lessons, pixels: tuple[slice, ...]) -> Tensor:
    pictures = np.asarray(lessons.portraits.pictures[lesson.rows])
    solid = lesson.backed.numpy()
    if solid.any():
        pictures = pictures.copy()
        pictures[solid] = backed(pictures[solid], lessons.people[lesson.rows][solid])
    return as_tensor(pictures[:, *pixels])


@torch.no_grad()
def _one_down(teacher: Denoiser, lesson: Lesson, seen: list[Tensor] | None, lower: Tensor) -> Tensor:
    """Where the teacher goes from the lesson's noisy latent, deterministically (DDIM), at the level `lower`."""
    clean = _found(teacher, lesson, None, seen).float()
    signal = COMPACT.signal[lesson.level][:, None, None, None]
    noise = (lesson.noisy - signal * clean) / (1 - signal.square()).sqrt()
    return COMPACT.noised(clean, noise, lower)


def _consistency(
    average: Denoiser, teacher: Denoiser, found: Tensor, lesson: Lesson, seen: list[Tensor] | None
) -> Tensor:
    lower = (lesson.level - torch.randint(*JUMP, lesson.level.shape)).clamp(min=0)
    with torch.no_grad():
        noisy = _one_down(teacher, lesson, seen, lower).contiguous(memory_format=torch.channels_last)
        aim = average(noisy, lower, lesson.identity, lesson.scene, lesson.curves, None, seen)
    return latent_loss(found, aim.float(), lesson.weights)
