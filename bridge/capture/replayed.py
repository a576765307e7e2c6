"""A take as a source: its frames at its own pace, once or again and again, all of it or a part."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np

from bridge.capture.beat import Beat
from bridge.capture.sample import Sample
from bridge.errors import CommandError
from bridge.takes.formats import read_any_take
from bridge.takes.retime import cut
from bridge.takes.take import Take, TakeError
from bridge.takes.timecode import deduce_base, parse_timecode

Pace = Literal["realtime", "max"]


class Replayed:
    """A player. `start` and `end` are seconds from the take's first frame or timecodes, as `bridge.takes.retime` reads
    them; the frame at `end` is left out.

    `pace` "max" gives each frame as soon as the one before it is done with.
    """

    def __init__(
        self, file: Path, loop: bool = False, start: float | str = "", end: float | str = "", pace: Pace = "realtime"
    ) -> None:
        """CommandError if the take cannot be read, or nothing of it lies between `start` and `end`."""
        try:
            self._take = cut(read_any_take(file), str(start), str(end))
        except TakeError as error:
            raise CommandError(str(error)) from None
        self._loop, self._pace = loop, pace
        self._beat = Beat()

    def frames(self) -> Iterator[Sample]:
        """Each when it is due; a frame that comes too late is given at once, none is left out."""
        self._beat.start()
        samples = samples_of(self._take)
        moments = self._take.times if self._pace == "realtime" else np.zeros(len(samples))
        length = self._take.duration if self._pace == "realtime" else 0.0
        begins = 0.0
        while True:
            for moment, sample in zip(moments, samples, strict=True):
                if not self._beat.wait(begins + float(moment)):
                    return
                yield sample
            if not self._loop:
                return
            begins += length

    def stop(self) -> None:
        self._beat.stop()


def samples_of(take: Take) -> list[Sample]:
    """Every frame as the source that was recorded gave it."""
    rate = rate_of(take)
    rows = zip(take.curves, take.eyes, take.timecodes, strict=True)
    return [Sample(curves, eyes, code, rate, subject=take.name) for curves, eyes, code in rows]


def rate_of(take: Take) -> float:
    """What its timecode counts in, frames a second; 0 where it has none."""
    try:
        return float(deduce_base([parse_timecode(code) for code in take.timecodes]))
    except ValueError:
        return 0.0
