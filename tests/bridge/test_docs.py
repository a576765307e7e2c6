"""The examples of docs/clients.md run as they are written, but for the address and the name of a person."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bridge.config import load_config
from tests.scripted_server import NAMES, SITUATIONS

if TYPE_CHECKING:
    from bridge.server import Server

TEXT = (Path(__file__).parents[2] / "docs" / "clients.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_runs(example: str, serving: "Callable[..., Server]", capsys: pytest.CaptureFixture[str]) -> None:
    address = serving().address

    exec(compile(example.replace("tcp://127.0.0.1:5570", address).replace("NAME", "teal"), "clients.md", "exec"), {})

    printed = capsys.readouterr().out
    assert printed or "print" not in example


def test_the_ten_lines_are_ten_lines_and_show_every_picture(
    serving: "Callable[..., Server]", capsys: pytest.CaptureFixture[str]
) -> None:
    lines = EXAMPLES[0].strip().splitlines()
    exec(compile(EXAMPLES[0].replace("tcp://127.0.0.1:5570", serving().address), "clients.md", "exec"), {})

    assert len([line for line in lines if line]) <= 10
    assert len(re.findall(r"\(128, 128, 3\)", capsys.readouterr().out)) == 60


def test_the_example_of_a_configuration_is_one(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    path = tmp_path / "face.toml"
    path.write_text(example, encoding="utf-8")

    assert load_config(path) == load_config()


@pytest.mark.parametrize("situation", SITUATIONS, ids=NAMES)
def test_what_the_user_reads_stands_in_the_table(situation: dict[str, Any]) -> None:
    sentences = re.findall(r"^\| [^|]+ \| ``?(.+[.])``? \|$", TEXT.partition("What the user reads")[2], re.MULTILINE)
    patterns = [re.sub("TEXT|IDENTITY|SIZE|ADDRESS", ".+", re.escape(sentence)) for sentence in sentences]
    assert len(patterns) == 20
    assert any(re.fullmatch(pattern, situation["status"]) for pattern in patterns)
