"""A frame number with its rate, as Unreal sends time, to timecode."""

import math

from bridge.takes.timecode import DAY, format_timecode

FASTEST = 1000.0


def frame_time(frame: int, subframe: float, numerator: int, denominator: int) -> tuple[str, float, tuple[str, ...]]:
    """Frames since midnight, and frames a second as a fraction → (`HH:MM:SS:FF.sss`, frames a second, oddities).

    Without a usable rate (a denominator of 0 is seen in the wild) there is no timecode: "" and 0. A time past 24 h
    begins again at 0, a subframe that is no number counts as 0; one above 1 is added as it is. 30000/1001 counts 30
    frames to the second without dropping any.
    """
    rate = numerator / denominator if denominator else 0.0
    if not 1.0 <= rate <= FASTEST:
        return "", 0.0, ("no frame rate",)
    if frame < 0:
        return "", rate, ("time below 0",)
    oddities: tuple[str, ...] = ()
    if not math.isfinite(subframe) or abs(subframe) > FASTEST:
        subframe, oddities = 0.0, ("subframe",)
    base = round(rate)
    thousandths, day = round((frame + subframe) * 1000), DAY * base * 1000
    if thousandths >= day:
        oddities += ("past 24 h",)
    return format_timecode(thousandths % day / (base * 1000), base), rate, oddities
