"""Every kind of take: exact round trips, what others write, and files that are broken or hostile."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.takes import FIRST_MINUTE, TakeError, read_take
from bridge.takes.formats import kind_of, read_any_take, read_kind, timed, write_any_take
from bridge.takes.from_rows import take_of
from bridge.takes.sidecar import Sidecar, write_sidecar
from protocol.blendshapes import ARKIT52, ARKIT55, INDEX
from tests.takes.random_takes import noise, same_bits, takes

quietly = settings(
    deadline=None, derandomize=True, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("suffix", [".csv", ".json", ".npz"])
@quietly
@given(take=takes())
def test_a_round_trip_is_exact(tmp_path: Path, suffix: str, take: Any) -> None:
    path = tmp_path / f"noise{suffix}"
    write_any_take(take, path)
    back = read_any_take(path)
    assert same_bits(back.curves, take.curves)
    assert same_bits(back.eyes, take.eyes)
    assert back.times == pytest.approx(take.times, abs=2e-3 if suffix == ".csv" else 1e-9)
    assert (back.name, back.problems) == ("noise", ())
    if suffix != ".csv":
        assert back.timecodes == take.timecodes


@pytest.mark.parametrize("rate", [24.0, 25.0, 30.0, 59.94, 60.0, 120.0])
@pytest.mark.parametrize("frames", [1, 2, 40])
def test_audio2face_keeps_an_even_take(tmp_path: Path, rate: float, frames: int) -> None:
    take = noise(frames, rate=rate)
    write_any_take(take, tmp_path / "noise.a2f.json")
    written = json.loads((tmp_path / "noise.a2f.json").read_text())
    back = read_any_take(tmp_path / "noise.a2f.json")
    assert same_bits(back.curves, take.curves)
    assert same_bits(back.eyes, take.eyes)
    assert back.times == pytest.approx(take.times, abs=1e-9)
    assert (written["numFrames"], written["numPoses"]) == (frames, len(written["facsNames"])) == (frames, 61)
    assert frames == 1 or written["exportFps"] == pytest.approx(rate)


def test_audio2face_brings_an_uneven_take_to_its_rate(tmp_path: Path) -> None:
    take = noise(60)
    gap = take_of(Path("gap"), [*ARKIT55], np.delete(take.curves, [20, 21], 0), np.delete(take.times, [20, 21]))
    write_any_take(gap, tmp_path / "gap.a2f.json")
    back = read_any_take(tmp_path / "gap.a2f.json")
    assert len(back) == 60
    assert np.array_equal(back.curves[:20], take.curves[:20])
    assert back.curves[20] == pytest.approx(take.curves[19] * 2 / 3 + take.curves[22] / 3, abs=1e-5)


@pytest.mark.parametrize("name", ["rom_3", "slate_3"])
@pytest.mark.parametrize("suffix", [".csv", ".json", ".npz"])
def test_real_captures_go_round(shared_data: Callable[[str], Path], tmp_path: Path, name: str, suffix: str) -> None:
    take = read_any_take(shared_data(f"captures/{name}.csv")).first(150)
    write_any_take(take, tmp_path / f"{name}{suffix}")
    back = read_any_take(tmp_path / f"{name}{suffix}")
    assert same_bits(back.curves, take.curves)
    assert same_bits(back.eyes, take.eyes)
    assert back.timecodes == take.timecodes
    assert back.times == pytest.approx(take.times, abs=1e-9)


def test_the_kinds_are_told_apart_by_what_is_in_them(tmp_path: Path) -> None:
    take = noise(3)
    for kind in ("livelink", "arkit", "audio2face", "npz"):
        write_any_take(take, tmp_path / "take.dat", kind)
        assert read_kind(tmp_path / "take.dat")[0] == kind
    assert [kind_of(name) for name in ("a.CSV", "a.json", "a.b.a2f.JSON", "a.npz")] == [
        "livelink", "arkit", "audio2face", "npz",
    ]  # fmt: skip


def written(path: Path, data: Any) -> Path:
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def test_rows_as_others_write_them(tmp_path: Path) -> None:
    names = ["browDownLeft", "mouthSmile_R", "face.jaw_open", "JawLeft", "somethingElse"]
    beat = {"weights": [0.1, 0.2, 0.3, 0.4, 9], "time": 4.5, "rotation": []}
    take = read_any_take(written(tmp_path / "a.json", {"names": names, "frames": [beat, beat | {"time": 5.0}]}))
    assert take.times.tolist() == [0.0, 0.5]
    assert take.timecodes == ("00:00:04:30.000", "00:00:05:00.000")
    found = {ARKIT55[place]: float(take.curves[0, place]) for place in np.flatnonzero(take.curves[0])}
    assert found == pytest.approx({"browDownLeft": 0.1, "mouthSmileRight": 0.2, "jawOpen": 0.3, "jawLeft": 0.4})


@pytest.mark.parametrize(("facts", "interval"), [({}, 1 / 60), ({"fps": 25}, 0.04)])
def test_rows_that_are_lists_alone(tmp_path: Path, facts: dict[str, float], interval: float) -> None:
    rows = [[0.5] * 52, [0.25] * 52]
    take = read_any_take(written(tmp_path / "a.json", {"names": ARKIT52, "frames": rows} | facts))
    assert take.times.tolist() == [0.0, interval]
    timed = {"names": ARKIT52, "frames": rows, "times": [7, 8.5], "timecodes": ["10:00:00:00", "10:00:01:15"]}
    take = read_any_take(written(tmp_path / "b.json", timed))
    assert (take.times.tolist(), take.timecodes) == ([0.0, 1.5], ("10:00:00:00", "10:00:01:15"))
    assert take.curves[1].tolist() == [0.25] * 52 + [0.0] * 3


def test_audio2face_without_a_rate_has_60(tmp_path: Path) -> None:
    take = read_any_take(written(tmp_path / "a.json", {"facsNames": ["jawOpen"], "weightMat": [[0], [1]]}))
    assert take.times.tolist() == [0.0, 1 / 60]
    assert take.curves[1, INDEX["jawOpen"]] == 1


def test_frames_out_of_order_are_named_and_left_out(tmp_path: Path) -> None:
    frames = [{"weights": [weight], "time": time} for weight, time in ((0, 0), (1, 2), (2, 1), (3, 3))]
    take = read_any_take(written(tmp_path / "a.json", {"names": ["jawOpen"], "frames": frames}))
    assert len(take) == 3
    assert [str(problem) for problem in take.problems] in (
        ["frame 1: its time 2 s is out of order"], ["frame 2: its time 1 s is out of order"],
    )  # fmt: skip


def rows(*frames: Any, names: Any = ("jawOpen", "jawLeft")) -> dict[str, Any]:
    return {"names": list(names) if isinstance(names, tuple) else names, "frames": list(frames)}


def facs(matrix: Any, **facts: Any) -> dict[str, Any]:
    return {"facsNames": ["jawOpen", "jawLeft"], "weightMat": matrix, "exportFps": 30} | facts


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "is no Live Link Face recording"),
        ("{", "is no whole JSON file"),
        ("[" * 100_000, "is no whole JSON file"),
        ("[1, 2]", "is JSON without names"),
        ('{"names": [' + "9" * 5000, "is no whole JSON file"),
        ({}, "is JSON, but no take: .* not nothing"),
        ({"a": 1, "b": 2}, "is JSON, but no take: .* not 'a', 'b'"),
        ({"names": ["jawOpen"]}, "has no frames"),
        ({"frames": [[1]]}, "has no names"),
        (rows([1, 2], names=None), "has no list of curve names"),
        (rows([1, 2], names=()), "has no list of curve names"),
        (rows([1, 2], names=("jawOpen", 5)), "has no list of curve names"),
        (rows([1, 2], names=("A1", "A2")), "names no ARKit curve; its first name is 'A1'"),
        (rows([1, 2], names=("jawOpen", "JawOpen")), "names the curve jawOpen twice"),
        (rows(), "holds no frame"),
        (rows([1, 2], [1]), "frame 1 has 1 values where 2 curves are named"),
        (rows([1, 2], [1, 2, 3]), "frame 1 has 3 values where 2 curves are named"),
        (rows([1, 2], 3), "frame 1 is no list of numbers"),
        (rows([1, "2"]), "frame 0: jawLeft is '2', not a number"),
        (rows([None, 2]), "frame 0: jawOpen is 'None', not a number"),
        (rows([True, 2]), "frame 0: jawOpen is 'True', not a number"),
        (rows([1, float("nan")]), "frame 0: jawLeft is nan, not a finite number"),
        (rows([1, 2], [float("-inf"), 2]), "frame 1: jawOpen is -inf, not a finite number"),
        (rows([1, 1e39]), r"frame 0: jawLeft is 1e\+39, not a finite number"),
        (rows([1, 10**400]), "holds a number that is too large"),
        (rows({"weights": [1, 2], "time": 0}, {"time": 1}), "frame 1 has no weights"),
        (rows({"weights": [1, 2], "time": 0}, [1, 2]), "frame 1 has no weights"),
        (rows({"weights": [1, 2], "time": "0"}), "the time of frame 0 is '0', not a number"),
        (rows({"weights": [1, 2], "time": 0}, {"weights": [1, 2]}), "the time of frame 1 is 'None'"),
        (rows({"weights": [1, 2], "time": float("nan")}), "the time of frame 0 is no time"),
        (rows([1, 2]) | {"fps": 0}, "'0' is no number of frames a second"),
        (rows([1, 2]) | {"fps": "fast"}, "'fast' is no number of frames a second"),
        ({"names": ["jawOpen"], "frames": 5}, "has no list of frames"),
        (rows([1, 2]) | {"times": [1, 2]}, "has 1 frames and 2 times"),
        (rows([1, 2]) | {"times": None}, "are no numbers|has 1 frames and 1 times"),
        ({"facsNames": ["jawOpen"]}, "has no weightMat"),
        ({"weightMat": [[1]]}, "has no facsNames"),
        (facs([[1, 2], [3]]), "row 1 has 1 values where 2 curves are named"),
        (facs([]), "holds no row"),
        (facs([[1, 2]], numFrames=10**9), "says numFrames 1000000000 and has 1 rows in weightMat"),
        (facs([[1, 2]], numPoses=52), "says numPoses 52 and has 2 names in facsNames"),
        (facs([[1, 2]], exportFps=float("nan")), "'nan' is no number of frames a second"),
        (facs({"a": 1}), "has no list of rows"),
    ],
)
def test_what_is_wrong_with_json_is_said(tmp_path: Path, data: Any, said: str) -> None:
    path = written(tmp_path / "a.json", data)
    with pytest.raises(TakeError, match=said) as caught:
        read_any_take(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def archive(path: Path, **arrays: Any) -> Path:
    held: Any = {name: np.asarray(array) for name, array in arrays.items()}
    np.savez(path, **held)
    return path


def test_an_archive_of_curves_alone_is_a_take(tmp_path: Path) -> None:
    curves = np.random.default_rng(1).random((4, 52)).astype(np.float32)
    take = read_any_take(archive(tmp_path / "a.npz", curves=curves, fps=24))
    assert np.array_equal(take.curves[:, :52], curves)
    assert take.interval == pytest.approx(1 / 24)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"a": [1]}, "has no array called curves"),
        ({"curves": np.zeros((3, 7))}, r"curves of \[3, 7\] is neither"),
        ({"curves": np.zeros(52)}, r"curves of \[52\] is neither"),
        ({"curves": np.zeros((0, 52))}, "holds no frame"),
        ({"curves": np.full((2, 52), np.nan)}, "frame 0: eyeBlinkLeft is nan, not a finite number"),
        ({"curves": np.full((2, 52), "x")}, "the curves are <U1"),
        ({"curves": np.zeros((2, 52)), "times": [0]}, "has 2 frames and 1 times"),
        ({"curves": np.zeros((2, 52)), "times": ["a", "b"]}, "are no numbers"),
        ({"curves": np.zeros((2, 52)), "names": ["jawOpen"]}, "the curves are float64"),
        ({"curves": np.zeros((2, 52)), "names": [1, 2]}, "names is int64"),
        ({"curves": np.zeros((2, 52)), "eyes": np.zeros((1, 6))}, r"eyes is float64 \[1, 6\]"),
        ({"curves": np.array([[1, None]], dtype=object)}, "curves holds Python objects|claims"),
    ],
)
def test_what_is_wrong_with_an_archive_is_said(tmp_path: Path, arrays: dict[str, Any], said: str) -> None:
    with pytest.raises(TakeError, match=said):
        read_any_take(archive(tmp_path / "a.npz", **arrays))


def test_an_archive_that_claims_a_billion_rows_costs_nothing(tmp_path: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (10**9, 55)})
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as file:
        file.writestr("curves.npy", header.getvalue())
    with pytest.raises(TakeError, match="curves claims 220000000000 bytes"):
        read_any_take(tmp_path / "a.npz")


@settings(quietly, max_examples=60)
@given(data=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"{", b"\x93NUMPY", b"Timecode,"]))
def test_any_bytes_give_a_take_or_a_sentence(tmp_path: Path, data: bytes, start: bytes) -> None:
    (tmp_path / "a").write_bytes(start + data)
    with pytest.raises(TakeError):
        read_any_take(tmp_path / "a")


@settings(quietly, max_examples=30)
@given(spot=st.integers(0, 3000), byte=st.integers(0, 255), length=st.integers(0, 4000))
def test_a_damaged_archive_gives_a_take_or_a_sentence(tmp_path: Path, spot: int, byte: int, length: int) -> None:
    write_any_take(noise(3), tmp_path / "a.npz")
    data = bytearray((tmp_path / "a.npz").read_bytes())
    data[min(spot, len(data) - 1)] = byte
    (tmp_path / "a.npz").write_bytes(bytes(data[:length]))
    try:
        read_any_take(tmp_path / "a.npz")
    except TakeError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("face.mp4", b"\0\0\0\x20ftypisom", "holds pictures, no curves"),
        ("face.npy", b"\x93NUMPY\x01\0", "is a single array without names"),
        ("zeros.csv", bytes(300_000), "is no Live Link Face recording"),
        ("zip.csv", b"PK\x03\x04zip", "cannot be read as a numpy archive"),
    ],
)
def test_files_that_are_no_take(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TakeError, match=said):
        read_any_take(tmp_path / name)


def test_files_that_are_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.json", "there is no take at"), (tmp_path, "cannot read")):
        with pytest.raises(TakeError, match=said):
            read_any_take(path)
    for suffix in (".csv", ".json", ".a2f.json", ".npz"):
        with pytest.raises(TakeError, match="cannot write"):
            write_any_take(noise(2), tmp_path / "no" / f"folder{suffix}")
    with pytest.raises(TakeError, match=r"a take is written as \.csv"):
        write_any_take(noise(2), tmp_path / "take.fbx")
    with pytest.raises(TakeError, match="'fbx' is no kind of take"):
        write_any_take(noise(2), tmp_path / "take.csv", "fbx")


@pytest.mark.parametrize("suffix", [".csv", ".json", ".a2f.json", ".npz"])
def test_nan_is_not_written(tmp_path: Path, suffix: str) -> None:
    take = noise(3)
    take.curves[1, 1] = np.nan
    with pytest.raises(TakeError, match="holds a NaN"):
        write_any_take(take, tmp_path / f"a{suffix}")
    assert not (tmp_path / f"a{suffix}").exists()


def test_a_csv_gets_timecodes_that_tell_its_times() -> None:
    slow = noise(12, rate=24.0)
    assert timed(slow) is slow
    ticking = take_of(Path("a"), [*ARKIT55], slow.curves, slow.times, [f"01:00:00:{n:02d}" for n in range(12)])
    assert ticking.timecodes[1] == "01:00:00:01"
    assert timed(ticking).timecodes[1] == "01:00:00:02.500"


def test_the_sidecar_tells_what_a_short_recording_counts_in(tmp_path: Path) -> None:
    lines = FIRST_MINUTE.read_text().splitlines()[:13]
    (tmp_path / "short.csv").write_text("\n".join(lines) + "\n")
    assert read_take(tmp_path / "short.csv").interval == pytest.approx(1 / 60)
    sidecar = Sidecar("short", 1, timecode={"base": 24}, files={"came": "short.csv"})
    write_sidecar(sidecar, tmp_path / "short.json")
    assert read_any_take(tmp_path / "short.csv").interval == pytest.approx(1 / 24)
    with pytest.raises(TakeError, match="is the sidecar of a recording"):
        read_any_take(tmp_path / "short.json")
