"""docs/security.md from top to bottom, as it is written but for the address: each command, then being thrown out."""

import re
import shlex
import shutil
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
import zmq

from bridge.cli import main
from bridge.config import load_config
from bridge.server import Server

TEXT = (Path(__file__).parents[1] / "docs" / "security.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|toml|)\n(.*?)```", TEXT, re.DOTALL)
SAID = "tcp://192.168.1.20:5570"


@pytest.mark.skipif(not zmq.has("curve"), reason="this pyzmq has no CURVE")
def test_the_page_leads_from_nothing_to_a_client_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    address = ""
    with ExitStack() as stack:
        for kind, block in BLOCKS:
            if kind == "python":
                exec(compile(block.replace(SAID, address), "security.md", "exec"), {})
            elif kind == "toml":
                Path("face.toml").write_text(block, encoding="utf-8")
            for line in block.strip().splitlines() if not kind else []:
                words = shlex.split(line.replace(SAID, address))
                if words[:2] == ["facebridge", "serve"]:
                    address = stack.enter_context(serving(words[2:])).address.replace("0.0.0.0", "127.0.0.1")
                else:
                    do(words)
        said = capsys.readouterr().out
        assert "pictures a second" in said and "Streaming" in said and "teal" in said
        assert main(["bridge-check", "--server", address, *shlex.split(KEYS)]) == 1
        assert "does not accept these keys" in capsys.readouterr().err
    assert load_config("face.toml").security.clients == str(Path("keys/clients"))


KEYS = "--key amara/amara.key_secret --server-key keys/server.key"


def serving(options: list[str]) -> Server:
    """What `facebridge serve` starts, with the test card and on a free port."""
    given = {name.removeprefix("--"): value for name, value in zip(options[::2], options[1::2], strict=True)}
    config = load_config(**given)
    return Server(replace(config, model="testcard", bind=config.bind.replace("5570", "*")))


def do(words: list[str]) -> None:
    match words:
        case ["facebridge", *arguments]:
            assert main(arguments) == 0
        case ["mkdir", folder]:
            Path(folder).mkdir()
        case ["cp", source, folder]:
            shutil.copy(source, folder)
        case ["rm", path]:
            Path(path).unlink()
        case _:
            assert words[0] == "ssh"
