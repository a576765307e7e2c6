"""The compact model's torch modules, written to and read from a model folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from generator.checkpoint import CheckpointError
from generator.compact.autoencoder import Autoencoder, SmallDecoder
from generator.compact.card import AUTOENCODER, DENOISER, SMALL, UNET, Card
from generator.compact.denoiser import Denoiser

M = TypeVar("M", bound=nn.Module)


def save_network(denoiser: Denoiser, autoencoder: Autoencoder, small: SmallDecoder, folder: Path) -> None:
    """Writes weights as bfloat16: half the size, and what they were trained in."""
    config = {key: value for key, value in dict(denoiser.unet.config).items() if not key.startswith("_")}
    (folder / UNET).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    for name, module in ((DENOISER, denoiser), (AUTOENCODER, autoencoder), (SMALL, small)):
        _write(module.state_dict(), folder / name)


def load_denoiser(folder: Path, card: Card) -> Denoiser:
    """In float32, in evaluation mode. Raises CheckpointError naming the file and what does not fit."""
    try:
        config: Any = json.loads((folder / UNET).read_text(encoding="utf-8"))
        unet: Any = UNet2DConditionModel.from_config(config)
    except (json.JSONDecodeError, ValueError, TypeError) as error:
        raise CheckpointError(f"{folder / UNET} is no configuration of a UNet: {error}") from error
    return _filled(Denoiser(unet, card.layout_channels), folder / DENOISER)


def load_autoencoder(folder: Path) -> Autoencoder:
    """As `load_denoiser`."""
    return _filled(Autoencoder(), folder / AUTOENCODER)


def load_small_decoder(folder: Path) -> SmallDecoder:
    """As `load_denoiser`."""
    return _filled(SmallDecoder(), folder / SMALL)


def _write(state: Mapping[str, Tensor], path: Path) -> None:
    save_file({k: v.detach().cpu().bfloat16().contiguous() for k, v in state.items()}, path)


def _filled(module: M, path: Path) -> M:
    try:
        state = {k: v.float() for k, v in load_file(path).items()}
    except SafetensorError as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    own = module.state_dict()
    odd = [f"{k} {tuple(state[k].shape)}, not {tuple(v.shape)}" for k, v in own.items()
           if k in state and state[k].shape != v.shape]  # fmt: skip
    missing, extra = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
    for fault, names in (("missing tensors", missing), ("unknown tensors", extra), ("shapes", odd)):
        if names:
            raise CheckpointError(f"{path}: {fault}: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}")
    module.load_state_dict(state)
    return module.eval().requires_grad_(False)


def to_bytes(pictures: Tensor) -> Tensor:
    """(n, channels, h, w), about 0..1 → uint8 (n, h, w, channels)."""
    return (pictures.float() * 255).clamp(0, 255).round().to(torch.uint8).permute(0, 2, 3, 1)
