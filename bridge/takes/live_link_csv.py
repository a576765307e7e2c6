"""Live Link Face CSV recordings: `Timecode,BlendshapeCount`, 52 weights and 9 rotations a row.

Columns are found by name, whatever their case and underscores: recordings put JawRight before JawLeft and MouthRight
before MouthLeft, unlike the app's own packets, and the app has spelt BlendshapeCount in two ways. What a spreadsheet
has saved, with semicolons or tabs, and decimal commas where its country has them, is read too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.takes.take import EYE_ROTATIONS, RowProblem, Take, TakeError
from bridge.takes.timecode import Stamp, advancing, deduce_base, parse_timecode, to_seconds
from protocol.blendshapes import ARKIT52, ARKIT55

CHANNELS = (*ARKIT55, *EYE_ROTATIONS)
SEPARATORS = (",", ";", "\t")
FLOAT32_LIMIT = float(np.finfo(np.float32).max) * (1 + 2**-25)  # what is less rounds to a finite float32
LONGEST_LINE = 65_536  # characters; a file without line ends must not be read whole
MOST_PROBLEMS = 100_000


def read_take(path: str | Path, base: int | None = None) -> Take:
    """Read a recording. Unusable rows are left out and stand in `Take.problems`; TakeError if none is left.

    `base` is how many frames the timecode counts in a second; None deduces it, which takes a second of rows.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
            return _read(path, iter(lambda: file.readline(LONGEST_LINE), ""), base)
    except FileNotFoundError:
        raise TakeError(f"there is no take at {path}") from None
    except OSError as error:
        raise TakeError(f"cannot read {path}: {error.strerror or error}") from None


def write_take(take: Take, path: str | Path) -> None:
    """Write a recording as the app does; reading it back gives the same timecodes and, bit for bit, the same values."""
    values = np.concatenate([take.curves, take.eyes], axis=1)
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        raise TakeError(f"frame {int(np.argmin(finite))} of {take.name} holds a NaN or infinite value")
    try:
        with Path(path).open("w", encoding="utf-8", newline="\n") as file:
            file.write(header_line())
            file.writelines(row_line(code, row) for code, row in zip(take.timecodes, values, strict=True))
    except OSError as error:
        raise TakeError(f"cannot write {path}: {error.strerror or error}") from None


def header_line() -> str:
    """The first line of a recording, with its line end."""
    return ",".join(["Timecode", "BlendshapeCount", *(CHANNELS[c][0].upper() + CHANNELS[c][1:] for c in _ORDER)]) + "\n"


def row_line(timecode: str, values: np.ndarray | None) -> str:
    """One row with its line end: `values` finite float32 (61,) as `CHANNELS` has them, None where no face was seen.

    A row without a face has a count of 0 and its other cells empty, so that it is as wide as all others.
    """
    cells = [""] * len(_ORDER) if values is None else [_number(value) for value in values[_ORDER]]
    return ",".join([timecode, "0" if values is None else str(len(_ORDER)), *cells]) + "\n"


@dataclass(frozen=True, slots=True)
class _Header:
    """Where the columns lie: `columns[i]` holds channel i of `CHANNELS`, -1 where a rotation is not recorded."""

    separator: str
    width: int
    timecode: int
    count: int
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    timecode: str
    stamp: Stamp
    values: np.ndarray


def _read(path: Path, lines: Iterable[str], base: int | None) -> Take:
    numbered = enumerate(lines, start=1)
    header = _header(path, next((text for _, text in numbered), ""))
    problems: list[RowProblem] = []
    rows = list(_usable_rows(header, numbered, problems))
    if len(problems) > MOST_PROBLEMS:
        raise TakeError(f"{path} has more than {MOST_PROBLEMS} rows that are of no use, first {problems[0]}")
    stamps = [row.stamp for row in rows]
    seconds = to_seconds(stamps, base or deduce_base(stamps))
    keep = advancing(seconds)
    problems += [_not_advancing(row) for row, kept in zip(rows, keep, strict=True) if not kept]
    rows = [row for row, kept in zip(rows, keep, strict=True) if kept]
    problems.sort(key=lambda problem: problem.line)
    if not rows:
        raise TakeError(f"{path} has no usable row{_first_of(problems)}")
    values = np.stack([row.values for row in rows])
    split = len(ARKIT55)
    return Take(
        path.stem, seconds[keep] - seconds[keep][0], tuple(row.timecode for row in rows),
        values[:, :split].copy(), values[:, split:].copy(), tuple(problems),
    )  # fmt: skip


def _header(path: Path, text: str) -> _Header:
    separator = next((mark for mark in SEPARATORS if mark in text), ",")
    names = [_plain(cell) for cell in _cells(text, separator)]
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if "timecode" not in names:
        raise TakeError(f"{path} is no Live Link Face recording: its first line has no Timecode column")
    missing = [name[0].upper() + name[1:] for name in ARKIT52 if _plain(name) not in names]
    if missing:
        shown = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")
        raise TakeError(f"{path} lacks the column{'s' if len(missing) > 1 else ''} {shown}")
    if doubled:
        raise TakeError(f"{path} names the column {doubled[0]} twice")
    place = {name: column for column, name in enumerate(names)}
    columns = tuple(place.get(_plain(name), -1) for name in CHANNELS)
    return _Header(separator, len(names), place["timecode"], place.get("blendshapecount", -1), columns)


def _usable_rows(header: _Header, lines: Iterable[tuple[int, str]], problems: list[RowProblem]) -> Iterator[_Row]:
    for line, text in lines:
        if len(problems) > MOST_PROBLEMS:
            return
        try:
            yield _row(header, line, _cells(text, header.separator))
        except ValueError as error:
            problems.append(RowProblem(line, str(error)))


def _row(header: _Header, line: int, cells: Sequence[str]) -> _Row:
    if not any(cells):
        raise ValueError("empty")
    if 0 <= header.count < len(cells) and cells[header.count] == "0":
        raise ValueError("no face was tracked (a blendshape count of 0)")
    if len(cells) != header.width:
        raise ValueError(f"{len(cells)} cells where the header names {header.width}")
    stamp = parse_timecode(cells[header.timecode])
    values = [_value(name, cells[c]) if c >= 0 else 0.0 for name, c in zip(CHANNELS, header.columns, strict=True)]
    return _Row(line, cells[header.timecode], stamp, np.array(values, dtype=np.float32))


def _value(name: str, cell: str) -> float:
    try:
        value = float(cell.replace(",", "."))
    except ValueError:
        raise ValueError(f"{name} is {cell[:24]!r}, not a number" if cell else f"{name} is empty") from None
    if not abs(value) < FLOAT32_LIMIT:  # NaN too
        raise ValueError(f"{name} is {cell[:24]}, not a finite number")
    return value


def _not_advancing(row: _Row) -> RowProblem:
    return RowProblem(row.line, f"the timecode {row.timecode} is out of order")


def _first_of(problems: Sequence[RowProblem]) -> str:
    return f": {len(problems)} were left out, first {problems[0]}" if problems else " after its header"


def _cells(text: str, separator: str) -> list[str]:
    return [cell.strip().strip('"') for cell in text.rstrip("\r\n").split(separator)]


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace(" ", "")


def _recorded_order() -> list[int]:
    """Indices into `CHANNELS` in the order of the app's recordings: right before left for the jaw and the mouth."""
    swapped = {"jawLeft": "jawRight", "jawRight": "jawLeft", "mouthLeft": "mouthRight", "mouthRight": "mouthLeft"}
    return [CHANNELS.index(swapped.get(name, name)) for name in CHANNELS]


def _number(value: np.float32) -> str:
    """The shortest decimal that reads back as the same float32."""
    return np.format_float_positional(value, unique=True, trim="-")


_ORDER = _recorded_order()
