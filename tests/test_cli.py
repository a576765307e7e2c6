"""The console script as a person calls it: real processes, exit codes, and one sentence instead of a traceback."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import pytest

from bridge.checkup import checks
from bridge.cli import COMMANDS
from bridge.client import FaceBridgeClient
from generator.testcard import TestCard

CALL = [sys.executable, "-m", "bridge"]
AT_MOST = 30.0  # s to wait for a process: a bound for a hanging one, not a measure


def facebridge(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CALL, *map(str, arguments)], capture_output=True, text=True, timeout=4 * AT_MOST)


def the_complaint(ended: subprocess.CompletedProcess[str]) -> str:
    """The one line a failed command leaves."""
    lines = ended.stderr.splitlines()
    assert ended.returncode == 1 and len(lines) == 1 and lines[0].startswith("facebridge: "), ended.stderr
    return lines[0]


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A `facebridge serve` that listens, and the lines it started with."""
    with subprocess.Popen(
        [*CALL, "serve", "--model", "testcard", "--bind", "tcp://127.0.0.1:*", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        lines = []
        try:
            while "stop" not in "".join(lines[-1:]):
                line = process.stdout.readline()
                assert line, f"it ended with {lines}"
                lines.append(line.strip())
            yield process, lines
        finally:
            process.kill()


def address_in(lines: list[str]) -> str:
    return next(line.split()[1] for line in lines if line.startswith("address"))


def test_help_lists_every_command_and_loads_nothing_heavy() -> None:
    code = "import sys\nfrom bridge.cli import main\ntry: main(['--help'])\nexcept SystemExit: print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    text, modules = shown.rsplit("\n", 2)[0], shown.rsplit("\n", 2)[1].split()
    assert all(name in text for name in COMMANDS)
    assert not {"torch", "numpy", "cv2", "zmq", "rich"} & set(modules)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    ended = facebridge(command, "--help")
    assert ended.returncode == 0 and f"usage: facebridge {command}" in ended.stdout


def test_without_a_command_it_shows_the_help_and_fails() -> None:
    ended = facebridge()
    assert ended.returncode == 2 and "commands:" in ended.stderr


def test_an_unknown_command_is_answered_with_those_there_are() -> None:
    ended = facebridge("sreve")
    assert ended.returncode == 2 and "'sreve'" in ended.stderr and "serve" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send these signals to one process")
@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM"])
def test_serve_says_where_it_listens_draws_and_ends_in_order(ending: str) -> None:
    with serving() as (process, lines):
        with FaceBridgeClient(address_in(lines)) as client:
            stream = client.open(identity="teal", size=64, codec="rgb24")
            stream.send({"jawOpen": 0.5})
            picture = stream.receive(timeout=AT_MOST)
            assert picture is not None and picture.pixels.shape == (64, 64, 3)
        process.send_signal(getattr(signal, ending))
        rest, _ = process.communicate(timeout=AT_MOST)
        assert process.returncode == 0
        assert rest.strip() == "stopped"


def test_serve_introduces_itself() -> None:
    with serving() as (_, lines):
        text = "\n".join(lines)
        assert "testcard" in text and "amber, teal" in text and "tcp://127.0.0.1:" in text and "Ctrl-C" in text


def test_an_address_in_use_is_named() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        address = f"tcp://127.0.0.1:{other.getsockname()[1]}"
        ended = facebridge("serve", "--model", "testcard", "--bind", address)
    assert address in the_complaint(ended)


@pytest.mark.parametrize("address", ["tcp://0.0.0.0:5570", "127.0.0.1:5570", "tcp://127.0.0.1:port"])
def test_an_address_that_cannot_be_is_named(address: str) -> None:
    assert address in the_complaint(facebridge("serve", "--model", "testcard", "--bind", address))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("modle = 'compact'", "modle"),
        ("[limits]\nmax_streams = 'many'", "limits.max_streams"),
        ("bind = ", "not TOML"),
    ],
)
def test_a_bad_setting_is_named_with_its_file(tmp_path: Path, text: str, named: str) -> None:
    file = tmp_path / "facebridge.toml"
    file.write_text(text)
    complaint = the_complaint(facebridge("serve", "--config", file))
    assert str(file) in complaint and named in complaint


@pytest.mark.parametrize("command", ["serve", "identities"])
def test_a_model_folder_without_a_model_is_named(tmp_path: Path, command: str) -> None:
    ended = facebridge(command, "--model", tmp_path)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert str(tmp_path) in ended.stderr


def test_identities_are_listed() -> None:
    assert facebridge("identities", "--model", "testcard").stdout.split() == ["amber", "teal", "violet", "slate"]


def test_the_sheet_shows_everybody_in_each_expression(tmp_path: Path) -> None:
    ended = facebridge("identities", "--model", "testcard", "--sheet", tmp_path / "sheet.png")
    assert ended.returncode == 0, ended.stderr
    sheet, side = cv2.imread(str(tmp_path / "sheet.png")), TestCard.sizes[0]
    assert sheet is not None and sheet.shape == (2 * (side + 36), 3 * (3 * side + 24), 3)  # four people, three a row


def test_a_sheet_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "sheet.png"
    assert str(out) in the_complaint(facebridge("identities", "--model", "testcard", "--sheet", out))


def test_the_doctor_looks_at_everything_and_finds_it_well() -> None:
    ended = facebridge("doctor", "--model", "testcard")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert all(f" {subject} " in ended.stdout for subject in checks("testcard"))


def test_the_doctor_fails_with_a_model_that_does_not_load(tmp_path: Path) -> None:
    ended = facebridge("doctor", "--model", tmp_path)
    assert ended.returncode == 1 and "Traceback" not in ended.stdout + ended.stderr
    assert any(line.startswith("fail") and str(tmp_path) in line for line in ended.stdout.splitlines())
