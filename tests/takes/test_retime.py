"""Parts of a take by seconds and timecode, and another rate."""

import numpy as np
import pytest

from bridge.takes import Take, TakeError
from bridge.takes.retime import at_rate, cut, even_rate, moment
from bridge.takes.timecode import format_timecode
from tests.takes.random_takes import noise


def coded(take: Take, start: float, base: int = 60) -> Take:
    codes = tuple(format_timecode((start + time) % 86400, base) for time in take.times)
    return Take(take.name, take.times, codes, take.curves, take.eyes)


@pytest.fixture
def take() -> Take:
    """Two seconds at 60 frames a second from 01:00:00:00 on."""
    return noise(120)


@pytest.mark.parametrize(
    ("start", "end", "frames"),
    [
        ("", "", (0, 120)),
        ("0.5", "", (30, 120)),
        ("", "1", (0, 60)),
        ("1", "", (60, 120)),
        ("01:00:00:15", "01:00:01:00", (15, 60)),
        ("01:00:00:15.000", "1.5", (15, 90)),
        ("0.51", "0.52", (31, 32)),
        ("-5", "99", (0, 120)),
        ("00:00:00:00", "23:00:00:00", (0, 120)),
    ],
)
def test_a_part(take: Take, start: str, end: str, frames: tuple[int, int]) -> None:
    part = cut(take, start, end)
    assert np.array_equal(part.curves, take.curves[slice(*frames)])
    assert part.timecodes == take.timecodes[slice(*frames)]
    assert part.times[0] == 0
    assert part.times == pytest.approx(take.times[slice(*frames)] - take.times[frames[0]])


def test_parts_that_meet_share_no_frame(take: Take) -> None:
    for middle in ("0.75", "01:00:00:45", "0.7501"):
        assert len(cut(take, end=middle)) + len(cut(take, start=middle)) == 120


@pytest.mark.parametrize("base", [24, 25, 30, 60, 120])
def test_a_timecode_counts_as_the_take_does(base: int) -> None:
    take = coded(noise(3 * base, rate=base), 7200, base)
    assert moment(take, f"02:00:01:{base // 2:02d}") == pytest.approx(1 + base // 2 / base)


def test_a_part_after_midnight() -> None:
    take = coded(noise(240), 86398)
    part = cut(take, "23:59:59:00", "00:00:00:30")
    assert (part.timecodes[0], len(part)) == ("23:59:59:00.000", 90)


@pytest.mark.parametrize("text", ["soon", "nan", "inf", "1:2", "00:00:00:00:00", "0x1"])
def test_what_is_no_time_is_said(take: Take, text: str) -> None:
    with pytest.raises(TakeError, match="is neither seconds"):
        cut(take, text)


def test_where_nothing_lies_is_said(take: Take) -> None:
    said = r"noise has no frame from 5 to its end: it is 01:00:00:00\.000 to 01:00:01:59\.000, 2 s"
    with pytest.raises(TakeError, match=said):
        cut(take, "5")
    with pytest.raises(TakeError, match=r"has no frame from 1 to 0\.5"):
        cut(take, "1", "0.5")
    with pytest.raises(TakeError, match="noise has no timecodes"):
        cut(Take("noise", take.times, ("",) * 120, take.curves, take.eyes), "01:00:00:00")


def test_another_rate(take: Take) -> None:
    half = at_rate(take, 30)
    assert len(half) == 60
    assert np.array_equal(half.curves, take.curves[::2])
    assert half.timecodes == take.timecodes[::2]
    double = at_rate(take, 120)
    assert len(double) == 239
    assert np.array_equal(double.curves[::2], take.curves)
    assert double.eyes[1] == pytest.approx(take.eyes[:2].mean(axis=0), abs=1e-6)
    assert double.times == pytest.approx(np.arange(239) / 120)


def test_rates_that_will_not_do(take: Take) -> None:
    for rate in (0.0, -30.0, float("nan"), 1e9):
        with pytest.raises(TakeError, match="frames a second will not do"):
            at_rate(take, rate)
    days = Take("days", np.array([0, 3e6]), take.timecodes[:2], take.curves[:2], take.eyes[:2])
    with pytest.raises(TakeError, match="more than 5000000"):
        at_rate(days, 60)


@pytest.mark.parametrize("rate", [23.976, 24, 25, 29.97, 30, 60, 120])
def test_the_rate_of_an_even_take(rate: float) -> None:
    found, even = even_rate(noise(50, rate=rate))
    assert even
    assert found == pytest.approx(rate, rel=1e-9)


def test_the_rate_of_an_uneven_take() -> None:
    take = noise(50, rate=30)
    times = np.delete(np.append(take.times, 50 / 30), 20)
    assert even_rate(Take("gap", times, take.timecodes, take.curves, take.eyes)) == (30.0, False)
    assert even_rate(noise(1)) == (60.0, True)
