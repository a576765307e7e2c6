"""The network: noisy latent, noise level, who and which expression → the clean latent.

Identity enters as tokens of the cross-attention context, the expression through a decoupled cross-attention adapter,
as in the paper (arXiv 2510.04706, section 3). The compact network adds two paths of its own, which teach it faster:
both conditions as a class embedding, and as a coarse layout, extra input channels beside the latent.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers.models.attention_processor import AttnProcessor2_0, IPAdapterAttnProcessor2_0
from diffusers.models.embeddings import IPAdapterFaceIDImageProjection, MultiIPAdapterImageProjection
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from torch import Tensor, nn

IDENTITY = 512
TOKENS = 4  # of identity, and of expression
ANGLE_SCALE = 5.0  # radians of head turn to the size of a curve


class Denoiser(nn.Module):
    """Predicts x0. `forward` takes all conditions raw; one identity vector and one row of curves a sample."""

    def __init__(self, unet: UNet2DConditionModel, curves: int, layout_channels: int, latent_size: int) -> None:
        super().__init__()
        width = int(unet.config["cross_attention_dim"])
        self.unet, self.width, self.latent_size, self.layout_channels = unet, width, latent_size, layout_channels
        self.identity_tokens = nn.Sequential(
            nn.Linear(IDENTITY, TOKENS * width), nn.Unflatten(1, (TOKENS, width)), nn.LayerNorm(width)
        )
        self.layout = nn.Sequential(
            nn.Linear(IDENTITY + curves, 384), nn.SiLU(), nn.Linear(384, 384), nn.SiLU(),
            nn.Linear(384, layout_channels * latent_size**2),
            nn.Unflatten(1, (layout_channels, latent_size, latent_size)),
        )  # fmt: skip
        self.expression_tokens = IPAdapterFaceIDImageProjection(curves, width, mult=2, num_tokens=TOKENS)
        adapted: Any = unet  # its annotations know no adapters
        adapted.encoder_hid_proj = MultiIPAdapterImageProjection([self.expression_tokens])
        adapted.config.encoder_hid_dim_type = "ip_image_proj"  # as diffusers' own adapter loader says it
        adapted.set_attn_processor(_decoupled(unet, width))

    def forward(self, noisy: Tensor, timestep: Tensor, identity: Tensor, curves: Tensor) -> Tensor:
        """noisy (n, c, h, w), timestep (n,) 0..999, identity (n, 512) unit, curves (n, k) with head angles in radians
        last → x0 (n, c, h, w).
        """
        curves = scaled(curves)
        both = torch.cat([identity * IDENTITY**0.5, curves], 1)
        sample = torch.cat([noisy, self.layout(both)], 1)
        added = {"image_embeds": [curves[:, None, :]]}
        return self.unet(
            sample,
            timestep,
            self.identity_tokens(identity * IDENTITY**0.5),
            class_labels=both,
            added_cond_kwargs=added,
            return_dict=False,
        )[0]


def scaled(curves: Tensor) -> Tensor:
    """Head angles brought to the size of the 52 curves before them."""
    return torch.cat([curves[:, :52], curves[:, 52:] * ANGLE_SCALE], 1)


def new_unet(latent_channels: int, layout_channels: int, curves: int, latent_size: int) -> UNet2DConditionModel:
    """The untrained compact network."""
    return UNet2DConditionModel(
        sample_size=latent_size, in_channels=latent_channels + layout_channels, out_channels=latent_channels,
        block_out_channels=(96, 128, 160), layers_per_block=1, norm_num_groups=16, cross_attention_dim=192,
        attention_head_dim=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        resnet_time_scale_shift="scale_shift", class_embed_type="projection",
        projection_class_embeddings_input_dim=IDENTITY + curves,
    )  # fmt: skip


def _decoupled(unet: UNet2DConditionModel, width: int) -> dict[str, Any]:
    """attn(q, K, V) + attn(q, K_ip, V_ip) in every cross-attention layer; self-attention as it is."""
    processors: dict[str, Any] = {}
    for name in unet.attn_processors:
        layer: Any = unet.get_submodule(name.removesuffix(".processor"))
        crossing = name.endswith("attn2.processor")
        hidden: Any = {"hidden_size": layer.to_q.in_features, "cross_attention_dim": width, "num_tokens": (TOKENS,)}
        processors[name] = IPAdapterAttnProcessor2_0(**hidden) if crossing else AttnProcessor2_0()
    return processors
