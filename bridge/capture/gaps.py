"""Frames that never came, told from the frame numbers of those that did."""

from collections import deque
from statistics import median

from bridge.takes.timecode import parse_timecode

REMEMBERED = 15  # steps between frames, of which the middle one is the usual
JUMP = 2.0  # s: further apart is no loss, the device was paused or its clock set
DAY = 24 * 3600


class Gaps:
    """Counts what is missing between frames. A phone may number in steps of two or more: the usual step is learned."""

    def __init__(self) -> None:
        self.seen = self.lost = 0
        self._last: float | None = None
        self._steps: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def share(self) -> float | None:
        """Of all frames sent the part that was lost, 0 to 1; None for a source whose frames have no numbers."""
        return self.lost / (self.seen + self.lost) if self.seen else None

    def note(self, timecode: str, rate: float) -> str:
        """Take the timecode of a frame, on `rate` frames a second; what is odd about it, or ""."""
        number = _number(timecode, rate)
        if number is None:
            return ""
        self.seen += 1
        last, self._last = self._last, number
        return self._judge((number - last) % (DAY * rate), rate) if last is not None else ""

    def _judge(self, step: float, rate: float) -> str:
        back = DAY * rate - step
        if step == 0:
            return "repeated frame"
        if back < JUMP * rate:
            self.lost = max(0, self.lost - 1)  # it was late, and has been counted as lost
            return "out of order"
        if step > JUMP * rate:
            return "time jump"
        self._steps.append(step)
        self.lost += max(0, round(step / median(self._steps)) - 1)
        return ""


def _number(timecode: str, rate: float) -> float | None:
    """The frame's number since midnight, None where there is none."""
    if not timecode or not rate > 0:
        return None
    try:
        stamp = parse_timecode(timecode)
    except ValueError:
        return None
    return stamp.second * rate + stamp.frame
