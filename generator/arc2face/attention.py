"""Attention of the denoiser with its two adapters (arXiv 2510.04706, section 3).

Cross-attention is decoupled: attn(q, K, V) + s attn(q, K_ip, V_ip), before the output projection. Self-attention looks
at the reference picture's states beside its own, through a LoRA of its projections. Each sample of a batch has scales
of its own, so that several streams go through the network in one pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from generator.arc2face.lora import LowRank

PROJECTIONS = ("to_q", "to_k", "to_v", "to_out.0")


@dataclass(slots=True, eq=False)
class Adapters:
    """What the adapters add to one pass of n samples; None switches one off.

    `expression` (n, tokens, width), `reference` layer → (n, positions, channels), scales (n,). `seen` is filled, where
    it is not None, with what each self-attention layer was given: that is how a reference picture is read.
    """

    expression: Tensor | None = None
    expression_scale: Tensor | None = None
    reference: dict[str, Tensor] | None = None
    reference_scale: Tensor | None = None
    seen: dict[str, Tensor] | None = field(default=None)


class SelfAttention(nn.Module):
    """A diffusers attention processor; `name` is the layer's, `lora` the Reference Adapter's part of it."""

    def __init__(self, name: str, lora: dict[str, LowRank]) -> None:
        super().__init__()
        self.layer_name = name
        for projection, layer in lora.items():
            self.register_buffer(f"{_flat(projection)}_down", layer.down, persistent=False)
            self.register_buffer(f"{_flat(projection)}_up", layer.up, persistent=False)

    def __call__(
        self, attn: Any, hidden_states: Tensor, *_: Any, adapters: Adapters | None = None, **__: Any
    ) -> Tensor:
        context, scale = hidden_states, None
        if adapters is not None:
            scale = adapters.reference_scale
            if adapters.seen is not None:
                adapters.seen[self.layer_name] = hidden_states
            if adapters.reference is not None:
                context = torch.cat([hidden_states, adapters.reference[self.layer_name]], 1)
        query = self._projected(attn.to_q, "to_q", hidden_states, scale)
        key = self._projected(attn.to_k, "to_k", context, scale)
        value = self._projected(attn.to_v, "to_v", context, scale)
        return self._projected(attn.to_out[0], "to_out.0", attend(query, key, value, attn.heads), scale)

    def _projected(self, linear: nn.Module, projection: str, states: Tensor, scale: Tensor | None) -> Tensor:
        plain = linear(states)
        down: Any = getattr(self, f"{_flat(projection)}_down", None)
        if down is None or scale is None:
            return plain
        up: Any = getattr(self, f"{_flat(projection)}_up")
        return plain + scale[:, None, None] * F.linear(F.linear(states, down), up)


class CrossAttention(nn.Module):
    """A diffusers attention processor; `key` and `value` (out, width) are the Expression Adapter's part of it."""

    key: Tensor | None
    value: Tensor | None

    def __init__(self, key: Tensor | None, value: Tensor | None) -> None:
        super().__init__()
        self.register_buffer("key", key, persistent=False)
        self.register_buffer("value", value, persistent=False)

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        *_: Any,
        adapters: Adapters | None = None,
        **__: Any,
    ) -> Tensor:
        query = attn.to_q(hidden_states)
        states = attend(query, attn.to_k(encoder_hidden_states), attn.to_v(encoder_hidden_states), attn.heads)
        if adapters is not None and adapters.expression is not None and self.key is not None:
            assert adapters.expression_scale is not None and self.value is not None
            key, value = F.linear(adapters.expression, self.key), F.linear(adapters.expression, self.value)
            states = states + adapters.expression_scale[:, None, None] * attend(query, key, value, attn.heads)
        return attn.to_out[0](states)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """softmax(q k^T / sqrt(d)) v over `heads`; (n, positions, channels) each."""
    split = (states.unflatten(-1, (heads, -1)).transpose(1, 2) for states in (query, key, value))
    return F.scaled_dot_product_attention(next(split), next(split), next(split)).transpose(1, 2).flatten(2)


def _flat(projection: str) -> str:
    return projection.replace(".", "_")
