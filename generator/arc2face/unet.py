"""The denoiser: the UNet of Arc2Face with both adapters, each sample of a batch under guides of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from generator.arc2face.attention import Adapters, CrossAttention, SelfAttention
from generator.arc2face.expression_adapter import ExpressionAdapter
from generator.arc2face.lora import LowRank

Pass = Callable[[Tensor, Tensor, Tensor, Adapters], Tensor]  # noisy, timestep, identity tokens → noise
Reference = dict[str, Tensor]  # self-attention layer → (positions, channels) of the reference picture


@dataclass(frozen=True, slots=True, eq=False)
class Guide:
    """What one sample shows. `identity` (77, width), `expression` (tokens, width) or None for none; scales as the
    adapters' authors mean them. `reference_scale` weighs the LoRA, also where `reference` is None.
    """

    identity: Tensor
    expression: Tensor | None = None
    expression_scale: float = 1.0
    reference: Reference | None = None
    reference_scale: float = 0.0

    @property
    def kind(self) -> tuple[bool, bool, bool]:
        """Guides of one kind go through the network together."""
        return self.expression is None, self.reference is None, self.reference_scale == 0.0


class GuidedUnet:
    """Predicts noise. The UNet's own weights stay as released; what the adapters add is added beside them."""

    def __init__(self, unet: Any, expression: ExpressionAdapter | None, reference: dict[str, LowRank]) -> None:
        self.unet, self.expression = unet, expression
        self.forward: Pass = self._forward
        unet.set_attn_processor({name: _processor(name, expression, reference) for name in unet.attn_processors})

    def predict(self, noisy: Tensor, timestep: Tensor, guides: Sequence[Guide]) -> Tensor:
        """noisy (n, 4, h, w), timestep (n,) → noise (n, 4, h, w)."""
        if len({guide.kind for guide in guides}) == 1:
            return self._predict(noisy, timestep, guides)
        predicted = torch.empty_like(noisy)
        for kind in {guide.kind for guide in guides}:
            some = [index for index, guide in enumerate(guides) if guide.kind == kind]
            predicted[some] = self._predict(noisy[some], timestep[some], [guides[index] for index in some])
        return predicted

    def read_reference(self, latent: Tensor, identity: Tensor) -> Reference:
        """What self-attention sees of a clean latent (4, h, w) at timestep 0, without any adapter."""
        adapters = Adapters(seen={})
        start = torch.zeros(1, dtype=torch.long, device=latent.device)
        self._forward(latent[None], start, identity[None], adapters)
        assert adapters.seen is not None
        return {layer: states[0] for layer, states in adapters.seen.items()}

    def _predict(self, noisy: Tensor, timestep: Tensor, guides: Sequence[Guide]) -> Tensor:
        identity = torch.stack([guide.identity for guide in guides])
        return self.forward(noisy, timestep, identity, _adapters(guides, noisy))

    def _forward(self, noisy: Tensor, timestep: Tensor, identity: Tensor, adapters: Adapters) -> Tensor:
        kwargs = {"adapters": adapters}
        return self.unet(noisy, timestep, identity, cross_attention_kwargs=kwargs, return_dict=False)[0]


def _adapters(guides: Sequence[Guide], like: Tensor) -> Adapters:
    adapters = Adapters()
    if guides[0].expression is not None:
        adapters.expression = torch.stack([_given(guide.expression) for guide in guides])
        adapters.expression_scale = like.new_tensor([guide.expression_scale for guide in guides])
    if guides[0].reference is not None:
        layers = guides[0].reference
        adapters.reference = {layer: torch.stack([_given(g.reference)[layer] for g in guides]) for layer in layers}
    if guides[0].reference_scale:
        adapters.reference_scale = like.new_tensor([guide.reference_scale for guide in guides])
    return adapters


def _processor(name: str, expression: ExpressionAdapter | None, reference: dict[str, LowRank]) -> Any:
    layer = name.removesuffix(".processor")
    if layer.endswith("attn1"):
        own = {key.removeprefix(f"{layer}."): low for key, low in reference.items() if key.startswith(f"{layer}.")}
        return SelfAttention(layer, own)
    return CrossAttention(*(expression.layers[name] if expression else (None, None)))


def _given(value: Any) -> Any:
    assert value is not None, "guides of one kind are alike"
    return value
