"""The last stage: the trained pair as a model folder that the generator loads."""

from __future__ import annotations

from pathlib import Path

from safetensors.numpy import save_file

from generator.autoencoder import Autoencoder
from generator.checkpoint import Card, write_card
from generator.compact_network import save_network
from generator.denoiser import Denoiser
from generator.training.renderer.person import GALLERY, identity_vector

REUSE_FLOOR = 600  # the least noise put on a reused latent; docs/compact-model.md has what other floors give


def export_compact(denoiser: Denoiser, autoencoder: Autoencoder, size: int, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    card = Card(
        name="compact", basis="arkit55", size=size, latent_size=denoiser.latent_size,
        latent_channels=len(autoencoder.mean),
        layout_channels=denoiser.layout_channels, default_steps=1, reuse_floor=REUSE_FLOOR,
        latent_mean=tuple(round(float(v), 6) for v in autoencoder.mean), latent_std=tuple(round(float(v),
        6) for v in autoencoder.std),
        identities={person.name: person.about for person in GALLERY},
    )  # fmt: skip
    save_network(denoiser, autoencoder, folder)
    save_file({person.name: identity_vector(person) for person in GALLERY}, folder / "identities.safetensors")
    write_card(card, folder)
    return folder
