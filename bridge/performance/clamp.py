"""Clamp: the weights held within a range, with an edge or with a knee."""

from dataclasses import dataclass, field

import numpy as np

from bridge.config import ConfigError
from bridge.performance.channels import CHANNELS, WEIGHTS
from bridge.performance.settings import by_curve, choice


@dataclass(frozen=True, slots=True, eq=False)
class Clamp:
    """Weights only; the head has a range of its own. Arrays (61,)."""

    mode: str = field(**choice("off", "off", "hard", "soft"))
    low: np.ndarray = field(**by_curve({"face": 0.0}, -2.0, 2.0))
    high: np.ndarray = field(**by_curve({"face": 1.0}, -2.0, 2.0))
    knee: np.ndarray = field(**by_curve({"face": 0.1, "blink": 0.0}, 0.0, 1.0))
    """Of a soft clamp: how far below `high` it begins to give, and how far above it a curve comes to `high`.
    0 for blinks, so that an eye that is shut shuts."""

    def __post_init__(self) -> None:
        crossed = np.flatnonzero(self.low[WEIGHTS] > self.high[WEIGHTS])
        if len(crossed):
            place = int(crossed[0])
            raise ConfigError(
                f"clamp.low is above clamp.high for {CHANNELS[place]}: {self.low[place]:g} and {self.high[place]:g}"
            )


def clamp(settings: Clamp, values: np.ndarray) -> np.ndarray:
    if settings.mode == "off":
        return values
    held = values.copy()
    weights = values[WEIGHTS]
    if settings.mode == "soft":
        weights = give(weights, settings.high[WEIGHTS], settings.knee[WEIGHTS])
    # The lower end has no knee: it would lift a face at rest.
    held[WEIGHTS] = np.clip(weights, settings.low[WEIGHTS], settings.high[WEIGHTS])
    return held


def give(values: np.ndarray, high: np.ndarray, knee: np.ndarray) -> np.ndarray:
    """A soft upper end: as it is up to high - knee, from high + knee on `high`, a parabola between, smooth at both.

    At `high` itself it is lower by a quarter of the knee. Where the knee is 0 there is none: the values as they are.
    """
    width = np.where(knee > 0.0, knee, 1.0)
    into = np.clip(values - (high - width), 0.0, 2.0 * width)
    soft = np.minimum(values, high + width) - into * into / (4.0 * width)
    return np.where(knee > 0.0, soft, values)
