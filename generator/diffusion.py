"""The face generator of a diffusion checkpoint: expression → denoise from the last latent → decode."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from generator.checkpoint import Card, model_folder, read_card, read_identities
from generator.face_generator import Drawn, StreamSettings
from generator.runtimes import Runtime, load_runtime
from generator.sampler import PURE_NOISE, noised, sample
from generator.temporal import STILL, StreamState, change, start_level, stream_noise, take_over, walk

MAX_STEPS = 8
CURVE_RANGE = (-0.1, 1.15)  # what the model has seen; recordings go a little beyond 0..1
MAX_TURN = np.radians(12.0)


def load_diffusion(model: str, runtime: str = "auto") -> DiffusionGenerator:
    """A built-in model by name or a model folder. Raises CheckpointError naming the file and why."""
    folder = model_folder(model)
    card = read_card(folder)
    return DiffusionGenerator(card, read_identities(folder, card), load_runtime(folder, card, runtime))


class DiffusionGenerator:
    """A `FaceGenerator`. One thread calls it."""

    max_batch = 4
    capabilities: tuple[str, ...] = ("expression",)

    def __init__(self, card: Card, identities: dict[str, np.ndarray], runtime: Runtime) -> None:
        self.card, self.runtime, self._vectors = card, runtime, identities
        self.name, self.basis, self.sizes, self.default_steps = card.name, card.basis, (card.size,), card.default_steps
        self.identities = tuple(identities)
        self.reuse = True
        self._warm_up()

    def open_stream(self, settings: StreamSettings) -> StreamState:
        """Raises ValueError naming the setting that is refused."""
        self._check(settings)
        return StreamState(settings, self._identity(settings), self._noise(settings))

    def change(self, stream: StreamState, settings: StreamSettings) -> None:
        """Takes new settings over at the next picture; another identity or seed starts fresh. Raises ValueError."""
        self._check(settings)
        take_over(stream, settings, self._identity(settings), self._noise(settings))

    def reset(self, stream: StreamState) -> None:
        """Starts fresh at the next picture."""
        stream.forget()

    def render(self, frames: Sequence[tuple[StreamState, np.ndarray]]) -> list[Drawn]:
        """One picture a frame, in order; float32 (55,) curves. All streams that have something new go through the
        network together.
        """
        shaped = [(stream, expression(curves, stream.settings.expression_scale)) for stream, curves in frames]
        changes = [change(stream, curves) for stream, curves in shaped]
        new = [(*frame, amount) for frame, amount in zip(shaped, changes, strict=True) if amount > STILL]
        for steps in {self._steps(stream) for stream, _, _ in new}:
            self._draw([frame for frame in new if self._steps(frame[0]) == steps], steps)
        return [Drawn(_pixels(stream), amount <= STILL) for (stream, _), amount in zip(shaped, changes, strict=True)]

    def _draw(self, frames: Sequence[tuple[StreamState, np.ndarray, float]], steps: int) -> None:
        streams = [stream for stream, _, _ in frames]
        starts = [
            start_level(stream, amount, self.card.reuse_floor) if self.reuse else PURE_NOISE
            for stream, _, amount in frames
        ]
        levels = [
            self._tensor(torch.tensor(level)) for level in zip(*(walk(start, steps) for start in starts), strict=True)
        ]
        noise = torch.stack([stream.noise for stream in streams])
        last = torch.stack([stream.noise if stream.latent is None else stream.latent for stream in streams])
        identity = torch.stack([stream.identity for stream in streams])
        curves = self._tensor(torch.from_numpy(np.stack([curves for _, curves, _ in frames])))

        def denoise(noisy: Tensor, level: Tensor) -> Tensor:
            return self.runtime.denoise(noisy, level, identity, curves)

        latents = sample(denoise, noised(last, noise, levels[0]), noise, levels)
        pictures = self.runtime.decode(latents).cpu().numpy()
        for (stream, expressed, _), latent, picture, start in zip(frames, latents, pictures, starts, strict=True):
            stream.remember(latent, expressed, picture, fresh=start == PURE_NOISE)

    def _steps(self, stream: StreamState) -> int:
        return stream.settings.steps or self.default_steps

    def _check(self, settings: StreamSettings) -> None:
        if settings.identity not in self._vectors:
            raise ValueError(f"no identity {settings.identity!r}; this model has {', '.join(self._vectors)}")
        if settings.size not in self.sizes:
            raise ValueError(f"no size {settings.size}; this model draws {', '.join(map(str, self.sizes))}")
        if not 0 <= settings.steps <= MAX_STEPS:
            raise ValueError(f"steps {settings.steps}: 1 to {MAX_STEPS}, or 0 for the model's own {self.default_steps}")

    def _identity(self, settings: StreamSettings) -> Tensor:
        return self._tensor(torch.from_numpy(self._vectors[settings.identity]))

    def _noise(self, settings: StreamSettings) -> Tensor:
        return self._tensor(stream_noise(settings.seed, self.card.latent_channels, self.card.latent_size))

    def _tensor(self, tensor: Tensor) -> Tensor:
        return tensor.to(self.runtime.device)

    def _warm_up(self) -> None:
        """The first pass is slow; it should not be a performer's."""
        stream = self.open_stream(StreamSettings(self.identities[0], self.card.size))
        self.render([(stream, np.zeros(55, np.float32))])


def expression(curves: np.ndarray, scale: float) -> np.ndarray:
    """The curves the network is given: exaggerated or muted by `scale`, held to the range it knows; the head's turn
    is not scaled.
    """
    shaped = np.clip(curves * scale, *CURVE_RANGE)
    shaped[52:] = np.clip(curves[52:], -MAX_TURN, MAX_TURN)
    return shaped.astype(np.float32)


def _pixels(stream: StreamState) -> np.ndarray:
    assert stream.pixels is not None
    return stream.pixels
