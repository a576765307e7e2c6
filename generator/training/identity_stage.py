"""Stage one: the identity encoder, by an additive angular margin over all people drawn (ArcFace, arXiv 1801.07698).

A mirrored person is another class, for a parting changes sides. Two further terms: portraits of one person are pulled
to their mean, and the person's traits must be linear in the embedding, so that it carries all that is seen of them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.compact.identity_network import (
    CELLS,
    CHANNELS,
    WIDTH,
    IdentityNetwork,
    as_input,
    convolution,
    new_identity_network,
)
from generator.training.backdrops import photographed
from generator.training.descent import Descent
from generator.training.device import DEVICE, half, placed
from generator.training.head.gallery import SHAPE_MODES
from generator.training.head.person import Hair
from generator.training.identity_refit import refit_head
from generator.training.identity_score import by_network, score_identities, trait_places
from generator.training.progress import Stage
from generator.training.thumbnails import Thumbnails

PEOPLE, EACH, PEAK_RATE, EMA = 32, 2, 2e-3, 0.995
SHARPNESS, MARGIN = 24.0, 0.3
PULL, TRAITS, NARROW = 1.5, 2.0, 32
REFRESH, REPORT, SCORE = 100, 100, 500  # steps


def trait_weights(total: int) -> np.ndarray:
    """(total,): how much of each can be seen; the later modes of shape hardly can."""
    weights = np.ones(total, np.float32)
    weights[10:20], weights[20:SHAPE_MODES] = 0.5, 0.2
    return weights


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    pictures: Tensor  # (n, 3, 112, 112) in -1..1, `EACH` of one person after another
    classes: Tensor  # (n,): twice the person, + 1 mirrored
    traits: Tensor  # (n, t), standardised


class Margins(nn.Module):
    """The class centres and the linear map to the traits. Centres start as a random projection of the traits, so that
    people who look alike start near each other and few portraits of each suffice.
    """

    def __init__(self, traits: Tensor, weights: Tensor) -> None:
        super().__init__()
        projection = torch.randn(traits.shape[1], WIDTH, generator=torch.Generator().manual_seed(1))
        self.centres = nn.Parameter(F.normalize((traits * weights.sqrt()) @ projection))
        self.traits = nn.Linear(WIDTH, traits.shape[1])
        with torch.no_grad():  # the projection undone
            self.traits.weight.copy_((weights.sum() / WIDTH).sqrt() * projection / weights.sqrt()[:, None])

    def forward(self, embeddings: Tensor, classes: Tensor, count: int) -> Tensor:
        """Cross-entropy over the first `count` classes; a person's mirror image is not held against them."""
        cosines = embeddings @ F.normalize(self.centres[:count]).T
        right = F.one_hot(classes, count).bool()
        logits = torch.where(right, narrowed(cosines), cosines) * SHARPNESS
        return F.cross_entropy(logits.masked_fill(F.one_hot(classes ^ 1, count).bool(), -1e4), classes)


def narrowed(cosines: Tensor) -> Tensor:
    """Of embeddings to where they belong: as if they were `MARGIN` radians farther."""
    c = cosines.clamp(-1 + 1e-6, 1 - 1e-6)
    return c * np.cos(MARGIN) - (1 - c * c).sqrt() * np.sin(MARGIN)


class Trainee(nn.Module):
    """The features with the head that they are trained through; it is left behind, see `identity_refit`."""

    def __init__(self) -> None:
        super().__init__()
        self.network = new_identity_network()
        self.narrow = convolution(CHANNELS[-1], NARROW, 1)
        self.head = nn.Linear(NARROW * CELLS, WIDTH, bias=False)
        self.spread = nn.BatchNorm1d(WIDTH, affine=False)  # without it all embeddings start out alike, and stay so

    def forward(self, pictures: Tensor) -> Tensor:
        features = self.narrow(self.network.coarse(self.network.fine(pictures)))
        return F.normalize(self.spread(self.head(features.flatten(1))).float())


class Batches:
    """Draws batches; `traits` (2 × people, t) are the standardised traits by class."""

    def __init__(self, faces: Thumbnails) -> None:
        self.faces = faces
        traits = faces.traits
        self.mean, self.std = traits.mean(0), traits.std(0)
        standard = np.where(self.std > 1e-6, (traits - self.mean) / np.maximum(self.std, 1e-6), 0).clip(-3, 3)
        part = trait_places(traits.shape[1])["hair"].start + [f.name for f in fields(Hair)].index("part")
        mirrored = standard.copy()
        mirrored[:, part] = (-traits[:, part] - self.mean[part]) / self.std[part]
        self.traits = torch.from_numpy(np.stack([standard, mirrored], 1).reshape(-1, traits.shape[1])).float()

    def draw(self, step: int) -> Batch:
        g = np.random.default_rng([3, step])
        people = g.choice(self.faces.seen, PEOPLE, replace=False)
        mirrored = g.integers(0, 2, PEOPLE).repeat(EACH)
        rows = self.faces.rows(g, people, EACH).reshape(-1)
        classes = torch.from_numpy(people.repeat(EACH) * 2 + mirrored)
        taken = [
            photographed(g, self.faces.pictures[row], turned) for row, turned in zip(rows, mirrored > 0, strict=True)
        ]
        pictures = as_input(np.stack(taken))
        return Batch(pictures.to(DEVICE), classes.to(DEVICE), self.traits[classes].to(DEVICE))


def train_identity(source: Path, held_out: Path, folder: Path, minutes: float, resume: bool) -> IdentityNetwork:
    """Trains for `minutes` on the portraits in `source`, also on those drawn meanwhile; checkpoints in `folder`.
    Returns the running average of the weights, the last layers refitted, ready to embed.
    """
    batches = Batches(Thumbnails(source, folder / "thumbnails.npy"))
    unseen = Thumbnails(held_out, folder / "held_out_thumbnails.npy")
    weights = torch.from_numpy(trait_weights(batches.traits.shape[1]))
    trainee, margins = placed(Trainee()), Margins(batches.traits, weights).to(DEVICE)
    weights = weights.to(DEVICE)
    average: Any = AveragedModel(trainee, multi_avg_fn=get_ema_multi_avg_fn(EMA), use_buffers=True)
    descent = Descent([(trainee.parameters(), PEAK_RATE), (margins.parameters(), PEAK_RATE)])
    parts = {"trainee": trainee, "margins": margins, "average": average, "optimizer": descent}
    stage = Stage("identity", folder, minutes, parts, resume)
    torch.manual_seed(stage.step)
    for step in stage.steps():
        if step % REFRESH == 0:
            batches.faces.refresh()
        losses = _losses(trainee, margins, batches.draw(step), weights, 2 * batches.faces.seen)
        (losses["margin"] + PULL * stage.done * losses["pull"] + TRAITS * losses["traits"]).backward()
        nn.utils.clip_grad_norm_(trainee.parameters(), 5.0)
        descent.step(stage.cosine(1.0))
        average.update_parameters(trainee)
        if step % REPORT == 0:
            stage.report(people=batches.faces.seen, **{name: loss.item() for name, loss in losses.items()})
        if step % SCORE == SCORE - 1:
            stage.report(**score_identities(by_network(average.module.eval()), batches.faces, unseen))
    trained = average.module.network.cpu()  # the rest is arithmetic and minutes
    refit_head(trained, batches.faces)
    stage.report(**score_identities(by_network(trained), batches.faces, unseen))
    return trained


def _losses(trainee: nn.Module, margins: Margins, batch: Batch, weights: Tensor, count: int) -> dict[str, Tensor]:
    with half():
        embeddings = trainee(batch.pictures)
    groups = embeddings.view(PEOPLE, EACH, WIDTH)
    others = F.normalize(groups.sum(1, keepdim=True) - groups, dim=-1)
    error = (margins.traits(embeddings) - batch.traits).square()
    return {
        "margin": margins(embeddings, batch.classes, count),
        "pull": 1 - (groups * others).sum(-1).mean(),
        "traits": (error * weights).sum(1).mean() / weights.sum(),
    }
