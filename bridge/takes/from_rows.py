"""From named columns of numbers, as other programs write them, to a take; every fault is told in one sentence."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bridge.takes.live_link_csv import CHANNELS, FLOAT32_LIMIT
from bridge.takes.take import RowProblem, Take, TakeError
from bridge.takes.timecode import USUAL_BASE, advancing, format_timecode, parse_timecode
from protocol.blendshapes import ARKIT55

USUAL_RATE = 60.0
_SIDE = re.compile(r"[_\-. ]([lr])$")
_SIDES = {"l": "left", "r": "right"}


def take_of(
    path: Path, names: Any, rows: Any, times: Any, timecodes: Sequence[Any] | None = None, where: str = "frame"
) -> Take:
    """A take of `rows` (n, len(names)) at `times` (n,) seconds. Curves that are not named are 0, unknown names go.

    Frames out of order are left out. Timecodes that cannot be read are made from the times. Raises TakeError.
    """
    places = _places(path, names)
    values = _finite(path, _matrix(path, rows, names, where), names)
    seconds = _seconds(path, times, len(values))
    keep = advancing(seconds)
    late = np.flatnonzero(~keep)
    problems = tuple(RowProblem(int(row), f"its time {seconds[row]:g} s is out of order", where) for row in late)
    channels = np.zeros((int(keep.sum()), len(CHANNELS)), np.float32)
    known = [column for column, place in enumerate(places) if place >= 0]
    channels[:, [places[column] for column in known]] = values[keep][:, known]
    seconds, split = seconds[keep], len(ARKIT55)
    codes = [code for code, kept in zip(timecodes or (), keep, strict=False) if kept]
    codes = tuple(codes) if _coded(codes, len(seconds)) else made_codes(seconds)
    return Take(path.stem, seconds - seconds[0], codes, channels[:, :split], channels[:, split:], problems)


def made_codes(seconds: np.ndarray, base: int = USUAL_BASE) -> tuple[str, ...]:
    """Timecodes of float64 (n,) seconds since midnight."""
    return tuple(format_timecode(max(float(second), 0.0), base) for second in seconds)


def evenly(path: Path, count: int, rate: Any) -> np.ndarray:
    """The times of `count` frames at `rate` frames a second. Raises TakeError."""
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0.01 <= rate <= 100_000:
        raise TakeError(f"{path}: {str(rate)[:24]!r} is no number of frames a second")
    return np.arange(count) / float(rate)


def _places(path: Path, names: Any) -> list[int]:
    """Where each name stands in `CHANNELS`, -1 for one that is no curve of ours."""
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise TakeError(f"{path} has no list of curve names")
    known = {_plain(name): place for place, name in enumerate(CHANNELS)}
    places = [known.get(_plain(name), -1) for name in names]
    found = [place for place in places if place >= 0]
    if not found:
        raise TakeError(f"{path} names no ARKit curve; its first name is {names[0][:40]!r}")
    twice = next((place for place in found if found.count(place) > 1), None)
    if twice is not None:
        raise TakeError(f"{path} names the curve {CHANNELS[twice]} twice")
    return places


def _plain(name: str) -> str:
    """`mouthSmile_L`, `MouthSmileLeft` and `face.mouth_smile_left` are one."""
    text = name.casefold().strip()
    text = _SIDE.sub(lambda found: _SIDES[found[1]], text).rsplit(".", 1)[-1]
    return re.sub(r"[_\- ]", "", text)


def _matrix(path: Path, rows: Any, names: list[str], where: str) -> np.ndarray:
    if isinstance(rows, np.ndarray):
        if rows.ndim != 2 or rows.shape[1] != len(names) or rows.dtype.kind not in "fiu":
            raise TakeError(f"{path}: the curves are {rows.dtype} {list(rows.shape)}, not numbers (n, {len(names)})")
    elif not isinstance(rows, list):
        raise TakeError(f"{path} has no list of {where}s")
    if len(rows) == 0:
        raise TakeError(f"{path} holds no {where}")
    return rows if isinstance(rows, np.ndarray) else _listed(path, rows, names, where)


def _listed(path: Path, rows: list[Any], names: list[str], where: str) -> np.ndarray:
    for number, row in enumerate(rows):
        if not isinstance(row, list):
            raise TakeError(f"{path}: {where} {number} is no list of numbers")
        if len(row) != len(names):
            raise TakeError(f"{path}: {where} {number} has {len(row)} values where {len(names)} curves are named")
        for name, value in zip(names, row, strict=True):
            if type(value) not in (float, int):
                raise TakeError(f"{path}: {where} {number}: {name} is {str(value)[:24]!r}, not a number")
    try:
        return np.array(rows, dtype=np.float64)
    except OverflowError:
        raise TakeError(f"{path} holds a number that is too large for a curve") from None


def _finite(path: Path, values: np.ndarray, names: list[str]) -> np.ndarray:
    sound = np.abs(values.astype(np.float64)) < FLOAT32_LIMIT  # NaN is not
    if not sound.all():
        row, column = np.unravel_index(int(np.argmin(sound)), sound.shape)
        found = f"{values[row, column]:g}"
        raise TakeError(f"{path}: frame {row}: {names[column]} is {found}, not a finite number")
    return values.astype(np.float32)


def _seconds(path: Path, times: Any, count: int) -> np.ndarray:
    if isinstance(times, list):
        bad = next((n for n, time in enumerate(times) if type(time) not in (float, int)), None)
        if bad is not None:
            raise TakeError(f"{path}: the time of frame {bad} is {str(times[bad])[:24]!r}, not a number")
    try:
        seconds = np.asarray(times, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise TakeError(f"{path}: the times of its frames are no numbers") from None
    if seconds.shape != (count,):
        raise TakeError(f"{path} has {count} frames and {seconds.size} times")
    sound = np.abs(seconds) < 1e9
    if not sound.all():
        raise TakeError(f"{path}: the time of frame {int(np.argmin(sound))} is no time in seconds")
    return seconds


def _coded(codes: Sequence[Any], count: int) -> bool:
    """Whether these are timecodes, one for each frame."""
    try:
        return len(codes) == count and all(parse_timecode(code) for code in codes)
    except (ValueError, AttributeError):
        return False
