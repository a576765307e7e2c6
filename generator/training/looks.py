"""Drawn pictures beside true ones: what the denoiser's lessons are judged by once they are seen through the decoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generator.training.autoencoder_stage import texture_loss
from generator.training.backings import backed
from generator.training.changes import unlike_change_seen
from generator.training.critic import Critic
from generator.training.device import sent
from generator.training.lessons import Lesson, Lessons, focus_weights
from generator.training.likeness import Likeness
from generator.training.losses import picture_loss

TEXTURE = 0.3
LIKENESS, CHANGE, OBJECTION = 0.25, 0.5, 1.0  # pulls of whom it shows, of changes within pairs and of a critic; truth 1


class Looks:
    """Judges pictures by the truth, by whom `likeness` finds in them, and pairs by what differs."""

    def __init__(self, lessons: Lessons, likeness: Likeness) -> None:
        self.lessons, self.likeness = lessons, likeness

    def cost(self, drawn: Tensor, lesson: Lesson, critic: Critic | None = None) -> Tensor:
        """Of the pictures (n, 4, h, w) of the first n of a lesson, at their size or half of it. Its value is the
        truth's part. A `critic` learns on the way.
        """
        rows = lesson.rows[: len(drawn)]
        truth = self._truth(rows, lesson.backed[: len(drawn)])
        smaller = truth.shape[-1] // drawn.shape[-1]
        truth = functional.avg_pool2d(truth, smaller)
        weights = focus_weights(self.lessons.points(rows) / smaller, drawn.shape[-1])
        costs = [picture_loss(drawn, truth, weights) + TEXTURE * texture_loss(drawn, truth)]
        clear = ~lesson.backed[: len(drawn)]
        pulls = [1.0]
        if clear.any():
            costs.append(self._unlikeness(drawn[sent(np.flatnonzero(clear))], rows[clear]))
            pulls.append(LIKENESS)
        if lesson.paired:
            costs.append(unlike_change_seen(drawn, truth, weights))
            pulls.append(CHANGE)
        if critic is not None:
            critic.learn(drawn, truth)
            costs.append(critic.objection(drawn))
            pulls.append(OBJECTION)
        return pulled(drawn, costs, pulls)

    def _unlikeness(self, drawn: Tensor, rows: np.ndarray) -> Tensor:
        """1 - cosine to between the person's own embedding and the true picture's."""
        wanted = self.lessons.enrolled[self.lessons.people[rows]] + self.lessons.embeddings[rows]
        wanted = functional.normalize(sent(wanted))
        return 1 - (self.likeness(drawn) * wanted).sum(1).mean()

    def _truth(self, rows: np.ndarray, solid: np.ndarray) -> Tensor:
        pictures = self.lessons.prints.take(rows)
        if solid.any():
            chosen = sent(np.flatnonzero(solid))
            pictures[chosen] = backed(pictures[chosen], self.lessons.people[rows[solid]])
        return pictures


def pulled(drawn: Tensor, costs: Sequence[Tensor], pulls: Sequence[float]) -> Tensor:
    """A cost with the value of the first of `costs`, whose gradient at `drawn` is that of the first plus those of the
    others, each made `pull` times as long: so that none outweighs the truth, whatever its units.
    """
    gradients = [torch.autograd.grad(cost, drawn, retain_graph=True)[0] for cost in costs]
    length = gradients[0].norm()
    scaled = [pull * length / grad.norm().clamp(min=1e-12) * grad for grad, pull in zip(gradients, pulls, strict=True)]
    towards = (drawn * torch.stack(scaled).sum(0).detach()).sum()
    return towards - towards.detach() + costs[0].detach()
