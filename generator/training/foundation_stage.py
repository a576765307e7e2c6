"""Stage: the identity foundation. A diffusion model of portraits given the person and the scene, nothing else; it
draws them with any expression, in any turn.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.denoiser import Denoiser
from generator.training.device import DEVICE, LARGER, half, there
from generator.training.exams import Exam
from generator.training.fitting import fit, stage_in
from generator.training.lessons import Lessons
from generator.training.progress import Stage

BATCH, PEAK_RATE, FROM_NOISE, NOBODY = 48, 1e-3, 0.3, 0.1


def train_foundation(
    denoiser: Denoiser, lessons: Lessons, exam: Exam, out: Path, minutes: float, resume: bool
) -> Denoiser:

    def loss(_: nn.Module, __: Stage) -> Tensor:
        lesson = lessons.draw(BATCH * LARGER, "any", FROM_NOISE)
        known = (torch.rand(len(lesson.rows), 1, device=DEVICE) > NOBODY).float()  # some are nobody: for guidance
        with half():
            found = denoiser(
                there(lesson.noisy), lesson.level, lesson.identity * known,
                lesson.scene, None,
            )  # fmt: skip
        return latent_loss(found, lesson.clean, lesson.weights)

    groups = [(denoiser.foundation(), PEAK_RATE)]
    fit(stage_in(out, "foundation", minutes, resume), denoiser, groups, loss, exam.ask_foundation)
    return denoiser


def latent_loss(found: Tensor, clean: Tensor, weights: Tensor) -> Tensor:
    """Weighted squared error of latents (n, c, h, w), `weights` alike."""
    return (weights * (found.float() - clean).square()).mean() / weights.mean()
