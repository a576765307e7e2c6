"""One denoising task: what the network is shown and what it must answer, fresh noise and reused latents alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from generator.sampler import COMPACT, LEVELS, PURE_NOISE
from generator.training.dataset import Dataset
from generator.training.regions import loss_weights
from generator.training.renderer.person import identity_vector, people
from protocol.blendshapes import INDEX

FROM_NOISE, FROM_ANOTHER = 0.5, 0.3  # the rest starts from the frame itself, as later steps do
FAINT = (
    "cheekPuff",
    "mouthPucker",
    "mouthFrownLeft",
    "mouthFrownRight",
    "browDownLeft",
    "browDownRight",
    "browInnerUp",
)
"""Curves that change few pixels, or all of them a little: learned last, so shown more often."""


@dataclass(frozen=True)
class Task:
    """n samples: the noisy latent and its level, the conditions, the clean latent, and which pictures these are."""

    noisy: Tensor
    level: Tensor
    identity: Tensor
    curves: Tensor
    clean: Tensor
    rows: np.ndarray


class Tasks:
    """Draws tasks. Reuse is learned here: some samples start from another frame of the same person, re-noised."""

    def __init__(self, data: Dataset, latents: Tensor, seed: int, device: torch.device) -> None:
        self.data, self.latents, self.device = data, latents, device
        self.g = np.random.default_rng([2, seed])
        self.noise = torch.Generator(device).manual_seed(seed)
        self.identities = torch.from_numpy(np.stack([identity_vector(p) for p in people()]))
        faint = data.curves[:, [INDEX[name] for name in FAINT]].max(1).clip(0, 1)
        self.chances = np.cumsum((1 + 3 * faint) / (1 + 3 * faint).sum())
        self.frames_of = [np.flatnonzero(data.people == i) for i in range(len(people()))]

    def draw(self, count: int) -> Task:
        rows = np.searchsorted(self.chances, self.g.uniform(size=count)).clip(max=len(self.latents) - 1)
        clean = self.latents[rows].to(self.device).float()
        kind = self.g.uniform(size=count)
        another = np.array([self.g.choice(self.frames_of[self.data.people[r]]) for r in rows])
        start = np.where(kind < FROM_NOISE + FROM_ANOTHER, another, rows)
        level = torch.from_numpy(np.where(kind < FROM_NOISE, PURE_NOISE, self.g.integers(50, LEVELS, count))).to(
            self.device
        )
        noise = torch.randn(clean.shape, generator=self.noise, device=self.device)
        return Task(
            COMPACT.noised(self.latents[start].to(self.device).float(), noise, level), level,
            self.identities[self.data.people[rows]].to(self.device),
            torch.from_numpy(self.data.curves[rows]).to(self.device), clean, rows,
        )  # fmt: skip

    def weights(self, task: Task, size: int) -> Tensor:
        """Loss weights (n, 1, size, size)."""
        return torch.from_numpy(loss_weights(self.data.curves[task.rows], size)).to(self.device)
