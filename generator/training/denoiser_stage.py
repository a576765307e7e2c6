"""Stage three: the denoiser, on latents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from rich.progress import track
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.autoencoder import Autoencoder
from generator.denoiser import Denoiser, new_unet
from generator.training.batches import picture_tensor
from generator.training.dataset import Dataset
from generator.training.denoising import Tasks
from generator.training.progress import Stage
from generator.training.scores import score

BATCH, PEAK_RATE, EMA = 32, 1.2e-3, 0.998
CURVES, LAYOUT_CHANNELS = 55, 16


def new_denoiser(latent_channels: int, latent_size: int) -> Denoiser:
    torch.manual_seed(0)
    return Denoiser(
        new_unet(latent_channels, LAYOUT_CHANNELS, CURVES, latent_size), CURVES, LAYOUT_CHANNELS, latent_size
    )


def train_denoiser(
    data: Dataset,
    held_out: Dataset,
    autoencoder: Autoencoder,
    folder: Path,
    minutes: float,
    resume: bool,
    device: torch.device,
) -> Denoiser:
    """Trains for `minutes`; returns the running average of the weights."""
    latents = encode_all(autoencoder, data, folder, device)
    model = new_denoiser(latents.shape[1], latents.shape[2]).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average: Any = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(EMA))
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=1e-2)
    stage = Stage("denoiser", folder, minutes, {"model": model, "average": average, "optimizer": optimizer}, resume)
    tasks = Tasks(data, latents, stage.step, device)
    for step in stage.steps():
        for group in optimizer.param_groups:
            group["lr"] = stage.cosine(PEAK_RATE)
        task = tasks.draw(BATCH)
        with torch.autocast(device.type, torch.bfloat16):
            drawn = model(
                task.noisy.contiguous(memory_format=torch.channels_last), task.level, task.identity, task.curves
            )
        loss = (tasks.weights(task, latents.shape[2]) * (drawn.float() - task.clean).square()).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(model)
        if step % 500 == 0:
            stage.report(loss=loss.item(), **score(average.module, autoencoder, held_out, device))
    return average.module


@torch.no_grad()
def encode_all(autoencoder: Autoencoder, data: Dataset, folder: Path, device: torch.device) -> Tensor:
    """(N, c, h, w) float16 on the CPU; kept in `folder`, since the encoder no longer changes."""
    path = folder / "latents.pt"
    if path.exists() and path.stat().st_mtime > (folder / "autoencoder.pt").stat().st_mtime:
        return torch.load(path, weights_only=True)
    parts = []
    for at in track(range(0, len(data.pictures), 64), "encode"):
        pictures = picture_tensor(data.pictures[at : at + 64], device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            parts.append(autoencoder.encode(pictures).half().cpu())
    torch.save(torch.cat(parts), path)
    return torch.cat(parts)
