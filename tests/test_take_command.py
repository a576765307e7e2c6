"""`facebridge take info` and `facebridge take convert`, as a person runs them, once the register names the command."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bridge.commands import take as command
from bridge.errors import CommandError
from bridge.takes import FIRST_MINUTE
from bridge.takes.formats import read_any_take, write_any_take
from bridge.takes.sidecar import Sidecar, write_sidecar
from tests.takes.random_takes import noise, same_bits

TAKE = str(FIRST_MINUTE)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser(prog="facebridge take")
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


@pytest.mark.parametrize("suffix", ["csv", "json", "a2f.json", "npz"])
def test_a_take_goes_round_every_kind(tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    short = str(tmp_path / "short.csv")
    assert run("convert", TAKE, short, "--to", "1") == 0
    middle, back = str(tmp_path / f"middle.{suffix}"), str(tmp_path / "back.csv")
    assert run("convert", short, middle) == run("convert", middle, back) == 0
    take, first = read_any_take(back), read_any_take(TAKE).first(60)
    assert same_bits(take.curves, first.curves)
    assert same_bits(take.eyes, first.eyes)
    assert take.times == pytest.approx(first.times, abs=1e-6)
    assert f"{middle}: " in capsys.readouterr().out


def test_a_part_at_another_rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    assert (
        run("convert", TAKE, str(out), "--as", "audio2face", "--fps", "24", "--from", "01:00:02:00", "--to", "4.0") == 0
    )
    data = json.loads(out.read_text())
    assert (data["exportFps"], data["numFrames"], len(data["facsNames"])) == (24, 48, len(data["weightMat"][0]))
    assert "Audio2Face JSON, 48 frames" in capsys.readouterr().out


def test_an_uneven_take_is_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take = noise(30)
    keep = np.arange(30) != 10
    codes = tuple(code for code, kept in zip(take.timecodes, keep, strict=True) if kept)
    gap = type(take)("gap", take.times[keep], codes, take.curves[keep], take.eyes[keep])
    write_any_take(gap, tmp_path / "gap.csv")
    assert run("convert", str(tmp_path / "gap.csv"), str(tmp_path / "gap.a2f.json")) == 0
    assert "its frames are not even in time: brought to 60 a second" in capsys.readouterr().out


def test_info_says_what_is_in_a_take(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("info", TAKE) == 0
    told = capsys.readouterr().out
    for fact in (
        "Live Link Face CSV",
        "1200, 20 s",
        "60 a second",
        "01:00:00:00.000 to 01:00:19:59.000",
        "LeftEyeRoll",
    ):
        assert fact in told


def test_info_says_what_the_sidecar_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_any_take(noise(4), tmp_path / "scene_003.csv")
    sidecar = Sidecar("scene", 3, "Anna", "phone-1", "livelink", "calm", frames={"came": 4, "untracked": 1})
    write_sidecar(sidecar, tmp_path / "scene_003.json")
    (tmp_path / "scene_003.csv").open("a").write("torn")
    assert run("info", str(tmp_path / "scene_003.csv")) == 0
    told = capsys.readouterr().out
    for fact in (
        "still recording, or its process was killed",
        "phone-1",
        "calm",
        "4 came, 1 untracked",
        "beyond 0 to 1",
    ):
        assert fact in told
    assert "1 row of scene_003 left out:" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["info", "none.csv"], "there is no take at none.csv"),
        (["convert", TAKE, "out.fbx"], "a take is written as .csv, .a2f.json, .json, .npz"),
        (["convert", TAKE, "no/folder.csv"], "cannot write no"),
        (["convert", TAKE, "out.csv", "--from", "soon"], "'soon' is neither seconds"),
        (["convert", TAKE, "out.csv", "--from", "60"], "first_minute has no frame from 60"),
    ],
)
def test_what_fails_says_so_in_one_sentence(arguments: Sequence[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rate", ["0", "-5", "nan", "fast", "1e9"])
def test_rates_that_will_not_do(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("convert", TAKE, "out.csv", "--fps", rate)
    assert "is no rate from 1 to 1000 frames a second" in capsys.readouterr().err
