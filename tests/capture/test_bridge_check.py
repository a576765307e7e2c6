"""`facebridge bridge-check` and what it measures."""

import re

import numpy as np
import pytest
from rich.console import Console

from bridge.capture.legs import STEP, Legs, Seen, changes, pattern
from bridge.commands import bridge_check
from bridge.commands.bridge_check import show_legs
from bridge.config import Config
from bridge.errors import CommandError
from bridge.server import Server
from protocol.blendshapes import INDEX

NO_LEGS = Legs(0, 0, 0, 0, 0, 0)
FRAME = 16_667  # µs


def run(*options: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    bridge_check.add_arguments(parser)
    return bridge_check.run(parser.parse_args(options))


def seen(behind: int, settle: int = 1) -> tuple[list[Seen], list[int]]:
    """Pictures `behind` frames late, of a model that takes `settle` frames to follow."""
    captured = [frame * FRAME for frame in range(6 * STEP)]
    shown, pictures = 0.0, []
    for frame, moment in enumerate(captured):
        goal = 100.0 * (frame // STEP % 2)
        shown += np.sign(goal - shown) * min(abs(goal - shown), 100.0 / settle)
        small = np.full((8, 8), shown, np.float32)
        pictures.append(Seen(frame, moment + behind * FRAME, small, NO_LEGS))
    return pictures, captured


def test_the_jaw_steps_each_half_second_and_no_frame_is_still() -> None:
    jaw = [pattern(frame)[INDEX["jawOpen"]] for frame in range(4 * STEP)]
    assert jaw == [0.0] * STEP + [jaw[STEP]] * STEP + [0.0] * STEP + [jaw[STEP]] * STEP
    assert all(not np.array_equal(pattern(frame), pattern(frame + 1)) for frame in range(STEP))


@pytest.mark.parametrize(("behind", "settle"), [(1, 1), (3, 1), (3, 4), (2, 6)])
def test_a_change_is_seen_half_way(behind: int, settle: int) -> None:
    found = changes(*seen(behind, settle))
    assert len(found) == 5
    late = -(-settle // 2) - 1
    for change in found:
        assert change.frames == behind + late
        assert change.pictures == late + 1
        assert change.milliseconds == pytest.approx((behind + late) * FRAME / 1000)


def test_a_model_that_heeds_nothing_shows_no_change() -> None:
    pictures, captured = seen(1)
    still = [Seen(one.sequence, one.arrived, np.zeros((8, 8), np.float32), NO_LEGS) for one in pictures]
    assert changes(still, captured) == []
    assert changes([], captured) == []


@pytest.mark.parametrize("identity", ["amber", "teal"])  # amber's bars are hardly brighter than what is behind them
def test_every_leg_is_printed_and_the_change_is_seen(identity: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
        assert run("--server", server.address, "--seconds", "1.5", "--identity", identity) == 0
    told = capsys.readouterr().out
    assert f"testcard draws {identity} at 128 pixels as jpeg" in told
    for name in bridge_check.NAMES.values():
        assert re.search(rf"{name} +-?\d+\.\d +-?\d+\.\d +\d+%", told), told
    assert "pictures a second, of 60 frames a second sent" in told
    assert "a step of the jaw shows in the" in told


def test_no_leg_has_a_share_below_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    usual, odd = Legs(0.1, 0.2, 0.0, 5.0, 0.5, 0.2), Legs(0.1, 900.0, 0.0, 5.0, 0.5, -899.0)
    show_legs(
        [Seen(k, k, np.zeros((8, 8), np.float32), legs) for k, legs in enumerate([usual, odd, usual])], 1, Console()
    )
    shares = [int(share) for share in re.findall(r"(-?\d+)%", capsys.readouterr().out)]
    assert min(shares) >= 0
    assert sum(shares) == pytest.approx(100, abs=3)


def test_without_a_server_one_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--model", "testcard", "--seconds", "0.5") == 0
    assert "testcard draws amber" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--server", "tcp://127.0.0.1:1", "--model", "compact"], "--model is for a server started here"),
        (["--server", "elsewhere"], "'elsewhere' is no address to connect to"),
        (["--model", "testcard", "--identity", "Bob"], "nobody here is called 'Bob'; there are amber"),
        (["--model", "nowhere"], "nowhere"),
    ],
)
def test_what_fails_says_so(options: list[str], said: str) -> None:
    with pytest.raises(CommandError) as failed:
        run(*options)
    assert said in str(failed.value)
