"""Temporal latent reuse: what a stream remembers, and how far the next frame departs from it.

The noise is drawn once per stream and kept: fresh noise flickers. Each frame starts from the last clean latent, re-
noised only as far as the expression has changed; a cut starts from pure noise. How little noise a model may be given
is in its card (`reuse_floor`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from generator.face_generator import StreamSettings
from generator.sampler import PURE_NOISE

STILL = 0.003  # a largest change of any curve below this draws nothing new; it adds up until it is more
CUT = 0.5  # a change of one curve between two frames that no face makes: start fresh
FULL_CHANGE = 0.25  # a change from which on nothing of the last latent is kept
ANCHOR_EVERY = 240  # frames between fresh starts, so that nothing can add up
ANGLES_AS_CURVES = 3.0  # 0.33 rad of head turn counts as a whole curve


@dataclass(slots=True)
class StreamState:
    """One performer's past. `noise` and `latent` (c, h, w), `identity` (512,), `curves` (k,) as last drawn."""

    settings: StreamSettings
    identity: Tensor
    noise: Tensor
    latent: Tensor | None = None
    curves: np.ndarray | None = None
    pixels: np.ndarray | None = None
    since_anchor: int = 0

    def forget(self) -> None:
        self.latent = self.curves = self.pixels = None
        self.since_anchor = 0

    def remember(self, latent: Tensor, curves: np.ndarray, pixels: np.ndarray, fresh: bool) -> None:
        self.latent, self.curves, self.pixels = latent, curves, pixels
        self.since_anchor = 0 if fresh else self.since_anchor + 1


def stream_noise(seed: int, channels: int, size: int) -> Tensor:
    """The stream's fixed noise (channels, size, size); the same seed gives the same on every machine."""
    return torch.randn(channels, size, size, generator=torch.Generator("cpu").manual_seed(seed))


def change(state: StreamState, curves: np.ndarray) -> float:
    """Largest change of any curve since the last picture; infinite without one."""
    if state.curves is None:
        return float("inf")
    difference = np.abs(curves - state.curves)
    return float(max(difference[:52].max(), difference[52:].max(initial=0.0) * ANGLES_AS_CURVES))


def start_level(state: StreamState, amount: float, floor: int) -> int:
    """The noise level 0..999 that a frame changed by `amount` starts from; `floor` is the least the model was found
    good at.
    """
    if state.latent is None or amount > CUT or state.since_anchor >= ANCHOR_EVERY:
        return PURE_NOISE
    return round(floor + (PURE_NOISE - floor) * min(amount / FULL_CHANGE, 1.0))


def walk(start: int, steps: int) -> list[int]:
    """`steps` noise levels going down evenly from `start`."""
    return [round(start * (1 - i / steps)) for i in range(steps)]


def take_over(state: StreamState, settings: StreamSettings, identity: Tensor, noise: Tensor) -> None:
    """New settings from the next picture on; another person or seed is a cut."""
    if (settings.identity, settings.seed) != (state.settings.identity, state.settings.seed):
        state.forget()
    state.settings, state.identity, state.noise = settings, identity, noise
