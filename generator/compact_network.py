"""The compact model as torch modules: written to and read from a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from generator.autoencoder import Autoencoder
from generator.checkpoint import Card, CheckpointError
from generator.denoiser import Denoiser
from protocol.blendshapes import BASES

WEIGHTS_NAME = "diffusion_pytorch_model.safetensors"
ADAPTER_PARTS = ("identity_tokens.", "expression_tokens.", "layout.")


def is_adapter(key: str) -> bool:
    """Whether a denoiser's tensor lies in `adapters.safetensors`, not in the plain UNet's file."""
    return key.startswith(ADAPTER_PARTS) or "_ip." in key


def save_network(denoiser: Denoiser, autoencoder: Autoencoder, folder: Path) -> None:
    """Writes weights as bfloat16: half the size, and what they were trained in."""
    denoiser.unet.save_config(folder / "denoiser")
    autoencoder.tiny.save_config(folder / "autoencoder")
    state = {k: v for k, v in denoiser.state_dict().items() if not k.startswith("unet.encoder_hid_proj")}
    base = {k.removeprefix("unet."): v for k, v in state.items() if not is_adapter(k)}
    _write(base, folder / "denoiser" / WEIGHTS_NAME)
    _write({k: v for k, v in state.items() if is_adapter(k)}, folder / "adapters.safetensors")
    _write(autoencoder.tiny.state_dict(), folder / "autoencoder" / WEIGHTS_NAME)


def load_network(folder: Path, card: Card) -> tuple[Denoiser, Autoencoder]:
    """Both modules in float32, in evaluation mode. Raises CheckpointError naming the file and what does not fit."""
    config: Any = UNet2DConditionModel.load_config(folder / "denoiser")
    unet: Any = UNet2DConditionModel.from_config(config)
    denoiser = Denoiser(unet, len(BASES[card.basis]), card.layout_channels, card.latent_size)
    base = _read(folder / "denoiser" / WEIGHTS_NAME)
    adapters = _read(folder / "adapters.safetensors")
    tokens = {f"unet.encoder_hid_proj.image_projection_layers.0.{k.removeprefix('expression_tokens.')}": v
              for k, v in adapters.items() if k.startswith("expression_tokens.")}  # fmt: skip
    _fill(denoiser, {f"unet.{k}": v for k, v in base.items()} | adapters | tokens, folder / "denoiser")
    tiny: Any = AutoencoderTiny.from_config(_tiny_config(folder))
    autoencoder = Autoencoder(tiny)
    _fill(autoencoder.tiny, _read(folder / "autoencoder" / WEIGHTS_NAME), folder / "autoencoder")
    autoencoder.mean.copy_(torch.tensor(card.latent_mean))
    autoencoder.std.copy_(torch.tensor(card.latent_std))
    return denoiser.eval().requires_grad_(False), autoencoder.eval().requires_grad_(False)


def _tiny_config(folder: Path) -> dict[str, Any]:
    config: Any = AutoencoderTiny.load_config(folder / "autoencoder")
    return {k: v for k, v in config.items() if k != "block_out_channels"}  # written by diffusers, not read by it


def _write(state: Mapping[str, Tensor], path: Path) -> None:
    save_file({k: v.detach().cpu().bfloat16().contiguous() for k, v in state.items()}, path)


def _read(path: Path) -> dict[str, Tensor]:
    try:
        return {k: v.float() for k, v in load_file(path).items()}
    except SafetensorError as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error


def _fill(module: torch.nn.Module, state: dict[str, Tensor], where: Path) -> None:
    own = module.state_dict()
    missing, extra = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
    odd = [
        f"{k} is {tuple(state[k].shape)}, not {tuple(own[k].shape)}"
        for k in own.keys() & state.keys()
        if own[k].shape != state[k].shape
    ]
    for fault, names in (("missing tensors", missing), ("unknown tensors", extra), ("shapes", odd)):
        if names:
            raise CheckpointError(f"{where}: {fault}: {', '.join(names[:3])}{' …' if len(names) > 3 else ''}")
    module.load_state_dict(state)
