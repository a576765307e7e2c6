"""Stage four: denoiser and decoder together, on what is seen: the loss is taken on pictures, cut out to spare time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.autoencoder import FACTOR, Autoencoder
from generator.denoiser import Denoiser
from generator.training.batches import picture_tensor
from generator.training.dataset import Dataset
from generator.training.denoiser_stage import encode_all
from generator.training.denoising import Task, Tasks
from generator.training.losses import picture_loss
from generator.training.progress import Stage
from generator.training.scores import score

BATCH, EMA, ANCHOR = 24, 0.998, 0.01
PEAK_RATES = 3e-4, 8e-4  # denoiser, decoder
WINDOW = 10  # latents; 80 pixels


class Pair(nn.Module):
    """Trained as one; the encoder stays as it is, so that latents keep their meaning."""

    def __init__(self, denoiser: Denoiser, autoencoder: Autoencoder) -> None:
        super().__init__()
        self.denoiser, self.autoencoder = denoiser, autoencoder
        autoencoder.tiny.encoder.requires_grad_(False)


def train_jointly(
    data: Dataset,
    held_out: Dataset,
    denoiser: Denoiser,
    autoencoder: Autoencoder,
    folder: Path,
    minutes: float,
    resume: bool,
    device: torch.device,
) -> Pair:
    """Trains for `minutes`; returns the running average of both."""
    latents = encode_all(autoencoder, data, folder, device)
    pair = Pair(denoiser, autoencoder).to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average: Any = AveragedModel(pair, multi_avg_fn=get_ema_multi_avg_fn(EMA))
    trained = [p for p in pair.parameters() if p.requires_grad]
    groups = [{"params": list(part.parameters())} for part in (denoiser, autoencoder.tiny.decoder)]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=1e-2)
    stage = Stage("joint", folder, minutes, {"pair": pair, "average": average, "optimizer": optimizer}, resume)
    tasks = Tasks(data, latents, 10_000_000 + stage.step, device)
    for step in stage.steps():
        for group, peak in zip(optimizer.param_groups, PEAK_RATES, strict=True):
            group["lr"] = stage.cosine(peak, floor=0.01)
        loss = _loss(pair, tasks, tasks.draw(BATCH), data, device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        average.update_parameters(pair)
        if step % 300 == 0:
            best = average.module
            stage.report(loss=loss.item(), **score(best.denoiser, best.autoencoder, held_out, device))
    return average.module


def _loss(pair: Pair, tasks: Tasks, task: Task, data: Dataset, device: torch.device) -> Tensor:
    size = data.pictures.shape[1]
    top, left = tasks.g.integers(0, size // FACTOR - WINDOW + 1, 2)
    window = (slice(top, top + WINDOW), slice(left, left + WINDOW))
    pixels = tuple(slice(w.start * FACTOR, w.stop * FACTOR) for w in window)
    with torch.autocast(device.type, torch.bfloat16):
        clean = pair.denoiser(
            task.noisy.contiguous(memory_format=torch.channels_last), task.level, task.identity, task.curves
        )
        drawn = pair.autoencoder.decode(clean[:, :, *window].contiguous(memory_format=torch.channels_last))
    truth = picture_tensor(np.stack([data.pictures[r][pixels] for r in task.rows]), device)
    weights = tasks.weights(task, size)[:, :, *pixels]
    return picture_loss(drawn.float(), truth, weights) + ANCHOR * (clean.float() - task.clean).square().mean()
