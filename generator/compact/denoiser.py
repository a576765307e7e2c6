"""The network: noisy latent, noise level, who, in which scene, making which expression → the clean latent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn

from generator.compact.attention import Context, CrossAttention, SelfAttention
from generator.compact.conditions import SCENE, SKETCH, Expression, Foundation, ReferenceCopy, ReferenceLayout

CURVES = 55
Reference = Sequence[Tensor]  # the clean latent, then (n, positions, channels) a self-attention layer, as in `layers`


class Denoiser(nn.Module):
    """Predicts x0. Its parts are trained one after the other, each on what the ones before it learned:

    `foundation()` the UNet with identity and scene, `expression_adapter()` beside it, `reference_adapter()` beside
    both.
    """

    def __init__(self, unet: UNet2DConditionModel, layout_channels: int) -> None:
        super().__init__()
        config: Any = unet.config
        self.unet = unet
        self.width, self.side = int(config["cross_attention_dim"]), int(config["sample_size"])
        self.channels, self.layout_channels = int(config["out_channels"]), layout_channels
        self.embedding, layout = 4 * int(config["block_out_channels"][0]), (layout_channels, self.side)
        self.person = Foundation(self.width, self.embedding, layout)
        self.expression = Expression(CURVES, self.width, self.embedding, layout)
        self.reference_layout = ReferenceLayout(self.channels, layout_channels)
        self.reference_copy = ReferenceCopy(self.channels)
        unet.set_attn_processor({name: _processor(unet, name, self.width) for name in unet.attn_processors})
        self.layers = [n.removesuffix(".processor") for n in unet.attn_processors if n.endswith("attn1.processor")]

    def forward(
        self,
        noisy: Tensor,
        level: Tensor,
        identity: Tensor,
        scene: Tensor,
        curves: Tensor | None,
        last: Tensor | None = None,
        reference: Reference | None = None,
        reference_scale: Tensor | None = None,
        present: Tensor | None = None,
        maps: Tensor | None = None,
        who: tuple[Tensor, Tensor, Tensor] | None = None,
    ) -> Tensor:
        """noisy (n, c, h, w), level (n,) 0..999, identity (n, 512) unit, scene (n, 4), curves (n, 55) or
        None for the foundation alone, last (n, c, h, w) the clean latent before, zero for none, `present` (n,) 0 or 1
        drops the expression of single samples, `maps` is what `expression.geometry` says and `who` what `person` does,
        for who has asked them → x0 (n, c, h, w).
        """
        tokens, vector, layout = self.person(identity, scene) if who is None else who
        context, sketch = Context(), self._no_sketch(noisy)
        if curves is not None:
            added = self.expression(identity, scene, curves, maps)
            if present is not None:
                added = tuple(part * present.view(-1, *[1] * (part.dim() - 1)) for part in added)
            context.expression, vector, layout, sketch = added[0], vector + added[1], layout + added[2], added[3]
        places = torch.cat([layout, sketch], 1)
        if reference is not None:
            scale = noisy.new_ones(len(noisy)) if reference_scale is None else reference_scale
            context.reference, context.reference_scale = dict(zip(self.layers, reference[1:], strict=True)), scale
            places = places + scale[:, None, None, None] * self.reference_layout(reference[0])
        sample = torch.cat([noisy, places, torch.zeros_like(noisy) if last is None else last], 1)
        found = self._pass(sample, level, tokens, vector, context)
        if reference is None:
            return found
        return self.reference_copy(found, reference[0], context.reference_scale)

    def read(self, picture: Tensor, identity: Tensor) -> list[Tensor]:
        """Clean latents (n, c, h, w) and what self-attention sees of them at level 0, as `reference` wants it."""
        context, scene = Context(seen={}), identity.new_zeros(len(identity), SCENE)
        tokens, vector, layout = self.person(identity, scene)
        level = torch.zeros(len(picture), dtype=torch.long, device=picture.device)
        sample = torch.cat([picture, layout, self._no_sketch(picture), torch.zeros_like(picture)], 1)
        self._pass(sample, level, tokens, vector, context)
        assert context.seen is not None
        return [picture, *(context.seen[layer] for layer in self.layers)]

    def foundation(self) -> Iterator[nn.Parameter]:
        """All but the adapters and the geometry, which is learned before."""
        added = {id(p) for p in (*self.expression.parameters(), *self.expression_adapter(), *self.reference_adapter())}
        return (p for p in self.parameters() if id(p) not in added)

    def drawing(self) -> Iterator[nn.Parameter]:
        """All but the geometry."""
        known = {id(p) for p in self.expression.geometry.parameters()}
        return (p for p in self.parameters() if id(p) not in known)

    def expression_adapter(self) -> Iterator[nn.Parameter]:
        for name, weight in self.expression.named_parameters():
            if not name.startswith("geometry."):
                yield weight
        for module in self.unet.modules():
            if isinstance(module, CrossAttention):
                yield from module.parameters()

    def reference_adapter(self) -> Iterator[nn.Parameter]:
        yield from self.reference_layout.parameters()
        yield from self.reference_copy.parameters()
        for module in self.unet.modules():
            if isinstance(module, SelfAttention):
                yield from module.parameters()

    def _no_sketch(self, latents: Tensor) -> Tensor:
        return latents.new_zeros(len(latents), SKETCH, *latents.shape[2:])

    def _pass(self, sample: Tensor, level: Tensor, tokens: Tensor, vector: Tensor, context: Context) -> Tensor:
        more = {"context": context}
        return self.unet(
            sample, level, tokens, class_labels=vector, cross_attention_kwargs=more, return_dict=False
        )[0]  # fmt: skip


def new_denoiser(latent_channels: int = 32, side: int = 16, layout_channels: int = 32) -> Denoiser:
    """The untrained network. Most of its width is where the picture is largest; it attends at half of that size, where
    attention takes a processor little time. At a quarter, attention and a middle block were trained once, and what they
    added could not be seen.
    """
    unet = UNet2DConditionModel(
        sample_size=side, in_channels=2 * latent_channels + layout_channels + SKETCH, out_channels=latent_channels,
        block_out_channels=(160, 224, 192), layers_per_block=1, norm_num_groups=16, cross_attention_dim=192,
        attention_head_dim=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"),
        mid_block_type=None, up_block_types=("UpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        resnet_time_scale_shift="scale_shift", class_embed_type="identity",
    )  # fmt: skip
    with torch.no_grad():  # the latent before has no say until it is learned
        unet.conv_in.weight[:, -latent_channels:] = 0
    return Denoiser(unet, layout_channels)


def _processor(unet: UNet2DConditionModel, name: str, width: int) -> Any:
    layer = name.removesuffix(".processor")
    channels = int(getattr(unet.get_submodule(layer), "inner_dim"))  # noqa: B009 - its annotations know no inner_dim
    return SelfAttention(layer, channels) if layer.endswith("attn1") else CrossAttention(channels, width)
