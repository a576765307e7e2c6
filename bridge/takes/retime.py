"""A take by time: where a moment lies, a part of it, and the same at another rate."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bridge.takes.from_rows import made_codes
from bridge.takes.take import Take, TakeError
from bridge.takes.timecode import BASES, DAY, Stamp, parse_timecode, to_seconds

EVEN = 0.0005  # s that a frame of an even take may be off
MOST_FRAMES = 5_000_000  # a day at 60 frames a second


def moment(take: Take, text: str) -> float:
    """Seconds from the first frame: of a number of seconds, `2.5`, or a timecode, `00:32:10:00`. Raises TakeError."""
    try:
        if ":" not in text:
            return _number(text)
        stamp = parse_timecode(text)
    except ValueError:
        raise TakeError(f"{text!r} is neither seconds, such as 2.5, nor a timecode, such as 00:32:10:00") from None
    stamps = _stamps(take)
    if not stamps:
        raise TakeError(f"{take.name} has no timecodes; give seconds from its first frame instead of {text}")
    first, asked = to_seconds([stamps[0], stamp], fitting_base(take, stamps))
    # A take that runs past midnight has its small timecodes at its end.
    late = asked < first and first + take.duration > DAY
    return float(asked - first + (DAY if late else 0.0))


def cut(take: Take, start: str = "", end: str = "") -> Take:
    """The frames from `start` on and before `end`, as `moment` reads them; "" is the take's own. Raises TakeError."""
    begin = moment(take, start) if start else 0.0
    stop = moment(take, end) if end else np.inf
    # A thousandth of a frame is what a timecode can tell apart.
    slack = take.interval / 1000
    keep = (take.times >= begin - slack) & (take.times < stop - slack)
    if not keep.any():
        span = f"{take.timecodes[0]} to {take.timecodes[-1]}, {take.duration:.6g} s"
        raise TakeError(f"{take.name} has no frame from {start or 'its start'} to {end or 'its end'}: it is {span}")
    codes = tuple(code for code, kept in zip(take.timecodes, keep, strict=True) if kept)
    times = take.times[keep]
    return Take(take.name, times - times[0], codes, take.curves[keep], take.eyes[keep], take.problems)


def at_rate(take: Take, rate: float) -> Take:
    """The same performance at `rate` frames a second, evenly, between frames by straight lines. Raises TakeError."""
    if not 1 <= rate <= 1000:
        raise TakeError(f"{rate:g} frames a second will not do: 1 to 1000 will")
    count = int(np.floor(take.times[-1] * rate + 1e-6)) + 1
    if count > MOST_FRAMES:
        raise TakeError(f"{take.name} at {rate:g} frames a second would be {count} frames, more than {MOST_FRAMES}")
    times = np.arange(count) / rate
    stamps = _stamps(take)
    start = to_seconds(stamps[:1], fitting_base(take, stamps))[0] if stamps else 0.0
    lines = [_between(times, take.times, values) for values in (take.curves, take.eyes)]
    return replace(take, times=times, timecodes=made_codes((start + times) % DAY), curves=lines[0], eyes=lines[1])


def even_rate(take: Take) -> tuple[float, bool]:
    """The take's rate, and whether it is even; of one that is not, the usual rate nearest to its own."""
    if len(take) > 1:
        rate = (len(take) - 1) / float(take.times[-1])
        usual = min((*BASES, rate), key=lambda each: (abs(each - rate) > 1e-6 * rate, each == rate))
        if np.abs(take.times - np.arange(len(take)) / usual).max() < min(EVEN, take.interval / 10):
            return float(usual), True
    return float(min(BASES, key=lambda base: abs(base * take.interval - 1))), len(take) == 1


def fitting_base(take: Take, stamps: Sequence[Stamp]) -> int:
    """The frames a second on which the timecodes tell the take's own times best."""

    def off(base: int) -> float:
        seconds = to_seconds(stamps, base)
        return float(np.abs(seconds - seconds[0] - take.times).max())

    return min(BASES, key=lambda base: (round(off(base), 4), abs(base - 60)))


def _stamps(take: Take) -> list[Stamp]:
    try:
        return [parse_timecode(code) for code in take.timecodes]
    except ValueError:
        return []


def _between(times: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    lines = [np.interp(times, known, values[:, place]) for place in range(values.shape[1])]
    return np.stack(lines, axis=1).astype(np.float32)


def _number(text: str) -> float:
    seconds = float(text)
    if not np.isfinite(seconds):
        raise ValueError(text)
    return seconds
