"""`facebridge performance`, as a person runs it."""

import tomllib
from pathlib import Path

import cv2
import numpy as np
import pytest

from bridge import cli
from bridge.performance.preset import read_preset, shipped
from bridge.takes import FIRST_MINUTE, read_take, write_take


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("takes") / "short.csv"
    write_take(read_take(FIRST_MINUTE).first(240), path)
    return path


def run(*arguments: object) -> int:
    return cli.main(["performance", *map(str, arguments)])


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("facebridge: ")
    return lines[0]


def test_the_presets_are_listed_and_one_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("presets") == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in shipped())
    assert run("presets", "webcam") == 0
    (tmp_path / "mine.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert read_preset(tmp_path / "mine.toml").about == read_preset("webcam").about
    assert run("presets", "webcan") == 1
    assert "did you mean webcam?" in complaint(capsys)


@pytest.mark.needs(module="matplotlib")
def test_a_plot_shows_before_and_after(take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--curves", "jawOpen,blink,headYaw", "--from", 0.5, "--to", 2.0, "--rest-at", 0)
    assert run("plot", take, "--preset", "webcam", "--out", tmp_path / "plot.png", *options) == 0
    assert "jawOpen, eyeBlinkLeft, eyeBlinkRight, headYaw" in capsys.readouterr().out
    picture = cv2.imread(str(tmp_path / "plot.png"))
    assert picture is not None and picture.shape[1] == 1100
    teal = np.abs(picture.astype(int) - (0x75, 0x7A, 0x0B)).sum(axis=2) < 60  # blue, green, red
    rows = np.array_split(teal[: int(0.88 * len(teal))], 4)
    assert all(row.any() for row in rows)
    assert run("plot", take, "--out", tmp_path / "again.png") == 0
    assert run("plot", take, "--out", tmp_path / "once_more.png") == 0
    assert (tmp_path / "again.png").read_bytes() == (tmp_path / "once_more.png").read_bytes()


@pytest.mark.needs(module="matplotlib")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--curves", "jawOpne"), "unknown curve or group 'jawOpne'; did you mean jawOpen?"),
        (("--curves", ","), "--curves names no curve"),
        (("--from", 99), "there is nothing from 99 to"),
        (("--from", 2, "--to", 1), "there is nothing from 2 to 1 s"),
        (("--rest-at", 99), "short from 99 s on: only 0 frames with a face came"),
        (("--preset", "nowhere.toml"), "nowhere.toml: No such file"),
        (("--out", "nowhere/plot.png"), "cannot write nowhere"),
        (("--out", "plot.gif"), "plot.gif must end in .png, .svg or .pdf"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[object, ...], said: str
) -> None:
    assert run("plot", take, "--out", tmp_path / "plot.png", *options) == 1
    assert said in complaint(capsys)


def test_without_matplotlib_it_says_what_to_install(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert run("plot", take, "--out", tmp_path / "plot.png") == 1
    assert "matplotlib is not installed, which plots take: install the extra train" in complaint(capsys)


def test_a_neutral_face_fits_into_a_preset(take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("neutral", take, "--rest-at", 0) == 0
    printed = capsys.readouterr().out
    table = tomllib.loads(printed)["calibration"]["neutral"]
    (tmp_path / "mine.toml").write_text('like = "livelink"\n' + printed, encoding="utf-8")
    assert table and read_preset(tmp_path / "mine.toml").calibration.neutral.any()


def test_the_delay_of_each_step_is_measured(take: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("delay", "--take", take) == 0
    out = capsys.readouterr().out
    rows = {line.split("  ")[0]: line.split()[-3:] for line in out.splitlines() if line}
    assert float(rows["smoothing"][0]) < 0.5 and float(rows["smoothing"][1]) < 1.0
    assert float(rows["clamp"][0]) == 0.0
    assert "curves that move in short.csv come out later by" in out


@pytest.mark.needs(module="matplotlib")
def test_the_pictures_of_the_manual_are_drawn_and_each_is_in_it(tmp_path: Path) -> None:
    assert run("pictures", "--out", tmp_path) == 0
    manual = (Path(cli.__file__).parent.parent / "docs" / "performance.md").read_text(encoding="utf-8")
    drawn = sorted(tmp_path.glob("*.png"))
    assert len(drawn) == 12
    for picture in drawn:
        assert f"images/performance/{picture.name}" in manual
        assert picture.stat().st_size < 80_000
