"""Resampling: the performance at the output's rate, straight lines between the samples, the timecode kept.

The output runs behind by about one frame of the source, so that there is a sample on each side of the moment shown,
and by half a frame of its own at the least, so that all samples of the span it stands for are there.
Blinks are not cut down by the straight lines: the peak of each output frame's span goes out with that frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median

import numpy as np

from bridge.capture.sample import Sample
from bridge.performance.channels import GROUPS, values_of, with_values
from bridge.performance.settings import number
from bridge.takes.timecode import DAY, format_timecode, parse_timecode

BLINK = list(GROUPS["blink"])
LONGEST = 0.1  # seconds: the longest frame of a source that is waited for
MEETING = 1e-6  # seconds: what lies where two spans meet is in both, however their ends are rounded


@dataclass(frozen=True, slots=True)
class Output:
    rate: float = field(**number(0.0, 0.0, 240.0))
    """Frames a second that go out, evenly; 0 sends each sample when it comes."""
    behind: float = field(**number(1.0, 0.0, 4.0))
    """Frames of the source that the output waits, to have one on each side; 0 shows the newest, in steps."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    seconds: float
    sample: Sample


def resample(settings: Output, recent: Sequence[Moment], seconds: float) -> Sample | None:
    """What goes out at `seconds`. `recent`: the last samples, their times increasing; None if there is none yet."""
    if not recent:
        return None
    if not settings.rate or not settings.behind:
        return recent[-1].sample
    half = 0.5 / settings.rate
    shown = seconds - max(settings.behind * _interval(recent), half)
    after = next((place for place, moment in enumerate(recent) if moment.seconds > shown), len(recent))
    if after in (0, len(recent)):
        return recent[min(after, len(recent) - 1)].sample
    sample = _between(recent[after - 1], recent[after], shown)
    return _with_peaks(sample, [m.sample for m in recent if abs(m.seconds - shown) <= half + MEETING])


def _interval(recent: Sequence[Moment]) -> float:
    gaps = [b.seconds - a.seconds for a, b in pairwise(recent)]
    return min(median(gaps), LONGEST) if gaps else 0.0


def _between(a: Moment, b: Moment, seconds: float) -> Sample:
    share = (seconds - a.seconds) / (b.seconds - a.seconds)
    values = (1.0 - share) * values_of(a.sample) + share * values_of(b.sample)
    code = _timecode(a.sample, b.sample, share)
    return replace(with_values(a.sample, values, a.sample.tracked), timecode=code, oddities=())


def _with_peaks(sample: Sample, spanned: Sequence[Sample]) -> Sample:
    if not spanned:
        return sample
    curves = sample.curves.copy()
    curves[BLINK] = np.max([curves[BLINK], *(near.curves[BLINK] for near in spanned)], axis=0)
    return replace(sample, curves=curves)


def _timecode(a: Sample, b: Sample, share: float) -> str:
    """The time between two timecodes; the former's where they do not tell, or lie a second or more apart."""
    base = round(a.rate)
    if share == 0.0 or base < 1 or not (a.timecode and b.timecode):
        return a.timecode
    try:
        first, second = (stamp.second + stamp.frame / base for stamp in map(parse_timecode, (a.timecode, b.timecode)))
    except ValueError:
        return a.timecode
    advance = (second - first) % DAY  # over midnight too
    return format_timecode((first + share * advance) % DAY, base) if advance < 1.0 else a.timecode
