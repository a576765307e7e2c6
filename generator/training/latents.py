"""Portraits as latents, once for all: without a backdrop, and on the backing that belongs to the person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from generator.compact.autoencoder import FACTOR, LATENTS, Autoencoder
from generator.training.autoencoder_stage import encode_all
from generator.training.backings import backed
from generator.training.device import DEVICE, placed
from generator.training.portraits import Portraits

CHUNK = 64
PROBED, PROBE, LEAST = 6, 0.3, 0.1  # latents looked at; noise, in deviations; what each channel counts at least


def write_latents(
    model: Autoencoder, portraits: Portraits, folder: Path, name: str, backed_ones: int | None = None
) -> None:
    """`folder/NAME.npy` and, of the first `backed_ones` or all, `folder/NAME_backed.npy`, float16 (n, 32, h/16, w/16).
    What is there already is kept, if it is of the same autoencoder: adds what was drawn since. Also
    `folder/channels.npy`, see `channel_weights`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    total = len(portraits.curves)
    _write(model, portraits, folder / f"{name}.npy", total, solid=False)
    _write(model, portraits, folder / f"{name}_backed.npy", total if backed_ones is None else backed_ones, solid=True)
    if not (folder / "channels.npy").exists():
        np.save(folder / "channels.npy", channel_weights(model, np.load(folder / f"{name}.npy", mmap_mode="r")))


def _write(model: Autoencoder, portraits: Portraits, path: Path, total: int, solid: bool) -> None:
    shape = (total, LATENTS, *_side(portraits))
    known = np.load(path, mmap_mode="r") if path.exists() else np.zeros((0, *shape[1:]), np.float16)
    if len(known) >= total:
        return
    partial = path.with_suffix(".partial.npy")
    latents = np.lib.format.open_memmap(partial, "w+", np.float16, shape)
    latents[: len(known)] = known
    for at in range(len(known), total, CHUNK):
        rows = slice(at, min(at + CHUNK, total))
        pictures = np.asarray(portraits.pictures[rows])
        if solid:
            pictures = backed(pictures, portraits.people[rows])
        latents[rows] = encode_all(model, pictures).numpy().astype(np.float16)
    latents.flush()
    partial.replace(path)


@torch.no_grad()
def channel_weights(model: Autoencoder, latents: np.ndarray) -> np.ndarray:
    """How much of a picture hangs on each channel: float32 (c,), 1 on average, from what a little noise in it does to
    the pixels of some latents (n, c, h, w).

    Each channel varies alike, and one of them can move the pixels a hundred times as much as another: an error counted
    without these is mostly one that nobody sees.
    """
    clean = torch.from_numpy(latents[:: max(len(latents) // PROBED, 1)][:PROBED].astype(np.float32)).to(DEVICE)
    noise = (torch.randn(clean[:, 0].shape, generator=torch.Generator().manual_seed(0)) * PROBE).to(DEVICE)
    plain, moved = model.decode(clean), []
    for channel in range(clean.shape[1]):
        probed = clean.clone()
        probed[:, channel] += noise
        moved.append(float((model.decode(probed) - plain).square().mean()))
    weights = np.array(moved, np.float32)
    return weights / weights.mean() + LEAST


def _side(portraits: Portraits) -> tuple[int, int]:
    side = portraits.pictures.shape[1] // FACTOR
    return side, side


def load_autoencoder(path: Path) -> Autoencoder:
    """The running average of an autoencoder's stage."""
    model = placed(Autoencoder())
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["average"])
    return model.requires_grad_(False)
