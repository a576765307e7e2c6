"""The pictures of the steps that remember: smoothing, tracking loss and resampling. Needs matplotlib."""

from pathlib import Path

import numpy as np

from bridge.performance.chain import Chain
from bridge.performance.channels import CHANNELS, values_of
from bridge.performance.drawing import AFTER, BEFORE, BEFORE_LINE, FAINT, INK, SHADE, THIRD, legend, save, sheet, title
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
from bridge.performance.preset import Preset
from bridge.performance.settings import fill


def smoothing(path: Path) -> None:
    """The same movement at rest, in motion, and as a blink."""
    times = seconds_of(2.4)
    jaw = 0.75 * move(times, 1.0, 2.0, 0.2) + 0.04 + noise(times, 0.006)
    blink = 0.95 * move(times, 0.3, 0.55, 0.09) + 0.05 + noise(times, 0.006, 3)
    out = through({"smoothing": {"on": True}}, times, {"jawOpen": jaw, "eyeBlinkLeft": blink})
    views = (
        ("at rest", "jawOpen", (0.0, 0.9), (0.01, 0.07)),
        ("in motion", "jawOpen", (0.95, 1.4), (-0.03, 0.9)),
        ("blinks are left alone", "eyeBlinkLeft", (0.2, 0.65), (-0.03, 1.08)),
    )
    figure, axes = sheet(WIDTH, HEIGHT, 1, 3)
    for one, (heading, name, span, height) in zip(axes, views, strict=True):
        before_and_after(one, times, jaw if name == "jawOpen" else blink, out[name], f"{name}, {heading}")
        one.set(xlim=span, ylim=height)
    legend(figure, axes)
    save(figure, path)


def smoothing_knobs(path: Path) -> None:
    """Each of the three knobs, low and high."""
    times = seconds_of(3)
    jaw = 0.6 * move(times, 1.0, 2.4, 0.25) + 0.05 + noise(times, 0.012)
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
            out = through(settings, times, {"jawOpen": jaw})["jawOpen"]
            one.plot(times, out, color=colour, linewidth=1.4, label=f"{value:g}")
        one.set(xlim=span, ylim=height)
        one.set_xlabel("seconds", fontsize=8)
        handles, labels = one.get_legend_handles_labels()
        one.legend(handles[1:], labels[1:], fontsize=8, frameon=False, loc="lower right")
        title(one, heading)
    save(figure, path)


def loss(path: Path) -> None:
    times = seconds_of(6)
    jaw = 0.55 + 0.25 * np.sin(times * 7.0) * move(times, -1, 8, 1)
    lost = (times >= 1.5) & (times < 4.2)
    out = through({"loss": {"on": True}}, times, {"jawOpen": jaw}, lost)["jawOpen"]
    figure, (axes,) = sheet(WIDTH, HEIGHT, 1)
    axes.axvspan(1.5, 4.2, color=SHADE, linewidth=0)
    before_and_after(axes, times, np.where(lost, np.nan, jaw), out, "jawOpen, the face lost from 1.5 to 4.2 s")
    for at, word in ((1.75, "hold"), (2.5, "ease"), (3.6, "neutral"), (4.32, "back")):
        axes.text(at, 0.93, word, fontsize=8, color=INK, ha="center")
    for edge in (2.0, 3.0, 4.2, 4.45):
        axes.axvline(edge, color=FAINT, linewidth=0.8)
    axes.set_ylim(-0.05, 1.02)
    legend(figure, [axes])
    save(figure, path)


def output(path: Path) -> None:
    """24 frames a second of a source that trembles, to an even 60: what came as dots, what goes out as dots."""
    rng = np.random.default_rng(4)
    times = seconds_of(0.9, 24) + rng.uniform(0, 0.012, round(0.9 * 24))
    curves = {"jawOpen": 0.8 * move(times, 0.15, 0.8, 0.2), "eyeBlinkLeft": move(times, 0.3, 0.5, 0.08)}
    chain, taken, out = Chain(fill(Preset, {"output": {"rate": RATE}})), 0, []
    came, ticks = samples(curves), np.arange(3, 52) / RATE
    for tick in ticks:
        while taken < len(times) and times[taken] <= tick:
            chain.take(came[taken], float(times[taken]))
            taken += 1
        out.append(values_of(chain.at(float(tick)) or came[0]))
    figure, both = sheet(WIDTH, HEIGHT, 1, 2)
    for axes, name in zip(both, curves, strict=True):
        axes.plot(times, curves[name], color=BEFORE, marker="o", markersize=5, linewidth=0.8, label="as it came")
        went = np.array(out)[:, CHANNELS.index(name)]
        axes.plot(ticks, went, color=AFTER, marker="o", markersize=2.6, linewidth=0.8, label="as it goes out")
        axes.set_xlabel("seconds", fontsize=8)
        title(axes, f"{name}, 24 frames a second to 60")
    legend(figure, both)
    save(figure, path)
