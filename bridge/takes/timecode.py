"""Timecode of Live Link Face, `HH:MM:SS:FF.sss`: a frame number with a fraction, on a base the file does not name."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

BASES = (24, 25, 30, 48, 50, 60, 72, 90, 100, 120, 240)
USUAL_BASE = 60
DAY = 24 * 3600

_PATTERN = re.compile(r"(\d{1,3}):([0-5]?\d):([0-5]?\d)[:;.](\d{1,3}(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stamp:
    """One timecode: whole seconds since midnight and the frame number within the second, on a base yet unknown."""

    second: int
    frame: float


def parse_timecode(text: str) -> Stamp:
    """`HH:MM:SS:FF` or `HH:MM:SS:FF.sss` (`;` before the frames will do) → Stamp; ValueError says what was found."""
    found = _PATTERN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"the timecode {text.strip()[:24]!r} is not HH:MM:SS:FF.sss")
    hours, minutes, seconds, frame = found.groups()
    return Stamp(int(hours) * 3600 + int(minutes) * 60 + int(seconds), float(frame))


def format_timecode(seconds: float, base: int = USUAL_BASE) -> str:
    """Seconds since midnight → `HH:MM:SS:FF.sss` on `base` frames a second, to a thousandth of a frame."""
    thousandths = round(seconds * base * 1000)
    whole, rest = divmod(thousandths, base * 1000)
    minutes, second = divmod(whole, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def deduce_base(stamps: Sequence[Stamp]) -> int:
    """The number of frames in one second, from the jump of the frame number where a second ends.

    The step between rows is no help: a phone writes every second tick, or drops rows. Where the second rolls over,
    the frame number falls by the base less one step, so base = frame before + usual step - frame after.
    """
    pairs = list(pairwise(stamps))
    steps = [b.frame - a.frame for a, b in pairs if b.second == a.second and b.frame > a.frame]
    rolls = [a.frame - b.frame for a, b in pairs if b.second == a.second + 1 and b.frame < a.frame]
    # A stray frame number must not raise the floor: it is passed over when it is rarer than one row in a hundred.
    highest = float(np.quantile([stamp.frame for stamp in stamps], 0.99, method="lower")) if stamps else 0.0
    fitting = [base for base in BASES if base > highest] or [BASES[-1]]
    step = median(steps) if steps else 1.0
    guesses = [(roll + step, min(fitting, key=lambda base: abs(base - roll - step))) for roll in rolls]
    # A roll over rows that were dropped falls far from every base and has no vote.
    votes = Counter(base for guess, base in guesses if abs(base - guess) < max(1.0, step / 2))
    usual = next((base for base in fitting if base >= USUAL_BASE), fitting[-1])
    return votes.most_common(1)[0][0] if votes else usual


def to_seconds(stamps: Sequence[Stamp], base: int) -> np.ndarray:
    """Stamps → float64 seconds since the first midnight; a take that runs past midnight goes on counting."""
    seconds = np.array([stamp.second + stamp.frame / base for stamp in stamps], dtype=np.float64)
    past_midnight = (seconds[:-1] > DAY - 60) & (seconds[1:] < 60)
    return seconds + DAY * np.concatenate([[0], np.cumsum(past_midnight)]) if len(seconds) else seconds


def advancing(seconds: np.ndarray) -> np.ndarray:
    """Which rows to keep so that time always advances: bool (N,), the longest strictly increasing run of rows.

    One stray timecode then costs one row, wherever it points; dropping whatever follows a jump would cost the take.
    """
    ends: list[float] = []
    lengths = [_place(ends, float(second)) for second in seconds]
    keep = np.zeros(len(seconds), dtype=bool)
    wanted, limit = len(ends), np.inf
    for row in range(len(seconds) - 1, -1, -1):
        if lengths[row] == wanted and seconds[row] < limit:
            keep[row], wanted, limit = True, wanted - 1, seconds[row]
    return keep


def _place(ends: list[float], second: float) -> int:
    """Patience sorting: the length of the longest increasing run that ends at `second`.

    `ends` holds, for each length, the least second that such a run ends at.
    """
    place = bisect_left(ends, second)
    ends[place : place + 1] = [second]
    return place + 1
