"""Portraits as latents, once for all: without a backdrop, and on the backing that belongs to the person."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.compact.autoencoder import Autoencoder
from generator.training.autoencoder_stage import encoded
from generator.training.backings import backed
from generator.training.device import DEVICE, placed
from generator.training.growing import write_rows
from generator.training.portraits import Portraits
from generator.training.prints import Prints

MIRRORED, BACKED = "_mirrored", "_backed"  # ends of the names of what is made of pictures turned round, or on a backing
PROBED, PROBE, LEAST = 6, 0.3, 0.1  # latents looked at; noise, in deviations; what each channel counts at least


def write_latents(
    model: Autoencoder, portraits: Portraits, prints: Prints, folder: Path, name: str, mirrored: bool
) -> None:
    """`folder/NAME.npy`, `folder/NAME_backed.npy` and, of mirrored pictures, `folder/NAME_mirrored.npy`: float16
    (n, 32, h/16, w/16). What is there already is kept, if it is of the same autoencoder: adds what was drawn since.
    Also `folder/channels.npy`, see `channel_weights`.
    """
    total = len(portraits.curves)

    def plain(rows: np.ndarray) -> Tensor:
        return encoded(model, prints.take(rows))

    def solid(rows: np.ndarray) -> Tensor:
        return encoded(model, backed(prints.take(rows), portraits.people[rows]))

    write_rows(folder / f"{name}.npy", total, plain)
    write_rows(folder / f"{name}{BACKED}.npy", total, solid)
    if mirrored:
        write_rows(folder / f"{name}{MIRRORED}.npy", total, lambda rows: plain(rows + total))
    if not (folder / "channels.npy").exists():
        np.save(folder / "channels.npy", channel_weights(model, np.load(folder / f"{name}.npy", mmap_mode="r")))


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


def load_autoencoder(path: Path) -> Autoencoder:
    """The running average of an autoencoder's stage."""
    model = placed(Autoencoder())
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True)["average"])
    return model.requires_grad_(False)
