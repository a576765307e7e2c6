"""A small release of the published model, in its layout, with seeded weights: everything but the numbers is real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_pndm import PNDMScheduler
from safetensors.torch import save_file
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel

SIZE = 64  # pixels that the small release draws


@dataclass(frozen=True, slots=True)
class Shapes:
    """Configurations of the networks: diffusers' and transformers' arguments, and the ranks of the two LoRAs."""

    unet: dict[str, Any]
    vae: dict[str, Any]
    tiny: dict[str, Any]
    text: dict[str, Any]
    reference_rank: int
    lcm_rank: int

    @property
    def width(self) -> int:
        return self.unet["cross_attention_dim"]


SMALL = Shapes(
    unet={
        "sample_size": 16, "block_out_channels": (32, 64), "layers_per_block": 1, "norm_num_groups": 8,
        "cross_attention_dim": 32, "attention_head_dim": 4,
        "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
        "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    },
    vae={
        "block_out_channels": (16, 16, 32), "down_block_types": ("DownEncoderBlock2D",) * 3,
        "up_block_types": ("UpDecoderBlock2D",) * 3, "norm_num_groups": 8, "sample_size": SIZE,
    },
    tiny={
        "encoder_block_out_channels": (16, 16, 16), "decoder_block_out_channels": (16, 16, 16),
        "num_encoder_blocks": (1, 1, 1), "num_decoder_blocks": (1, 1, 1),
    },
    text={"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4},
    reference_rank=8,
    lcm_rank=4,
)  # fmt: skip
FULL = Shapes(
    unet={"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8},
    vae={
        "block_out_channels": (128, 256, 512, 512), "down_block_types": ("DownEncoderBlock2D",) * 4,
        "up_block_types": ("UpDecoderBlock2D",) * 4, "layers_per_block": 2, "sample_size": 512,
    },
    tiny={},
    text={"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12},
    reference_rank=128,
    lcm_rank=64,
)  # fmt: skip
"""Stable Diffusion 1.5, and the ranks of the release."""
WIDTH = SMALL.width


def write_release(
    folder: Path, seed: int = 0, tokens: int = 4, lcm: bool = False, shapes: Shapes = SMALL
) -> tuple[Path, Path]:
    """Writes `folder`/models and `folder`/sd15 with every part that is not read off a photograph; returns the two."""
    models, base = folder / "models", folder / "sd15"
    torch.manual_seed(seed)
    unet: Any = UNet2DConditionModel(**shapes.unet)
    unet.save_pretrained(models / "arc2face")
    write_encoder(models / "encoder", shapes.text)
    write_adapter(models / "exp_adapter" / "exp_adapter.bin", unet, tokens)
    write_lora(models / "ref_adapter" / "pytorch_lora_weights.safetensors", unet, ("attn1",), shapes.reference_rank)
    tiny: Any = AutoencoderTiny(**shapes.tiny)
    tiny.save_pretrained(models / "taesd")
    if lcm:
        write_kohya_lora(models / "lcm_lora" / "pytorch_lora_weights.safetensors", unet, shapes.lcm_rank)
    vae: Any = AutoencoderKL(**shapes.vae)
    vae.save_pretrained(base / "vae")
    PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1
    ).save_pretrained(base / "scheduler")
    return models, base


def write_encoder(folder: Path, text: dict[str, Any]) -> None:
    """The text encoder as the release has it: a .bin whose names begin with `text_model.`."""
    config = CLIPTextConfig(eos_token_id=2, **text)
    encoder: Any = CLIPTextModel(config)
    config.save_pretrained(folder)
    state = {f"text_model.{name}": tensor for name, tensor in encoder.state_dict().items()}
    state["text_model.embeddings.position_ids"] = torch.arange(77)[None]  # older releases of transformers saved it
    torch.save(state, folder / "pytorch_model.bin")


def write_adapter(path: Path, unet: Any, tokens: int) -> None:
    """The Expression Adapter in the FaceID form, with `tokens` tokens; 0 for the form with a single linear layer."""
    width = unet.config.cross_attention_dim
    inner = {"proj.weight": (4 * width, 55), "proj.bias": (4 * width,)}
    if tokens:
        inner = {
            "proj.0.weight": (110, 55), "proj.0.bias": (110,),
            "proj.2.weight": (tokens * width, 110), "proj.2.bias": (tokens * width,),
        }  # fmt: skip
    image_proj = {name: torch.randn(shape) * 0.2 for name, shape in inner.items()}
    image_proj |= {"norm.weight": 1 + 0.1 * torch.randn(width), "norm.bias": 0.1 * torch.randn(width)}
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"image_proj": image_proj, "ip_adapter": _cross_attention(unet)}, path)


def _cross_attention(unet: Any) -> dict[str, Tensor]:
    layers: dict[str, Tensor] = {}
    for number, name in enumerate(unet.attn_processors):
        if name.endswith("attn2.processor"):
            shape = unet.get_submodule(name.removesuffix(".processor")).to_k.weight.shape
            layers[f"{number}.to_k_ip.weight"] = torch.randn(shape) * 0.3
            layers[f"{number}.to_v_ip.weight"] = torch.randn(shape) * 0.3
    return layers


def write_lora(path: Path, unet: Any, parts: tuple[str, ...], rank: int) -> None:
    """A LoRA as diffusers saves it, strong enough to be seen."""
    state: dict[str, Tensor] = {}
    for name, module in unet.named_modules():
        if isinstance(module, torch.nn.Linear) and any(f".{part}." in name for part in parts):
            state[f"unet.{name}.lora_A.weight"] = torch.randn(rank, module.in_features) * 0.2
            state[f"unet.{name}.lora_B.weight"] = torch.randn(module.out_features, rank) * 0.2
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path)


def write_kohya_lora(path: Path, unet: Any, rank: int) -> None:
    """A LoRA of attention and convolutions with alphas, in the naming of the LCM-LoRA's file."""
    state: dict[str, Tensor] = {}
    for name, module in unet.named_modules():
        key = f"lora_unet_{name.replace('.', '_')}"
        if isinstance(module, torch.nn.Conv2d) and "resnets" in name and name.endswith("conv1"):
            state[f"{key}.lora_down.weight"] = torch.randn(rank, module.in_channels, 3, 3) * 0.05
            state[f"{key}.lora_up.weight"] = torch.randn(module.out_channels, rank, 1, 1) * 0.05
        elif isinstance(module, torch.nn.Linear) and ".attn" in name:
            state[f"{key}.lora_down.weight"] = torch.randn(rank, module.in_features) * 0.1
            state[f"{key}.lora_up.weight"] = torch.randn(module.out_features, rank) * 0.1
        else:
            continue
        state[f"{key}.alpha"] = torch.tensor(float(rank) / 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(state, path)
