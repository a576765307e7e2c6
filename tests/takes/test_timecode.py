"""Timecodes to seconds: the base is deduced, time always advances."""

import numpy as np
import pytest

from bridge.takes.timecode import Stamp, advancing, deduce_base, format_timecode, parse_timecode, to_seconds


def stamps(base: int, step: float, frames: int, start: float = 0.4) -> list[Stamp]:
    """Rows every `step` frames on `base`, as a phone writes them."""
    places = [start + step * row for row in range(frames)]
    return [Stamp(100 + int(place // base), place % base) for place in places]


@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("13:13:04:31.652", Stamp(47584, 31.652)),
        ("00:00:01:07", Stamp(1, 7.0)),
        ("01:00:00;29.5", Stamp(3600, 29.5)),
        ("25:00:00:00.000", Stamp(90000, 0.0)),
    ],
)
def test_parse(text: str, stamp: Stamp) -> None:
    assert parse_timecode(text) == stamp


@pytest.mark.parametrize("text", ["", "12:00:00", "12:61:00:00", "12:00:00:-1", "12:00:00:nan", "noon", "1e3:00:00:00"])
def test_refuse(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not HH:MM:SS:FF\.sss"):
        parse_timecode(text)


@pytest.mark.parametrize("seconds", [0.0, 3600.0, 47584 + 31.652 / 60, 86399.999])
def test_format_reads_back(seconds: float) -> None:
    stamp = parse_timecode(format_timecode(seconds, 60))
    assert to_seconds([stamp], 60)[0] == pytest.approx(seconds, abs=1e-5)


@pytest.mark.parametrize("base", [24, 25, 30, 50, 60, 120])
@pytest.mark.parametrize("step", [1.0, 2.0, 1.0008])
def test_base_is_deduced(base: int, step: float) -> None:
    assert deduce_base(stamps(base, step, 4 * base)) == base


def test_base_survives_dropped_rows_and_one_stray_frame() -> None:
    rows = stamps(60, 2.0, 200)
    kept = [row for number, row in enumerate(rows) if number % 7]
    kept[20] = Stamp(kept[20].second, 90.0)
    assert deduce_base(kept) == 60


def test_less_than_a_second_is_taken_for_the_usual_base() -> None:
    assert deduce_base(stamps(24, 1.0, 10)) == 60
    assert deduce_base([Stamp(0, 5.0)]) == 60
    assert deduce_base([]) == 60


def test_time_goes_on_past_midnight() -> None:
    seconds = to_seconds([parse_timecode(text) for text in ("23:59:59:58", "23:59:59:59", "00:00:00:00")], 60)
    assert np.diff(seconds) == pytest.approx([1 / 60, 1 / 60])


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        ([0, 1, 2, 3], [1, 1, 1, 1]),
        ([0, 1, 1, 2], [1, 0, 1, 1]),
        ([0, 1, 99, 2, 3], [1, 1, 0, 1, 1]),
        ([50, 0, 1, 2], [0, 1, 1, 1]),
        ([], []),
    ],
)
def test_a_stray_row_costs_one_row(seconds: list[float], kept: list[int]) -> None:
    found = advancing(np.array(seconds, dtype=float))
    assert found.sum() == sum(kept)
    assert (np.diff(np.array(seconds)[found]) > 0).all()
    assert [bool(k) for k in kept] == found.tolist() or seconds == [0, 1, 1, 2]
