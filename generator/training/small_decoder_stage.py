"""The small decoder's stage: the autoencoder's latents, which stay as they are, drawn at half the size."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generator.compact.autoencoder import Autoencoder, SmallDecoder
from generator.training.autoencoder_stage256 import (
    LATENT_NOISE,
    PEAK_RATE,
    Crops,
    as_tensor,
    decibels,
    drawing_loss,
    follow,
    on_grey,
    optimise,
)
from generator.training.portraits import Casting, Portraits, open_portraits
from generator.training.progress import Stage

EVERY = 300  # steps between looks at the held-out people


def train_small_decoder(
    data: Path, folders: tuple[Path, Path], casting: Casting, autoencoder: Autoencoder, out: Path, minutes: float,
    resume: bool,
) -> SmallDecoder:  # fmt: skip
    """Trains for `minutes` on the first of `folders`, which `casting` filled, judged by the second; checkpoints in
    `out`. Returns the running average of the weights.
    """
    torch.manual_seed(0)
    model = SmallDecoder().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
    average = deepcopy(model).requires_grad_(False)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=1e-4)
    stage = Stage("small_decoder", out, minutes, {"model": model, "average": average, "optimizer": optimizer}, resume)
    crops = Crops(data, folders[0], casting, seed=stage.step + 1)
    for step in stage.steps():
        for group in optimizer.param_groups:
            group["lr"] = stage.cosine(PEAK_RATE)
        loss = small_step(autoencoder, model, optimizer, *crops.draw())
        follow(average, model, step)
        if step % EVERY == 0:
            stage.report(loss=loss, psnr=small_score(autoencoder, average, open_portraits(folders[1])))
    return average


def small_step(
    autoencoder: Autoencoder, model: SmallDecoder, optimizer: torch.optim.Optimizer, pictures: Tensor, weights: Tensor
) -> float:
    """One step on whole-size crops (n, 4, h, w). Returns the loss before it."""
    with torch.autocast("cpu", torch.bfloat16):
        with torch.no_grad():
            latents = autoencoder.encode(pictures.contiguous(memory_format=torch.channels_last))
        drawn = model(latents + LATENT_NOISE * torch.randn_like(latents)).float()
    loss = drawing_loss(drawn, functional.avg_pool2d(pictures, 2), functional.avg_pool2d(weights, 2))
    return optimise(model, optimizer, loss)


@torch.no_grad()
def small_score(autoencoder: Autoencoder, model: SmallDecoder, held_out: Portraits, count: int = 24) -> float:
    """dB over a grey backdrop, of every n-th portrait at half its size."""
    rows = np.arange(0, len(held_out.curves), max(len(held_out.curves) // count, 1))
    truth = as_tensor(held_out.pictures[rows])
    with torch.autocast("cpu", torch.bfloat16):
        drawn = torch.cat([model(autoencoder.encode(part)).float() for part in truth.split(4)]).clamp(0, 1)
    return decibels((on_grey(drawn) - on_grey(functional.avg_pool2d(truth, 2))).square().mean((1, 2, 3)))
