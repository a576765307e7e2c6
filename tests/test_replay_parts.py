"""`facebridge replay` of a part, in rounds, of any kind of take, and the same pictures each time."""

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest
from rich.console import Console

from bridge.cli import main
from bridge.client import FaceBridgeClient
from bridge.config import Config
from bridge.outputs import Output
from bridge.playback import DELIVERY, Pace, Playback
from bridge.received import ReceivedPicture
from bridge.replay import Replay, perform
from bridge.server import Server
from bridge.takes import FIRST_MINUTE, read_take
from bridge.takes.formats import write_any_take

TAKE = str(FIRST_MINUTE)


def replayed(*options: str, take: str = TAKE, model: str = "testcard") -> int:
    return main(["replay", take, "--model", model, *options])


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("model", "frames"), [("testcard", "12"), ("compact", "3")])
def test_the_same_take_seed_and_model_give_the_same_files(tmp_path: Path, model: str, frames: str) -> None:
    for folder in ("one", "two"):
        out = ("--out", str(tmp_path / folder), "--frames", frames, "--from", "2", "--seed", "7")
        assert replayed(*out, model=model) == 0
    one = files(tmp_path / "one")
    assert len(one) == int(frames)
    assert one == files(tmp_path / "two")
    assert len(set(one.values())) > 1


def test_a_part_draws_what_the_whole_draws_there(tmp_path: Path) -> None:
    assert replayed("--out", str(tmp_path / "whole"), "--frames", "40") == 0
    assert replayed("--out", str(tmp_path / "part"), "--from", "0.5", "--to", "01:00:00:35") == 0
    whole, part = files(tmp_path / "whole"), files(tmp_path / "part")
    assert part == {f"{number:06d}.png": whole[f"{number + 30:06d}.png"] for number in range(5)}


@pytest.mark.parametrize("suffix", ["json", "npz", "a2f.json"])
def test_any_kind_of_take_draws_the_same(tmp_path: Path, suffix: str) -> None:
    write_any_take(read_take(FIRST_MINUTE).first(5), tmp_path / f"take.{suffix}")
    assert replayed("--out", str(tmp_path / "csv"), "--frames", "5") == 0
    assert replayed("--out", str(tmp_path / "other"), take=str(tmp_path / f"take.{suffix}")) == 0
    assert files(tmp_path / "csv") == files(tmp_path / "other")


@pytest.mark.parametrize("pace", ["max", "realtime"])
def test_rounds_go_on_in_number_and_in_time(tmp_path: Path, pace: str) -> None:
    film, report = tmp_path / "film.mp4", tmp_path / "report.json"
    assert replayed("--frames", "6", "--loop", "3", "--out", str(film), "--report", str(report), "--pace", pace) == 0
    figures = json.loads(report.read_text())
    assert (figures["frames"]["sent"], figures["complete"]) == (18, True)
    with av.open(str(film)) as container:
        times = [float(frame.time or 0) for frame in container.decode(video=0)]
    assert times[-1] == pytest.approx(17 / 60, abs=1e-3)  # a film that does not start at 0 counts its start in ms
    assert pace == "realtime" or times == pytest.approx([number / 60 for number in range(18)], abs=1e-4)


@pytest.mark.parametrize("pace", ["max", "realtime"])
def test_a_take_goes_round_without_end(pace: Pace) -> None:
    take = read_take(FIRST_MINUTE).first(3)
    with (
        Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server,
        FaceBridgeClient(server.address) as client,
    ):
        stream = client.open("teal", size=128, codec="rgb24", delivery=DELIVERY[pace], credit=2)
        playback = Playback(stream, take, pace, rounds=0)
        for picture in playback:
            assert picture.timecode == take.timecodes[picture.sequence % 3]
            if picture.sequence > 10:
                break
        assert (playback.total, playback.complete) == (None, False)


class Interrupted(Output):
    """Is interrupted in the second round, and keeps nothing."""

    def add(self, picture: ReceivedPicture, rate: float) -> None:
        if picture.sequence > 4:
            raise KeyboardInterrupt


def test_a_loop_without_end_ends_by_interruption_with_its_report(tmp_path: Path) -> None:
    replay = Replay(read_take(FIRST_MINUTE).first(3), "realtime", model="testcard", rounds=0)
    with pytest.raises(KeyboardInterrupt):
        perform(replay, Interrupted(), tmp_path / "report.json", Console(file=io.StringIO()))
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["complete"] is False
    assert report["frames"]["sent"] > 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--loop", "--out", "pngs"], "--loop without a number never ends; say how often"),
        (["--from", "99"], "first_minute has no frame from 99 to its end"),
        (["--to", "tea time"], "'tea time' is neither seconds"),
    ],
)
def test_what_fails_says_so(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(*options) == 1
    assert said in capsys.readouterr().err


def test_times_count_on_through_the_rounds() -> None:
    take = read_take(FIRST_MINUTE).first(4)
    assert [take.time_of(number) for number in range(9)] == pytest.approx(np.arange(9) / 60)
