"""Whom a lesson is about, from other pictures of them: so the identity encoder learns what drawing needs to know.

A margin between people alone (ArcFace) makes an encoder know them by whatever is easiest to tell. How the picture of
somebody comes out depends on all the rest as well: how full the hair is, how dark the skin. That is learned here,
through the denoiser; a margin between those in a batch keeps people apart meanwhile.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from generator.training.device import DEVICE
from generator.training.identity_stage import SHARPNESS, narrowed
from generator.training.lessons import SHOWN, Lesson, Lessons
from generator.training.likeness import Likeness

APART = 0.3  # the margin's pull at the embeddings, beside the drawing's of 1


def acquainted(encoder: Likeness, lessons: Lessons, lesson: Lesson) -> Tensor:
    """What `encoder` makes of the portraits shown, (n, 512) of unit length, to be learned through. Of pairs all
    portraits are looked at and people are kept apart; otherwise, who are twice as many, one each.
    """
    shown = lesson.shown if lesson.paired else lesson.shown[:, :1]
    found = encoder(lessons.prints.take(shown.ravel())).float().view(*shown.shape, -1)
    if lesson.paired and found.requires_grad:
        keep_apart(found)
    identity = functional.normalize(found.sum(1))
    return identity.repeat_interleave(1 + lesson.paired, 0)


def keep_apart(embeddings: Tensor) -> None:
    """Of two portraits each, (n, 2, 512): whatever gradient comes to `embeddings` gets `APART` times as much towards
    the margin.
    """
    assert embeddings.shape[1] == SHOWN
    ones = embeddings.detach().requires_grad_(True)
    with torch.autocast(DEVICE.type, enabled=False):  # of cosines near 1, half precision leaves nothing to learn from
        pull = torch.autograd.grad(confusion(ones), ones)[0]
    embeddings.register_hook(lambda drawing: drawing + APART * drawing.norm() / pull.norm().clamp(min=1e-12) * pull)


def confusion(embeddings: Tensor) -> Tensor:
    """How far those of one portrait (n, 2, 512) are from being told, by a margin, whose the others are."""
    cosines = embeddings[:, 0] @ embeddings[:, 1].T
    own = torch.eye(len(cosines), dtype=torch.bool, device=cosines.device)
    logits = torch.where(own, narrowed(cosines), cosines) * SHARPNESS
    right = torch.arange(len(cosines), device=cosines.device)
    return (functional.cross_entropy(logits, right) + functional.cross_entropy(logits.T, right)) / 2
