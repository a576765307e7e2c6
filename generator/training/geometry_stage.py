"""Stage: the face model in miniature, from the rig's landmarks of the portraits. Minutes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.compact.geometry import Geometry
from generator.training.device import sent
from generator.training.fitting import fit, stage_in
from generator.training.head.landmarks import PLACES
from generator.training.lessons import Lessons
from generator.training.progress import Stage

BATCH, PEAK_RATE = 256, 2e-3
BLUR = 0.25  # length of the noise on an identity of length 1: the mean of many people, rather than each by heart
PUPILS = ((3.3, 3.4, 9.7), (-3.3, 3.4, 9.7))


def new_geometry(identity: int, side: int) -> Geometry:
    """Untrained: everybody has the rig's own face at rest and does not move."""
    geometry = Geometry(identity, side)
    with torch.no_grad():
        geometry.rest.bias.copy_(torch.tensor([*PLACES.values(), *PUPILS]).flatten())
        geometry.rest.weight.mul_(0.1)
        geometry.moved.weight.zero_()
        last = geometry.both[-1]
        assert isinstance(last, nn.Linear)
        last.weight.mul_(0.1)
    return geometry


def train_geometry(
    geometry: Geometry, lessons: Lessons, unseen: Lessons, out: Path, minutes: float, resume: bool
) -> Geometry:
    size = lessons.portraits.pictures.shape[1]

    def loss(_: nn.Module, __: Stage) -> Tensor:
        rows = lessons.g.integers(0, lessons.count, BATCH)
        identity = lessons.identities(rows)
        identity = identity + torch.randn_like(identity) * (BLUR / identity.shape[1] ** 0.5)
        found = geometry.points(identity, lessons.curves(rows))
        return F.smooth_l1_loss(in_pixels(found, size), lessons.points(rows))

    def score(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Geometry)
        return {"pixels": distance(average, unseen)}

    groups = [(geometry.parameters(), PEAK_RATE)]
    average = fit(stage_in(out, "geometry", minutes, resume), geometry, groups, loss, score)
    assert isinstance(average, Geometry)
    return average


@torch.no_grad()
def distance(geometry: Geometry, lessons: Lessons) -> float:
    """Mean distance of found from true landmarks, in pixels, over people beyond the gallery's twelve."""
    rows = np.flatnonzero(lessons.people >= 12)
    identity = sent(lessons.enrolled[lessons.people[rows]])
    size = lessons.portraits.pictures.shape[1]
    found = in_pixels(geometry.points(identity, lessons.curves(rows)), size)
    return float((found - lessons.points(rows)).norm(dim=-1).mean())


def in_pixels(points: Tensor, size: int) -> Tensor:
    """(..., 2) in -1..1, y up → pixels from the upper left corner."""
    return (points * points.new_tensor([1.0, -1.0]) + 1.0) * (size / 2)
