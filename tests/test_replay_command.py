"""`facebridge replay` and `facebridge demo`, as a person runs them."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from rich.console import Console

from bridge.backdrop import on_backdrop
from bridge.cli import main
from bridge.config import Config
from bridge.errors import CommandError
from bridge.outputs import FaceFilm, Folder, Output, Spool
from bridge.received import Latency, ReceivedPicture
from bridge.replay import Replay, perform
from bridge.server import Server
from bridge.stage import FACE_X, HEIGHT, TOP
from bridge.takes import FIRST_MINUTE, Take, read_take
from generator.face_generator import StreamSettings
from generator.testcard import picture
from tests.bridge.frames import shown

TAKE = str(FIRST_MINUTE)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
        yield server


@pytest.fixture
def take() -> Take:
    return read_take(FIRST_MINUTE).first(20)


@pytest.fixture
def quiet() -> Console:
    return Console(file=io.StringIO())


def read_png(path: Path) -> np.ndarray:
    pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None
    return pixels


def film_times(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time or 0) for frame in container.decode(video=0)]


def replayed(*options: str) -> int:
    return main(["replay", TAKE, "--model", "testcard", *options])


def test_pictures_by_number_the_same_each_time(tmp_path: Path, take: Take) -> None:
    for folder in ("one", "two"):
        assert replayed("--frames", "20", "--out", str(tmp_path / folder), "--identity", "violet") == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == [f"{number:06d}.png" for number in range(20)]
    for number, name in enumerate(names):
        first, second = (read_png(tmp_path / folder / name) for folder in ("one", "two"))
        assert np.array_equal(first, second)
        assert np.array_equal(first, shown(StreamSettings("violet", 128), take.curves[number]))


def test_light_and_backdrop_as_asked_for(tmp_path: Path, take: Take) -> None:
    out = str(tmp_path / "pngs")
    report = tmp_path / "report.json"

    look = ["--light", "-30", "20.5", "--backdrop", "00FF00"]
    assert replayed("--frames", "2", "--out", out, "--report", str(report), *look) == 0

    for number in range(2):
        card = picture(StreamSettings("amber", 128, light=(-30.0, 20.5)), take.curves[number])
        assert np.array_equal(read_png(tmp_path / "pngs" / f"{number:06d}.png"), on_backdrop(card, "#00ff00"))
    settings = json.loads(report.read_text())["settings"]
    assert (settings["light"], settings["backdrop"]) == ([-30.0, 20.5], "#00ff00")


def test_pngs_may_be_transparent(tmp_path: Path, take: Take) -> None:
    assert replayed("--frames", "1", "--out", str(tmp_path / "pngs"), "--backdrop", "transparent") == 0

    read = cv2.imdecode(np.fromfile(tmp_path / "pngs" / "000000.png", np.uint8), cv2.IMREAD_UNCHANGED)
    assert read is not None
    card = picture(StreamSettings("amber", 128), take.curves[0])
    assert np.array_equal(cv2.cvtColor(read, cv2.COLOR_BGRA2RGBA), card)


@pytest.mark.parametrize("pace", ["max", "realtime"])
def test_a_film_plays_at_the_takes_times(tmp_path: Path, take: Take, pace: str) -> None:
    film, report = tmp_path / "face.mp4", tmp_path / "report.json"
    assert replayed("--frames", "20", "--out", str(film), "--report", str(report), "--pace", pace) == 0
    frames = json.loads(report.read_text())["frames"]
    assert frames["sent"] == 20 == frames["drawn"] + frames["repeated"] + frames["dropped"]
    times = film_times(film)
    assert len(times) == frames["drawn"] + frames["repeated"]
    assert times[-1] == pytest.approx(take.times[-1], abs=1e-4)
    assert all(np.abs(take.times - time).min() < 1e-4 for time in times)
    if pace == "max":
        assert frames["dropped"] == 0


def test_a_server_elsewhere(tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "pngs")
    assert main(["replay", TAKE, "--frames", "5", "--server", server.address, "--out", out]) == 0
    assert len(list((tmp_path / "pngs").iterdir())) == 5
    told = capsys.readouterr().out
    assert "5 sent, 5 drawn, 0 repeated (still face), 0 dropped" in told
    assert "latency" in told


def test_broken_rows_are_told_and_counted(tmp_path: Path, take: Take, capsys: pytest.CaptureFixture[str]) -> None:
    lines = FIRST_MINUTE.read_text().splitlines()[:21]
    for number in range(3, 11):
        lines[number - 1] = "broken"
    path = tmp_path / "torn.csv"
    path.write_text("\n".join(lines))
    report = tmp_path / "report.json"
    assert main(["replay", str(path), "--model", "testcard", "--report", str(report)]) == 0
    told = capsys.readouterr().out
    assert "8 rows of torn left out:" in told
    assert "line 3: 1 cells where the header names 63" in told
    assert "and 3 more" in told
    written = json.loads(report.read_text())
    assert (written["frames"]["sent"], written["take"]["rows_left_out"]) == (12, 8)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["none.csv"], "there is no take at none.csv"),
        ([TAKE, "--model", "testcard", "--identity", "Bob"], "nobody here is called 'Bob'; there are amber, teal"),
        ([TAKE, "--model", "testcard", "--out", f"{TAKE}/face.mp4"], "cannot write"),
        ([TAKE, "--model", "testcard", "--out", f"{TAKE}/pngs"], "cannot write to the folder"),
        ([TAKE, "--model", "testcard", "--report", f"{TAKE}/report.json"], "cannot write"),
        ([TAKE, "--out", "face.mov"], "a film is written as .mp4"),
        ([TAKE, "--out", "face.mp4", "--backdrop", "transparent"], "a film has no alpha; make --out a folder"),
        ([TAKE, "--light", "120", "0"], "--light's azimuth must be a finite number from -90 to 90, not 120"),
        ([TAKE, "--light", "nan", "0"], "--light's azimuth must be a finite number from -90 to 90, not nan"),
        ([TAKE, "--backdrop", "red"], """--backdrop must be "#rrggbb", "transparent" or "", not 'red'"""),
        ([TAKE, "--server", "elsewhere"], "'elsewhere' is no address to connect to"),
        ([TAKE, "--server", "tcp://127.0.0.1:5570", "--model", "compact"], "--model is for a server started here"),
    ],
)
def test_what_fails_says_so_in_one_sentence(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", *options]) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert told.startswith("facebridge: ")
    assert "\n" not in told


def test_a_demo_cannot_be_transparent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--model", "testcard", "--backdrop", "transparent"]) == 1
    assert "a film has no alpha; `facebridge replay --out DIR` writes PNGs" in capsys.readouterr().err


@pytest.mark.parametrize("frames", ["0", "-3", "some"])
def test_frames_are_counted_from_one(frames: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["replay", TAKE, "--frames", frames])
    assert ended.value.code == 2
    assert "is no whole number above 0" in capsys.readouterr().err


class Breaking(FaceFilm):
    """A film in whose course something happens."""

    happens: Callable[[], None]
    pictures = 0

    def add(self, picture: ReceivedPicture, rate: float) -> None:
        self.pictures += 1
        if self.pictures == 6:
            self.happens()
        super().add(picture, rate)


def interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupted_replay_leaves_film_and_report(tmp_path: Path, take: Take, quiet: Console) -> None:
    film = Breaking(tmp_path / "face.mp4", take)
    film.happens = interrupt
    with pytest.raises(KeyboardInterrupt):
        perform(Replay(take, "max", model="testcard"), film, tmp_path / "report.json", quiet)
    assert len(film_times(tmp_path / "face.mp4")) == 5
    assert json.loads((tmp_path / "report.json").read_text())["complete"] is False


def test_a_server_that_goes_is_told_and_leaves_the_film(
    tmp_path: Path, take: Take, server: Server, quiet: Console
) -> None:
    film = Breaking(tmp_path / "face.mp4", take)
    film.happens = server.stop
    with pytest.raises(CommandError, match="server"):
        perform(Replay(take, "max", server=server.address), film, None, quiet)
    assert len(film_times(tmp_path / "face.mp4")) >= 6


def test_a_disk_that_fails_leaves_no_half_film(tmp_path: Path, take: Take, quiet: Console) -> None:
    film = Breaking(tmp_path / "face.mp4", take)

    def fail() -> None:
        raise OSError("the disk is full")

    film.happens = fail
    with pytest.raises(OSError, match="the disk is full"):
        perform(Replay(take, "max", model="testcard"), film, None, quiet)
    assert list(tmp_path.iterdir()) == []


def test_the_spool_gives_back_what_it_took() -> None:
    spool, rng = Spool(), np.random.default_rng(1)
    pixels = [rng.integers(0, 256, (side, side, 3), np.uint8) for side in (64, 128, 128)]
    for number, each in enumerate(pixels):
        spool.add(
            ReceivedPicture(each, number, 7, "01:00:00:00", False, number, Latency(1.0, 1.0, 0.0, 0.0, 0.0)), number / 2
        )
    assert len(spool) == 3
    for number, (back, rate) in enumerate(spool):
        assert np.array_equal(back.pixels, pixels[number])
        assert (back.sequence, back.dropped, rate) == (number, number, number / 2)
    spool.close()


def test_no_output_and_a_folder_have_nothing_to_finish(tmp_path: Path) -> None:
    for output in (Output(), Folder(tmp_path / "pngs")):
        output.begin("Amara")
        output.close()
        output.discard()


def test_the_demo(tmp_path: Path, take: Take, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--model", "testcard", "--frames", "20", "--identity", "teal", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["face.mp4", "report.json"]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["settings"]["pace"] == "realtime"
    assert report["settings"]["identity"] == "teal"
    with av.open(str(tmp_path / "face.mp4")) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == report["frames"]["drawn"] + report["frames"]["repeated"]
    assert film_times(tmp_path / "face.mp4")[-1] == pytest.approx(take.times[-1], abs=1e-4)
    face = frames[-1][TOP : TOP + HEIGHT, FACE_X : FACE_X + HEIGHT]
    card = shown(StreamSettings("teal", 128), take.curves[-1])
    small = cv2.resize(face, (128, 128), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - card).mean() < 8
    told = capsys.readouterr().out
    for word in ("frames", "latency", "face.mp4", "report.json", "docs/clients.md", "serve"):
        assert word in told
