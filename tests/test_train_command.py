"""`facebridge train compact`: what it refuses, in one sentence each."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.cli import main
from generator.training.compact import PLAN
from generator.training.workshop import GROUPS

pytestmark = [pytest.mark.needs(module=name) for name in ("scipy", "moderngl", "onnx")]


def train(*arguments: object) -> int:
    return main(["train", "compact", *map(str, arguments)])


@pytest.fixture
def data(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ict/ict_facekit.npz").parents[1]


def test_the_help_names_every_stage_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        train("--help")
    text = capsys.readouterr().out
    places = [text.index(f"\n  {stage.name} ") for stage in PLAN]
    assert places == sorted(places)


def test_a_stage_that_comes_too_early_names_the_one_before(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train("reference", "--data", data, "--out", tmp_path) == 1
    told = capsys.readouterr().err
    assert "the stage reference needs what latents makes" in told
    assert "`facebridge train compact latents` comes first" in told and told.count("\n") == 1


def test_a_model_to_go_on_from_has_to_be_there(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "nowhere"
    assert train("distillation", "--data", data, "--out", tmp_path, "--from", nowhere) == 1
    assert f"no model folder {nowhere}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value", "refusal"),
    [
        ("--minutes", "-1", "--minutes -1: more than 0"), ("--minutes", "nan", "--minutes nan: more than 0"),
        ("--workers", "0", "--workers 0: 1 or more"), ("--out", __file__, f"--out {__file__}: "),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_before_anything_is_drawn(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, refusal: str
) -> None:
    out = tmp_path / "out"
    assert train("portraits", "--data", data, "--out", out, option, value, "--groups", 1, 1) == 1
    assert refusal in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize("groups", [(0, 1), (1, 0)])
def test_there_is_somebody_to_train_on_and_somebody_held_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], groups: tuple[int, int]
) -> None:
    assert train("portraits", "--data", tmp_path, "--out", tmp_path / "out", "--groups", *groups) == 1
    assert f"--groups {groups[0]} {groups[1]}: one of each at least" in capsys.readouterr().err


@pytest.mark.parametrize("seed", [-1, 100])
def test_nobody_held_out_is_trained_on(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    assert train("portraits", "--data", data, "--out", tmp_path / "out", "--seed", seed) == 1
    assert f"--seed 0 to 99 with {GROUPS[0]} groups, not {seed}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_rig_and_recordings_nothing_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train("portraits", "--data", tmp_path, "--out", tmp_path / "out") == 1
    assert f"{tmp_path} lacks ict/ict_facekit.npz, captures/*.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
