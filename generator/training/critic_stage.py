"""Stage: all of it once more, beside critics. So far whatever the denoiser could not know was averaged, into a blur.

First the decoders alone learn to draw hair, pores and teeth into what it leaves open, and the critics to see through
them; then the denoiser as well is told what they object to (adversarial diffusion distillation, arXiv 2311.17042).
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from generator.compact.autoencoder import SmallDecoder
from generator.training.critic import Critic
from generator.training.device import LARGER, half, placed, there
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.lessons import Lesson
from generator.training.looks import Looks
from generator.training.progress import Stage
from generator.training.together_stage import Pair, a_lesson, find
from generator.training.together_stage import score as score_pair

BATCH, RATES = 8, (1e-4, 6e-4)  # of the denoiser, of the decoders
ALONE = 0.5  # share of the time in which the denoiser stays as it is


class Finished(nn.Module):
    """All that draws: the pair, and the decoder of half the size for the same latents."""

    def __init__(self, pair: Pair, small: SmallDecoder) -> None:
        super().__init__()
        self.pair, self.small = pair, small


class Critics(nn.Module):
    """One for each size."""

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self.large, self.small = placed(Critic()), placed(Critic())
        self._judges = [Looks(looks.lessons, looks.likeness, critic) for critic in (self.large, self.small)]

    def cost(self, pictures: tuple[Tensor, Tensor], lesson: Lesson) -> Tensor:
        """Of the same pictures at both sizes."""
        costs = [judge.cost(drawn, lesson) for judge, drawn in zip(self._judges, pictures, strict=True)]
        return costs[0] + costs[1]


def train_with_critics(model: Finished, looks: Looks, exam: Exam, out: Path, minutes: float, resume: bool) -> Finished:
    """The pair is filled with what the distillation left. Returns the running average."""
    read_average(out, "distillation", model.pair)
    critics, stage_of = Critics(looks), stage_in(out, "critic", minutes, resume)
    pair, decoders = model.pair, [*model.pair.autoencoder.decoder.parameters(), *model.small.parameters()]

    def loss(_: nn.Module, stage: Stage) -> Tensor:
        with half():
            lesson, last, seen = a_lesson(pair.denoiser, looks.lessons, stage.step, BATCH * LARGER, 1.0)
            with torch.set_grad_enabled(stage.done >= ALONE):
                found = there(find(pair.denoiser, lesson, last, seen))
            return critics.cost((pair.autoencoder.decode(found).float(), model.small(found).float()), lesson)

    def score(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Finished)
        return score_pair(average.pair, exam)

    groups = [(pair.denoiser.drawing(), RATES[0]), (decoders, RATES[1])]
    best = fit(lambda parts: stage_of(parts | {"critics": critics}), model, groups, loss, score)
    assert isinstance(best, Finished)
    return best
