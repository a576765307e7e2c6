"""Stage: both decoders beside a critic each. So far whatever they could not know was averaged, into a blur.

They learn to draw what the finished denoiser finds, which is frozen: it draws many latents at once, and the decoders
learn from a few of these at a time, which makes for many steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.autoencoder import SmallDecoder
from generator.training.critic import Critic
from generator.training.device import LARGER, half, placed, there
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.lessons import Lesson, Lessons
from generator.training.looks import Looks
from generator.training.progress import Stage
from generator.training.together_stage import Trio, a_lesson, find
from generator.training.together_stage import score as score_trio

AT_ONCE, PARTS = 48, 12  # latents that are drawn in one pass, and steps that the decoders take on them
FROM_NOISE = 0.8  # others are nearer to the truth
RATE = 6e-4  # of both decoders


class Finished(nn.Module):
    """All that draws: the trio, and the decoder of half the size for the same latents."""

    def __init__(self, trio: Trio, small: SmallDecoder) -> None:
        super().__init__()
        self.trio, self.small = trio, small


def train_with_critic(model: Finished, looks: Looks, exam: Exam, out: Path, minutes: float, resume: bool) -> Finished:
    """The trio is filled with what the distillation left. Returns the running average."""
    read_average(out, "distillation", model.trio)
    drawn, decoders = _drawn(model.trio, looks.lessons), (model.trio.autoencoder.decode, model.small)
    critics = [placed(Critic()) for _ in decoders]

    def loss(_: nn.Module, __: Stage) -> Tensor:
        latents, lesson = next(drawn)
        with half():
            pictures = [decode(latents).float() for decode in decoders]
            costs = [looks.cost(seen, lesson, critic) for seen, critic in zip(pictures, critics, strict=True)]
        return torch.stack(costs).sum()

    def score(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Finished)
        return score_trio(average.trio, exam)

    stage_of = stage_in(out, "critic", minutes, resume)
    groups = [(part.parameters(), RATE) for part in (model.trio.autoencoder.decoder, model.small)]
    best = fit(lambda parts: stage_of(parts | {"critics": nn.ModuleList(critics)}), model, groups, loss, score)
    assert isinstance(best, Finished)
    return best


def _drawn(trio: Trio, lessons: Lessons) -> Iterator[tuple[Tensor, Lesson]]:
    """Latents as the denoiser finds them, a few at a time, and the part of a lesson that tells the truth about them."""
    for number in count():
        with torch.no_grad(), half():
            lesson, last, seen = a_lesson(trio, lessons, number, AT_ONCE * LARGER, FROM_NOISE)
            found = there(find(trio.denoiser, lesson, last, seen).float())
        each = len(found) // PARTS
        for at in (slice(part * each, (part + 1) * each) for part in range(PARTS)):
            yield found[at], replace(lesson, rows=lesson.rows[at], backed=lesson.backed[at])
