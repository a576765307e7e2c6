"""The report's diagrams, each a PNG file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, FAINT, OURS, TRUTH = "#22262b", "#d5d9de", "#0b7a75", "#22262b"
RIVALS = ("#d1495b", "#edae49", "#5b8bd0", "#8d6cab")
GOOD, POOR = 0.9, 0.7  # correlations that the mean, and every curve, should reach
DOTS = 110  # an inch


def colours(names: Sequence[str]) -> dict[str, str]:
    """The first, the shipped model, and the truth have their own; rivals take the others in order."""
    rivals = [name for name in names[1:] if name != "truth"]
    own = {names[0]: OURS, "truth": TRUTH}
    return own | {name: RIVALS[i % len(RIVALS)] for i, name in enumerate(rivals)}


def correlations(found: Mapping[str, float], path: Path) -> None:
    """A bar for each curve's correlation, from the best to the poorest."""
    names = sorted(found, key=lambda name: -found[name])
    figure, axes = _figure(11, 3.4)
    shades = [OURS if found[n] >= GOOD else RIVALS[1] if found[n] >= POOR else RIVALS[0] for n in names]
    axes.bar(range(len(names)), [found[name] for name in names], color=shades, width=0.78)
    for level in (GOOD, POOR):
        axes.axhline(level, color=INK, linewidth=0.8, linestyle=":")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set(ylim=(0, 1.02), xlim=(-0.7, len(names) - 0.3), ylabel="correlation")
    _save(figure, path)


def gains(levels: np.ndarray, responses: Mapping[str, np.ndarray], path: Path) -> None:
    """Small diagrams, one a curve: what was asked (levels) against what was shown (responses), both 0..1."""
    columns = 11
    rows = -(-len(responses) // columns)
    figure = Figure(figsize=(12, 1.28 * rows + 0.5), layout="constrained")
    for place, (name, response) in enumerate(responses.items(), 1):
        axes = figure.add_subplot(rows, columns, place)
        axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1)
        axes.plot(levels, response, color=OURS, linewidth=1.6)
        axes.set(xlim=(0, 1), ylim=(-0.1, 1.3), xticks=[], yticks=[])
        axes.set_title(name, fontsize=6.2, color=INK, pad=2)
        _frame(axes)
    figure.supxlabel("the curve's value, 0 to 1", fontsize=8)
    figure.supylabel("response, share of the truth's at 1", fontsize=8)
    _save(figure, path)


def leakage(matrix: np.ndarray, curves: Sequence[str], regions: Sequence[str], path: Path) -> None:
    """(curves, regions): how much each region moves with each curve. Drawn with the curves along the bottom."""
    figure, axes = _figure(12, 0.3 * len(regions) + 1.7)
    most = max(float(np.nanmax(np.abs(matrix))), 1e-6)
    two_sided = bool(np.nanmin(matrix) < 0)
    shade = {"cmap": "RdBu_r", "vmin": -most, "vmax": most} if two_sided else {"cmap": "Reds", "vmin": 0, "vmax": most}
    picture = axes.imshow(matrix.T, aspect="auto", **shade)
    axes.set_xticks(range(len(curves)), curves, rotation=90, fontsize=7)
    axes.set_yticks(range(len(regions)), regions, fontsize=8)
    axes.tick_params(length=0)
    bar = figure.colorbar(picture, ax=axes, pad=0.01)
    bar.ax.tick_params(labelsize=7)
    _save(figure, path)


def steps(shares: Mapping[str, Mapping[str, np.ndarray]], path: Path) -> None:
    """Contestant → step → share of the change that is there, from the frame before the step on."""
    names, shade = list(shares), colours(list(shares))
    poses = list(shares[names[0]])
    figure = Figure(figsize=(3.6 * len(poses), 2.9), layout="constrained")
    for place, pose in enumerate(poses, 1):
        axes = figure.add_subplot(1, len(poses), place)
        axes.axhline(0.9, color=INK, linewidth=0.8, linestyle=":")
        for name in reversed(names):
            line = shares[name][pose]
            axes.plot(
                np.arange(len(line)) - 1, line, color=shade[name], marker="o", markersize=3, label=name, linewidth=1.4
            )
        axes.set_title(pose, fontsize=9, color=INK)
        axes.set(xlabel="frames after the step", ylim=(-0.1, 1.35))
        axes.set_ylabel("share of the change" if place == 1 else "")
        _frame(axes)
    figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=6, fontsize=8, frameon=False)
    _save(figure, path)


def drift(apart: int, similarity: Mapping[str, np.ndarray], path: Path) -> None:
    """Identity over a long stream, looked at every `apart` frames: one line a contestant."""
    figure, axes = _figure(8, 2.8)
    shade = colours(list(similarity))
    for name, line in similarity.items():
        frames = np.arange(1, len(line) + 1) * apart
        axes.plot(frames, line, color=shade[name], marker="o", markersize=3, linewidth=1.4, label=name)
    middle = float(np.mean([line[0] for line in similarity.values()]))
    axes.set(xlabel="frame of the stream", ylabel="ID-SIM to the enrolled", xlim=(0, None))
    axes.set_ylim(min(middle - 0.1, min(float(np.min(line)) for line in similarity.values()) - 0.01), 1.0)
    axes.legend(fontsize=8, frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left")
    _save(figure, path)


def smoothness(points: Mapping[str, tuple[float, float]], path: Path) -> None:
    """Contestant → (tLP ratio, AED): low and to the left is better, 1 is as smooth as the truth."""
    figure, axes = _figure(7.2, 3.4)
    shade = colours(list(points))
    axes.axvspan(0, 1.15, color="#eef5f4", zorder=0)
    axes.axvline(1.0, color=INK, linewidth=0.8, linestyle=":")
    for name, (smooth, error) in points.items():
        axes.scatter(smooth, error, color=shade[name], s=52, zorder=3, label=name)
    right = max(smooth for smooth, _ in points.values())
    axes.set(xlabel="tLP, times the truth's own", ylabel="AED", xlim=(0, right * 1.1))
    axes.set_ylim(-0.04 * (most := max(error for _, error in points.values())), most * 1.15 or 1)
    axes.legend(fontsize=8, frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left")
    _save(figure, path)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    _frame(axes)
    return figure, axes


def _frame(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.tick_params(color=FAINT, labelcolor=INK, labelsize=8)
    axes.xaxis.label.set_fontsize(9)
    axes.yaxis.label.set_fontsize(9)


def _save(figure: Figure, path: Path) -> None:
    # Without the software's name and the date, so that the same findings give the same file.
    figure.savefig(path, dpi=DOTS, facecolor="white", metadata={"Software": None})
