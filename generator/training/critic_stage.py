"""Stage: all of it once more, beside a critic. So far whatever the denoiser could not know was averaged, into a blur.

The denoiser is told what the critic objects to in its latents, beside the lessons it has had so far; both decoders go
on learning to draw what it finds.
"""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from generator.compact.autoencoder import SmallDecoder
from generator.training.critic import Critic
from generator.training.device import placed
from generator.training.exams import Exam
from generator.training.fitting import fit, read_average, stage_in
from generator.training.looks import Looks
from generator.training.progress import Stage
from generator.training.together_stage import Trio, lesson_loss, rates
from generator.training.together_stage import score as score_trio

RATE = 0.4  # of the rates of the stage in which all was trained together
SMALL_RATE = 6e-4  # of the small decoder


class Finished(nn.Module):
    """All that draws: the trio, and the decoder of half the size for the same latents."""

    def __init__(self, trio: Trio, small: SmallDecoder) -> None:
        super().__init__()
        self.trio, self.small = trio, small


def train_with_critic(model: Finished, looks: Looks, exam: Exam, out: Path, minutes: float, resume: bool) -> Finished:
    """The trio is filled with what the distillation left. Returns the running average."""
    read_average(out, "distillation", model.trio)
    critic = placed(Critic(looks.lessons.channels.ravel()))

    def loss(_: nn.Module, stage: Stage) -> Tensor:
        return lesson_loss(model.trio, looks, stage.step, critic, model.small)[0]

    def score(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Finished)
        return score_trio(average.trio, exam)

    stage_of = stage_in(out, "critic", minutes, resume)
    groups = [*rates(model.trio, RATE), (model.small.parameters(), SMALL_RATE)]
    best = fit(lambda parts: stage_of(parts | {"critic": critic}), model, groups, loss, score)
    assert isinstance(best, Finished)
    return best
