"""Stage two: the autoencoder, on crops, mouth and eyes weighted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from generator.autoencoder import Autoencoder, new_autoencoder
from generator.training.batches import crops, picture_tensor
from generator.training.dataset import Dataset
from generator.training.losses import picture_loss
from generator.training.progress import Stage

BATCH, CROP, PEAK_RATE, LATENT_NOISE = 16, 96, 1.6e-3, 0.03


def train_autoencoder(
    data: Dataset, held_out: Dataset, folder: Path, minutes: float, resume: bool, device: torch.device
) -> Autoencoder:
    """Trains for `minutes`, then measures the latents' mean and deviation; checkpoints in `folder`."""
    torch.manual_seed(0)
    model = new_autoencoder().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=1e-4)
    stage = Stage("autoencoder", folder, minutes, {"model": model, "optimizer": optimizer}, resume)
    g = np.random.default_rng([1, stage.step])
    for step in stage.steps():
        for group in optimizer.param_groups:
            group["lr"] = stage.cosine(PEAK_RATE)
        pictures, weights = crops(g, data, BATCH, CROP, device)
        with torch.autocast(device.type, torch.bfloat16):
            latents = model.encode(pictures.contiguous(memory_format=torch.channels_last))
            drawn = model.decode(latents + LATENT_NOISE * torch.randn_like(latents))
        loss = picture_loss(drawn.float(), pictures, weights) + _spread(latents.float())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 200 == 0:
            stage.report(loss=loss.item(), psnr=psnr(model, held_out, device))
    if not model.std.ne(1).any():
        _normalise(model, data, device)
        stage.save()
    return model


def _spread(latents: Tensor) -> Tensor:
    """Keeps raw latents near unit size, inside the decoder's soft clamp at 3."""
    return 1e-3 * latents.square().mean()


@torch.no_grad()
def psnr(model: Autoencoder, data: Dataset, device: torch.device, count: int = 48) -> float:
    """dB over every n-th picture, autoencoder alone."""
    pictures = picture_tensor(data.pictures[:: max(len(data.pictures) // count, 1)], device)
    error = (model.decode(model.encode(pictures)).clamp(0, 1) - pictures).square().mean((1, 2, 3))
    return float((-10 * error.log10()).mean())


@torch.no_grad()
def _normalise(model: Autoencoder, data: Dataset, device: torch.device) -> None:
    model.mean.zero_()
    model.std.fill_(1)
    latents = model.encode(picture_tensor(data.pictures[:: max(len(data.pictures) // 512, 1)], device))
    model.mean.copy_(latents.mean((0, 2, 3)))
    model.std.copy_(latents.std((0, 2, 3)))
