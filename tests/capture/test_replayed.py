"""A take as a source."""

from pathlib import Path

import numpy as np
import pytest

from bridge.capture.replayed import Replayed, rate_of
from bridge.errors import CommandError
from bridge.takes import FIRST_MINUTE, Take, read_take, write_take
from bridge.takes.timecode import format_timecode
from protocol.blendshapes import ARKIT55

FRAMES = 6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Six frames at 60 a second, each with its own number in every curve."""
    times = np.arange(FRAMES) / 60
    curves = np.repeat(np.arange(FRAMES, dtype=np.float32)[:, None], len(ARKIT55), axis=1)
    codes = tuple(format_timecode(3600 + time) for time in times)
    path = tmp_path / "six.csv"
    write_take(Take("six", times, codes, curves, np.full((FRAMES, 6), 0.5, np.float32)), path)
    return path


def numbers(player: Replayed, most: int = 100) -> list[int]:
    found: list[int] = []
    for sample in player.frames():
        found.append(int(sample.curves[0]))
        if len(found) == most:
            player.stop()
    return found


@pytest.mark.parametrize("pace", ["realtime", "max"])
def test_every_frame_once_and_in_order(file: Path, pace: str) -> None:
    assert numbers(Replayed(file, pace=pace)) == list(range(FRAMES))  # pyright: ignore[reportArgumentType]


def test_a_frame_is_as_it_was_recorded(file: Path) -> None:
    take, player = read_take(file), Replayed(file, pace="max")
    for frame, sample in enumerate(player.frames()):
        assert (sample.curves == take.curves[frame]).all()
        assert (sample.eyes == take.eyes[frame]).all()
        assert sample.timecode == take.timecodes[frame]
        assert (sample.subject, sample.tracked) == ("six", True)


@pytest.mark.parametrize("pace", ["realtime", "max"])
def test_a_loop_goes_on_until_it_is_stopped(file: Path, pace: str) -> None:
    player = Replayed(file, loop=True, pace=pace)  # pyright: ignore[reportArgumentType]
    assert numbers(player, most=2 * FRAMES + 1) == [*range(FRAMES), *range(FRAMES), 0]


def test_in_and_out_points(file: Path) -> None:
    assert numbers(Replayed(file, start=0.03, end=0.06)) == [2, 3]
    assert numbers(Replayed(file, loop=True, start=0.06), most=5) == [4, 5, 4, 5, 4]
    assert numbers(Replayed(file, end="01:00:00:02.000")) == [0, 1]
    with pytest.raises(CommandError, match="six has no frame from 5 to"):
        Replayed(file, start=5)


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there is no take at"):
        Replayed(tmp_path / "none.csv")


def test_a_rate_is_deduced_from_the_timecode() -> None:
    take = read_take(FIRST_MINUTE)
    assert rate_of(take) == 60
    assert rate_of(Take("", take.times, ("",) * len(take), take.curves, take.eyes)) == 0
