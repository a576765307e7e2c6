"""The looks that plots and the pictures of the manual share. Needs matplotlib."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, FAINT, BEFORE, AFTER, THIRD, SHADE, TINT = (
    "#22262b",
    "#d5d9de",
    "#9aa1a9",
    "#0b7a75",
    "#d1495b",
    "#f1f3f5",
    "#d9ece9",
)
BEFORE_LINE = {"color": BEFORE, "linewidth": 2.6, "alpha": 0.75, "label": "as it came"}
AFTER_LINE = {"color": AFTER, "linewidth": 1.4, "label": "as it goes out"}
DOTS = 100  # an inch


def sheet(width: float, height: float, rows: int, columns: int = 1, sharex: bool = False) -> tuple[Figure, list[Axes]]:
    """A figure and its axes, row by row; inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False, sharex=sharex)
    for one in (flat := [one for row in axes for one in row]):
        frame(one)
    return figure, flat


def frame(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.grid(axis="y", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.tick_params(color=FAINT, labelcolor=INK, labelsize=8)


def title(axes: Axes, text: str) -> None:
    axes.set_title(text, fontsize=9, color=INK, loc="left", pad=4)


def legend(figure: Figure, axes: Sequence[Axes]) -> None:
    """One legend for all axes, below them, each label once."""
    found = {label: line for one in axes for line, label in zip(*one.get_legend_handles_labels(), strict=True)}
    figure.legend(
        list(found.values()), list(found), loc="outside lower center", ncols=len(found), fontsize=8, frameon=False
    )


def save(figure: Figure, path: Path) -> None:
    # Without the software's name and the date, so that the same performance gives the same file.
    figure.savefig(path, dpi=DOTS, facecolor="white", metadata={"Software": None})
