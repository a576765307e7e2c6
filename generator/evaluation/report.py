"""The findings as report.md, report.json, and tables on the screen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table as ScreenTable

FOLDED = 24  # rows from which on a table is folded
Cell = str | float | int | None
Scores = Mapping[str, Any]  # figure → number, or name → number

FIGURES = {
    "id_sim_mean": "ID-SIM, mean", "rank1": "rank 1 among 500", "id_drift_10000": "identity drift",
    "curve_r_mean": "curves, mean correlation", "curve_r_min": "curves, least correlation", "aed": "AED, portraits",
    "psnr": "PSNR, dB", "face_psnr": "PSNR of the face, dB", "sharpness": "sharpness, × truth",
    "lpips": "LPIPS", "fid": "FID", "talk_psnr": "PSNR talking, dB", "talk_aed": "AED talking",
    "tlp_ratio": "tLP, × truth", "warp_ratio": "warp error, × truth", "flicker": "flicker, levels",
    "lag_step_frames": "lag on a step, frames", "lag_talk_frames": "lag talking, frames",
}  # fmt: skip
"""The figures that one table shows for everybody, by their names in the JSON."""


@dataclass(frozen=True, slots=True)
class Target:
    """One number and what it should be: at least `bound`, or at most where `at_most`. None: it was not measured."""

    what: str
    value: float | None
    bound: float
    at_most: bool = False
    unit: str = ""

    @property
    def met(self) -> bool:
        if self.value is None or self.value != self.value:
            return False
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    @property
    def wanted(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {self.bound:.4g} {self.unit}".strip()

    @property
    def verdict(self) -> str:
        if self.value is None or self.value != self.value:
            return "not measured"
        return "met" if self.met else f"missed by {abs(self.value - self.bound):.2g}"


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has a cell for every column; the first names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`pictures`: file name → what is to be seen in it."""

    title: str
    about: str
    tables: tuple[Table, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """`scores`: contestant → figures, the shipped model's first. `unmeasured`: sentences."""

    command: str  # that makes it
    facts: Mapping[str, Cell]
    scores: Mapping[str, Scores]
    targets: tuple[Target, ...]
    sections: tuple[Section, ...]
    unmeasured: tuple[str, ...] = ()


def targets(scores: Mapping[str, Scores]) -> tuple[Target, ...]:
    """What the shipped model, first in `scores`, is held to."""
    ours = next(iter(scores.values()))
    plain = (
        ("ID-SIM to the enrolled, mean", "id_sim_mean", 0.85, False, ""),
        ("rank 1 against 500 other people", "rank1", 0.99, False, ""),
        ("identity drift over a long stream", "id_drift_10000", 0.02, True, ""),
        ("correlation of the curves, mean", "curve_r_mean", 0.9, False, ""),
        ("correlation of the curves, least", "curve_r_min", 0.7, False, ""),
        ("PSNR", "psnr", 27.0, False, "dB"),
        ("tLP, times the truth's own", "tlp_ratio", 1.15, True, ""),
        ("warp error, times the truth's own", "warp_ratio", 1.15, True, ""),
        ("lag on a step", "lag_step_frames", 1.0, True, "frames"),
        ("lag talking", "lag_talk_frames", 0.5, True, "frames"),
    )
    held = [Target(what, _size(ours.get(key)) if less else ours.get(key), bound, less, unit)
            for what, key, bound, less, unit in plain]  # fmt: skip
    return (*held, *(one for rival in ("full sampling", "naive reuse", "one step, no reuse") if rival in scores
                     for one in _ahead(ours, rival, scores[rival])))  # fmt: skip


def _ahead(ours: Scores, rival: str, theirs: Scores) -> Iterable[Target]:
    """No less smooth than a rival, while the expression is no further off."""
    for what, key in (("tLP", "tlp_ratio"), ("AED talking", "talk_aed")):
        if theirs.get(key) is not None:
            yield Target(f"{what}, at most that of {rival}", ours.get(key), theirs[key], True)


def _size(value: float | None) -> float | None:
    """A lag is one in either direction."""
    return None if value is None else abs(value)


def write_report(report: Report, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(markdown(report), encoding="utf-8")
    write_json(report, folder / "report.json")


def write_json(report: Report, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plain(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def plain(report: Report) -> dict[str, Any]:
    """The shipped model's figures on top, the others' by name under "rivals"; numbers of 4 digits, NaN as null."""
    ours, *rivals = report.scores.items()
    return _rounded({
        **ours[1],
        "rivals": dict(rivals),
        "targets": [{"what": t.what, "value": t.value, "bound": t.bound, "at_most": t.at_most, "met": t.met}
                    for t in report.targets],
        "not_measured": list(report.unmeasured),
        "facts": dict(report.facts),
    })  # fmt: skip


def markdown(report: Report) -> str:
    met = sum(target.met for target in report.targets)
    lines = ["# The compact model, measured", "", f"`{report.command}`", "", _told(report.facts), ""]
    lines += [f"**{met} of {len(report.targets)} targets met.**", "", *_markdown_table(target_table(report))]
    lines += [sentence for missing in report.unmeasured for sentence in ("", f"Not measured: {missing}")]
    lines += ["", "## Beside its rivals", "", RIVALS, "", *_markdown_table(score_table(report))]
    for section in report.sections:
        lines += ["", f"## {section.title}", "", section.about]
        for table in section.tables:
            lines += ["", *_titled(table)]
        for name, about in section.pictures:
            lines += ["", f"![{about}]({name})", "", f"*{about}*"]
    return "\n".join(lines) + "\n"


RIVALS = (
    "Full sampling draws every frame by itself in 25 steps from the stream's one noise; one step, no reuse, does it in "
    "one. Naive reuse is image-to-image at a fixed strength: the last latent, noised again to level 500 with fresh "
    "noise. Nearest frame has no model: of twelve true pictures of the person it shows that of the nearest curves. "
    "Full sampling, many times as slow, performs all that the others do, but sits for fewer portraits and one sweep "
    "of few levels, or none: what it has there compares with nobody's."
)


def target_table(report: Report) -> Table:
    rows = tuple((t.what, _text(t.value), t.wanted, t.verdict) for t in report.targets)
    return Table("Targets", ("figure", "measured", "target", ""), rows)


def score_table(report: Report) -> Table:
    shown = [key for key in FIGURES if any(scores.get(key) is not None for scores in report.scores.values())]
    rows = tuple((FIGURES[key], *(scores.get(key) for scores in report.scores.values())) for key in shown)
    return Table("Everybody's figures", ("", *report.scores), rows)


def show(report: Report, console: Console) -> None:
    for table in (score_table(report), target_table(report)):
        console.print(_screen_table(table))
    for missing in report.unmeasured:
        console.print(f"not measured: {missing}", style="yellow", highlight=False)


def _told(facts: Mapping[str, Cell]) -> str:
    return " · ".join(f"{name}: {_text(value)}" for name, value in facts.items())


def _titled(table: Table) -> list[str]:
    """A long table is folded away below its title."""
    lines = _markdown_table(table)
    if len(table.rows) > FOLDED:
        return [f"<details><summary>{table.title or 'all of them'}</summary>", "", *lines, "", "</details>"]
    return [f"**{table.title}**", "", *lines] if table.title else lines


def _markdown_table(table: Table) -> list[str]:
    lines = [f"| {' | '.join(_text(cell) for cell in row)} |" for row in (table.columns, *table.rows)]
    return [lines[0], "|---|" + "---:|" * (len(table.columns) - 1), *lines[1:]]


def _screen_table(table: Table) -> ScreenTable:
    shown = ScreenTable(title=table.title, title_justify="left")
    for number, column in enumerate(table.columns):
        shown.add_column(column, justify="left" if number == 0 else "right")
    for row in table.rows:
        shown.add_row(*map(_text, row), style="red" if str(row[-1]).startswith("missed") else None)
    return shown


def _text(cell: Cell) -> str:
    if cell is None or cell != cell:
        return "–"
    if isinstance(cell, float):
        digits = sum(abs(cell) < bound for bound in (20, 2, 0.1)) + 1
        return f"{cell:.{digits}f}"
    return str(cell)


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        return round(float(value), 4) if value == value else None
    return value
