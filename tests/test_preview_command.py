"""`facebridge preview`, as a person runs it, on a FLAME of invented numbers."""

from pathlib import Path

import av
import numpy as np
import pytest

from bridge.cli import main
from bridge.flame_frames import FlameFrames, frames_of_take
from bridge.takes import FIRST_MINUTE, Take, read_take, write_take
from generator.blendshape_map import load_map
from protocol.blendshapes import ARKIT55, FLAME55, INDEX
from tests.generator.flame_files import write_flame

pytestmark = pytest.mark.needs(module="smplx")
SIZE = 128


@pytest.fixture(scope="module")
def flame(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_flame(tmp_path_factory.mktemp("flame"))


def preview(source: Path | str, flame: Path, out: Path, *options: str) -> int:
    return main(["preview", str(source), "--flame", str(flame), "--out", str(out), "--size", str(SIZE), *options])


def frames_of(film: Path) -> tuple[list[np.ndarray], list[float]]:
    with av.open(str(film)) as container:
        decoded = list(container.decode(video=0))
    return [frame.to_ndarray(format="rgb24") for frame in decoded], [float(frame.time or 0) for frame in decoded]


def performed(path: Path, rate: float, rows: list[dict[str, float]]) -> Path:
    """A take of named curves, one row after the other."""
    curves = np.zeros((len(rows), len(ARKIT55)), np.float32)
    for row, named in zip(curves, rows, strict=True):
        for name, value in named.items():
            row[INDEX[name]] = value
    codes = tuple(f"01:00:00:{row:02d}.000" for row in range(len(rows)))
    write_take(Take("made", np.arange(len(rows)) / rate, codes, curves, np.zeros((len(rows), 6), np.float32)), path)
    return path


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """How different two pictures are above the caption, 0 to 255."""
    face = slice(0, int(SIZE * 0.9))
    return float(np.abs(one[face].astype(float) - other[face]).mean())


def test_a_take_is_filmed_at_the_films_own_rate(
    flame: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "mesh.mp4"
    assert preview(FIRST_MINUTE, flame, film, "--frames", "12") == 0
    pictures, times = frames_of(film)
    assert len(pictures) == 6 and pictures[0].shape == (SIZE, SIZE, 3)  # 12 frames at 60 a second
    assert times == pytest.approx(np.arange(6) / 30, abs=1e-3)
    shown = capsys.readouterr().out
    assert "ignores brows" in shown and "head turns" not in shown and f"{film}: 6 frames at 30 fps" in shown


def test_jaw_lids_and_head_move_the_mesh(flame: Path, tmp_path: Path) -> None:
    moves = [{}, {}, {"jawOpen": 1.0}, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, {"headYaw": 0.5}]
    take = performed(tmp_path / "take.csv", 60.0, moves)
    assert preview(take, flame, tmp_path / "mesh.mp4", "--fps", "60") == 0
    still, again, jaw, lids, turned = frames_of(tmp_path / "mesh.mp4")[0]
    upper, lower = slice(0, SIZE // 2), slice(SIZE // 2, int(SIZE * 0.9))
    assert apart(again, still) < 0.1
    assert apart(jaw[lower], still[lower]) > 3 * apart(jaw[upper], still[upper])
    assert apart(lids[upper], jaw[upper]) > 0.5 and apart(turned, still) > 5


def test_the_caption_follows_the_timecode(flame: Path, tmp_path: Path) -> None:
    take = performed(tmp_path / "take.csv", 60.0, [{}, {}])
    assert preview(take, flame, tmp_path / "mesh.mp4", "--fps", "60") == 0
    first, second = frames_of(tmp_path / "mesh.mp4")[0]
    below = slice(int(SIZE * 0.9), SIZE)
    assert apart(first, second) < 0.1 and np.abs(first[below].astype(int) - second[below]).max() > 60


@pytest.mark.parametrize("kind", ["npy", "npz"])
def test_parameters_are_filmed_a_row_a_frame(flame: Path, tmp_path: Path, kind: str) -> None:
    rows = np.zeros((3, len(FLAME55)), np.float32)
    rows[1, INDEX["jawX"]], rows[2, INDEX["eyelidLeft"]] = 0.3, 1.0
    path = tmp_path / f"rows.{kind}"
    if kind == "npy":
        np.save(path, rows)
    else:
        np.savez(path, expression=rows[:, :50], eyelids=rows[:, 50:52], jaw=rows[:, 52:])
    assert preview(path, flame, tmp_path / "mesh.mp4", "--fps", "25") == 0
    (still, jaw, lid), times = frames_of(tmp_path / "mesh.mp4")
    assert times == pytest.approx([0, 0.04, 0.08], abs=1e-3)
    assert apart(jaw, still) > 0.5 and apart(lid, still) > 0.5


def test_one_expression_is_a_film_of_one_frame(flame: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "e.npy", np.zeros(len(FLAME55), np.float32))
    assert preview(tmp_path / "e.npy", flame, tmp_path / "mesh.mp4") == 0
    assert len(frames_of(tmp_path / "mesh.mp4")[0]) == 1


def test_the_newest_frame_is_shown_at_each_time() -> None:
    times = np.array([0.0, 0.01, 0.05, 0.3])
    none = np.zeros((4, 3), np.float32)
    frames = FlameFrames("uneven", times, ("a", "b", "c", "d"), np.zeros((4, 55), np.float32), none, 0.4)
    assert frames.at(10).tolist() == [0, 2, 2, 3]


def test_every_second_frame_of_a_take_is_shown_at_half_its_rate() -> None:
    take = read_take(FIRST_MINUTE)
    assert frames_of_take(take, load_map()).at(30)[:300].tolist() == list(range(0, 600, 2))


def test_without_lids_in_the_folder_it_says_that_they_stay_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    np.save(tmp_path / "e.npy", np.zeros(len(FLAME55), np.float32))
    assert preview(tmp_path / "e.npy", write_flame(tmp_path / "flame", lids=False), tmp_path / "mesh.mp4") == 0
    assert "the lids stay open" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (np.zeros((4, 52)), "the shape (4, 52), expected rows of 55 numbers"),
        (np.zeros((0, 55)), "expected rows of 55 numbers"),
        (np.full((3, 55), np.inf), "infinite number in row 0"),
        (np.array("text"), "expected real numbers"),
    ],
)
def test_parameters_that_are_none_are_named(
    flame: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: np.ndarray, told: str
) -> None:
    np.save(tmp_path / "e.npy", rows)
    assert preview(tmp_path / "e.npy", flame, tmp_path / "mesh.mp4") == 1
    complaint = capsys.readouterr().err
    assert told in complaint and str(tmp_path / "e.npy") in complaint and not (tmp_path / "mesh.mp4").exists()


@pytest.mark.parametrize(
    ("source", "flame_folder", "out", "told"),
    [
        ("nowhere.csv", "", "mesh.mp4", "no take at nowhere.csv"),
        (str(FIRST_MINUTE), "nowhere", "mesh.mp4", "no folder nowhere"),
        (str(FIRST_MINUTE), "", "mesh.gif", "must end in .mp4"),
    ],
)
def test_what_is_not_there_is_named(
    flame: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, flame_folder: str, out: str, told: str
) -> None:
    assert preview(source, Path(flame_folder) if flame_folder else flame, tmp_path / out) == 1
    complaint = capsys.readouterr().err.splitlines()
    assert len(complaint) == 1 and told in complaint[0] and not list(tmp_path.iterdir())


@pytest.mark.parametrize("size", ["127", "64", "big"])
def test_a_size_that_no_film_has_is_refused(flame: Path, tmp_path: Path, size: str) -> None:
    with pytest.raises(SystemExit):
        preview(FIRST_MINUTE, flame, tmp_path / "mesh.mp4", "--size", size)
