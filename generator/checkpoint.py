"""What a model folder holds, checked on load.

facebridge.json                      what the model is: see `Card`
denoiser/config.json                 diffusers' UNet2DConditionModel
denoiser/diffusion_pytorch_model.safetensors
adapters.safetensors                 identity tokens, expression tokens, layout, decoupled attention
autoencoder/config.json              diffusers' AutoencoderTiny
autoencoder/diffusion_pytorch_model.safetensors
identities.safetensors               name → (512,) unit vector
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from generator.errors import Explained

WEIGHTS = Path(__file__).parent / "weights"
FILES = (
    "facebridge.json", "adapters.safetensors", "identities.safetensors", "denoiser/config.json",
    "denoiser/diffusion_pytorch_model.safetensors", "autoencoder/config.json",
    "autoencoder/diffusion_pytorch_model.safetensors",
)  # fmt: skip


class CheckpointError(Explained):
    """A model folder that cannot be used; says which file and why."""


@dataclass(frozen=True, slots=True)
class Card:
    """`facebridge.json`. Sizes in pixels and latents; `latent_mean`/`latent_std` per channel of the raw latent."""

    name: str
    basis: str
    size: int
    latent_size: int
    latent_channels: int
    layout_channels: int
    default_steps: int
    reuse_floor: int
    latent_mean: tuple[float, ...]
    latent_std: tuple[float, ...]
    identities: dict[str, str]  # name → description, in order


def model_folder(model: str) -> Path:
    """The folder of a built-in model by name, or `model` as a path."""
    built_in = WEIGHTS / model
    return built_in if built_in.is_dir() else Path(model)


def read_card(folder: Path) -> Card:
    """Checks that every file is there and reads the card. Raises CheckpointError."""
    if not folder.is_dir():
        cards = sorted(WEIGHTS.glob("*/facebridge.json"))
        names = ", ".join(card.parent.name for card in cards) or "none"
        raise CheckpointError(f"no model folder {folder} (built in: {names}, testcard)")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise CheckpointError(f"{folder} is not a complete model: missing {', '.join(missing)}")
    path = folder / "facebridge.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        card = Card(**{f.name: raw[f.name] for f in fields(Card)})
    except json.JSONDecodeError as error:
        raise CheckpointError(f"{path} is not JSON: {error}") from error
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{path}: missing or odd entry {error}") from error
    if not len(card.latent_mean) == len(card.latent_std) == card.latent_channels:
        raise CheckpointError(f"{path}: latent_mean and latent_std need {card.latent_channels} numbers each")
    return card


def write_card(card: Card, folder: Path) -> None:
    (folder / "facebridge.json").write_text(
        json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def read_identities(folder: Path, card: Card) -> dict[str, np.ndarray]:
    """Name → (512,) float32 of unit length, in the card's order. Raises CheckpointError."""
    path = folder / "identities.safetensors"
    try:
        vectors = load_file(path)
    except SafetensorError as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    odd = [name for name in card.identities if name not in vectors or vectors[name].shape != (512,)]
    if odd:
        raise CheckpointError(f"{path}: no vector of 512 numbers for {', '.join(odd)}")
    return {name: vectors[name].astype(np.float32) for name in card.identities}
