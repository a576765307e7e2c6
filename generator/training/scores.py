"""Quick scores in training: one step from pure noise on held-out expressions, against the renders."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from generator.autoencoder import Autoencoder
from generator.denoiser import Denoiser
from generator.sampler import PURE_NOISE
from generator.training.batches import picture_tensor
from generator.training.dataset import Dataset
from generator.training.regions import region_masks
from generator.training.renderer.person import identity_vector, people


@torch.no_grad()
def score(
    denoiser: Denoiser, autoencoder: Autoencoder, data: Dataset, device: torch.device, count: int = 72
) -> dict[str, float]:
    """Mean dB over `count` spread-out pictures: whole, mouth, eyes, and whole when neutral curves are given instead."""
    rows = np.linspace(0, len(data.pictures) - 1, count).astype(int)
    truth = picture_tensor(data.pictures[rows], device)
    curves = torch.from_numpy(data.curves[rows]).to(device)
    drawn = draw(denoiser, autoencoder, data.people[rows], curves)
    still = torch.cat([torch.zeros_like(curves[:, :52]), curves[:, 52:]], 1)
    mouth, eyes = (torch.from_numpy(m).to(device) for m in region_masks(data.curves[rows], truth.shape[-1]))
    whole = torch.ones_like(mouth)
    error = (drawn - truth).square().mean(1)
    neutral_error = (draw(denoiser, autoencoder, data.people[rows], still) - truth).square().mean(1)
    return {
        "psnr": decibel(error, whole),
        "mouth": decibel(error, mouth),
        "eyes": decibel(error, eyes),
        "neutral": decibel(neutral_error, whole),
    }


def draw(denoiser: Denoiser, autoencoder: Autoencoder, who: np.ndarray, curves: Tensor, seed: int = 0) -> Tensor:
    """One step from noise: (n, 3, h, w) in 0..1."""
    side, channels = denoiser.latent_size, len(autoencoder.mean)
    noise = torch.randn(1, channels, side, side, generator=torch.Generator().manual_seed(seed)).to(curves.device)
    everyone = torch.from_numpy(np.stack([identity_vector(p) for p in people()])).to(curves.device)
    level = torch.full((len(curves),), PURE_NOISE, device=curves.device)
    clean = denoiser(noise.expand(len(curves), -1, -1, -1), level, everyone[who], curves)
    return autoencoder.decode(clean).clamp(0, 1)


def decibel(error: Tensor, mask: Tensor) -> float:
    """Mean over pictures of the PSNR inside `mask` (n, h, w) for squared errors (n, h, w) of values in 0..1."""
    inside = (error * mask).sum((1, 2)) / mask.sum((1, 2))
    return float((-10 * inside.log10()).mean())
