"""Stage: few steps. The whole network learns to say in one step what the stages before say in many, with the
conditions kept: consistency with the frozen teacher (arXiv 2310.04378, equation 12, without its guidance), beside the
lessons it has had so far.
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.denoiser import Denoiser
from generator.training.device import DEVICE, half, there
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.foundation_stage import latent_loss
from generator.training.lessons import Lesson
from generator.training.looks import Looks
from generator.training.noising import noised, signal
from generator.training.progress import Stage
from generator.training.together_stage import Trio, find, lesson_loss, rates, score

CONSISTENT = 0.5
TEACH_EVERY, JUMP = 4, (100, 300)  # steps between lessons of consistency; levels that the teacher goes down
RATE = 0.3  # of the rates of the stage before


def distil(trio: Trio, looks: Looks, exam: Exam, out: Path, minutes: float, resume: bool) -> Trio:
    """`trio` is filled with what was trained together, which is the teacher as well. Returns the running average."""
    read_average(out, "together", trio)
    teacher = deepcopy(trio.denoiser).requires_grad_(False)

    def loss(average: nn.Module, stage: Stage) -> Tensor:
        assert isinstance(average, Trio)
        cost, found, lesson, seen = lesson_loss(trio, looks, stage.step)
        if stage.step % TEACH_EVERY:
            return cost
        with half():
            return cost + CONSISTENT * _consistency(average.denoiser, teacher, found, lesson, seen)

    stage_of = stage_in(out, "distillation", minutes, resume)
    best = fit(stage_of, trio, rates(trio, RATE), loss, lambda trio: score(trio, exam))
    assert isinstance(best, Trio)
    return best


@torch.no_grad()
def _one_down(teacher: Denoiser, lesson: Lesson, seen: list[Tensor] | None, lower: Tensor) -> Tensor:
    """Where the teacher goes from the lesson's noisy latent, deterministically (DDIM), at the level `lower`."""
    clean = find(teacher, lesson, None, seen).float()
    kept = signal(lesson.level)
    noise = (lesson.noisy - kept * clean) / (1 - kept.square()).sqrt()
    return noised(clean, noise, lower)


def _consistency(
    average: Denoiser, teacher: Denoiser, found: Tensor, lesson: Lesson, seen: list[Tensor] | None
) -> Tensor:
    lower = (lesson.level - torch.randint(*JUMP, lesson.level.shape, device=DEVICE)).clamp(min=0)
    with torch.no_grad():
        noisy = there(_one_down(teacher, lesson, seen, lower))
        aim = average(noisy, lower, lesson.identity, lesson.scene, lesson.curves, None, seen)
    return latent_loss(found, aim.float(), lesson.weights)
