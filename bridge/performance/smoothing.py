"""Smoothing: the One Euro filter, steady at rest and quick in motion.

G. Casiez, N. Roussel, D. Vogel: "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in Interactive
Systems", CHI 2012. With x what came, x̂ what went out, T the time since the last sample:

    α(f) = 1 / (1 + 1 / (2π f T))                              a first-order low pass with the cutoff f
    ẋ    = α(derivative_cutoff) · (x - x̂) / T + the rest of the last ẋ
    f    = min_cutoff + beta · |ẋ|
    x̂    = α(f) · x + the rest of the last x̂
"""

from dataclasses import dataclass, field

import numpy as np

from bridge.config import ConfigError
from bridge.performance.channels import CHANNELS, GROUPS
from bridge.performance.pace import elapsed
from bridge.performance.settings import by_curve, switch

QUICK = 10.0  # Hz: a blink closes in 70 to 100 ms, and a slower filter would leave the eye half open


@dataclass(frozen=True, slots=True, eq=False)
class Smoothing:
    """Arrays (61,). Weights count in units of 1, rotations in radians."""

    on: bool = field(**switch(False))
    min_cutoff: np.ndarray = field(
        **by_curve({"face": 2.0, "gaze": 3.0, "blink": 0.0, "head": 2.0, "eyes": 3.0}, 0.0, 100.0)
    )
    """Hz, at rest: lower is steadier. 0 leaves a curve alone, as it does blinks."""
    beta: np.ndarray = field(**by_curve({"face": 10.0, "head": 20.0, "eyes": 20.0}, 0.0, 1000.0))
    """Hz for each unit a second of speed: higher is quicker in motion."""
    derivative_cutoff: np.ndarray = field(**by_curve({"face": 3.0, "head": 3.0, "eyes": 3.0}, 0.05, 100.0))
    """Hz, of the speed itself: higher notices a movement sooner, and takes more noise for one."""

    def __post_init__(self) -> None:
        for place in GROUPS["blink"]:
            if 0.0 < self.min_cutoff[place] < QUICK:
                raise ConfigError(
                    f"smoothing.min_cutoff of {CHANNELS[place]} must be 0 (not smoothed) or {QUICK:g} and above, "
                    f"got {self.min_cutoff[place]:g}: a slower filter swallows blinks"
                )


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """What the filter remembers: when, x̂ and ẋ, each (61,)."""

    seconds: float
    values: np.ndarray
    speed: np.ndarray


def smooth(
    settings: Smoothing, last: Smoothed | None, values: np.ndarray, seconds: float
) -> tuple[np.ndarray, Smoothed | None]:
    """The smoothed values and what to remember. A long gap lets the new values through as they are."""
    if not settings.on:
        return values, None
    if last is None:
        return values, Smoothed(seconds, values, np.zeros_like(values))
    gap = elapsed(last.seconds, seconds)
    quick = _share(settings.derivative_cutoff, gap)
    speed = quick * (values - last.values) / gap + (1.0 - quick) * last.speed
    share = _share(settings.min_cutoff + settings.beta * np.abs(speed), gap)
    smoothed = np.where(settings.min_cutoff > 0.0, share * values + (1.0 - share) * last.values, values)
    return smoothed, Smoothed(seconds, smoothed, speed)


def _share(cutoff: np.ndarray, gap: float) -> np.ndarray:
    """α: how much of the new value is taken, 0 to 1."""
    return 1.0 - 1.0 / (1.0 + 2.0 * np.pi * cutoff * gap)
