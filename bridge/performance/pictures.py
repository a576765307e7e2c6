"""The pictures of docs/performance.md, one for each step of the chain. Needs matplotlib.

Each shows settings as a preset file has them, on movements made up here: the same numbers give the same files.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from bridge.performance.chain import Chain
from bridge.performance.channels import CHANNELS, values_of
from bridge.performance.drawing import AFTER, FAINT, INK, SHADE, THIRD, TINT, legend, save, sheet, title
from bridge.performance.movements import (
    HEIGHT,
    RATE,
    WIDTH,
    before_and_after,
    move,
    noise,
    samples,
    seconds_of,
    through,
)
from bridge.performance.pictures_in_time import loss, output, smoothing, smoothing_knobs


def _transfer(axes: Axes, settings: Sequence[tuple[str, dict[str, Any]]], heading: str) -> None:
    """What goes out for what comes in, a line for each settings."""
    came = np.linspace(-0.2, 1.3, 301)
    axes.plot(came, came, color=FAINT, linewidth=1.4)
    for (label, one), colour in zip(settings, (AFTER, THIRD, INK), strict=False):
        went = through(one, np.arange(len(came)) / RATE, {"jawOpen": came})["jawOpen"]
        axes.plot(came, went, color=colour, linewidth=1.6, label=label)
    axes.set(xlim=(-0.2, 1.3), ylim=(-0.3, 1.4))
    axes.set_xlabel("comes in", fontsize=8)
    axes.set_ylabel("goes out", fontsize=8)
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    title(axes, heading)


def _remap(path: Path) -> None:
    times = seconds_of(3)
    curves = {"mouthSmileLeft": 0.9 * move(times, 0.5, 2.3, 0.4), "cheekSquintLeft": 0.04 + noise(times, 0.004)}
    fed = {"cheekSquintLeft": {"cheekSquintLeft": 1.0, "mouthSmileLeft": 0.5}}
    out = through({"remap": fed}, times, curves)
    figure, (one, other) = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, name in ((one, "mouthSmileLeft"), (other, "cheekSquintLeft")):
        before_and_after(axes, times, curves[name], out[name], name)
        axes.set_ylim(-0.05, 1.05)
    legend(figure, [one])
    save(figure, path)


def _calibration(path: Path) -> None:
    times = seconds_of(8)
    brow = 0.22 + 0.78 * move(times, 5.2, 6.9, 0.4) + noise(times, 0.006)
    blink = 0.15 + 0.8 * (move(times, 3.45, 3.75, 0.1) + move(times, 5.6, 5.85, 0.1)) + noise(times, 0.004, 2)
    curves, chain = {"browInnerUp": brow, "eyeBlinkLeft": blink}, Chain()
    chain.calibrate(0.0)
    out = np.array([values_of(chain.take(s, float(t))) for s, t in zip(samples(curves), times, strict=True)])
    figure, both = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, (name, line) in zip(both, curves.items(), strict=True):
        axes.axvspan(0, 3, color=SHADE, linewidth=0)
        axes.axvspan(3, 4, color=TINT, linewidth=0)
        axes.text(1.5, 1.11, "countdown", fontsize=8, color=INK, ha="center")
        axes.text(3.5, 1.11, "measured", fontsize=8, color=INK, ha="center")
        before_and_after(axes, times, line, out[:, CHANNELS.index(name)], name)
        axes.set_ylim(-0.07, 1.22)
    legend(figure, both)
    save(figure, path)


def _static(
    settings: Sequence[tuple[str, dict[str, Any]]], movement: np.ndarray, rate: float, name: str, path: Path
) -> None:
    """A step that looks at one moment alone: in against out, and a movement of jawOpen through the first settings."""
    times = np.arange(len(movement)) / rate
    figure, (one, other) = sheet(WIDTH, HEIGHT, 1, 2)
    _transfer(one, settings, f"{name} of jawOpen")
    out = through(settings[0][1], times, {"jawOpen": movement})["jawOpen"]
    before_and_after(other, times, movement, out, f"jawOpen over time, {name} {settings[0][0]}")
    legend(figure, [other])
    save(figure, path)


def _mirror(path: Path) -> None:
    times = seconds_of(3)
    curves = {
        "mouthSmileLeft": 0.8 * move(times, 0.4, 2.6, 0.4),
        "mouthSmileRight": 0.3 * move(times, 0.4, 2.6, 0.4),
        "headYaw": np.radians(25.0) * move(times, 0.8, 2.2, 0.5),
    }
    out = through({"mirror": True}, times, curves)
    figure, axes = sheet(WIDTH, HEIGHT, 1, 3)
    for one, name in zip(axes, curves, strict=True):
        unit, kind = (180 / np.pi, ", degrees") if name == "headYaw" else (1.0, "")
        before_and_after(one, times, curves[name] * unit, out[name] * unit, name + kind)
        one.set_ylim((-30, 30) if kind else (-0.05, 1.0))
    legend(figure, axes)
    save(figure, path)


def _head(path: Path) -> None:
    times = seconds_of(4)
    yaw = np.radians(55.0) * np.sin(times * np.pi / 2) * move(times, -0.5, 4.5, 0.5)
    figure, both = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, (heading, settings) in zip(both, (("yaw = 30", {"yaw": 30}), ("on = false", {"on": False})), strict=True):
        out = through({"head": settings}, times, {"headYaw": yaw})["headYaw"]
        before_and_after(axes, times, np.degrees(yaw), np.degrees(out), f"headYaw in degrees, {heading}")
        axes.set_yticks([-60, -30, 0, 30, 60])
    legend(figure, both)
    save(figure, path)


def _talk() -> np.ndarray:
    times = seconds_of(3)
    return 0.06 + noise(times, 0.012) + 0.9 * move(times, 0.6, 1.3, 0.25) + 1.08 * move(times, 1.6, 2.6, 0.25)


def _set(**settings: Any) -> dict[str, Any]:
    return settings


def _statics() -> dict[str, Callable[[Path], None]]:
    lines = {
        "gain": (("1.3", _set(gain={"jawOpen": 1.3})), ("0.6", _set(gain={"jawOpen": 0.6}))),
        "offset": (("-0.06", _set(offset={"jawOpen": -0.06})), ("0.2", _set(offset={"jawOpen": 0.2}))),
        "dead_zone": (("0.1", _set(dead_zone={"jawOpen": 0.1})), ("0.3", _set(dead_zone={"jawOpen": 0.3}))),
        "clamp": (
            ("hard", _set(clamp={"mode": "hard"})),
            ("soft, knee 0.2", _set(clamp={"mode": "soft", "knee": 0.2})),
        ),
    }
    return {name: partial(_static, settings, _talk(), RATE, name) for name, settings in lines.items()}


PICTURES: dict[str, Callable[[Path], None]] = {
    "remap": _remap,
    "calibration": _calibration,
    **_statics(),
    "mirror": _mirror,
    "head": _head,
    "smoothing": smoothing,
    "smoothing_knobs": smoothing_knobs,
    "loss": loss,
    "output": output,
}
"""Name of the file → what draws it there."""
