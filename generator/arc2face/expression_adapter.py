"""The Expression Adapter: 55 numbers → tokens, and each cross-attention layer's keys and values for them.

The file is an IP-Adapter in any form diffusers reads; the projection is found by diffusers itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from generator.arc2face.weights import read_tensors
from generator.checkpoint import CheckpointError

CURVES = 55


@dataclass(frozen=True, slots=True, eq=False)
class ExpressionAdapter:
    """`layers`: cross-attention processor name → (to_k_ip, to_v_ip), each (out, width)."""

    projection: nn.Module
    layers: dict[str, tuple[Tensor, Tensor]]

    def tokens(self, expression: Tensor) -> Tensor:
        """(n, 55) in FLAME55 order → (n, tokens, width)."""
        # Some forms see a row of pictures' embeddings, some one embedding: diffusers flattens them alike.
        return self.projection(expression).reshape(len(expression), -1, self._width)

    @property
    def _width(self) -> int:
        return next(iter(self.layers.values()))[0].shape[1]


def load_expression_adapter(path: Path, unet: Any, device: str, dtype: torch.dtype) -> ExpressionAdapter:
    """`exp_adapter.bin`, or the same as .safetensors. Raises CheckpointError naming the tensor that does not fit."""
    parts: dict[str, dict[str, Tensor]] = {"image_proj": {}, "ip_adapter": {}}
    for name, tensor in read_tensors(path, device, dtype):
        part, _, rest = name.partition(".")
        parts.setdefault(part, {})[rest] = tensor  # others are what a training left behind
    missing = [part for part in ("image_proj", "ip_adapter") if not parts[part]]
    if missing:
        raise CheckpointError(f"{path} is no IP-Adapter: there is no {' and no '.join(missing)} in it")
    adapter = ExpressionAdapter(_projection(path, unet, parts["image_proj"]), _layers(path, unet, parts["ip_adapter"]))
    _try(adapter, path, device, dtype)
    return adapter


def _projection(path: Path, unet: Any, state: dict[str, Tensor]) -> nn.Module:
    for first in ("proj.0.weight", "proj.weight"):
        if first in state and state[first].shape[-1] != CURVES:
            found = list(state[first].shape)
            raise CheckpointError(f"{path}: image_proj.{first} is {found}, expected one that takes {CURVES} numbers")
    try:
        found = unet._convert_ip_adapter_image_proj_to_diffusers(state, low_cpu_mem_usage=False)
    except (KeyError, RuntimeError, IndexError, ValueError) as error:
        told = " ".join(str(error).split())
        raise CheckpointError(f"{path}: image_proj is no projection that diffusers knows: {told}") from error
    sample = next(iter(state.values()))
    return found.to(sample.device, sample.dtype).eval().requires_grad_(False)


def _layers(path: Path, unet: Any, state: dict[str, Tensor]) -> dict[str, tuple[Tensor, Tensor]]:
    """The file counts the attention layers as the UNet lists them, self-attention at even numbers."""
    layers: dict[str, tuple[Tensor, Tensor]] = {}
    for number, name in enumerate(unet.attn_processors):
        if not name.endswith("attn2.processor"):
            continue
        expected = list(unet.get_submodule(name.removesuffix(".processor")).to_k.weight.shape)
        pair = [state.pop(f"{number}.{part}.weight", None) for part in ("to_k_ip", "to_v_ip")]
        for part, tensor in zip(("to_k_ip", "to_v_ip"), pair, strict=True):
            if tensor is None or list(tensor.shape) != expected:
                found = "is missing" if tensor is None else f"is {list(tensor.shape)}"
                raise CheckpointError(f"{path}: ip_adapter.{number}.{part}.weight {found}, expected {expected}")
        layers[name] = pair[0], pair[1]  # pyright: ignore[reportArgumentType]
    if state:
        raise CheckpointError(f"{path}: ip_adapter.{next(iter(state))} belongs to no cross-attention layer of the UNet")
    return layers


def _try(adapter: ExpressionAdapter, path: Path, device: str, dtype: torch.dtype) -> None:
    try:
        with torch.inference_mode():
            adapter.tokens(torch.zeros(1, CURVES, device=device, dtype=dtype))
    except RuntimeError as error:
        raise CheckpointError(
            f"{path}: image_proj does not make tokens of {CURVES} numbers: {' '.join(str(error).split())}"
        ) from error
