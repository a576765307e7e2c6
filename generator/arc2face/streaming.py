"""The published model as the stream sees it: few steps, no guidance, a person's tokens and reference computed once."""

from __future__ import annotations

import itertools
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from diffusers.schedulers.scheduling_lcm import LCMScheduler
from torch import Tensor

from generator.arc2face.compiled import BATCHES, compile_release
from generator.arc2face.layout import folders
from generator.arc2face.place import Place, place_of
from generator.arc2face.release import TINY, Release, load_release
from generator.arc2face.unet import Guide, Reference
from generator.checkpoint import CheckpointError
from generator.diffusion import DiffusionGenerator
from generator.face_generator import Finish, ModelOptions
from generator.identities import Enrolled, Identity, IdentityError, IdentityStore
from generator.identity_file import ARCFACE
from generator.model import Wish
from generator.sampler import LEVELS, Schedule

log = logging.getLogger("facebridge")
ONCE: tuple[tuple[int, bool], ...] = ((1, False),)
REMEMBERED = 16  # people whose tokens are kept: a reference of 512 × 512 takes 23 MB in 16 bits


def load_streaming(folder: Path, options: ModelOptions) -> DiffusionGenerator:
    """The release in `folder` (models/, or what holds it), drawing the enrolled. Raises CheckpointError, and
    IdentityError where nobody is."""
    where = folders(folder, Path(options.base) if options.base else None)
    tiny = options.autoencoder != "sd" and (where.models / TINY).is_dir()
    if options.autoencoder == "taesd" and not tiny:
        advice = f"`facebridge models pull taesd --to {where.models.parent}`, or --autoencoder sd"
        raise CheckpointError(f"{where.models / TINY} is not there: {advice}")
    people = Enrolled(IdentityStore(Path(options.store) if options.store else None), ARCFACE)
    if not people.names():  # told before gigabytes are read
        advice = "enrol someone first, `facebridge enroll PHOTO --name NAME`"
        raise IdentityError(f"there is nobody to draw in {people.store.folder} yet: {advice}")
    release = load_release(where.models, where.sd15, place_of(options.device, options.dtype), few_steps=True, tiny=tiny)
    if options.runtime == "compiled":
        log.warning("compiling: the start takes minutes, and then nothing stalls")
        compile_release(release)
    elif options.runtime not in ("auto", "eager"):
        raise CheckpointError(f"the published model runs eager or compiled, not with {options.runtime}")
    return DiffusionGenerator(Arc2FaceModel(release, options.runtime == "compiled"), people)


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A person for the network; `reference` is None for one who was enrolled without."""

    tokens: Tensor
    reference: Reference | None


class Arc2FaceModel:
    """A `Model` over a loaded release."""

    name = "arc2face"
    basis = "flame55"
    default_steps = 2
    reads_last = False
    # Not tuned, for want of the released weights. Half of the way keeps the layout of the face and its light.
    reuse_floor = 499

    def __init__(self, release: Release, compiled: bool = False) -> None:
        self.release = release
        self.max_batch = BATCHES[-1] if compiled else 8
        self.warm_ups = tuple(itertools.product(BATCHES, (False, True)[: 1 + release.can_refer])) if compiled else ONCE
        self.sizes: tuple[int, ...] = (release.native_size,)
        side = release.native_size // release.pixels_per_latent
        self.latent_shape = (release.latent_channels, side, side)
        self.capabilities = _capabilities(release)
        self.label = _label(release, compiled)
        self.schedule, self._consistency = _schedule(release)
        self._people: OrderedDict[tuple[str, bytes, bytes], Subject] = OrderedDict()

    def expression(self, curves: np.ndarray, scale: float) -> np.ndarray:
        """As they are: the scale is the Expression Adapter's own."""
        return curves

    @torch.inference_mode()
    def subject(self, identity: Identity) -> Subject:
        picture = identity.reference if self.release.can_refer else None
        key = identity.name, identity.embedding.tobytes(), b"" if picture is None else picture.tobytes()
        if key not in self._people:
            tokens = self.release.identity(torch.from_numpy(identity.embedding))
            reference = None if picture is None else self.release.reference(self._native(picture), tokens)
            self._people[key] = Subject(tokens, reference)
        self._people.move_to_end(key)
        while len(self._people) > REMEMBERED:
            self._people.popitem(last=False)
        return self._people[key]

    def noise(self, seed: int) -> np.ndarray:
        """As stills have it, and the authors' own scripts."""
        return torch.randn(self.latent_shape, generator=torch.Generator("cpu").manual_seed(seed)).numpy()

    @torch.inference_mode()
    def guides(self, wishes: Sequence[Wish]) -> list[Guide]:
        expressions: Sequence[Tensor | None] = [None] * len(wishes)
        if "expression" in self.capabilities:
            expressions = list(self.release.expression(torch.from_numpy(np.stack([w.expression for w in wishes]))))
        return [_guide(wish, expression) for wish, expression in zip(wishes, expressions, strict=True)]

    @torch.inference_mode()
    def denoise(self, noisy: np.ndarray, level: np.ndarray, guides: list[Guide]) -> np.ndarray:
        latents, levels = (torch.from_numpy(array).to(self.release.place.device) for array in (noisy, level))
        noise = self.release.denoiser.predict(latents.to(self.release.place.dtype), levels, guides).float()
        return self._consistency.clean(latents, noise, levels).cpu().numpy()

    @torch.inference_mode()
    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        place = self.release.place
        pictures = self.release.decode(torch.from_numpy(latents).to(place.device, place.dtype), tiny=True)
        return (pictures.permute(0, 2, 3, 1).float() * 255).round().clamp(0, 255).to(torch.uint8).cpu().numpy()

    def finish(self, wish: Wish, picture: np.ndarray) -> Finish:
        """The network draws it all."""
        return lambda: picture

    def _native(self, picture: np.ndarray) -> Tensor:
        size = self.sizes[0]
        if picture.shape[:2] != (size, size):
            picture = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
        return torch.from_numpy(picture)


@dataclass(frozen=True, slots=True, eq=False)
class Consistency:
    """The consistency function of latent consistency models (arXiv 2310.04378, eq. 9): c_skip x + c_out x0(x, noise).

    All (1000,) float32 on the model's device, by level; `signal` and `spread`: sqrt(alpha-bar), sqrt(1 - alpha-bar).
    """

    signal: Tensor
    spread: Tensor
    skip: Tensor
    out: Tensor

    def clean(self, noisy: Tensor, noise: Tensor, level: Tensor) -> Tensor:
        """The clean latent that predicted `noise` means, for (n, c, h, w) at levels (n,)."""
        signal, spread, skip, out = (
            table[level][:, None, None, None] for table in (self.signal, self.spread, self.skip, self.out)
        )
        return skip * noisy + out * (noisy - spread * noise) / signal


def _schedule(release: Release) -> tuple[Schedule, Consistency]:
    """Stable Diffusion's own alphas, on the levels that LCM was distilled for."""
    scheduler: Any = LCMScheduler.from_config(release.scheduler_config)
    config = scheduler.config
    if config.prediction_type != "epsilon" or config.num_train_timesteps != LEVELS:
        found = f"{config.prediction_type} over {config.num_train_timesteps} levels"
        raise CheckpointError(
            f"the scheduler of --base is made for a network that predicts {found}, not noise over 1000"
        )
    device = release.place.device
    signal = scheduler.alphas_cumprod.sqrt()
    boundary = [scheduler.get_scalings_for_boundary_condition_discrete(level) for level in torch.arange(LEVELS)]
    skip, out = (torch.stack([torch.as_tensor(pair[i]) for pair in boundary]).float().to(device) for i in (0, 1))
    # As samplers of Stable Diffusion do, a fresh start is pure noise, though training left a little signal there.
    started = torch.cat([signal[:-1], signal.new_zeros(1)]).numpy()
    signal, grid = signal.to(device), LEVELS // config.original_inference_steps
    return Schedule(started, grid), Consistency(signal, (1 - signal.square()).sqrt(), skip, out)


def _guide(wish: Wish, expression: Tensor | None) -> Guide:
    subject, settings = wish.subject, wish.settings
    looks = subject.reference is not None and settings.reference_scale > 0
    return Guide(
        subject.tokens,
        expression,
        settings.expression_scale,
        subject.reference if looks else None,
        settings.reference_scale if looks else 0.0,
    )


def _capabilities(release: Release) -> tuple[str, ...]:
    there = {"expression": release.denoiser.expression is not None, "reference": release.can_refer}
    return tuple(name for name, is_there in there.items() if is_there)


def _label(release: Release, compiled: bool) -> str:
    place: Place = release.place
    dtype = str(place.dtype).removeprefix("torch.")
    decoder = "TAESD" if release.tiny is not None else "SD's autoencoder"
    steps = "LCM" if release.few_steps else "no LCM-LoRA (faces will be blurred)"
    return f"torch on {place.device} in {dtype}{', compiled' if compiled else ''}, {steps}, {decoder}"
