"""Timecodes of a recording: as sent where they advance, made where they do not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.takes.timecode import advancing, format_timecode, parse_timecode, to_seconds
from bridge.takes.timecoding import Timecodes

FRAME = 16_667  # µs
CODES = st.one_of(
    st.sampled_from(["", "junk", "12:00:00:00", "12:00:00:00.500", "99:99:99:99", "999:59:59:59.9", "00:00:00:75"]),
    st.integers(0, 86_400 * 60 - 1).map(lambda frame: format_timecode(frame / 60)),
)


def written(codes: list[str], rate: float = 60.0, anchor: float = 0.0) -> tuple[list[str], Timecodes]:
    track = Timecodes(anchor)
    return [track.next(code, rate, number * FRAME) for number, code in enumerate(codes)], track


@settings(deadline=None, derandomize=True, max_examples=100)
@given(codes=st.lists(CODES, max_size=12), anchor=st.floats(-1e5, 1e5), rate=st.sampled_from([0.0, 30.0, 60.0, 1e300]))
def test_whatever_comes_what_is_written_advances(codes: list[str], anchor: float, rate: float) -> None:
    rows, track = written(codes, rate, anchor)
    stamps = [parse_timecode(row) for row in rows]
    assert advancing(to_seconds(stamps, track.base or 60)).all()


def test_what_advances_is_written_as_it_came() -> None:
    codes = ["10:00:00:07.867", "10:00:00:08.868", "10:00:00;30", "10:00:02:00.5", "23:00:00:00.000"]
    rows, track = written(codes)
    assert rows == codes
    assert track.mended == 0


def test_past_midnight_nothing_is_mended() -> None:
    codes = ["23:59:59:58.000", "23:59:59:59.000", "00:00:00:00.000", "00:00:00:01.000", "00:00:00:01.000"]
    rows, track = written(codes)
    assert rows == [*codes[:4], "00:00:00:02.000"]
    assert track.mended == 1


def test_after_a_silence_across_midnight_the_hours_go_on() -> None:
    track = Timecodes(86_400 - 300.0)
    assert track.next("", 0.0, 0) == "23:55:00:00.000"
    assert track.next("", 0.0, 600_000_000) == "24:05:00:00.000"


def test_a_source_without_timecode_has_the_time_of_day() -> None:
    rows, track = written(["", "", ""], 0.0, 86_400 - 1.5 / 60)
    assert rows == ["23:59:59:58.500", "23:59:59:59.500", "00:00:00:00.500"]
    assert track.mended == 0


def test_a_packet_that_was_overtaken_costs_no_other_its_timecode() -> None:
    rows, track = written(["10:00:00:01.000", "10:00:00:03.000", "10:00:00:02.000", "10:00:00:04.000"])
    assert rows == ["10:00:00:01.000", "10:00:00:03.000", "10:00:00:03.001", "10:00:00:04.000"]
    assert track.mended == 1


def test_a_clock_that_is_set_back_goes_on_at_its_pace_and_may_return() -> None:
    codes = ["10:00:00:00.000", "08:00:00:00.000", "08:00:00:01.000", "08:00:00:03.000", "10:00:00:10.000"]
    rows, track = written(codes)
    assert rows == ["10:00:00:00.000", "10:00:00:01.000", "10:00:00:02.000", "10:00:00:04.000", "10:00:00:10.000"]
    assert track.mended == 3


def test_a_rate_that_changes_is_told_on_the_first() -> None:
    track = Timecodes(0.0)
    assert track.next("10:00:00:30", 60.0, 0) == "10:00:00:30"
    assert track.next("10:00:00:20", 30.0, FRAME) == "10:00:00:40.000"
    assert track.base == 60
