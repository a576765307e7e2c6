"""Timecodes for the rows of a recording: as they were sent wherever that can be read back, made where it cannot."""

from dataclasses import dataclass, field

from bridge.takes.timecode import BASES, DAY, USUAL_BASE, Stamp, parse_timecode

FINE = 1000  # ticks a frame: timecodes have three decimals
MIDNIGHT = 60  # s around it in which a fall to nought is the next day
SECOND = 1_000_000  # µs
FASTEST = 1000.0  # frames a second that a timecode may count in


@dataclass(slots=True)
class Timecodes:
    """One recording's timecodes: they always advance, for a reader leaves out what does not.

    A code that repeats, and one from a source that has none, goes on by the clock of the capture. One that is late by
    less than a second, as packets overtake each other, is put just behind the last. Where the time of the source jumps
    back further, it goes on from where it was, at the source's own pace.

    anchor: the seconds since midnight at 0 of the clock that `captured` is read from.
    mended: how many were not written as they were sent; a source without timecodes has none to mend.
    base: frames a second, 0 before the first.
    """

    anchor: float
    base: int = 0
    mended: int = 0
    _last: int = field(default=-1, init=False)  # ticks since the first midnight
    _days: int = field(default=0, init=False)
    _shift: int = field(default=0, init=False)  # ticks between the source's time and ours
    _sent: str = field(default="", init=False)
    _clock: tuple[int, int] | None = field(default=None, init=False)  # ticks and captured µs of the last code as sent

    def next(self, sent: str, rate: float, captured: int) -> str:
        """What to write for a row that came with `sent` ("": none) on `rate` (0: unknown) and was captured at µs."""
        stamp = _stamp(sent, rate)
        self.base = self.base or _base(stamp, rate)
        if stamp is None or sent == self._sent:
            ticks = self._by_clock(captured)
        else:
            ticks = self._by_source(stamp, rate, captured)
            self._clock = (ticks, captured)
        self._sent = sent
        return self._written(ticks, sent, stamp)

    def _by_clock(self, captured: int) -> int:
        if self._clock is None:
            ticks = round((self.anchor + captured / SECOND) % DAY * self.base * FINE)
            self._clock = (ticks, captured)
        ticks, since = self._clock
        return max(ticks + (captured - since) * self.base * FINE // SECOND, self._last + 1)

    def _by_source(self, stamp: Stamp, rate: float, captured: int) -> int:
        own = _base(stamp, rate) if rate else self.base
        second = self.base * FINE
        ticks = stamp.second * second + round(stamp.frame * second / own)
        day = DAY * second
        self._days += self._is_midnight(ticks + self._shift + day)
        ticks += self._days * day
        if ticks > self._last:  # also where it had jumped back, and is where it was again
            self._shift = 0
        ticks += self._shift
        if ticks > self._last:
            return ticks
        if self._last - ticks < second:
            return self._last + 1
        onward = self._by_clock(captured)
        self._shift += onward - ticks
        return onward

    def _is_midnight(self, place: int) -> bool:
        """Whether a reader takes what comes now, so many ticks into this day, for the next: only close to midnight.

        After a silence across it the hours go on beyond 23.
        """
        day, close = DAY * self.base * FINE, MIDNIGHT * self.base * FINE
        return day - close < self._last - self._days * day < day <= place < day + close

    def _written(self, ticks: int, sent: str, stamp: Stamp | None) -> str:
        """The text of `ticks`: that which was sent, if it means the same."""
        second = self.base * FINE
        self._days += self._is_midnight(ticks - self._days * DAY * second)
        self._last = ticks
        place = ticks - self._days * DAY * second
        if stamp is not None and stamp.second * second + round(stamp.frame * FINE) == place:
            return sent.strip()
        self.mended += bool(sent)
        whole, rest = divmod(place, second)
        minutes, seconds = divmod(whole, 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}:{rest // FINE:02d}.{rest % FINE:03d}"


def _stamp(sent: str, rate: float) -> Stamp | None:
    """What `sent` says; None where it says nothing, or a frame or an hour that there is not."""
    try:
        stamp = parse_timecode(sent)
    except ValueError:
        return None
    return stamp if stamp.frame < _base(stamp, rate) and stamp.second < DAY else None


def _base(stamp: Stamp | None, rate: float) -> int:
    """The frames a second that a timecode counts in: 29.97 counts as 30 does."""
    if 1 <= rate <= FASTEST:  # NaN is not
        return round(rate)
    frame = stamp.frame if stamp else 0.0
    return next((base for base in BASES if base >= USUAL_BASE and base > frame), BASES[-1])
