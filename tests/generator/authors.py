"""What the release's authors do, composed of diffusers' own pipeline and loaders: the oracle of the parity tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import StableDiffusionPipeline
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from diffusers.schedulers.scheduling_pndm import PNDMScheduler
from torch import Tensor
from transformers import CLIPTextModel

WORDS = [49406, 1125, 539, 320, 1014, 2533] + [49407] * 71
EMPTY = [49406] + [49407] * 76


class Authors:
    """A pipeline of one release; `expression` and `reference` load these adapters into it."""

    def __init__(self, models: Path, base: Path, expression: bool = False, reference: bool = False) -> None:
        self.models = models
        self.encoder: Any = CLIPTextModel.from_pretrained(models / "encoder")
        self.pipeline: Any = StableDiffusionPipeline(
            vae=AutoencoderKL.from_pretrained(base / "vae"), text_encoder=self.encoder, tokenizer=None,  # type: ignore
            unet=UNet2DConditionModel.from_pretrained(models / "arc2face"),
            scheduler=PNDMScheduler.from_pretrained(base / "scheduler"), safety_checker=None, feature_extractor=None,  # type: ignore
            requires_safety_checker=False,
        )  # fmt: skip
        self.pipeline.set_progress_bar_config(disable=True)
        if expression:
            self.pipeline.load_ip_adapter(
                str(models), subfolder="exp_adapter", weight_name="exp_adapter.bin", image_encoder_folder=None
            )
        if reference:
            self.pipeline.load_lora_weights(str(models / "ref_adapter"), adapter_name="ref")

    def use(self, scheduler: str) -> None:
        kind = {"dpm": DPMSolverMultistepScheduler, "lcm": LCMScheduler}[scheduler]
        self.pipeline.scheduler = kind.from_config(self.pipeline.scheduler.config)

    @torch.no_grad()
    def prompt(self, words: list[int], embedding: Tensor | None = None) -> Tensor:
        """The text encoder run by its parts, with the embedding in place of the fifth word."""
        ids = torch.tensor([words])
        looked_up = self.encoder.get_input_embeddings()(ids).clone()
        if embedding is not None:
            looked_up[0, 4] = F.pad(embedding, (0, looked_up.shape[-1] - 512))
        states = looked_up + self.encoder.embeddings.position_embedding.weight[None]
        mask = torch.full((77, 77), float("-inf")).triu(1)[None, None]
        for layer in self.encoder.encoder.layers:
            states = layer(states, attention_mask=mask)
            states = states[0] if isinstance(states, tuple) else states
        return self.encoder.final_layer_norm(states)

    def draw(self, embedding: Tensor, size: int, seed: int, steps: int, guidance: float, **pipeline: Any) -> Tensor:
        """(size, size, 3) in 0..1."""
        picture = self.pipeline(
            prompt_embeds=self.prompt(WORDS, embedding), negative_prompt_embeds=self.prompt(EMPTY), height=size,
            width=size, num_inference_steps=steps, guidance_scale=guidance, output_type="np",
            generator=torch.Generator("cpu").manual_seed(seed), **pipeline,
        ).images[0]  # fmt: skip
        return torch.from_numpy(picture)

    @torch.no_grad()
    def refer_to(self, picture: Tensor, embedding: Tensor) -> None:
        """Hooks on plain diffusers blocks: the reference's states after norm1 join the keys and values of the
        conditional half.
        """
        vae = self.pipeline.vae
        latent = vae.encode(picture.permute(2, 0, 1)[None] / 255 * 2 - 1).latent_dist.mode() * vae.config.scaling_factor
        reader: Any = UNet2DConditionModel.from_pretrained(self.models / "arc2face")
        seen: dict[str, Tensor] = {}
        for name, block in _blocks(reader):
            block.norm1.register_forward_hook(lambda _, __, states, name=name: seen.update({name: states}))
        reader(latent, torch.zeros(1).long(), self.prompt(WORDS, embedding))
        for name, block in _blocks(self.pipeline.unet):
            block.attn1.forward = _looking_at(block.attn1.forward, seen[name])


def _blocks(unet: Any) -> list[tuple[str, Any]]:
    return [(name, module) for name, module in unet.named_modules() if type(module).__name__ == "BasicTransformerBlock"]


def _looking_at(plain: Any, reference: Tensor) -> Any:
    def forward(states: Tensor, **others: Any) -> Tensor:
        half = len(states) // 2
        context = torch.cat([states[half:], reference.expand(len(states) - half, -1, -1)], 1)
        others.pop("encoder_hidden_states", None)
        looking = plain(states[half:], encoder_hidden_states=context, **others)
        return torch.cat([plain(states[:half], **others), looking]) if half else looking

    return forward
