"""The networks of the release, each built from its own config.json and filled with its own weights, once, where they
are used and in the dtype they are used in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from generator.arc2face.weights import fill, read_tensors
from generator.checkpoint import CheckpointError

WEIGHTS = ("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.bin")
ENCODER_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


def load_unet(folder: Path, device: str, dtype: torch.dtype) -> UNet2DConditionModel:
    """`models/arc2face`. Raises CheckpointError, as all here."""
    return _filled(new_unet(folder), weights_file(folder, WEIGHTS), device, dtype)


def load_autoencoder(folder: Path, device: str, dtype: torch.dtype) -> AutoencoderKL:
    """`sd15/vae`."""
    return _filled(new_autoencoder(folder), weights_file(folder, WEIGHTS), device, dtype, autoencoder_name)


def load_tiny_autoencoder(folder: Path, device: str, dtype: torch.dtype) -> AutoencoderTiny:
    """`models/taesd`."""
    return _filled(new_tiny_autoencoder(folder), weights_file(folder, WEIGHTS), device, dtype)


def load_text_encoder(folder: Path, device: str, dtype: torch.dtype) -> Any:
    """`models/encoder`: transformers' CLIPTextModel."""
    path = weights_file(folder, ENCODER_WEIGHTS)
    encoder = _filled(new_text_encoder(folder), path, device, dtype, text_encoder_name)
    # A buffer that no file holds; it was made on the meta device with everything else.
    count = encoder.embeddings.position_embedding.num_embeddings
    encoder.embeddings.position_ids = torch.arange(count, device=device)[None]
    return encoder


def new_unet(folder: Path) -> UNet2DConditionModel:
    """On the meta device: shapes without numbers."""
    return _on_meta(folder, lambda config: UNet2DConditionModel.from_config(config))


def new_autoencoder(folder: Path) -> AutoencoderKL:
    """On the meta device."""
    return _on_meta(folder, lambda config: AutoencoderKL.from_config(config))


def new_tiny_autoencoder(folder: Path) -> AutoencoderTiny:
    """On the meta device."""
    unread = ("block_out_channels",)  # written by diffusers, not read by it
    return _on_meta(
        folder, lambda config: AutoencoderTiny.from_config({k: v for k, v in config.items() if k not in unread})
    )


def new_text_encoder(folder: Path) -> Any:
    """On the meta device."""
    try:
        from transformers import CLIPTextConfig, CLIPTextModel
    except ImportError as error:
        advice = "run `python3 run.py setup published`"
        raise CheckpointError(f"the published model needs transformers ({error}): {advice}") from error
    return _on_meta(folder, lambda config: CLIPTextModel(CLIPTextConfig.from_dict(config)))


def weights_file(folder: Path, names: tuple[str, ...]) -> Path:
    """The first of the names that is there."""
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise CheckpointError(f"{folder} lacks {' or '.join(names)}")
    return found


def read_config(folder: Path, name: str = "config.json") -> dict[str, Any]:
    """The configuration of one network, or of the scheduler."""
    path = folder / name
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckpointError(f"{path} is missing or cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise CheckpointError(f"{path} is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise CheckpointError(f"{path} holds a {type(config).__name__}, not an object")
    return config


def text_encoder_name(name: str) -> str | None:
    """A tensor's name as transformers 5 says it; None for what older releases saved and nothing needs."""
    short = name.removeprefix("text_model.")
    return None if short == "embeddings.position_ids" else short


def autoencoder_name(name: str) -> str:
    """A tensor's name as diffusers says it today; Stable Diffusion 1.5's file has older names for attention."""
    for old, new in ((".query.", ".to_q."), (".key.", ".to_k."), (".value.", ".to_v."), (".proj_attn.", ".to_out.0.")):
        name = name.replace(old, new)
    return name


def _on_meta(folder: Path, build: Callable[[dict[str, Any]], Any]) -> Any:
    config = read_config(folder)
    try:
        with torch.device("meta"):
            return build(config)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CheckpointError(f"{folder / 'config.json'} describes no network that can be built: {error}") from error


def _filled(
    module: Any, path: Path, device: str, dtype: torch.dtype, rename: Callable[[str], str | None] = lambda name: name
) -> Any:
    named = ((rename(name), tensor) for name, tensor in read_tensors(path, device, dtype))
    fill(module, {name: tensor for name, tensor in named if name is not None}, path)
    return module
