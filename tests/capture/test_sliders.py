"""Sliders: keys to values, and a real terminal of the operating system."""

import os
import select
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bridge.capture.keyboard import Keyboard, names_of
from bridge.capture.sliders import FINE, PAGE, STEP, WIDEST, Board, Sliders, bounds, picture, press
from bridge.errors import CommandError
from protocol.blendshapes import ARKIT55, INDEX

needs_terminals = pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no terminals to make")
KEYS = [
    "up",
    "down",
    "left",
    "right",
    "pageup",
    "pagedown",
    "home",
    "end",
    "tab",
    "space",
    "-",
    "+",
    "0",
    "j",
    "q",
    "é",
]


def after(*keys: str, board: Board | None = None) -> Board:
    board = board or Board()
    for key in keys:
        board = press(board, key)
    return board


def value(board: Board, name: str) -> float:
    return board.values[INDEX[name]]


def at(name: str, both: bool = True) -> Board:
    return Board(chosen=INDEX[name], both=both)


def test_arrows_choose_and_move() -> None:
    assert after("down", "down", "up").chosen == 1
    assert after("up").chosen == len(ARKIT55) - 1
    assert after("pagedown").chosen == PAGE
    assert value(after("right", "right", "+", "left", board=at("jawOpen")), "jawOpen") == pytest.approx(STEP + FINE)


def test_a_letter_jumps_to_the_next_curve_that_begins_with_it() -> None:
    assert ARKIT55[after("j").chosen] == "jawForward"
    assert ARKIT55[after("j", "j").chosen] == "jawLeft"
    assert ARKIT55[after("T").chosen] == "tongueOut"
    assert after("z") == Board()


def test_both_sides_move_unless_they_are_parted() -> None:
    pair = after("right", board=at("mouthSmileLeft"))
    assert value(pair, "mouthSmileRight") == value(pair, "mouthSmileLeft") == STEP
    alone = after("tab", "right", board=at("mouthSmileLeft"))
    assert value(alone, "mouthSmileRight") == 0.0
    gaze = after("right", board=at("eyeLookInLeft"))
    assert (value(gaze, "eyeLookOutRight"), value(gaze, "eyeLookInRight")) == (STEP, 0.0)
    assert value(after("right", board=at("mouthLeft")), "mouthRight") == 0.0


def test_ends_and_rest() -> None:
    assert value(after("end", board=at("jawOpen")), "jawOpen") == 1.0
    assert value(after("end", board=at("headYaw")), "headYaw") == WIDEST
    assert value(after("end", "home", board=at("jawOpen")), "jawOpen") == 0.0
    assert not any(after("end", "0", board=at("jawOpen")).values)
    assert value(after("left", board=at("headYaw")), "headYaw") == -STEP


def test_space_blinks_and_opens_again() -> None:
    assert value(after("space"), "eyeBlinkRight") == 1.0
    assert not any(after("space", "space").values)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.sampled_from(KEYS), max_size=60))
def test_no_keys_leave_the_bounds(keys: list[str]) -> None:
    board = after(*keys)
    assert 0 <= board.chosen < len(ARKIT55)
    for place, number in enumerate(board.values):
        least, most = bounds(place)
        assert least <= number <= most


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("\x1b[A\x1b[B\x1bOC\x1b[D", ["up", "down", "right", "left"]),
        ("\x1b[5~\x1b[6~\x1b[H\x1b[4~", ["pageup", "pagedown", "home", "end"]),
        ("j \t+é\r", ["j", "space", "tab", "+", "é", "enter"]),
        ("\x1b", []),
        ("\x1b[1;5A\x1b[15~x\x00", ["x"]),
    ],
)
def test_terminal_sequences_become_keys(text: str, keys: list[str]) -> None:
    assert names_of(text) == keys


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.text(max_size=20))
def test_any_text_is_keys_that_press_something_or_nothing(text: str) -> None:
    after(*names_of(text))


def test_the_panel_shows_the_chosen_and_its_pair() -> None:
    console = Console(file=StringIO(), width=80)
    console.print(picture(after("right", board=at("mouthSmileLeft"))))
    shown = console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    assert "> mouthSmileLeft" in shown
    assert "= mouthSmileRight" in shown
    assert "0.05" in shown


def test_without_a_terminal_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())
    with pytest.raises(CommandError, match="run it in a terminal"):
        Sliders()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where to write what is typed at a terminal that stands in for ours."""
    ours, theirs = os.openpty()
    with open(theirs, closefd=True) as terminal:  # noqa: PTH123
        monkeypatch.setattr(sys, "stdin", terminal)
        yield ours
    os.close(ours)


@needs_terminals
def test_keys_come_without_enter_and_the_terminal_is_as_before(keys: int) -> None:
    import termios

    before = termios.tcgetattr(sys.stdin)
    with Keyboard() as keyboard:
        assert keyboard.pressed() == []
        os.write(keys, b"j\x1b[C")
        assert select.select([sys.stdin], [], [], 5)[0]
        assert keyboard.pressed() == ["j", "right"]
    assert termios.tcgetattr(sys.stdin) == before


@needs_terminals
def test_what_is_typed_moves_the_samples(keys: int) -> None:
    sliders = Sliders()
    frames = sliders.frames()
    assert not next(frames).curves.any()
    os.write(keys, b"j\x1b[F")
    moved = next(sample for _, sample in zip(range(600), frames, strict=False) if sample.curves.any())
    assert moved.curves[INDEX["jawForward"]] == 1.0
    sliders.stop()
    assert list(frames) == []
