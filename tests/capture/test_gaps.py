"""Loss told from timecode."""

import pytest

from bridge.capture.gaps import Gaps
from bridge.takes.timecode import format_timecode


def noted(*frames: float, rate: int = 60) -> tuple[Gaps, list[str]]:
    gaps = Gaps()
    odd = [gaps.note(format_timecode(frame / rate, rate), rate) for frame in frames]
    return gaps, odd


def test_nothing_is_missing() -> None:
    gaps, odd = noted(*range(100))
    assert (gaps.seen, gaps.lost, gaps.share) == (100, 0, 0.0)
    assert not any(odd)


def test_what_is_missing_is_counted() -> None:
    gaps, _ = noted(*(frame for frame in range(100) if frame not in (20, 50, 51, 52)))
    assert gaps.lost == 4
    assert gaps.share == pytest.approx(0.04)


def test_a_phone_may_number_in_steps_of_two() -> None:
    gaps, _ = noted(*(frame for frame in range(0, 200, 2) if frame != 100))
    assert gaps.lost == 1


def test_late_repeated_and_leaping_frames_are_told() -> None:
    gaps, odd = noted(10, 11, 13, 12, 14, 14, 1000, 1001)
    assert odd == ["", "", "", "out of order", "", "repeated frame", "time jump", ""]
    assert gaps.lost <= 1


def test_midnight_is_no_jump() -> None:
    day = 24 * 3600 * 60
    gaps, odd = noted(*(frame % day for frame in range(day - 5, day + 5)))
    assert gaps.lost == 0 and not any(odd)


@pytest.mark.parametrize(("timecode", "rate"), [("", 60.0), ("10:00:00:00", 0.0), ("nonsense", 60.0)])
def test_without_numbers_nothing_is_said(timecode: str, rate: float) -> None:
    gaps = Gaps()
    assert gaps.note(timecode, rate) == ""
    assert gaps.share is None
