"""Reading and writing recordings: by name, row by row, nothing lost."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from bridge.takes import FIRST_MINUTE, Take, TakeError, read_take, write_take
from bridge.takes.timecode import format_timecode
from protocol.blendshapes import ARKIT55, INDEX

Lines = list[str]


@pytest.fixture
def take() -> Take:
    """Ten uneven frames of noise, some of it beyond 1, some of it tiny, negative head angles."""
    rng = np.random.default_rng(1)
    curves = rng.uniform(-0.3, 1.2, (10, len(ARKIT55))).astype(np.float32)
    curves[3, 5] = np.float32(1.17e-7)
    codes = tuple(format_timecode(7200 + frame, 60) for frame in (0, 1 / 60, 3 / 60, 4 / 60, 1, 1.5, 2, 2.25, 2.5, 3))
    times = np.array([0, 1 / 60, 3 / 60, 4 / 60, 1, 1.5, 2, 2.25, 2.5, 3])
    return Take("noise", times, codes, curves, rng.normal(0, 0.2, (10, 6)).astype(np.float32))


@pytest.fixture
def recorded(take: Take, tmp_path: Path) -> Callable[[Callable[[Lines], Sequence[str]]], Path]:
    """`recorded(change)`: the take as a file, its lines (header first) changed."""

    def write(change: Callable[[Lines], Sequence[str]]) -> Path:
        path = tmp_path / "noise.csv"
        write_take(take, path)
        path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")
        return path

    return write


def test_round_trip_is_exact(take: Take, tmp_path: Path) -> None:
    write_take(take, tmp_path / "noise.csv")
    back = read_take(tmp_path / "noise.csv")
    assert back.name == "noise"
    assert back.timecodes == take.timecodes
    assert back.times == pytest.approx(take.times, abs=1e-9)
    assert back.curves.dtype == np.float32
    assert np.array_equal(back.curves, take.curves)
    assert np.array_equal(back.eyes, take.eyes)
    assert back.problems == ()


@pytest.mark.parametrize(
    ("name", "frames", "seconds", "interval"), [("rom_3", 4030, 134.38, 2 / 60), ("slate_3", 328, 5.45, 1 / 60)]
)
def test_real_captures(
    shared_data: Callable[[str], Path], tmp_path: Path, name: str, frames: int, seconds: float, interval: float
) -> None:
    take = read_take(shared_data(f"captures/{name}.csv"))
    assert len(take) == frames
    assert take.times[-1] == pytest.approx(seconds, abs=0.01)
    assert take.interval == pytest.approx(interval, rel=0.01)
    write_take(take, tmp_path / "again.csv")
    again = read_take(tmp_path / "again.csv")
    assert np.array_equal(again.curves, take.curves)
    assert np.array_equal(again.eyes, take.eyes)
    assert np.array_equal(again.times, take.times)


def test_columns_are_found_by_name(take: Take, recorded: Callable) -> None:
    def shuffled(lines: Lines) -> Lines:
        rows = [line.split(",") for line in lines]
        order = np.random.default_rng(2).permutation(len(rows[0]))
        rows[0] = [name.upper().replace("EYE", "eye_") for name in rows[0]]
        return [",".join(row[column] for column in order) for row in rows]

    assert np.array_equal(read_take(recorded(shuffled)).curves, take.curves)


def test_left_and_right_of_jaw_and_mouth_are_not_swapped(take: Take, recorded: Callable) -> None:
    path = recorded(lambda lines: lines)
    names, row = (line.split(",") for line in path.read_text().splitlines()[:2])
    assert names.index("JawRight") < names.index("JawLeft")
    assert names.index("MouthRight") < names.index("MouthLeft")
    for name in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
        column = names.index(name[0].upper() + name[1:])
        assert np.float32(row[column]) == take.curves[0, INDEX[name]]


@pytest.mark.parametrize("spelling", ["BlendshapeCount", "BlendShapeCount", "blendshape_count"])
def test_both_spellings_of_the_count(recorded: Callable, spelling: str) -> None:
    path = recorded(lambda lines: [lines[0].replace("BlendshapeCount", spelling), *lines[1:]])
    assert len(read_take(path)) == 10


def test_windows_line_ends_and_byte_order_mark(take: Take, recorded: Callable) -> None:
    path = recorded(lambda lines: lines)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert np.array_equal(read_take(path).curves, take.curves)


@pytest.mark.parametrize(("separator", "point"), [(";", ","), (";", "."), ("\t", ",")])
def test_a_spreadsheet_has_saved_it(take: Take, recorded: Callable, separator: str, point: str) -> None:
    def saved(lines: Lines) -> Lines:
        rows = [line.split(",") for line in lines]
        return [separator.join([row[0], *(cell.replace(".", point) for cell in row[1:])]) for row in rows]

    read = read_take(recorded(saved))
    np.testing.assert_array_equal(read.curves, take.curves)
    assert read.timecodes == take.timecodes


def replaced(line: str, column: int, text: str) -> str:
    cells = line.split(",")
    cells[column] = text
    return ",".join(cells)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda line: "", "empty"),
        (lambda line: ",,,,", "empty"),
        (lambda line: line.rsplit(",", 3)[0], "60 cells where the header names 63"),
        (lambda line: line + ",0.5", "64 cells where the header names 63"),
        (lambda line: replaced(line, 5, ""), "eyeLookOutLeft is empty"),
        (lambda line: replaced(line, 2, "half"), "eyeBlinkLeft is 'half', not a number"),
        (lambda line: replaced(line, 2, "nan"), "eyeBlinkLeft is nan, not a finite number"),
        (lambda line: replaced(line, 2, "-inf"), "eyeBlinkLeft is -inf, not a finite number"),
        (lambda line: replaced(line, 2, "1e39"), "eyeBlinkLeft is 1e39, not a finite number"),
        (lambda line: replaced(line, 0, "later"), "the timecode 'later' is not HH:MM:SS:FF.sss"),
        (lambda line: replaced(line, 0, "99:00:00:00.000"), "the timecode 99:00:00:00.000 is out of order"),
        (lambda line: replaced(line, 0, "00:00:00:00.000"), "the timecode 00:00:00:00.000 is out of order"),
        (lambda line: ",".join([*line.split(",")[:1], "0"]), "no face was tracked (a blendshape count of 0)"),
        (lambda line: "\x00\ufffd\x07", "1 cells where the header names 63"),
    ],
)
def test_a_broken_row_is_named_and_left_out(
    take: Take, recorded: Callable, change: Callable[[str], str], said: str
) -> None:
    found = read_take(recorded(lambda lines: [*lines[:4], change(lines[4]), *lines[5:]]))
    assert [str(problem) for problem in found.problems] == [f"line 5: {said}"]
    assert np.array_equal(found.curves, np.delete(take.curves, 3, axis=0))


def test_values_beyond_one_are_kept(take: Take, recorded: Callable) -> None:
    assert take.curves.max() > 1.1
    assert read_take(recorded(lambda lines: lines)).curves.max() == take.curves.max()


def test_rotations_may_be_missing(take: Take, recorded: Callable) -> None:
    found = read_take(recorded(lambda lines: [",".join(line.split(",")[:54]) for line in lines]))
    assert np.array_equal(found.curves[:, :52], take.curves[:, :52])
    assert not found.curves[:, 52:].any()
    assert not found.eyes.any()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [], "its first line has no Timecode column"),
        (lambda lines: lines[1:], "its first line has no Timecode column"),
        (lambda lines: [lines[0].replace("JawOpen", "Jaw"), *lines[1:]], "lacks the column JawOpen"),
        (lambda lines: ["Timecode,JawOpen", "0,0"], "lacks the columns EyeBlinkLeft, .* and 47 more"),
        (lambda lines: [lines[0].replace("LeftEyeRoll", "JawOpen"), *lines[1:]], "names the column jawopen twice"),
        (lambda lines: lines[:1], "has no usable row after its header"),
        (lambda lines: [lines[0], "x", "y"], "has no usable row: 2 were left out, first line 2: 1 cells"),
    ],
)
def test_a_file_that_is_no_take_says_so_in_one_sentence(
    recorded: Callable, change: Callable[[Lines], Lines], said: str
) -> None:
    with pytest.raises(TakeError, match=said) as caught:
        read_take(recorded(change))
    assert "\n" not in str(caught.value)


def test_files_that_cannot_be_opened(tmp_path: Path, take: Take) -> None:
    with pytest.raises(TakeError, match="there is no take at"):
        read_take(tmp_path / "none.csv")
    with pytest.raises(TakeError, match="cannot read"):
        read_take(tmp_path)
    with pytest.raises(TakeError, match="cannot write"):
        write_take(take, tmp_path / "no" / "folder.csv")


def test_a_picture_is_no_take(tmp_path: Path) -> None:
    (tmp_path / "face.csv").write_bytes(bytes(range(256)) * 40)
    with pytest.raises(TakeError, match="is no Live Link Face recording"):
        read_take(tmp_path / "face.csv")


def test_nan_is_not_written(take: Take, tmp_path: Path) -> None:
    take.curves[4, 4] = np.nan
    with pytest.raises(TakeError, match="frame 4 of noise holds a NaN"):
        write_take(take, tmp_path / "noise.csv")


def test_first_frames() -> None:
    take = read_take(FIRST_MINUTE)
    assert len(take.first(30)) == 30
    assert take.first(30).duration == pytest.approx(0.5)
    assert len(take.first(None)) == len(take.first(99999)) == len(take)
