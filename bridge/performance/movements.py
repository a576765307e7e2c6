"""Movements made up for the pictures of the manual, and what a chain makes of them."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from bridge.capture.sample import Sample
from bridge.performance.chain import Chain
from bridge.performance.channels import CHANNELS, COUNT, EYES, values_of
from bridge.performance.drawing import AFTER_LINE, BEFORE_LINE, title
from bridge.performance.preset import Preset
from bridge.performance.settings import fill

RATE = 60
WIDTH, HEIGHT = 8.0, 2.5  # inches
Curves = dict[str, np.ndarray]


def seconds_of(length: float, rate: float = RATE) -> np.ndarray:
    return np.arange(round(length * rate)) / rate


def move(times: np.ndarray, begins: float, ends: float, lasts: float) -> np.ndarray:
    """From 0 to 1 and back to 0, as a face moves: smoothly, in `lasts` seconds each way."""
    up, down = ((np.clip((times - at) / lasts, 0, 1)) for at in (begins, ends - lasts))
    return up * up * (3 - 2 * up) - down * down * (3 - 2 * down)


def noise(times: np.ndarray, size: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, size, len(times))


def through(settings: dict[str, Any], times: np.ndarray, curves: Curves, lost: np.ndarray | None = None) -> Curves:
    """The curves named, out of a chain with these settings; `lost` marks the frames without a face."""
    chain = Chain(fill(Preset, settings))
    out = [chain.take(sample, float(time)) for sample, time in zip(samples(curves, lost), times, strict=True)]
    values = np.array([values_of(sample) for sample in out])
    return {name: values[:, CHANNELS.index(name)] for name in curves}


def samples(curves: Curves, lost: np.ndarray | None = None) -> list[Sample]:
    count = len(next(iter(curves.values())))
    values = np.zeros((count, COUNT), np.float32)
    for name, line in curves.items():
        values[:, CHANNELS.index(name)] = line
    seen = np.ones(count, bool) if lost is None else ~lost
    values[~seen] = 0.0
    return [Sample(row[: EYES.start], row[EYES], tracked=bool(face)) for row, face in zip(values, seen, strict=True)]


def before_and_after(axes: Axes, times: np.ndarray, came: np.ndarray, went: np.ndarray, heading: str) -> None:
    axes.plot(times, came, **BEFORE_LINE)
    axes.plot(times, went, **AFTER_LINE)
    axes.set_xlabel("seconds", fontsize=8)
    title(axes, heading)
