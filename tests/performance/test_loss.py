"""Tracking loss: held, eased to neutral, and back in without a jump."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.performance.channels import COUNT
from bridge.performance.loss import Endured, Loss, endure, is_silent
from bridge.performance.settings import fill

ON = fill(Loss, {"on": True, "hold": 0.5, "ease": 1.0, "back": 0.25})
FACE = np.full(COUNT, 0.8)
NONE = np.zeros(COUNT)


def shown(settings: Loss, faces: list[bool], rate: float = 60.0, rows: np.ndarray | None = None) -> np.ndarray:
    last: Endured | None = None
    out = []
    for frame, face in enumerate(faces):
        came = NONE if not face else FACE if rows is None else rows[frame]
        values, last = endure(settings, last, came, face, frame / rate)
        out.append(values)
    return np.array(out)


def test_hold_then_ease_then_neutral() -> None:
    line = shown(ON, [True] * 60 + [False] * 120)[:, 0]
    assert (line[:90] == 0.8).all()
    assert line[60 + 60] == pytest.approx(0.4, abs=0.02)  # half of the ease
    assert (np.diff(line) <= 0).all()
    assert not line[152:].any()


def test_back_in_takes_its_time_after_a_long_absence() -> None:
    line = shown(ON, [True] * 30 + [False] * 120 + [True] * 60)[:, 0]
    assert line[150] == 0.0
    assert 0.3 < line[150 + 7] < 0.5
    assert (line[150 + 16 :] == 0.8).all()


def test_a_frame_missed_costs_two() -> None:
    line = shown(ON, [True] * 10 + [False] + [True] * 10, rows=np.linspace(0, 1, 21)[:, None].repeat(COUNT, 1))[:, 0]
    assert line[10] == line[9]
    assert line[13:] == pytest.approx(np.linspace(0, 1, 21)[13:])


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 60)), min_size=1, max_size=5), st.sampled_from([30.0, 60.0]))
def test_however_the_face_comes_and_goes_nothing_jumps(runs: list[tuple[bool, int]], rate: float) -> None:
    faces = [face for face, count in runs for _ in range(count)]
    line = shown(ON, [True, *faces], rate)[:, 0]
    # The steepest that an ease may be is 1.5 times its mean speed; a short absence comes back from where it held.
    assert np.abs(np.diff(line)).max(initial=0.0) <= 0.8 * 1.5 / (0.25 * rate) + 1e-9
    assert (line >= 0).all() and (line <= 0.8 + 1e-12).all()


def test_lost_again_on_the_way_in_holds_what_was_shown() -> None:
    line = shown(ON, [True] * 30 + [False] * 120 + [True] * 8 + [False] * 60)[:, 0]
    assert 0.2 < line[157] < 0.6
    assert (line[158:180] == line[157]).all()
    assert np.abs(np.diff(line)).max() < 0.1


def test_lost_for_a_moment_on_the_way_in_is_no_jump() -> None:
    line = shown(ON, [True] * 30 + [False] * 120 + [True, False] * 3 + [True] * 60)[:, 0]
    assert np.abs(np.diff(line)).max() < 0.1
    assert line[-1] == 0.8


@pytest.mark.parametrize("rate", [30.0, 60.0])
def test_a_face_that_is_seen_in_every_other_frame_still_moves(rate: float) -> None:
    rows = np.linspace(0, 1, 120)[:, None].repeat(COUNT, 1)
    line = shown(ON, [True, False] * 60, rate, rows)[:, 0]
    assert np.abs(line - rows[:, 0]).max() < 0.02


@pytest.mark.parametrize("jump", [-3600.0, 3600.0])
def test_a_jump_in_time_while_lost_is_no_jump_of_the_face(jump: float) -> None:
    last: Endured | None = None
    line = []
    for frame in range(150):
        seconds = frame / 60 + (jump if frame >= 80 else 0.0)
        values, last = endure(ON, last, FACE, frame < 30, seconds)
        line.append(values[0])
    assert np.abs(np.diff(line)).max() < 0.12
    assert line[-1] == 0.0


def test_without_a_face_from_the_start_it_is_neutral_and_comes_in_softly() -> None:
    line = shown(ON, [False] * 10 + [True] * 30)[:, 0]
    assert not line[:10].any()
    assert np.abs(np.diff(line)).max() < 0.4
    assert line[-1] == 0.8


def test_silence_counts_as_loss_after_a_while_only_when_on() -> None:
    _, last = endure(ON, None, FACE, True, 10.0)
    assert not is_silent(ON, last, 10.4)
    assert is_silent(ON, last, 10.6)
    assert not is_silent(fill(Loss, {}), last, 99.0)


def test_off_is_what_came() -> None:
    assert np.array_equal(shown(fill(Loss, {}), [True, False, True])[:, 0], [0.8, 0.0, 0.8])
