"""Films and PNGs, read back."""

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from bridge.film import Film, OutputError, check_file, enlarge, prepare_folder, write_png

TIMES = [0.0, 1 / 60, 3 / 60, 4 / 60, 0.5, 0.75]
COLOURS = {(10, 10): (200, 120, 90), (10, 100): (30, 60, 200), (100, 60): (20, 220, 40)}


def card(stripe: int) -> np.ndarray:
    """Three fields of colour and a white stripe that tells frames apart."""
    image = np.zeros((128, 128, 3), np.uint8)
    image[:64, :64], image[:64, 64:], image[64:] = COLOURS.values()
    image[32:40, : 8 * stripe] = 255
    return image


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "films" / "face.mp4"
    with Film(path, 60) as film:
        for number, seconds in enumerate(TIMES):
            film.add(card(number), seconds)
    return path


def test_what_players_need(film: Path) -> None:
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.width, context.height) == (128, 128)
        assert (context.colorspace, context.color_range) == (1, 1)  # BT.709, limited
        assert container.duration == pytest.approx((TIMES[-1] + 1 / 60) * 1e6, abs=1000)


def test_frames_keep_their_times_and_order(film: Path) -> None:
    with av.open(str(film)) as container:
        frames = list(container.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx(TIMES, abs=1e-4)
    widths = [(frame.to_ndarray(format="rgb24")[36, :, 0] > 250).sum() for frame in frames]
    assert widths == pytest.approx([8 * number for number in range(len(TIMES))], abs=2)


def test_colours_survive(film: Path) -> None:
    with av.open(str(film)) as container:
        image = next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int)
    for (row, column), colour in COLOURS.items():
        assert np.abs(image[row, column] - colour).max() <= 4


def test_nothing_else_is_left_behind(film: Path) -> None:
    assert [path.name for path in film.parent.iterdir()] == ["face.mp4"]


def test_a_film_without_frames_is_no_file(tmp_path: Path) -> None:
    Film(tmp_path / "none.mp4", 60).close()
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_old_film(tmp_path: Path) -> None:
    path = tmp_path / "face.mp4"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="broken off"), Film(path, 60) as film:
        film.add(card(0), 0.0)
        raise RuntimeError("broken off")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_odd_rates(tmp_path: Path) -> None:
    with Film(tmp_path / "face.mp4", 60 / 1.001) as film:
        film.add(card(0), 0.0)
        film.add(card(1), 1.001 / 60)
    with av.open(str(tmp_path / "face.mp4")) as container:
        first, second = (frame.time for frame in container.decode(video=0))
    assert second - first == pytest.approx(float(Fraction(1001, 60000)), abs=1e-5)


def test_unwritable_places_are_named_before_anything_is_played(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.mp4").mkdir()
    for path in (tmp_path / "file" / "face.mp4", tmp_path / "folder.mp4"):
        with pytest.raises(OutputError, match=f"cannot write .*{path.name}"):
            Film(path, 60)
        with pytest.raises(OutputError, match=f"cannot write .*{path.name}"):
            check_file(path)
    with pytest.raises(OutputError, match=r"cannot write to the folder .*file"):
        prepare_folder(tmp_path / "file")


def test_pngs_are_exact_and_named_by_number(tmp_path: Path) -> None:
    folder = tmp_path / "Bilder für später"
    prepare_folder(folder)
    write_png(folder, 42, card(3))
    path = folder / "000042.png"
    back = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert back is not None
    assert np.array_equal(back, card(3))
    path.unlink()
    folder.rmdir()
    with pytest.raises(OutputError, match=r"cannot write .*000001\.png"):
        write_png(folder, 1, card(0))


@pytest.mark.parametrize(("side", "shown"), [(64, 512), (128, 512), (512, 512), (600, 600), (601, 602)])
def test_small_pictures_are_enlarged_and_sides_are_even(side: int, shown: int) -> None:
    picture = np.full((side, side, 3), 77, np.uint8)
    large = enlarge(picture)
    assert large.shape == (shown, shown, 3)
    assert (large == 77).all()
