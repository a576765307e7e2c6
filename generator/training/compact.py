"""The compact model from nothing: render, autoencoder, denoiser, both together, export. Every stage resumes where it
was cut off.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from generator.training.autoencoder_stage import train_autoencoder
from generator.training.dataset import render_dataset
from generator.training.denoiser_stage import train_denoiser
from generator.training.export import export_compact
from generator.training.joint_stage import train_jointly

NEEDED = ("ict/ict_facekit.npz", "captures/*.csv")


@dataclass(frozen=True)
class Recipe:
    """How much of everything. A round is `block` pictures of each of the 24 people; times are minutes."""

    size: int = 128
    rounds: int = 20
    block: int = 50
    autoencoder: float = 14.0
    denoiser: float = 28.0
    joint: float = 65.0
    workers: int = 2


def train_compact(source: Path, out: Path, recipe: Recipe, resume: bool) -> Path:
    """Trains from the rig and recordings in `source`, working in `out`; returns the model's folder."""
    missing = [name for name in NEEDED if not any(source.glob(name))]
    if missing:
        raise FileNotFoundError(f"training draws its own pictures, and {source} lacks {', '.join(missing)}")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    held_out = render_dataset(
        source, out / "held_out", 1, recipe.block, recipe.size, held_out=True, workers=recipe.workers
    )
    data = render_dataset(source, out / "train", recipe.rounds, recipe.block, recipe.size, workers=recipe.workers)
    autoencoder = train_autoencoder(data, held_out, out / "checkpoints", recipe.autoencoder, resume, device)
    denoiser = train_denoiser(data, held_out, autoencoder, out / "checkpoints", recipe.denoiser, resume, device)
    pair = train_jointly(data, held_out, denoiser, autoencoder, out / "checkpoints", recipe.joint, resume, device)
    return export_compact(pair.denoiser, pair.autoencoder, recipe.size, out / "model")
