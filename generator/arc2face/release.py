"""The release as loaded from a folder: every network once, in one dtype, on one device."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
from torch import Tensor

from generator.arc2face.attention import PROJECTIONS
from generator.arc2face.expression_adapter import load_expression_adapter
from generator.arc2face.identity_tokens import IdentityEncoder
from generator.arc2face.lora import LowRank, merge, read_lora, taken_out
from generator.arc2face.networks import (
    load_autoencoder,
    load_text_encoder,
    load_tiny_autoencoder,
    load_unet,
    read_config,
)
from generator.arc2face.place import Place
from generator.arc2face.unet import GuidedUnet, Reference
from generator.checkpoint import CheckpointError

EXPRESSION = ("exp_adapter/exp_adapter.safetensors", "exp_adapter/exp_adapter.bin")
REFERENCE = "ref_adapter/pytorch_lora_weights.safetensors"
FEW_STEPS = "lcm_lora/pytorch_lora_weights.safetensors"
TINY = "taesd"
REPAIRED = {"steps_offset": 1, "clip_sample": False}
"""What diffusers' own pipeline corrects in the scheduler of Stable Diffusion before it is used."""


@dataclass(slots=True, eq=False)
class Release:
    """Arc2Face with what there is of its adapters. `few_steps`: the LCM-LoRA is merged into the denoiser."""

    place: Place
    encoder: IdentityEncoder
    denoiser: GuidedUnet
    read_reference: Callable[[Tensor, Tensor], Reference]
    autoencoder: Any
    tiny: Any | None
    scheduler_config: dict[str, Any]
    can_refer: bool
    few_steps: bool

    @property
    def latent_channels(self) -> int:
        return int(self.denoiser.unet.config.in_channels)

    @property
    def pixels_per_latent(self) -> int:
        return 2 ** (len(self.autoencoder.config.block_out_channels) - 1)

    @property
    def native_size(self) -> int:
        """Pixels: 512 in the release."""
        return int(self.denoiser.unet.config.sample_size) * self.pixels_per_latent

    def identity(self, embedding: Tensor) -> Tensor:
        """A unit vector (512,) → identity tokens (77, width)."""
        return self.encoder.tokens(embedding.to(self.place.device))

    def expression(self, curves: Tensor) -> Tensor:
        """(n, 55) → expression tokens (n, tokens, width)."""
        assert self.denoiser.expression is not None
        return self.denoiser.expression.tokens(curves.to(self.place.device, self.place.dtype))

    def reference(self, picture: Tensor, identity: Tensor) -> Reference:
        """An aligned picture, uint8 (size, size, 3) RGB → what the denoiser's self-attention is to see of it. The mode
        of the autoencoder's posterior, not a sample: the same picture always gives the same.
        """
        pixels = (picture.to(self.place.device, self.place.dtype) / 255 * 2 - 1).permute(2, 0, 1)[None]
        latent = self.autoencoder.encode(pixels).latent_dist.mode() * self.autoencoder.config.scaling_factor
        return self.read_reference(latent[0], identity)

    def decode(self, latents: Tensor, tiny: bool = False) -> Tensor:
        """(n, 4, h, w) → (n, 3, size, size) in 0..1."""
        if tiny and self.tiny is not None:
            pictures = self.tiny.decode(latents).sample
        else:
            pictures = self.autoencoder.decode(latents / self.autoencoder.config.scaling_factor).sample
        return (pictures / 2 + 0.5).clamp(0, 1)


def load_release(models: Path, base: Path, place: Place, few_steps: bool, tiny: bool = False) -> Release:
    """`models` and `base` as docs/arc2face.md lays them out. `few_steps` merges the LCM-LoRA where there is one.
    Raises CheckpointError naming the file, the tensor and what is wrong; nothing half-loaded is returned.
    """
    _check_folders(models, base)
    where = place.device, place.dtype
    unet = load_unet(models / "arc2face", *where)
    encoder = IdentityEncoder(load_text_encoder(models / "encoder", *where))
    if unet.config["cross_attention_dim"] != encoder.width:
        widths = f"{encoder.width} wide, the UNet's cross-attention expects {unet.config['cross_attention_dim']}"
        raise CheckpointError(f"{models / 'encoder'}: the text encoder's tokens are {widths}")
    expression = next((models / name for name in EXPRESSION if (models / name).is_file()), None)
    adapter = load_expression_adapter(expression, unet, *where) if expression else None
    lora = _reference_lora(models / REFERENCE, unet, place) if (models / REFERENCE).is_file() else {}
    lcm = models / FEW_STEPS
    fast = few_steps and lcm.is_file()
    denoiser = GuidedUnet(unet, adapter, lora)
    return Release(
        place=place,
        encoder=encoder,
        denoiser=denoiser,
        read_reference=_merged(denoiser, lcm, place, bool(lora)) if fast else denoiser.read_reference,
        autoencoder=load_autoencoder(base / "vae", *where),
        tiny=load_tiny_autoencoder(models / TINY, *where) if tiny else None,
        scheduler_config=_scheduler_config(base / "scheduler"),
        can_refer=bool(lora),
        few_steps=fast,
    )


def _check_folders(models: Path, base: Path) -> None:
    """The commonest slips, told before anything is read."""
    if (models.parent / "vae").is_dir() and not (models / "arc2face").is_dir():
        raise CheckpointError(f"{models.parent} is Stable Diffusion's folder, for --base; --model holds arc2face/")
    for folder, inside, what in ((models, "arc2face", "the published model"), (base, "vae", "Stable Diffusion 1.5")):
        if not (folder / inside).is_dir():
            text = f"{folder} does not hold {what}: there is no {inside}/ in it"
            raise CheckpointError(f"{text}; `facebridge models pull arc2face` fetches all that is needed")


def _merged(denoiser: GuidedUnet, lcm: Path, place: Place, refers: bool) -> Callable[[Tensor, Tensor], Reference]:
    """Merges the LCM-LoRA into the denoiser; returns what reads reference pictures, which is to do without it.

    Weights in 16 bits would be worn down by taking it out and putting it back, so they are kept twice; in float32 a
    second copy would be too large.
    """
    layers = read_lora(lcm, place.device, place.dtype)
    keeps = refers and place.dtype != torch.float32
    original = GuidedUnet(copy.deepcopy(denoiser.unet), None, {}) if keeps else denoiser
    merge(denoiser.unet, layers, lcm)

    def read(latent: Tensor, identity: Tensor) -> Reference:
        with taken_out(denoiser.unet, layers):
            return denoiser.read_reference(latent, identity)

    return original.read_reference if keeps else read


def _reference_lora(path: Path, unet: Any, place: Place) -> dict[str, LowRank]:
    """Checked against the layers it is for: every self-attention projection, no other."""
    layers = read_lora(path, place.device, place.dtype)
    modules = {name: module for name, module in unet.named_modules() if ".attn1." in name and hasattr(module, "weight")}
    for name, layer in layers.items():
        if name not in modules or not name.endswith(PROJECTIONS):
            raise CheckpointError(f"{path}: {name} is no self-attention projection of this UNet")
        expected, found = list(modules[name].weight.shape), list(layer.delta().shape)
        if expected != found:
            raise CheckpointError(f"{path}: {name} adds {found}, expected {expected}")
    return layers


def _scheduler_config(folder: Path) -> dict[str, Any]:
    """As diffusers completes it: the class it names adds its defaults, which other schedulers then take over."""
    raw = read_config(folder, "scheduler_config.json")
    try:
        known: Any = getattr(diffusers, raw["_class_name"])
        config = dict(known.from_config(raw).config)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        found = folder / "scheduler_config.json"
        raise CheckpointError(f"{found} describes no scheduler that diffusers knows: {error}") from error
    return config | {name: value for name, value in REPAIRED.items() if name in config}
