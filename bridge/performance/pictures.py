"""The pictures of docs/performance.md, one for each step of the chain. Needs matplotlib.

Each shows settings as a preset file has them, on movements made up here: the same numbers give the same files.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from bridge.capture.sample import Sample
from bridge.performance.chain import Chain
from bridge.performance.channels import CHANNELS, COUNT, EYES, values_of
from bridge.performance.drawing import (
    AFTER,
    AFTER_LINE,
    BEFORE,
    BEFORE_LINE,
    FAINT,
    INK,
    SHADE,
    THIRD,
    TINT,
    legend,
    save,
    sheet,
    title,
)  # fmt: skip
from bridge.performance.preset import Preset
from bridge.performance.settings import fill

RATE = 60
WIDTH, HEIGHT = 8.0, 2.5  # inches
Curves = dict[str, np.ndarray]


def _seconds(length: float, rate: float = RATE) -> np.ndarray:
    return np.arange(round(length * rate)) / rate


def _move(times: np.ndarray, begins: float, ends: float, lasts: float) -> np.ndarray:
    """From 0 to 1 and back to 0, as a face moves: smoothly, in `lasts` seconds each way."""
    up, down = ((np.clip((times - at) / lasts, 0, 1)) for at in (begins, ends - lasts))
    return up * up * (3 - 2 * up) - down * down * (3 - 2 * down)


def _noise(times: np.ndarray, size: float, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, size, len(times))


def _through(settings: dict[str, Any], times: np.ndarray, curves: Curves, lost: np.ndarray | None = None) -> Curves:
    """The curves named, out of a chain with these settings; `lost` marks the frames without a face."""
    chain = Chain(fill(Preset, settings))
    out = [chain.take(sample, float(time)) for sample, time in zip(_samples(curves, lost), times, strict=True)]
    values = np.array([values_of(sample) for sample in out])
    return {name: values[:, CHANNELS.index(name)] for name in curves}


def _samples(curves: Curves, lost: np.ndarray | None = None) -> list[Sample]:
    count = len(next(iter(curves.values())))
    values = np.zeros((count, COUNT), np.float32)
    for name, line in curves.items():
        values[:, CHANNELS.index(name)] = line
    seen = np.ones(count, bool) if lost is None else ~lost
    values[~seen] = 0.0
    return [Sample(row[: EYES.start], row[EYES], tracked=bool(face)) for row, face in zip(values, seen, strict=True)]


def _plot(axes: Axes, times: np.ndarray, came: np.ndarray, went: np.ndarray, heading: str) -> None:
    axes.plot(times, came, **BEFORE_LINE)
    axes.plot(times, went, **AFTER_LINE)
    axes.set_xlabel("seconds", fontsize=8)
    title(axes, heading)


def _transfer(axes: Axes, settings: Sequence[tuple[str, dict[str, Any]]], heading: str) -> None:
    """What goes out for what comes in, a line for each settings."""
    came = np.linspace(-0.2, 1.3, 301)
    axes.plot(came, came, color=FAINT, linewidth=1.4)
    for (label, one), colour in zip(settings, (AFTER, THIRD, INK), strict=False):
        went = _through(one, np.arange(len(came)) / RATE, {"jawOpen": came})["jawOpen"]
        axes.plot(came, went, color=colour, linewidth=1.6, label=label)
    axes.set(xlim=(-0.2, 1.3), ylim=(-0.3, 1.4))
    axes.set_xlabel("comes in", fontsize=8)
    axes.set_ylabel("goes out", fontsize=8)
    axes.legend(fontsize=8, frameon=False, loc="upper left")
    title(axes, heading)


def _remap(path: Path) -> None:
    times = _seconds(3)
    curves = {"mouthSmileLeft": 0.9 * _move(times, 0.5, 2.3, 0.4), "cheekSquintLeft": 0.04 + _noise(times, 0.004)}
    fed = {"cheekSquintLeft": {"cheekSquintLeft": 1.0, "mouthSmileLeft": 0.5}}
    out = _through({"remap": fed}, times, curves)
    figure, (one, other) = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, name in ((one, "mouthSmileLeft"), (other, "cheekSquintLeft")):
        _plot(axes, times, curves[name], out[name], name)
        axes.set_ylim(-0.05, 1.05)
    legend(figure, [one])
    save(figure, path)


def _calibration(path: Path) -> None:
    times = _seconds(8)
    brow = 0.22 + 0.78 * _move(times, 5.2, 6.9, 0.4) + _noise(times, 0.006)
    blink = 0.15 + 0.8 * (_move(times, 3.45, 3.75, 0.1) + _move(times, 5.6, 5.85, 0.1)) + _noise(times, 0.004, 2)
    curves, chain = {"browInnerUp": brow, "eyeBlinkLeft": blink}, Chain()
    chain.calibrate(0.0)
    out = np.array([values_of(chain.take(s, float(t))) for s, t in zip(_samples(curves), times, strict=True)])
    figure, both = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, (name, line) in zip(both, curves.items(), strict=True):
        axes.axvspan(0, 3, color=SHADE, linewidth=0)
        axes.axvspan(3, 4, color=TINT, linewidth=0)
        axes.text(1.5, 1.11, "countdown", fontsize=8, color=INK, ha="center")
        axes.text(3.5, 1.11, "measured", fontsize=8, color=INK, ha="center")
        _plot(axes, times, line, out[:, CHANNELS.index(name)], name)
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
    out = _through(settings[0][1], times, {"jawOpen": movement})["jawOpen"]
    _plot(other, times, movement, out, f"jawOpen over time, {name} {settings[0][0]}")
    legend(figure, [other])
    save(figure, path)


def _mirror(path: Path) -> None:
    times = _seconds(3)
    curves = {
        "mouthSmileLeft": 0.8 * _move(times, 0.4, 2.6, 0.4),
        "mouthSmileRight": 0.3 * _move(times, 0.4, 2.6, 0.4),
        "headYaw": np.radians(25.0) * _move(times, 0.8, 2.2, 0.5),
    }
    out = _through({"mirror": True}, times, curves)
    figure, axes = sheet(WIDTH, HEIGHT, 1, 3)
    for one, name in zip(axes, curves, strict=True):
        unit, kind = (180 / np.pi, ", degrees") if name == "headYaw" else (1.0, "")
        _plot(one, times, curves[name] * unit, out[name] * unit, name + kind)
        one.set_ylim((-30, 30) if kind else (-0.05, 1.0))
    legend(figure, axes)
    save(figure, path)


def _head(path: Path) -> None:
    times = _seconds(4)
    yaw = np.radians(55.0) * np.sin(times * np.pi / 2) * _move(times, -0.5, 4.5, 0.5)
    figure, both = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, (heading, settings) in zip(both, (("yaw = 30", {"yaw": 30}), ("on = false", {"on": False})), strict=True):
        out = _through({"head": settings}, times, {"headYaw": yaw})["headYaw"]
        _plot(axes, times, np.degrees(yaw), np.degrees(out), f"headYaw in degrees, {heading}")
        axes.set_yticks([-60, -30, 0, 30, 60])
    legend(figure, both)
    save(figure, path)


def _smoothing(path: Path) -> None:
    """The same movement at rest, in motion, and as a blink."""
    times = _seconds(2.4)
    jaw = 0.75 * _move(times, 1.0, 2.0, 0.2) + 0.04 + _noise(times, 0.006)
    blink = 0.95 * _move(times, 0.3, 0.55, 0.09) + 0.05 + _noise(times, 0.006, 3)
    out = _through({"smoothing": {"on": True}}, times, {"jawOpen": jaw, "eyeBlinkLeft": blink})
    views = (
        ("at rest", "jawOpen", (0.0, 0.9), (0.01, 0.07)),
        ("in motion", "jawOpen", (0.95, 1.4), (-0.03, 0.9)),
        ("blinks are left alone", "eyeBlinkLeft", (0.2, 0.65), (-0.03, 1.08)),
    )
    figure, axes = sheet(WIDTH, HEIGHT, 1, 3)
    for one, (heading, name, span, height) in zip(axes, views, strict=True):
        _plot(one, times, jaw if name == "jawOpen" else blink, out[name], f"{name}, {heading}")
        one.set(xlim=span, ylim=height)
    legend(figure, axes)
    save(figure, path)


def _smoothing_knobs(path: Path) -> None:
    """Each of the three knobs, low and high."""
    times = _seconds(3)
    jaw = 0.6 * _move(times, 1.0, 2.4, 0.25) + 0.05 + _noise(times, 0.012)
    knobs = (
        ("min_cutoff, beta = 2", {"beta": 2.0}, "min_cutoff", (0.5, 5.0), (0.0, 1.0), (0.0, 0.1)),
        ("beta", {}, "beta", (0.0, 10.0), (0.95, 1.6), (0.0, 0.75)),
        ("derivative_cutoff", {}, "derivative_cutoff", (0.3, 10.0), (0.95, 1.6), (0.0, 0.75)),
    )
    figure, axes = sheet(WIDTH, HEIGHT, 1, 3)
    for one, (heading, rest, knob, values, span, height) in zip(axes, knobs, strict=True):
        one.plot(times, jaw, **BEFORE_LINE)
        for value, colour in zip(values, (THIRD, AFTER), strict=True):
            settings = {"smoothing": {"on": True, knob: value, **rest}}
            out = _through(settings, times, {"jawOpen": jaw})["jawOpen"]
            one.plot(times, out, color=colour, linewidth=1.4, label=f"{value:g}")
        one.set(xlim=span, ylim=height)
        one.set_xlabel("seconds", fontsize=8)
        handles, labels = one.get_legend_handles_labels()
        one.legend(handles[1:], labels[1:], fontsize=8, frameon=False, loc="lower right")
        title(one, heading)
    save(figure, path)


def _loss(path: Path) -> None:
    times = _seconds(6)
    jaw = 0.55 + 0.25 * np.sin(times * 7.0) * _move(times, -1, 8, 1)
    lost = (times >= 1.5) & (times < 4.2)
    out = _through({"loss": {"on": True}}, times, {"jawOpen": jaw}, lost)["jawOpen"]
    figure, (axes,) = sheet(WIDTH, HEIGHT, 1)
    axes.axvspan(1.5, 4.2, color=SHADE, linewidth=0)
    _plot(axes, times, np.where(lost, np.nan, jaw), out, "jawOpen, the face lost from 1.5 to 4.2 s")
    for at, word in ((1.75, "hold"), (2.5, "ease"), (3.6, "neutral"), (4.32, "back")):
        axes.text(at, 0.93, word, fontsize=8, color=INK, ha="center")
    for edge in (2.0, 3.0, 4.2, 4.45):
        axes.axvline(edge, color=FAINT, linewidth=0.8)
    axes.set_ylim(-0.05, 1.02)
    legend(figure, [axes])
    save(figure, path)


def _output(path: Path) -> None:
    """24 frames a second of a source that trembles, to an even 60: what came as dots, what goes out as dots."""
    rng = np.random.default_rng(4)
    times = _seconds(0.9, 24) + rng.uniform(0, 0.012, round(0.9 * 24))
    curves = {"jawOpen": 0.8 * _move(times, 0.15, 0.8, 0.2), "eyeBlinkLeft": _move(times, 0.3, 0.5, 0.08)}
    chain, taken, out = Chain(fill(Preset, {"output": {"rate": RATE}})), 0, []
    samples, ticks = _samples(curves), np.arange(3, 52) / RATE
    for tick in ticks:
        while taken < len(times) and times[taken] <= tick:
            chain.take(samples[taken], float(times[taken]))
            taken += 1
        out.append(values_of(chain.at(float(tick)) or samples[0]))
    figure, both = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, name in zip(both, curves, strict=True):
        axes.plot(times, curves[name], color=BEFORE, marker="o", markersize=5, linewidth=0.8, label="as it came")
        went = np.array(out)[:, CHANNELS.index(name)]
        axes.plot(ticks, went, color=AFTER, marker="o", markersize=2.6, linewidth=0.8, label="as it goes out")
        axes.set_xlabel("seconds", fontsize=8)
        title(axes, f"{name}, 24 frames a second to 60")
    legend(figure, both)
    save(figure, path)


def _talk() -> np.ndarray:
    times = _seconds(3)
    return 0.06 + _noise(times, 0.012) + 0.9 * _move(times, 0.6, 1.3, 0.25) + 1.08 * _move(times, 1.6, 2.6, 0.25)


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
    "smoothing": _smoothing,
    "smoothing_knobs": _smoothing_knobs,
    "loss": _loss,
    "output": _output,
}
"""Name of the file → what draws it there."""
