"""The commands and the Python of docs/takes.md, as they are written but for the model and a take that is short."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from bridge.commands import replay as replaying
from bridge.commands import take as taking
from bridge.takes import FIRST_MINUTE, read_take, write_take
from bridge.takes.retime import cut

TEXT = (Path(__file__).parents[2] / "docs" / "takes.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^facebridge (replay|take) (.*)$", TEXT, re.MULTILINE)
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(autouse=True)
def beside_a_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    take = read_take(FIRST_MINUTE)
    write_take(cut(take, "0", "4.1"), "TAKE.csv")


def run(name: str, arguments: str) -> None:
    command = {"replay": replaying, "take": taking}[name]
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    short = ["--model", "testcard", "--frames", "4"] if name == "replay" else []
    assert command.run(parser.parse_args([*shlex.split(arguments), *short])) == 0


def test_the_conversions_follow_each_other() -> None:
    lines = [arguments for name, arguments in COMMANDS if name == "take"]
    assert len(lines) >= 5
    for arguments in lines:
        run("take", arguments)
    assert len(read_take("back.csv")) == 123


@pytest.mark.parametrize("arguments", [rest for name, rest in COMMANDS if name == "replay" and "realtime" not in rest])
def test_a_replay_runs_as_written(arguments: str) -> None:
    run("replay", arguments)
    assert Path(re.findall(r"--out (\S+)", arguments)[0]).exists()


@pytest.mark.parametrize("example", PYTHON, ids=range(len(PYTHON)))
def test_an_example_runs(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(example, "takes.md", "exec"), {})
    assert capsys.readouterr().out or "print" not in example
