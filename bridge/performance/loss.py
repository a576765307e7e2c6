"""Tracking loss: hold the face, then ease it to neutral, and come back in without a jump."""

from dataclasses import dataclass, field

import numpy as np

from bridge.performance.settings import number, switch

LONGEST = 0.1  # seconds that a single step may count, so that a jump in time is no jump of the face


@dataclass(frozen=True, slots=True)
class Loss:
    """All in seconds."""

    on: bool = field(**switch(False))
    hold: float = field(**number(0.5, 0.0, 60.0))
    """The last face stays this long."""
    ease: float = field(**number(1.0, 0.0, 60.0))
    """Then it takes this long to neutral."""
    back: float = field(**number(0.25, 0.0, 10.0))
    """The way back into the performance takes as long as the face was away, and no longer than this."""
    silence: float = field(**number(0.5, 0.05, 60.0))
    """A source that has sent nothing for this long has lost the face too."""


@dataclass(frozen=True, slots=True, eq=False)
class Endured:
    """Where the step stands. `kept` is the last face that was seen, `shown` what went out last, each (61,)."""

    seconds: float
    kept: np.ndarray
    shown: np.ndarray
    away: float = 0.0
    """Seconds without a face; 0 with one."""
    entered: np.ndarray | None = None
    """What was shown when the face came back, while it is still on its way in."""
    since: float = 0.0
    """Seconds since it came back."""
    duration: float = 0.0
    """Seconds that the way in takes."""


def endure(
    settings: Loss, last: Endured | None, values: np.ndarray, tracked: bool, seconds: float
) -> tuple[np.ndarray, Endured | None]:
    """What is shown with these values at this time, and what to remember. Untracked values are not looked at."""
    if not settings.on:
        return values, None
    if last is None:
        seen = values if tracked else np.zeros_like(values)
        return seen, Endured(seconds, seen, seen, away=0.0 if tracked else LONGEST)
    return _seen(settings, last, values, seconds) if tracked else _lost(settings, last, seconds)


def is_silent(settings: Loss, last: Endured | None, seconds: float) -> bool:
    """Whether nothing has come for so long that the face counts as lost."""
    return settings.on and last is not None and (last.away > 0.0 or seconds - last.seconds > settings.silence)


def _lost(settings: Loss, last: Endured, seconds: float) -> tuple[np.ndarray, Endured]:
    # A face lost on its way back in is held as it was shown, not as it was seen.
    kept = last.kept if last.away > 0.0 else last.shown
    away = last.away + _step(last, seconds)
    shown = kept * (1.0 - _eased(away - settings.hold, settings.ease))
    return shown, Endured(seconds, kept, shown, away, since=last.since, duration=last.duration)


def _seen(settings: Loss, last: Endured, values: np.ndarray, seconds: float) -> tuple[np.ndarray, Endured]:
    entered, gap, step = last.entered, seconds - last.seconds, _step(last, seconds)
    since, duration = last.since + step, last.duration
    if last.away > 0.0 or gap > settings.silence:
        # A face that flickers moves all the same, and does not jump where it had been away for long before.
        missed, left = max(last.away, gap), max(0.0, last.duration - last.since)
        entered, since = last.shown, step if missed <= LONGEST else 0.0
        duration = min(settings.back, missed + left)
    if entered is None or since >= duration:
        return values, Endured(seconds, values, values)
    shown = entered + (values - entered) * _eased(since, duration)
    return shown, Endured(seconds, values, shown, 0.0, entered, since, duration)


def _step(last: Endured, seconds: float) -> float:
    gap = seconds - last.seconds
    return min(gap, LONGEST) if gap > 0.0 else 1e-6


def _eased(since: float, duration: float) -> float:
    """From 0 to 1 over `duration`, slow at both ends."""
    share = 1.0 if since >= duration else max(since, 0.0) / duration
    return share * share * (3.0 - 2.0 * share)
