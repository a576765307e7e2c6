"""What a figure found: checks against targets, tables, and pictures for the eye."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

Cell = str | float | int


@dataclass(frozen=True, slots=True)
class Check:
    """One number and what it should be: at least `target`, or at most where `at_most`."""

    what: str
    value: float
    target: float
    unit: str = ""
    at_most: bool = False

    @property
    def met(self) -> bool:
        return self.value <= self.target if self.at_most else self.value >= self.target

    @property
    def missed_by(self) -> float:
        """How far on the wrong side of the target, 0 if met."""
        return 0.0 if self.met else abs(self.value - self.target)


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has a cell for every column; the first names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One figure. `pictures` are uint8 (h, w, 3) RGB by file stem."""

    title: str
    about: str
    checks: tuple[Check, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: dict[str, np.ndarray] = field(default_factory=dict)
