"""Decoders alone, on the autoencoder's latents, which stay as they are: the whole-size one longer, or the small one."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from generator.compact.autoencoder import Autoencoder, SmallDecoder
from generator.training.autoencoder_stage import (
    BATCH,
    LATENT_NOISE,
    Crops,
    as_tensor,
    decibels,
    drawing_loss,
    follow,
    on_device,
    on_grey,
    optimise,
)
from generator.training.descent import Descent
from generator.training.device import LARGER, half, there
from generator.training.portraits import Casting, Portraits, open_portraits
from generator.training.progress import Stage

EVERY = 400  # steps between looks at the held-out people
Decoder = Autoencoder | SmallDecoder


def train_decoder(
    data: Path, folders: tuple[Path, Path], casting: Casting, encoder: Autoencoder, model: Decoder, out: Path,
    minutes: float, resume: bool, rate: float,
) -> Decoder:  # fmt: skip
    """Trains `model` for `minutes` on the first of `folders`, which `casting` filled, judged by the second; checkpoints
    in `out`. Of an `Autoencoder` only what decodes changes. Returns the running average of the weights.
    """
    torch.manual_seed(0)
    if isinstance(model, Autoencoder):
        model.encoder.requires_grad_(False)
    average = deepcopy(model).requires_grad_(False)
    descent = Descent([((p for p in model.parameters() if p.requires_grad), rate)])
    parts = {"model": model, "average": average, "optimizer": descent}
    stage = Stage(f"decoder_{_scale(model)}", out, minutes, parts, resume)
    crops = Crops(data, folders[0], casting, seed=1_000_000 * _scale(model) + stage.step)
    for step in stage.steps():
        loss = decoder_step(encoder, model, descent, stage.cosine(1.0), *on_device(crops.draw(BATCH * LARGER)))
        follow(average, model, step)
        if step % EVERY == 0:
            stage.report(loss=loss, psnr=decoder_score(encoder, average, open_portraits(folders[1])))
            crops.reopen()
    return average


def decoder_step(
    encoder: Autoencoder, model: Decoder, descent: Descent, rate: float, pictures: Tensor, weights: Tensor
) -> float:
    """One step on whole-size premultiplied crops (n, 4, h, w), at `rate` 0..1 of the peak rate. Returns the loss before
    it.
    """
    with half():
        with torch.no_grad():
            latents = encoder.encode(there(pictures))
        drawn = _draw(model, latents + LATENT_NOISE * torch.randn_like(latents)).float()
    scale = _scale(model)
    loss = drawing_loss(drawn, functional.avg_pool2d(pictures, scale), functional.avg_pool2d(weights, scale))
    return optimise(descent, rate, loss)


@torch.no_grad()
def decoder_score(encoder: Autoencoder, model: Decoder, held_out: Portraits, count: int = 24) -> float:
    """dB over a grey backdrop, of every n-th portrait at the decoder's size."""
    rows = np.arange(0, len(held_out.curves), max(len(held_out.curves) // count, 1))
    truth = as_tensor(held_out.pictures[rows])
    with half():
        drawn = torch.cat([_draw(model, encoder.encode(there(part))).float().cpu() for part in truth.split(4)])
    error = on_grey(drawn.clamp(0, 1)) - on_grey(functional.avg_pool2d(truth, _scale(model)))
    return decibels(error.square().mean((1, 2, 3)))


def _draw(model: Decoder, latents: Tensor) -> Tensor:
    return model.decode(latents) if isinstance(model, Autoencoder) else model(latents)


def _scale(model: Decoder) -> int:
    """How many times smaller than portraits its pictures are."""
    return 1 if isinstance(model, Autoencoder) else 2
