"""The autoencoder's stage: crops of portraits, on no backdrop and on made-up ones, eyes, brows and mouth weighted."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from generator.compact.autoencoder import Autoencoder
from generator.training.backings import over
from generator.training.descent import Descent
from generator.training.device import DEVICE, LARGER, half, placed, there
from generator.training.head.landmarks import masks
from generator.training.losses import picture_loss
from generator.training.portraits import Portraits, open_portraits
from generator.training.progress import Stage

BATCH, CROP, GRID = 8, 96, 16
SPREAD_OUT = 36.0  # pixels, of crops about the face
BACKED = 0.3  # share of crops on a backdrop
PEAK_RATE, LATENT_NOISE = 1.4e-3, 0.03
BEYOND = 0.1  # how much it matters what lies beyond 0..1 and will be cut off
TEXTURE, COLOUR, SPREAD = 0.5, 3.0, 1e-3  # weights of losses beside the picture's
WEIGHTS = {"left_eye": 5.0, "right_eye": 5.0, "mouth": 4.0, "left_brow": 3.0, "right_brow": 3.0}
EVERY = 400  # steps between looks at the held-out people and at what has been drawn since


class Crops:
    """Batches of random crops from a folder that may still be filling up."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self._g = np.random.default_rng(seed)
        self.reopen()

    def reopen(self) -> None:
        """Takes in what was drawn since."""
        self.portraits = open_portraits(self.folder)

    def draw(self, count: int = BATCH) -> tuple[Tensor, Tensor]:
        """Premultiplied pictures (count, 4, CROP, CROP) in 0..1, some of them on a backdrop, and their weights
        (count, 1, CROP, CROP).
        """
        chosen = np.sort(self._g.integers(len(self.portraits.curves), size=count))
        points = self.portraits.landmarks[chosen]
        corners = self._corners(points, self.portraits.pictures.shape[1])
        weights = region_weights(points)
        cut = [(slice(y, y + CROP), slice(x, x + CROP)) for y, x in corners]
        pictures = np.stack([self.portraits.pictures[i][at] for i, at in zip(chosen, cut, strict=True)])
        weighted = np.stack([weights[i][at] for i, at in enumerate(cut)])
        return self._backed(as_tensor(pictures)), torch.from_numpy(weighted)[:, None].to(DEVICE)

    def _corners(self, points: np.ndarray, size: int) -> np.ndarray:
        """(n, 2) y, x, multiples of GRID: three in four about the face, the others anywhere."""
        about = points.astype(np.float32).mean(1)[:, ::-1] - CROP / 2
        about = np.rint((about + SPREAD_OUT * self._g.normal(size=about.shape)) / GRID).astype(int)
        steps = (size - CROP) // GRID
        anywhere = self._g.integers(0, steps + 1, about.shape)
        return np.where(self._g.uniform(size=(len(points), 1)) < 0.75, about.clip(0, steps), anywhere) * GRID

    def _backed(self, pictures: Tensor) -> Tensor:
        chosen = torch.from_numpy(self._g.uniform(size=len(pictures)) < BACKED).to(DEVICE)
        backdrops = torch.stack([self._backdrop() for _ in range(len(pictures))]).to(DEVICE)
        return torch.where(chosen[:, None, None, None], over(pictures, backdrops), pictures)

    def _backdrop(self) -> Tensor:
        """(3, CROP, CROP): a plain colour, a gradient or soft blobs."""
        cells = int(self._g.integers(1, 6))
        colour, spread = self._g.uniform(0, 1, (3, 1, 1)), self._g.uniform(0, 0.6)
        knots = np.clip(colour + spread * self._g.normal(size=(3, cells, cells)), 0, 1).astype(np.float32)
        return functional.interpolate(torch.from_numpy(knots)[None], CROP, mode="bilinear", align_corners=True)[0]


def train_autoencoder(folders: tuple[Path, Path], out: Path, minutes: float, resume: bool) -> Autoencoder:
    """Trains for `minutes` on the first of `folders`, judged by the second; checkpoints in `out`. Returns the running
    average of the weights, its `mean` and `std` set.
    """
    torch.manual_seed(0)
    model = placed(Autoencoder())
    average = deepcopy(model).requires_grad_(False)
    descent = Descent([(model.parameters(), PEAK_RATE)])
    stage = Stage("autoencoder", out, minutes, {"model": model, "average": average, "optimizer": descent}, resume)
    crops, unseen = Crops(folders[0], seed=stage.step), open_portraits(folders[1])
    for step in stage.steps():
        loss = train_step(model, descent, stage.cosine(1.0), *crops.draw(BATCH * LARGER))
        follow(average, model, step)
        if step % EVERY == 0:
            stage.report(loss=loss, **scores(average, unseen))
            crops.reopen()
    normalise(average, crops.portraits)
    stage.save()
    return average


def train_step(model: Autoencoder, descent: Descent, rate: float, pictures: Tensor, weights: Tensor) -> float:
    """One step on premultiplied pictures (n, 4, h, w) and weights (n, 1, h, w), at `rate` 0..1 of the peak rate.
    Returns the loss before it.
    """
    with half():
        latents = model.encode(there(pictures))
        drawn = model.decode(latents + LATENT_NOISE * torch.randn_like(latents)).float()
    loss = drawing_loss(drawn, pictures, weights)
    loss = loss + SPREAD * latents.float().square().mean()  # keeps raw latents near unit size
    return optimise(descent, rate, loss)


def drawing_loss(drawn: Tensor, truth: Tensor, weights: Tensor) -> Tensor:
    """What pictures (n, 4, h, w) in 0..1 are judged by, with `weights` (n, 1, h, w)."""
    within = drawn.clamp(0, 1)
    drawn = within + BEYOND * (drawn - within)
    colour = functional.avg_pool2d(drawn - truth, 8).abs().mean()
    return picture_loss(drawn, truth, weights) + TEXTURE * texture_loss(drawn, truth) + COLOUR * colour


def optimise(descent: Descent, rate: float, loss: Tensor) -> float:
    """Steps down the gradient of `loss`, which it returns."""
    loss.backward()
    nn.utils.clip_grad_norm_(descent.weights, 1.0)
    descent.step(rate)
    return loss.item()


def texture_loss(drawn: Tensor, truth: Tensor) -> Tensor:
    """How far apart the amounts of fine detail around each place are. Hair and pores come out soft without it, since
    they cannot be drawn where exactly they are.
    """
    return (detail(drawn) - detail(truth)).abs().mean()


def detail(pictures: Tensor) -> Tensor:
    """How much fine detail there is around each place of pictures (n, c, h, w): (n, 1, h/4 - 1, w/4 - 1)."""
    grey = pictures[:, :3].mean(1, keepdim=True)
    fine = grey - functional.avg_pool2d(grey, 3, 1, 1, count_include_pad=False)
    return functional.avg_pool2d((fine.square() + 1e-6).sqrt(), 8, 4)


def follow(average: nn.Module, model: nn.Module, step: int, decay: float = 0.998) -> None:
    """Moves the running average on by one step."""
    share = 1 - min(decay, (step + 1) / (step + 10))
    with torch.no_grad():
        for mean, value in zip(average.parameters(), model.parameters(), strict=True):
            mean.lerp_(value, share)


def region_weights(points: np.ndarray) -> np.ndarray:
    """Landmarks (n, k, 2) → float32 (n, 256, 256): 1, more on eyes, brows and mouth."""
    out = np.ones((len(points), 256, 256), np.float32)
    found = masks(points)
    for region, weight in WEIGHTS.items():
        np.maximum(out, weight * found[region], out=out)
    return out


def as_tensor(pictures: np.ndarray) -> Tensor:
    """uint8 (n, h, w, 4) → float (n, 4, h, w) in 0..1 on the device."""
    return torch.from_numpy(np.array(pictures)).to(DEVICE).permute(0, 3, 1, 2).float() / 255


@torch.no_grad()
def scores(model: Autoencoder, held_out: Portraits, count: int = 24) -> dict[str, float]:
    """On every n-th portrait: dB over a grey backdrop on the whole, in the eyes' and in the mouth's boxes, and the mean
    absolute error of alpha.
    """
    rows = np.arange(0, len(held_out.curves), max(len(held_out.curves) // count, 1))
    truth = as_tensor(held_out.pictures[rows])
    with half():
        drawn = torch.cat([model.decode(model.encode(there(part))).float() for part in truth.split(4)])
    drawn = drawn.clamp(0, 1)
    error = (on_grey(drawn) - on_grey(truth)).square().mean(1)
    found = {name: torch.from_numpy(mask).to(DEVICE) for name, mask in masks(held_out.landmarks[rows]).items()}
    eyes = found["left_eye"] | found["right_eye"]
    return {
        "psnr": decibels(error.mean((1, 2))),
        "eyes": decibels((error * eyes).sum((1, 2)) / eyes.sum((1, 2))),
        "mouth": decibels((error * found["mouth"]).sum((1, 2)) / found["mouth"].sum((1, 2))),
        "alpha": float((drawn - truth)[:, 3].abs().mean()),
    }


def decibels(squared: Tensor) -> float:
    """Mean PSNR of pictures with mean squared errors (n,)."""
    return float((-10 * squared.clamp(min=1e-8).log10()).mean())


def on_grey(pictures: Tensor) -> Tensor:
    """Premultiplied (n, 4, h, w) → (n, 3, h, w)."""
    return pictures[:, :3] + (1 - pictures[:, 3:]) * 0.5


@torch.no_grad()
def normalise(model: Autoencoder, portraits: Portraits, count: int = 512) -> None:
    """Sets `mean` and `std` from every n-th portrait."""
    model.mean.zero_()
    model.std.fill_(1)
    latents = encode_all(model, portraits.pictures[:: max(len(portraits.pictures) // count, 1)]).to(DEVICE)
    model.mean.copy_(latents.mean((0, 2, 3)))
    model.std.copy_(latents.std((0, 2, 3)))


@torch.no_grad()
def encode_all(model: Autoencoder, pictures: np.ndarray, batch: int = 16) -> Tensor:
    """uint8 (n, 256, 256, 4) → latents (n, 32, 16, 16)."""
    parts = [encoded(model, as_tensor(pictures[at : at + batch])) for at in range(0, len(pictures), batch)]
    return torch.cat(parts).float().cpu()


def encoded(model: Autoencoder, pictures: Tensor) -> Tensor:
    """Premultiplied (n, 4, h, w) in 0..1 → latents, in half precision where it pays."""
    with half():
        return model.encode(there(pictures))
