"""Curves before and after the chain, as a picture. Needs matplotlib."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from bridge.performance.channels import CHANNELS, WEIGHTS
from bridge.performance.drawing import AFTER_LINE, BEFORE_LINE, legend, save, sheet, title
from bridge.performance.mirror import PARTNERS
from bridge.performance.played import Played

WIDTH, ROW = 11.0, 1.35  # inches
SHOWN = 6


def liveliest(played: Played, count: int = SHOWN) -> list[int]:
    """The channels that move most, in their usual order; of a left and a right one that do, the livelier.

    An angle counts as much as a weight at half a radian.
    """
    movement = played.before.std(axis=0)
    movement[WEIGHTS.stop :] *= 2.0
    twins = movement[PARTNERS] + 1e-9 * (np.arange(len(movement)) > PARTNERS)
    movement[(np.arange(len(movement)) != PARTNERS) & (twins > movement)] = 0.0
    return sorted(int(place) for place in np.argsort(-movement, kind="stable")[:count])


def draw(played: Played, channels: Sequence[int], path: Path, span: tuple[float, float] | None = None) -> None:
    """A row for each channel over the seconds of `span`; angles in degrees. A PNG, or what the path's ending says."""
    first, last = span or (float(played.times[0]), float(played.times[-1]))
    figure, axes = sheet(WIDTH, ROW * len(channels) + 0.7, len(channels), sharex=True)
    for one, channel in zip(axes, channels, strict=True):
        angle = channel >= WEIGHTS.stop
        unit = 180 / np.pi if angle else 1.0
        came = _within(played.times, played.before[:, channel] * unit, first, last)
        went = _within(played.out_times, played.after[:, channel] * unit, first, last)
        one.plot(*came, **BEFORE_LINE)
        one.plot(*went, **AFTER_LINE)
        one.set_xlim(first, last)
        _fit(one, np.concatenate([came[1], went[1]]), least=10.0 if angle else 0.5)
        title(one, CHANNELS[channel] + (", degrees" if angle else ""))
    axes[-1].set_xlabel("seconds", fontsize=8)
    legend(figure, axes)
    save(figure, path)


def _within(times: np.ndarray, values: np.ndarray, first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    inside = (times >= first) & (times <= last)
    return times[inside], values[inside]


def _fit(axes: Axes, values: np.ndarray, least: float) -> None:
    """All of the values and 0, and no less than `least` or twice that, so that rows compare and noise looks small."""
    low, high = (min(float(values.min()), 0.0), max(float(values.max()), 0.0)) if len(values) else (0.0, least)
    high = max(high, least if high - low <= least else 2 * least)
    margin = 0.06 * (high - low)
    axes.set_ylim(low - margin, high + margin)
    axes.locator_params(axis="y", nbins=4)
