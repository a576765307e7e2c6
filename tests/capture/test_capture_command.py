"""`facebridge capture` and `facebridge serve --capture` as a person runs them."""

import argparse
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bridge.capture.act import Act, Shown
from bridge.capture.ensemble import Standing
from bridge.capture.sources import SOURCES
from bridge.capture.table import line, notes_of, picture
from bridge.capture.tally import Report, State
from bridge.commands import capture, serve
from bridge.config import Config
from bridge.errors import CommandError
from bridge.server import Server
from bridge.takes import FIRST_MINUTE, read_take
from tests.capture.encoders import livelink

ROOT = Path(__file__).parents[2]
BUSY = Standing(
    "a subject with a very long name",
    11111,
    Report(
        State.STREAMING, 123456, 123000, 123000, 59.94, 0.0123, {"other device": 400, "short": 56}, {"time jump": 2},
        "a packet of 3 bytes", "6B5A0D43-0000-4000-8000-00000000CAFE", "[bold]iPhone",
    ),
    Shown("Waiting: no facebridge server answers.", "amber", 58, 43.2, 9, 9, 0, 0, "hold still", "take_001: recording"),
)  # fmt: skip
IDLE = Standing("webcam", 0, Report(State.WAITING, 0, 0, 0, 0.0, None, {}, {}, "", "", ""), Shown())


def run(*options: str) -> int:
    parser = argparse.ArgumentParser()
    capture.add_arguments(parser)
    return capture.run(parser.parse_args(options))


def test_a_table_is_readable_at_80_columns() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=False)
    console.print(picture([BUSY, IDLE]))
    told = console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    rows = told.splitlines()
    assert max(map(len, rows)) <= 80 and "refused face   ms" in rows[0]
    assert re.search(r"a subject with a v. +11111 streaming +123456 +59\.9 +1\.2% +456 +58 +43", told), told
    assert re.search(r"webcam +- waiting +0 +0\.0 +- +0 +- +-", told), told
    assert "refused: other device 400, short 56" in told
    assert "[bold]iPhone" in told, "what a phone is called is no markup"


def test_a_row_as_a_line() -> None:
    assert line(IDLE) == "webcam: waiting, 0 packets, 0.0/s, lost -, refused 0"
    assert line(BUSY).endswith("refused 456, 9 pictures, 58 fps, 43 ms")
    assert notes_of(IDLE) == []
    assert len(notes_of(BUSY)) == 7


def test_every_source_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    told = capsys.readouterr().out
    assert all(name in told for name in SOURCES)
    assert "11111/udp" in told and "49983/udp, 49986/tcp" in told
    assert re.search(r"^  livelink:units +of the rotations: radians or degrees$", told, re.MULTILINE)


def test_a_take_drives_a_server_and_is_recorded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, counts = tmp_path / "again.csv", tmp_path / "counts.json"
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
        options = ["--to", server.address, "--identity", "teal", "--record", str(record), "--json", str(counts)]
        assert run(f"take:{FIRST_MINUTE},end=1", *options) == 0
    told = capsys.readouterr().out
    assert "take: a recording, played at its own pace, this machine" in told
    assert "take: over, 60 packets" in told
    assert f"recorded {record}" in told
    (source,) = json.loads(counts.read_text())["sources"]
    assert (source["state"], source["packets"], source["samples"]) == ("over", 60, 60)
    assert source["pictures"]["pictures"] > 0
    first = read_take(FIRST_MINUTE).first(60)
    again = read_take(record)
    assert np.array_equal(again.curves, first.curves)
    assert again.timecodes == first.timecodes


def test_what_is_recorded_is_closed_however_often_it_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, before = Act.stop, signal.getsignal(signal.SIGINT)

    def stop_interrupted(act: Act) -> None:
        signal.raise_signal(signal.SIGINT)
        stop(act)

    monkeypatch.setattr(Act, "stop", stop_interrupted)
    monkeypatch.setattr(capture, "introduce", lambda *given: signal.raise_signal(signal.SIGINT))
    recorded, counts = tmp_path / "scene.csv", tmp_path / "counts.json"
    assert run("livelink:port=0", "--record", str(recorded), "--json", str(counts)) == 0
    assert json.loads(recorded.with_suffix(".json").read_text())["state"] == "complete"
    assert json.loads(counts.read_text())["sources"][0]["packets"] == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_nothing_that_comes_is_told_with_what_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("livelink:port=0", "--seconds", "0.1") == 0
    told = capsys.readouterr().out
    assert "nothing came to port" in told and "docs/capture.md" in told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "name a source, such as `facebridge capture livelink`; there are livelink, ifacialmocap"),
        (["livelnk"], "did you mean livelink?"),
        (["--to", "livelink"], "--to took 'livelink' for the server: write the source first"),
        (["livelink:port=0", "--to", "nonsense"], "--to nonsense: no address of a server; write tcp://HOST:PORT"),
        (["livelink", "vmc", "--port", "3"], "--port is for one source; of several write livelink:port=3"),
        (["livelink:port=1", "--port", "2"], "livelink: port is given twice"),
        (["take:x.csv"], "take: file must be a file that is there, not 'x.csv'"),
        (["livelink:port=0", "--record", "a.txt"], "--record a.txt: a take is written as .csv"),
        (["livelink:port=0", "--record", "a.csv", "--json", "a.json"], "the take's own facts go there"),
        (["livelink:port=0", "--json", f"{FIRST_MINUTE}/x.json"], "cannot write"),
        (["livelink:port=0", "--record", f"{FIRST_MINUTE}/x.csv"], "cannot record in"),
        (["livelink:port=0,host=no.such.host.invalid"], "there is no 'no.such.host.invalid' in this network"),
    ],
)
def test_what_fails_says_so(options: list[str], said: str) -> None:
    with pytest.raises(CommandError) as failed:
        run(*options)
    assert said in str(failed.value)


def test_a_preset_that_is_not_there_is_told() -> None:
    with pytest.raises(ValueError, match="there is no preset 'nonesuch'"):
        run("livelink:port=0", "--preset", "nonesuch")


@pytest.mark.parametrize("text", ["99999", "-1", "here"])
def test_a_port_that_cannot_be_is_told(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("livelink:port=0", f"--remote={text}")
    assert f"'{text}' is not a whole number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["0", "-1", "soon", "nan"])
def test_seconds_are_above_0(text: str) -> None:
    with pytest.raises(SystemExit):
        run("livelink", "--seconds", text)


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--record", "a.csv"], "name a source with --capture"), (["--capture", "livelnk"], "did you mean livelink?")],
)
def test_a_server_refuses_a_source_before_it_loads(options: list[str], said: str) -> None:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    with pytest.raises(CommandError) as failed:
        serve.run(parser.parse_args(["--model", "nowhere", *options]))
    assert said in str(failed.value)


@pytest.mark.skipif(sys.platform == "win32", reason="no Ctrl-C can be sent to one process there")
def test_a_server_captures_by_itself_until_it_is_interrupted(tmp_path: Path) -> None:
    command = ["serve", "--model", "testcard", "--bind", "tcp://127.0.0.1:*", "--capture", "livelink:port=0"]
    command += ["--record", str(tmp_path / "show.csv")]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "bridge", *command], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        port = int(_line_with(process.stdout, r"UDP port (\d+)"))
        assert _line_with(process.stdout, "livelink: (waiting)")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            values = np.zeros(61, np.float32)
            while not (tmp_path / "show.csv").read_text().count("\n") > 1:
                phone.sendto(livelink.packet(values), ("127.0.0.1", port))
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert "recorded" in rest and "stopped" in rest
    assert len(read_take(tmp_path / "show.csv")) >= 1


def _line_with(output: Iterable[str], pattern: str) -> str:
    for text in output:
        found = re.search(pattern, text)
        if found:
            return found[1]
    raise AssertionError(f"no line with {pattern}")
