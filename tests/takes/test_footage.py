"""Films in fragments: whatever the moment a film ends at, what is there plays."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.takes.footage import FragmentedFilm
from bridge.takes.fragment_file import FragmentFile, whole

FRAME = 16_667  # µs


def box(kind: bytes, length: int) -> bytes:
    return struct.pack(">I4s", length + 8, kind) + bytes(length)


BOXES = [box(b"ftyp", 16), box(b"moov", 40), box(b"moof", 24), box(b"mdat", 300), box(b"moof", 24), box(b"mdat", 9)]
ENDS = (0, 24, 72, 412, 461)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(end=st.integers(0, 461))
def test_of_boxes_only_whole_ones_count(end: int) -> None:
    assert whole(b"".join(BOXES)[:end]) == max(each for each in ENDS if each <= end)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(data=st.binary(max_size=60))
def test_any_bytes_are_measured(data: bytes) -> None:
    assert 0 <= whole(data) <= len(data)


def test_a_box_may_have_a_long_size() -> None:
    data = struct.pack(">I4sQ", 1, b"mdat", 20) + bytes(4)
    assert (whole(data), whole(data[:-1])) == (20, 0)


def test_a_file_never_holds_half_a_fragment(tmp_path: Path) -> None:
    file, data = FragmentFile(tmp_path / "film.mp4"), b"".join(BOXES)
    for start in range(0, len(data), 50):
        assert file.write(data[start : start + 50]) == len(data[start : start + 50])
        assert (tmp_path / "film.mp4").stat().st_size in ENDS
    file.close()
    assert (tmp_path / "film.mp4").read_bytes() == data
    with pytest.raises(FileExistsError):
        FragmentFile(tmp_path / "film.mp4")


def decoded(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time or 0) for frame in container.decode(video=0)]


def test_a_film_plays_while_it_is_written_and_after(tmp_path: Path) -> None:
    film = FragmentedFilm(tmp_path / "film.mp4", 64, 48)
    elapsed = [500_000 + number * FRAME for number in range(40)]
    for number, time in enumerate(elapsed):
        film.add(np.full((48, 64, 3), number, np.uint8), time, "")
    times = decoded(film.path)
    assert len(times) >= 40 - 13  # a fifth of a second
    film.close()
    assert decoded(film.path)[: len(times)] == times
    assert decoded(film.path) == pytest.approx([time / 1e6 for time in elapsed], abs=2e-5)


def test_times_that_do_not_rise_still_play(tmp_path: Path) -> None:
    film = FragmentedFilm(tmp_path / "film.mp4", 64, 48)
    for time in (0, 0, 30_000, 20_000, 50_000):
        film.add(np.zeros((48, 64, 3), np.uint8), time, "")
    film.close()
    times = decoded(film.path)
    assert len(times) == 5
    assert times == sorted(set(times))
