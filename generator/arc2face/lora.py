"""Low-rank adaptations of a UNet (arXiv 2106.09685), in any layout that diffusers reads: W x + scale * B A x."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.loaders.lora_pipeline import StableDiffusionLoraLoaderMixin
from diffusers.utils.state_dict_utils import convert_unet_state_dict_to_peft
from safetensors import safe_open
from torch import Tensor, nn

from generator.arc2face.weights import read_tensors
from generator.checkpoint import CheckpointError


@dataclass(frozen=True, slots=True, eq=False)
class LowRank:
    """`down` (rank, in, ...), `up` (out, rank, ...), with alpha / rank multiplied into `up` already."""

    down: Tensor
    up: Tensor

    def delta(self) -> Tensor:
        """What it adds to the weight at scale 1: (out, in, ...)."""
        return (self.up.flatten(1) @ self.down.flatten(1)).reshape(self.up.shape[0], *self.down.shape[1:])


def read_lora(path: Path, device: str, dtype: torch.dtype) -> dict[str, LowRank]:
    """The UNet's layers of a LoRA file by module name. Raises CheckpointError."""
    loose = dict(read_tensors(path, device, dtype))
    try:
        state, alphas = _in_peft_names(loose)
    except (ValueError, KeyError, IndexError) as error:
        raise CheckpointError(f"{path} is no LoRA of a UNet: {error}") from error
    header = _header(path)
    layers: dict[str, LowRank] = {}
    for name in sorted(key.removesuffix(".lora_A.weight") for key in state if key.endswith(".lora_A.weight")):
        down, up = state.pop(f"{name}.lora_A.weight"), state.pop(f"{name}.lora_B.weight", None)
        if up is None or up.shape[1] != down.shape[0]:
            raise CheckpointError(f"{path}: {name} has no pair of matrices of one rank")
        layers[name] = LowRank(down, up * _weight(name, len(down), header, alphas))
    if state or not layers:
        raise CheckpointError(f"{path}: {next(iter(state), 'an empty file')} is no part of a LoRA of a UNet")
    return layers


def merge(unet: nn.Module, layers: dict[str, LowRank], path: Path) -> None:
    """Adds the layers to the weights, at scale 1. Raises CheckpointError, and adds nothing, where one does not fit."""
    modules: dict[str, Any] = dict(unet.named_modules())
    for name, layer in layers.items():
        weight = getattr(modules.get(name), "weight", None)
        expected = [len(layer.up), *layer.down.shape[1:]]
        if weight is None or weight.numel() != math.prod(expected):
            found = "is not in the UNet" if weight is None else f"is {list(weight.shape)}, not {expected}"
            raise CheckpointError(f"{path}: {name} {found}")
    _add(unet, layers, 1.0)


@contextmanager
def taken_out(unet: nn.Module, layers: dict[str, LowRank]) -> Iterator[None]:
    """Merged layers are out of the weights inside the block. Not for 16-bit weights: each time rounds them anew."""
    _add(unet, layers, -1.0)
    try:
        yield
    finally:
        _add(unet, layers, 1.0)


def _add(unet: nn.Module, layers: dict[str, LowRank], sign: float) -> None:
    for name, layer in layers.items():
        weight: Any = unet.get_submodule(name).weight
        weight.data.add_(layer.delta().reshape(weight.shape), alpha=sign)


def _in_peft_names(loose: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, float]]:
    """Tensors, and alphas by module, in the names that diffusers itself gives them."""
    converted, alphas = StableDiffusionLoraLoaderMixin.lora_state_dict(loose)[:2]
    own = {name.removeprefix("unet."): tensor for name, tensor in converted.items() if name.startswith("unet.")}
    named = {name.removeprefix("unet."): float(alpha) for name, alpha in (alphas or {}).items()}
    if own and not any("lora_A" in name for name in own):
        own, named = convert_unet_state_dict_to_peft(own), convert_unet_state_dict_to_peft(named)
    return own, {name.removesuffix(".alpha").removesuffix(".lora_A.weight"): alpha for name, alpha in named.items()}


def _header(path: Path) -> dict[str, Any]:
    """The peft configuration that diffusers writes into the file of a LoRA it has trained; {} without."""
    if path.suffix != ".safetensors":
        return {}
    with safe_open(path, framework="pt") as file:
        return json.loads((file.metadata() or {}).get("lora_adapter_metadata", "{}"))


def _weight(name: str, rank: int, header: dict[str, Any], alphas: dict[str, float]) -> float:
    """alpha / rank, or alpha / sqrt(rank) where it was trained so (arXiv 2312.03732); 1 where nothing is said."""
    alpha = alphas.get(name, header.get("unet.lora_alpha") or rank)
    for part, own in (header.get("unet.alpha_pattern") or {}).items():
        alpha = own if name == part or name.endswith(f".{part}") else alpha
    return alpha / (math.sqrt(rank) if header.get("unet.use_rslora") else rank)
