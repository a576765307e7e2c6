"""The findings as report.md, report.json and pictures in a folder, and as tables on the screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
from rich.console import Console
from rich.table import Table as ScreenTable

from generator.evaluation.result import Cell, Check, Section, Table

Facts = dict[str, str | int | float | bool]


def write_report(sections: Sequence[Section], facts: Facts, folder: Path) -> None:
    """report.md, report.json and a PNG for every picture; `facts` say what was measured."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in _pictures(sections).items():
        cv2.imwrite(str(folder / f"{name}.png"), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    (folder / "report.md").write_text(markdown(sections, facts), encoding="utf-8")
    write_json(sections, facts, folder / "report.json")


def write_json(sections: Sequence[Section], facts: Facts, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(plain(sections, facts), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def plain(sections: Sequence[Section], facts: Facts) -> dict[str, Any]:
    """The report as JSON holds it; numbers rounded to 4 digits after the point, NaN as null."""
    return {
        "facts": facts,
        "checks": [
            {"section": s.title, "what": c.what, "value": _rounded(c.value), "target": c.target, "unit": c.unit,
             "at_most": c.at_most, "met": c.met} for s in sections for c in s.checks
        ],
        "sections": [
            {"title": s.title, "about": s.about, "pictures": [f"{name}.png" for name in s.pictures],
             "tables": [_plain_table(table) for table in s.tables]} for s in sections
        ],
    }  # fmt: skip


def _plain_table(table: Table) -> dict[str, Any]:
    return {"title": table.title, "columns": table.columns, "rows": [[*map(_rounded, row)] for row in table.rows]}


def markdown(sections: Sequence[Section], facts: Facts) -> str:
    checks = [check for section in sections for check in section.checks]
    missed = sum(not check.met for check in checks)
    lines = ["# The model measured", "", " · ".join(f"{name}: {value}" for name, value in facts.items()), ""]
    lines += [f"{len(checks) - missed} of {len(checks)} targets met.", "", *_markdown_table(_summary(checks))]
    for section in sections:
        lines += ["", f"## {section.title}", "", section.about]
        for table in section.tables:
            lines += ["", f"{table.title}:", "", *_markdown_table(table)]
        for name in section.pictures:
            lines += ["", f"![{name}]({name}.png)"]
    return "\n".join(lines) + "\n"


def show(section: Section, console: Console) -> None:
    """One section's tables and checks on the screen."""
    console.rule(section.title, align="left")
    for table in section.tables:
        console.print(_screen_table(table))
    if section.checks:
        console.print(_screen_table(_summary(section.checks)))


def show_summary(sections: Sequence[Section], console: Console) -> None:
    """All checks in one table."""
    console.rule("Targets", align="left")
    console.print(_screen_table(_summary([check for section in sections for check in section.checks])))


def _summary(checks: Sequence[Check]) -> Table:
    rows = tuple((c.what, _value(c), f"{'≤' if c.at_most else '≥'} {c.target:g}", _verdict(c)) for c in checks)
    return Table("Targets", ("figure", "value", "target", ""), rows)


def _value(check: Check) -> str:
    return f"{check.value:.3f} {check.unit}".strip()


def _verdict(check: Check) -> str:
    return "met" if check.met else f"missed by {check.missed_by:.3f}"


def _markdown_table(table: Table) -> list[str]:
    lines = [f"| {' | '.join(_text(cell) for cell in row)} |" for row in (table.columns, *table.rows)]
    return [lines[0], "|" + "---|" * len(table.columns), *lines[1:]]


def _screen_table(table: Table) -> ScreenTable:
    shown = ScreenTable(title=table.title, title_justify="left")
    for number, column in enumerate(table.columns):
        shown.add_column(column, justify="left" if number == 0 else "right")
    for row in table.rows:
        shown.add_row(*map(_text, row), style="red" if str(row[-1]).startswith("missed") else None)
    return shown


def _text(cell: Cell) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _rounded(cell: Cell) -> Cell | None:
    if isinstance(cell, float):
        return round(cell, 4) if cell == cell else None
    return cell


def _pictures(sections: Sequence[Section]) -> dict[str, Any]:
    return {name: picture for section in sections for name, picture in section.pictures.items()}
