"""`facebridge map`, as a person runs it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.cli import main
from bridge.takes import FIRST_MINUTE, read_take
from generator.blendshape_map import load_map
from protocol.blendshapes import INDEX


@pytest.fixture(scope="module")
def take_rows() -> np.ndarray:
    return read_take(FIRST_MINUTE).curves[:, :52].astype(np.float64)


@pytest.fixture
def parameters(tmp_path: Path, take_rows: np.ndarray) -> Path:
    """FLAME of every frame of the bundled take: the jaw opens by 0.4, a smile is the first coefficient."""
    expression = np.zeros((len(take_rows), 100))
    expression[:, 0] = 2.0 * take_rows[:, INDEX["mouthSmileLeft"]]
    jaw = np.zeros((len(take_rows), 3))
    jaw[:, 0] = 0.4 * take_rows[:, INDEX["jawOpen"]]
    np.savez(tmp_path / "params.npz", expression=expression, jaw=jaw)
    return tmp_path / "params.npz"


def fitted(arkit: Path, flame: Path, out: Path, *options: str) -> int:
    return main(["map", "fit", "--arkit", str(arkit), "--flame", str(flame), "--out", str(out), *options])


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("facebridge: ")
    return lines[0]


def test_the_bundled_mapping_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "show"]) == 0
    shown = capsys.readouterr().out
    for text in ("jaw and lids", "arkit52 to flame55", "MIT", "5 of ARKit's 52 curves", "models pull mappings"):
        assert text in shown
    rows = {line.split()[0]: " ".join(line.split()[1:]) for line in shown.splitlines() if line.strip()}
    assert rows["jawRight"] == "jawY -0.10" and rows["eyeBlinkLeft"] == "eyelidLeft +1.00"


def test_the_strongest_movements_of_each_curve_are_shown_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = np.zeros((52, 100))
    matrix[25, [4, 7, 20, 60]] = 0.5, -2.0, 1.0, 9.0  # jawOpen; beyond 50 nothing is taken
    matrix[1, 2] = 0.25  # browDownLeft
    np.save(tmp_path / "bs2exp.npy", matrix)
    np.save(tmp_path / "bs2jaw.npy", np.zeros((52, 3)))
    np.save(tmp_path / "bs2eye.npy", np.zeros((52, 6)))
    assert main(["map", "show", str(tmp_path)]) == 0
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    moving = lines[lines.index(next(line for line in lines if line.startswith("curve "))) + 1 :]
    assert [" ".join(line.split()) for line in moving[:4]] == [
        "eyeBlinkLeft eyelidLeft +1.00",
        "eyeBlinkRight eyelidRight +1.00",
        "jawOpen expression07 -2.00, expression20 +1.00, expression04 +0.50",
        "browDownLeft expression02 +0.25",
    ]


def test_a_mapping_is_fitted_written_and_shown(
    tmp_path: Path, parameters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine"
    assert fitted(FIRST_MINUTE, parameters, out, "--licence", "ours alone", "--ridge", "1e-10") == 0
    told = capsys.readouterr().out
    for text in ("fitted to 1200 rows", "expression", "100.0 %", "no eyelids were given", f"--map {out}"):
        assert text in told
    mapping = load_map(str(out))
    assert (mapping.name, mapping.licence) == ("mine", "ours alone")
    assert "1200 rows of first_minute.csv and params.npz" in mapping.sources and "1e-10" in mapping.sources
    assert mapping.group("jaw")[INDEX["jawOpen"]] == pytest.approx([0.4, 0, 0], abs=1e-3)
    assert mapping.group("expression")[INDEX["mouthSmileLeft"], 0] == pytest.approx(2.0, abs=1e-2)
    assert main(["map", "show", str(out)]) == 0 and "ours alone" in capsys.readouterr().out


def test_curves_that_never_moved_and_few_rows_are_said(
    tmp_path: Path, take_rows: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    short = tmp_path / "short.csv"
    short.write_text("".join(FIRST_MINUTE.read_text().splitlines(keepends=True)[:41]))
    np.savez(tmp_path / "p.npz", expression=np.zeros((40, 50)), jaw=take_rows[:40, :3])
    assert fitted(short, tmp_path / "p.npz", tmp_path / "mine") == 0
    told = capsys.readouterr().out
    assert "40 rows are few" in told and "never moved, so their rows are zero" in told and "tongueOut" in told


def test_rows_that_the_take_lost_are_left_out_on_both_sides(
    tmp_path: Path, parameters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = FIRST_MINUTE.read_text().splitlines(keepends=True)
    lines[100], lines[700] = "01:00:00:00,0\n", "broken\n"
    holed = tmp_path / "holed.csv"
    holed.write_text("".join(lines))
    arrays = dict(np.load(parameters))
    arrays["jaw"][[99, 699]] = 50.0  # what a tracker says where there was no face; the header is line 0 here
    np.savez(parameters, **arrays)
    assert fitted(holed, parameters, tmp_path / "mine", "--ridge", "1e-10") == 0
    told = capsys.readouterr().out
    assert "2 rows of holed left out" in told and "fitted to 1198 rows" in told
    assert load_map(str(tmp_path / "mine")).group("jaw")[INDEX["jawOpen"], 0] == pytest.approx(0.4, abs=1e-3)


def test_counts_that_disagree_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "p.npz", expression=np.zeros((7, 50)), jaw=np.zeros((7, 3)))
    assert fitted(FIRST_MINUTE, tmp_path / "p.npz", tmp_path / "mine") == 1
    said = complaint(capsys)
    assert "first_minute.csv has 1200 rows" in said and "p.npz has 7" in said and not (tmp_path / "mine").exists()


@pytest.mark.parametrize("missing", ["take", "parameters"])
def test_a_file_that_is_not_there_is_named(
    tmp_path: Path, parameters: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    files = (gone, parameters) if missing == "take" else (FIRST_MINUTE, gone)
    assert fitted(*files, tmp_path / "mine") == 1
    assert str(gone) in complaint(capsys)


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, parameters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fitted(FIRST_MINUTE, parameters, parameters) == 1
    assert f"cannot write the mapping to {parameters}" in complaint(capsys)


def test_a_folder_without_a_mapping_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", "show", str(tmp_path)]) == 1
    assert f"{tmp_path} holds no mapping" in complaint(capsys)


@pytest.mark.parametrize("ridge", ["-1", "nan", "inf", "much"])
def test_a_ridge_that_is_none_is_refused(
    tmp_path: Path, parameters: Path, ridge: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        fitted(FIRST_MINUTE, parameters, tmp_path / "mine", f"--ridge={ridge}")
    assert f"{ridge!r} is no number from 0 up" in capsys.readouterr().err


def test_a_real_recording_with_a_known_mapping(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    recording = shared_data("captures/rom_3.csv")
    curves = read_take(recording).curves[:, :52].astype(np.float64)
    rows = np.random.default_rng(6).normal(size=(52, 53))
    np.savez(tmp_path / "p.npz", expression=curves @ rows[:, :50], jaw=0.1 * curves @ rows[:, 50:])
    assert fitted(recording, tmp_path / "p.npz", tmp_path / "mine", "--ridge", "1e-12") == 0
    assert load_map(str(tmp_path / "mine")).group("expression") == pytest.approx(rows[:, :50], abs=0.01)
