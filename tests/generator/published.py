"""A small release of the published model, in its layout, with seeded weights: everything but the numbers is real."""

from __future__ import annotations

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

WIDTH = 32  # of tokens: 768 in the release
SIZE = 64  # pixels
UNET: dict[str, Any] = {
    "sample_size": 16, "in_channels": 4, "out_channels": 4, "block_out_channels": (32, 64), "layers_per_block": 1,
    "norm_num_groups": 8, "cross_attention_dim": WIDTH, "attention_head_dim": 4,
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"), "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
}  # fmt: skip
VAE: dict[str, Any] = {
    "block_out_channels": (16, 16, 32), "down_block_types": ("DownEncoderBlock2D",) * 3,
    "up_block_types": ("UpDecoderBlock2D",) * 3, "norm_num_groups": 8, "sample_size": SIZE, "latent_channels": 4,
}  # fmt: skip
TINY: dict[str, Any] = {
    "encoder_block_out_channels": (16, 16, 16), "decoder_block_out_channels": (16, 16, 16),
    "num_encoder_blocks": (1, 1, 1), "num_decoder_blocks": (1, 1, 1), "latent_channels": 4,
}  # fmt: skip


def write_release(folder: Path, seed: int = 0, tokens: int = 4, lcm: bool = False) -> tuple[Path, Path]:
    """Writes `folder`/models and `folder`/sd15 with every part that is not read off a photograph; returns the two."""
    models, base = folder / "models", folder / "sd15"
    torch.manual_seed(seed)
    unet: Any = UNet2DConditionModel(**UNET)
    unet.save_pretrained(models / "arc2face")
    write_encoder(models / "encoder")
    write_adapter(models / "exp_adapter" / "exp_adapter.bin", unet, tokens)
    write_lora(models / "ref_adapter" / "pytorch_lora_weights.safetensors", unet, ("attn1",), rank=8)
    tiny: Any = AutoencoderTiny(**TINY)
    tiny.save_pretrained(models / "taesd")
    if lcm:
        write_kohya_lora(models / "lcm_lora" / "pytorch_lora_weights.safetensors", unet, rank=4)
    vae: Any = AutoencoderKL(**VAE)
    vae.save_pretrained(base / "vae")
    PNDMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1
    ).save_pretrained(base / "scheduler")
    return models, base


def write_encoder(folder: Path) -> None:
    """The text encoder as the release has it: a .bin whose names begin with `text_model.`."""
    config = CLIPTextConfig(
        hidden_size=WIDTH, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, eos_token_id=2
    )
    encoder: Any = CLIPTextModel(config)
    config.save_pretrained(folder)
    state = {f"text_model.{name}": tensor for name, tensor in encoder.state_dict().items()}
    state["text_model.embeddings.position_ids"] = torch.arange(77)[None]  # older releases of transformers saved it
    torch.save(state, folder / "pytorch_model.bin")


def write_adapter(path: Path, unet: Any, tokens: int) -> None:
    """The Expression Adapter in the FaceID form, with `tokens` tokens; 0 for the form with a single linear layer."""
    inner = {"proj.weight": (4 * WIDTH, 55), "proj.bias": (4 * WIDTH,)}
    if tokens:
        inner = {
            "proj.0.weight": (110, 55), "proj.0.bias": (110,),
            "proj.2.weight": (tokens * WIDTH, 110), "proj.2.bias": (tokens * WIDTH,),
        }  # fmt: skip
    image_proj = {name: torch.randn(shape) * 0.2 for name, shape in inner.items()}
    image_proj |= {"norm.weight": 1 + 0.1 * torch.randn(WIDTH), "norm.bias": 0.1 * torch.randn(WIDTH)}
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
