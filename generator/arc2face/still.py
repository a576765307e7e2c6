"""One still in full quality, as the release's authors draw it: many steps, classifier-free guidance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from torch import Tensor

from generator.arc2face.release import Release
from generator.arc2face.unet import Guide


@dataclass(frozen=True, slots=True)
class StillSettings:
    """The authors' demo is the default. `guidance` of 1 or less is none; `size` in pixels."""

    scheduler: Literal["dpm", "lcm"] = "dpm"
    steps: int = 25
    guidance: float = 3.0
    seed: int = 0
    size: int = 512
    expression_scale: float = 1.0
    reference_scale: float = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """Who, how, and like which picture. `embedding` (512,) unit, `expression` (55,), `reference` uint8 RGB, aligned."""

    embedding: np.ndarray
    expression: np.ndarray | None = None
    reference: np.ndarray | None = None


@torch.inference_mode()
def draw_still(
    release: Release, sitting: Sitting, settings: StillSettings, progress: Callable[[int], object] = lambda step: None
) -> np.ndarray:
    """float32 (size, size, 3) RGB in 0..1, row 0 on top. The noise comes from the CPU's generator on every device, so
    that a seed means the same picture everywhere. `progress` is told each step as it is done.
    """
    generator = torch.Generator("cpu").manual_seed(settings.seed)
    side = settings.size // release.pixels_per_latent
    start = torch.randn((1, release.latent_channels, side, side), generator=generator, dtype=release.place.dtype)
    guides = _guides(release, sitting, settings)
    scheduler = _scheduler(release.scheduler_config, settings)
    latents = start.to(release.place.device) * scheduler.init_noise_sigma
    for number, timestep in enumerate(scheduler.timesteps, 1):
        noise = _guided(release, scheduler.scale_model_input(latents, timestep), timestep, guides, settings.guidance)
        latents = scheduler.step(noise, timestep, latents, generator=generator, return_dict=False)[0]
        progress(number)
    return release.decode(latents)[0].permute(1, 2, 0).float().cpu().numpy()


def _guided(release: Release, noisy: Tensor, timestep: Tensor, guides: list[Guide], guidance: float) -> Tensor:
    """Classifier-free guidance (arXiv 2207.12598): away from nobody without expression, towards the sitting."""
    count = len(guides)
    times = timestep.to(noisy.device).expand(count)
    predicted = release.denoiser.predict(noisy.expand(count, -1, -1, -1), times, guides)
    if count == 1:
        return predicted
    away, towards = predicted[:1], predicted[1:]
    return away + guidance * (towards - away)


def _guides(release: Release, sitting: Sitting, settings: StillSettings) -> list[Guide]:
    identity = release.identity(torch.from_numpy(sitting.embedding))
    shown = hidden = reference = None
    if sitting.expression is not None:
        curves = torch.from_numpy(sitting.expression).float()
        hidden, shown = release.expression(torch.stack([torch.zeros_like(curves), curves]))
    if sitting.reference is not None:
        reference = release.reference(torch.tensor(sitting.reference), identity)
    lora = settings.reference_scale if reference is not None else 0.0
    wanted = Guide(identity, shown, settings.expression_scale, reference, lora)
    if settings.guidance <= 1.0:
        return [wanted]
    return [Guide(release.encoder.nobody(), hidden, settings.expression_scale, None, lora), wanted]


def _scheduler(config: dict[str, Any], settings: StillSettings) -> Any:
    kind = LCMScheduler if settings.scheduler == "lcm" else DPMSolverMultistepScheduler
    scheduler: Any = kind.from_config(config)
    scheduler.set_timesteps(settings.steps, device="cpu")
    return scheduler
