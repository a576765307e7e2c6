"""Stage: the Reference Adapter, a low-rank adaptation of self-attention, which looks at another portrait of the same
person in the same clothes: another expression, another light (arXiv 2510.04706, section 3.3).
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.denoiser import Denoiser
from generator.training.changes import unlike
from generator.training.device import LARGER, half, there
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.foundation_stage import latent_loss
from generator.training.lessons import Lessons
from generator.training.looks import pulled
from generator.training.progress import Stage

BATCH, PEAK_RATE, FROM_NOISE = 32, 2e-3, 0.5
CHANGE = 1.0  # the pull of what differs from the reference, beside the truth's of 1: or all would be copied


def train_reference(
    denoiser: Denoiser, lessons: Lessons, exam: Exam, out: Path, minutes: float, resume: bool
) -> Denoiser:
    """The reference network is the frozen foundation itself, as it lies within `denoiser`."""
    read_average(out, "expression", denoiser)

    def loss(_: nn.Module, __: Stage) -> Tensor:
        lesson = lessons.draw(BATCH * LARGER, "any", FROM_NOISE, reference=True)
        assert lesson.reference is not None
        with half():
            with torch.no_grad():
                seen = denoiser.read(lesson.reference, lesson.identity)
            found = denoiser(
                there(lesson.noisy), lesson.level, lesson.identity,
                lesson.scene, lesson.curves, reference=seen,
            ).float()  # fmt: skip
        changed = unlike(found - lesson.reference, lesson.clean - lesson.reference, lesson.weights)
        return pulled(found, [latent_loss(found, lesson.clean, lesson.weights), changed], [1.0, CHANGE])

    groups = [(denoiser.reference_adapter(), PEAK_RATE)]
    fit(stage_in(out, "reference", minutes, resume), denoiser, groups, loss, exam.ask)
    return denoiser
