"""docs/capture.md says what there is, and its example runs as it is written."""

import argparse
import re
from pathlib import Path

import pytest

from bridge.capture.sources import SOURCES
from bridge.capture.wanted import read_wanted, settings_of
from bridge.commands import bridge_check, capture
from bridge.config import Config
from bridge.server import Server
from bridge.takes import FIRST_MINUTE

TEXT = (Path(__file__).parents[2] / "docs" / "capture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_is_there_with_its_port(name: str) -> None:
    rows = [row for row in TEXT.splitlines() if row.startswith("|") and f"`{name}" in row]
    assert rows
    if SOURCES[name].port:
        assert any(f"| {SOURCES[name].port}/udp |" in row for row in rows)


def test_every_setting_and_option_is_there() -> None:
    settings = {name for source in SOURCES.values() for name in settings_of(source)}
    missing = [name for name in settings - {"version"} if not re.search(rf"`{name}`|[`:,]{name}=", TEXT)]
    assert not missing
    for command in (capture, bridge_check):
        parser = argparse.ArgumentParser(add_help=False)
        command.add_arguments(parser)
        usage = (
            TEXT
            if command is capture
            else f"{TEXT} --model --map --runtime --base --autoencoder --device --dtype --store"
        )
        assert all(action.option_strings[0] in usage for action in parser._actions if action.option_strings)


@pytest.mark.parametrize(
    "source", re.findall(r"`(?:facebridge capture )?((?:livelink|ifacialmocap|vmc)[:\w=,@.]*)`", TEXT)
)
def test_what_stands_there_can_be_written(source: str) -> None:
    assert read_wanted(source.replace("HOST:PORT", "HOST")).source.name in SOURCES


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
        example = example.replace("tcp://127.0.0.1:5570", server.address).replace("TAKE", str(FIRST_MINUTE))
        exec(compile(example, "capture.md", "exec"), {})
    assert "(128, 128, 3)" in capsys.readouterr().out
