"""Temporal latent reuse: what a stream remembers, and how far the next frame departs from it.

The noise is drawn once per stream and kept: fresh noise flickers. Each frame starts from the last clean latent, re-
noised only as far as the expression has changed; a cut starts from pure noise. How little noise a model may be given
is in its card (`reuse_floor`). A model that reads the last latent starts from noise, and is eased afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from generator.face_generator import Finish, StreamSettings
from generator.light import Light, angle
from generator.sampler import PURE_NOISE

STILL = 0.003  # a largest change of any curve below this draws nothing new; it adds up until it is more
CUT = 0.5  # a change of one curve between two frames that no face makes: start fresh
FULL_CHANGE = 0.25  # a change from which on nothing of the last latent is kept
ANCHOR_EVERY = 240  # frames between fresh starts, so that nothing can add up
EASE, QUIET = 0.5, 0.03  # the least share of a latent's change that is taken at once, and the change that is noise
SETTLED = 0.02  # what is left of a latent's change to be drawn no more
ANGLE = 3.0  # 0.33 rad of head turn or jaw counts as a whole curve
COEFFICIENT = 1 / 3  # FLAME's expression coefficients are standard deviations, about -3 to 3
WEIGHTS = {
    "arkit52": np.ones(52, np.float32),
    "arkit55": np.repeat(np.array([1.0, ANGLE], np.float32), (52, 3)),
    "flame55": np.repeat(np.array([COEFFICIENT, 1.0, ANGLE], np.float32), (50, 2, 3)),
}
"""How much of a whole change each curve's unit is, by basis."""


@dataclass(slots=True)
class StreamState:
    """One performer's past. `noise` and `latent` (c, h, w), `subject` as the model made it of the identity, `curves`
    (k,) as last drawn; `pending`: how far the settings have changed since.
    """

    settings: StreamSettings
    subject: Any
    noise: np.ndarray
    latent: np.ndarray | None = None
    curves: np.ndarray | None = None
    picture: Finish | None = None
    since_anchor: int = 0
    pending: float = 0.0

    def forget(self) -> None:
        self.latent = self.curves = self.picture = None
        self.since_anchor = 0

    def remember(
        self, latent: np.ndarray, curves: np.ndarray, picture: Finish, fresh: bool, settled: bool = True
    ) -> None:
        """Of a picture drawn; one that has not `settled` is drawn on, even if nothing more changes."""
        self.latent, self.curves, self.picture = latent, curves, picture
        self.since_anchor = 0 if fresh else self.since_anchor + 1
        self.pending = 0.0 if settled else 2 * STILL


def stream_noise(seed: int, channels: int, size: int) -> np.ndarray:
    """The stream's fixed noise (channels, size, size) float32; a seed of 64 bits gives the same on every machine."""
    return np.random.default_rng(seed % 2**64).standard_normal((channels, size, size), np.float32)


def change(state: StreamState, curves: np.ndarray, basis: str = "arkit55") -> float:
    """Largest change of any curve, or of a setting, since the last picture; infinite without one."""
    if state.curves is None:
        return float("inf")
    return max(float((np.abs(curves - state.curves) * WEIGHTS[basis]).max()), state.pending)


def eased(before: np.ndarray, found: np.ndarray) -> np.ndarray:
    """The clean latent (c, h, w) found, less half of what has hardly changed, place by place, since the one `before`:
    movement is taken at once, and trackers' noise is halved.
    """
    apart = found - before
    moved = np.square(apart).mean(0)
    return before + (EASE + (1 - EASE) * moved / (moved + QUIET**2)) * apart


def settled(found: np.ndarray, taken: np.ndarray) -> bool:
    """Whether nothing to be seen is left between a latent found and what was taken of it."""
    return float(np.abs(found - taken).max()) < SETTLED


def starts_fresh(state: StreamState, amount: float) -> bool:
    """Whether a frame changed by `amount` has nothing to go on from: the first, a cut, or an anchor."""
    return state.latent is None or amount > CUT or state.since_anchor >= ANCHOR_EVERY


def start_level(state: StreamState, amount: float, floor: int) -> int:
    """The noise level 0..999 that a frame changed by `amount` starts from; `floor` is the least the model was found
    good at.
    """
    if starts_fresh(state, amount):
        return PURE_NOISE
    return round(floor + (PURE_NOISE - floor) * min(amount / FULL_CHANGE, 1.0))


def take_over(state: StreamState, settings: StreamSettings, subject: Any, noise: np.ndarray) -> None:
    """New settings from the next picture on; another person or seed is a cut, all else is a change."""
    old = state.settings
    if (settings.identity, settings.seed) != (old.identity, old.seed):
        state.forget()
    scales = abs(settings.expression_scale - old.expression_scale), abs(settings.reference_scale - old.reference_scale)
    steps = FULL_CHANGE if settings.steps != old.steps else 0.0
    state.pending += max(*scales, steps, _moved(old.light, settings.light))  # a slow slide adds up
    state.settings, state.subject, state.noise = settings, subject, noise


def _moved(old: Light | None, new: Light | None) -> float:
    """How much of a whole change a light's move is: a radian counts as one."""
    if old == new:
        return 0.0
    return angle(old, new) if old and new else FULL_CHANGE  # where a model's own light stands is not known here
