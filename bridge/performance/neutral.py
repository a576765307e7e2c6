"""Neutral calibration: the performer's face at rest becomes 0, and what was 1 stays 1.

After a countdown the face is looked at for a second, and each curve's median is taken for its rest: a blink, which
fills less than half of that second, does not count.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from bridge.performance.channels import GROUPS, ROTATIONS, WEIGHTS
from bridge.performance.settings import by_curve, number, switch

Phase = Literal["countdown", "measuring", "done", "failed"]
FEWEST = 8  # frames that a median of a second should stand on; a slow webcam gives 15
MOST = 2048  # frames remembered, also while time stands still


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    on: bool = field(**switch(True))
    """false sets aside what was measured, to compare."""
    countdown: float = field(**number(3.0, 0.0, 60.0))
    """Seconds to get the face to rest."""
    average: float = field(**number(1.0, 0.1, 10.0))
    """Seconds that the rest is measured over."""
    most: float = field(**number(0.5, 0.0, 0.9))
    """A curve's rest counts up to this much: stretching what is left of 1 stretches its noise too."""
    head: bool = field(**switch(True))
    """Whether the head's and the eyes' pose at rest becomes 0 too."""
    neutral: np.ndarray = field(**by_curve({}, -3.2, 3.2))
    """The face at rest (61,), if it was measured before."""


@dataclass(frozen=True, slots=True, eq=False)
class Measurement:
    """A calibration under way or over. `neutral` is set once it is done, `problem` once it has failed."""

    begun: float
    frames: tuple[np.ndarray, ...] = ()
    neutral: np.ndarray | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """For whoever shows the countdown: the phase, the seconds left of it, and a sentence."""

    phase: Phase
    left: float
    text: str


def relax(settings: Calibration, neutral: np.ndarray, values: np.ndarray) -> np.ndarray:
    """(x - rest) / (1 - rest) for weights, x - rest for rotations."""
    if not settings.on or not neutral.any():
        return values
    rest = neutral.copy()
    rest[WEIGHTS] = np.clip(rest[WEIGHTS], -settings.most, settings.most)
    if not settings.head:
        rest[ROTATIONS] = 0.0
    relaxed = values - rest
    relaxed[WEIGHTS] /= 1.0 - rest[WEIGHTS]
    return relaxed


def measure(settings: Calibration, under_way: Measurement, values: np.ndarray | None, seconds: float) -> Measurement:
    """The measurement with one more frame (None: no face in it), or over if its time is."""
    if under_way.neutral is not None or under_way.problem:
        return under_way
    if seconds < under_way.begun:  # time ran backwards: the countdown begins again
        return Measurement(seconds)
    since = seconds - under_way.begun - settings.countdown
    if since >= settings.average:
        return _over(under_way)
    if since < 0.0 or values is None or len(under_way.frames) >= MOST:
        return under_way
    return replace(under_way, frames=(*under_way.frames, values))


def progress(settings: Calibration, measurement: Measurement, seconds: float) -> Progress:
    if measurement.problem:
        return Progress("failed", 0.0, measurement.problem)
    if measurement.neutral is not None:
        return Progress("done", 0.0, f"neutral measured over {len(measurement.frames)} frames")
    since = max(seconds - measurement.begun, 0.0)
    if since < settings.countdown:
        left = settings.countdown - since
        return Progress("countdown", left, f"relax the face and look ahead: {max(math.ceil(left), 1)}")
    left = max(settings.countdown + settings.average - since, 0.0)
    return Progress("measuring", left, "hold still")


def _over(under_way: Measurement) -> Measurement:
    count = len(under_way.frames)
    if count < FEWEST:
        few = f"only {count} frames with a face came while the neutral face was measured; calibrate again"
        return replace(under_way, problem=few)
    neutral = np.median(under_way.frames, axis=0)
    if neutral[list(GROUPS["blink"])].min() > 0.5:
        return replace(under_way, problem="the eyes were shut while the neutral face was measured; calibrate again")
    neutral.setflags(write=False)
    return replace(under_way, neutral=neutral)
