"""Attention of the compact denoiser, as in the paper (arXiv 2510.04706, section 3): cross-attention is decoupled, one
set of keys and values for the identity, one for the expression; self-attention looks at a reference picture's states
beside its own, through a low-rank adaptation of its projections.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

RANK = 16  # of the Reference Adapter's LoRA


@dataclass(slots=True, eq=False)
class Context:
    """What one pass of n samples attends to beside identity tokens; None switches a path off.

    `expression` (n, tokens, width); `reference` layer → (n, positions, channels); `reference_scale` (n,) weighs the
    LoRA. `seen` is filled, where it is not None, with what each self-attention layer was given: so a reference is read.
    """

    expression: Tensor | None = None
    reference: dict[str, Tensor] | None = None
    reference_scale: Tensor | None = None
    seen: dict[str, Tensor] | None = None


class LowRank(nn.Module):
    """B A x, zero before training (arXiv 2106.09685)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.down, self.up = nn.Linear(inputs, RANK, bias=False), nn.Linear(RANK, outputs, bias=False)
        nn.init.normal_(self.down.weight, std=1 / RANK)
        nn.init.zeros_(self.up.weight)

    def forward(self, states: Tensor) -> Tensor:
        return self.up(self.down(states))


class SelfAttention(nn.Module):
    """A diffusers attention processor; diffusers calls it with the attention layer whose projections it uses."""

    def __init__(self, name: str, channels: int) -> None:
        super().__init__()
        self.layer_name = name
        self.low_q, self.low_k, self.low_v, self.low_out = (LowRank(channels, channels) for _ in range(4))

    def __call__(self, attn: Any, hidden_states: Tensor, *_: Any, context: Context | None = None, **__: Any) -> Tensor:
        if context is not None and context.seen is not None:
            context.seen[self.layer_name] = hidden_states
        if context is None or context.reference is None or context.reference_scale is None:
            query, key, value = (project(hidden_states) for project in (attn.to_q, attn.to_k, attn.to_v))
            return attn.to_out[0](attend(query, key, value, attn.heads))
        scale = context.reference_scale[:, None, None]
        both = torch.cat([hidden_states, context.reference[self.layer_name]], 1)
        query = attn.to_q(hidden_states) + scale * self.low_q(hidden_states)
        key, value = attn.to_k(both) + scale * self.low_k(both), attn.to_v(both) + scale * self.low_v(both)
        states = attend(query, key, value, attn.heads)
        return attn.to_out[0](states) + scale * self.low_out(states)


class CrossAttention(nn.Module):
    """attn(q, K, V) of the identity + attn(q, K', V') of the expression, before the output projection."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.key, self.value = nn.Linear(width, channels, bias=False), nn.Linear(width, channels, bias=False)

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor,
        *_: Any,
        context: Context | None = None,
        **__: Any,
    ) -> Tensor:
        query = attn.to_q(hidden_states)
        states = attend(query, attn.to_k(encoder_hidden_states), attn.to_v(encoder_hidden_states), attn.heads)
        if context is not None and context.expression is not None:
            states = states + attend(query, self.key(context.expression), self.value(context.expression), attn.heads)
        return attn.to_out[0](states)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """softmax(q k^T / sqrt(d)) v over `heads`; (n, positions, channels) each.

    Written out: so few positions in so narrow heads take torch's fused attention two to six times as long to train.
    """
    q, k, v = (states.unflatten(-1, (heads, -1)).transpose(1, 2) for states in (query, key, value))
    weights = ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1)
    return (weights @ v).transpose(1, 2).flatten(2)
