"""Stage: the Expression Adapter, on the frozen foundation (arXiv 2510.04706, section 3.2)."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.denoiser import Denoiser
from generator.training.device import DEVICE, LARGER, half, there
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.foundation_stage import latent_loss
from generator.training.lessons import Lessons
from generator.training.progress import Stage

BATCH, PEAK_RATE, FROM_NOISE, WITHOUT = 48, 1e-3, 0.6, 0.08


def train_expression(
    denoiser: Denoiser, lessons: Lessons, exam: Exam, out: Path, minutes: float, resume: bool
) -> Denoiser:
    read_average(out, "foundation", denoiser)

    def loss(_: nn.Module, __: Stage) -> Tensor:
        lesson = lessons.draw(BATCH * LARGER, "any", FROM_NOISE)
        present = (torch.rand(BATCH * LARGER, device=DEVICE) > WITHOUT).float()  # dropped from some: for guidance
        with half():
            found = denoiser(
                there(lesson.noisy), lesson.level, lesson.identity,
                lesson.scene, lesson.curves, present=present,
            )  # fmt: skip
        return latent_loss(found, lesson.clean, lesson.weights)

    groups = [(denoiser.expression_adapter(), PEAK_RATE)]
    fit(stage_in(out, "expression", minutes, resume), denoiser, groups, loss, exam.ask)
    return denoiser
