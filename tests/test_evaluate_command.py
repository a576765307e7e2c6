"""What `evaluate` makes of the recordings it is given."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from bridge.commands.evaluate import add_arguments, at_rate, run
from bridge.errors import CommandError
from bridge.takes import FIRST_MINUTE, Take, read_take
from generator.evaluation.command import EvaluationError


def test_a_recording_is_performed_at_thirty_frames_a_second() -> None:
    take = read_take(FIRST_MINUTE)
    curves = at_rate(take)
    assert curves.dtype == np.float32
    assert curves.shape == (600, 55)
    assert np.abs(curves - take.curves[::2]).max() < 1e-4


def test_uneven_frames_are_joined_by_straight_lines() -> None:
    times = np.array([0.0, 0.02, 0.1])
    curves = np.repeat(times[:, None], 55, 1).astype(np.float32)
    take = Take("ramp", times, ("", "", ""), curves, np.zeros((3, 6), np.float32))
    assert at_rate(take)[:, 0] == pytest.approx([0, 1 / 30, 2 / 30, 0.1], abs=1e-6)


def test_a_recording_that_is_not_there_is_named(tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = parser.parse_args(["--take", str(tmp_path / "none.csv"), "--out", str(tmp_path)])
    with pytest.raises(CommandError, match=r"none\.csv"):
        run(options)


def test_a_recording_too_short_to_move_in_is_refused_before_anything_is_drawn(tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    rows = FIRST_MINUTE.read_text(encoding="utf-8").splitlines(keepends=True)
    short.write_text("".join(rows[:8]), encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    options = parser.parse_args(["--take", str(short), "--out", str(tmp_path)])
    with pytest.raises(CommandError, match=r"on 10 frames at least; .*short\.csv has 4 at 30 a second"):
        run(options)


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (["--seed", "-1"], "--seed -1: 0 or more"),
        (["--workers", "0"], "--workers 0: 1 or more"),
        (["--json", "none/report.json"], "--json none/report.json: there is no folder none"),
        (["--out", "pyproject.toml"], "--out pyproject.toml: "),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_refused_before_anything_is_drawn(
    asked: list[str], refusal: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(request.config.rootpath)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    with pytest.raises(EvaluationError, match=refusal):
        run(parser.parse_args(["--out", str(tmp_path), *asked]))
