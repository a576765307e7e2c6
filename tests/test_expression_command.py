"""`facebridge expression`, as a person runs it."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from bridge.cli import main
from generator.smirk import ExpressionReader
from tests.generator.smirk_file import write_smirk

BOX = np.array([[30.0, 20.0], [130.0, 140.0]])


@pytest.fixture(scope="module")
def smirk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_smirk(tmp_path_factory.mktemp("smirk"))


@pytest.fixture
def pixels() -> np.ndarray:
    return np.random.default_rng(4).integers(0, 256, (160, 160, 3), dtype=np.uint8)


@pytest.fixture
def picture(tmp_path: Path, pixels: np.ndarray) -> Path:
    path = tmp_path / "face.png"
    path.write_bytes(cv2.imencode(".png", pixels[..., ::-1])[1].tobytes())
    return path


@pytest.fixture
def landmarks(tmp_path: Path) -> Path:
    np.save(tmp_path / "landmarks.npy", BOX)
    return tmp_path / "landmarks.npy"


@pytest.fixture
def complaint(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one line that the command ends with when it fails."""

    def run(*arguments: object) -> str:
        assert main(["expression", *map(str, arguments)]) == 1
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 1
        return lines[0]

    return run


def test_the_numbers_are_written_and_the_telling_ones_shown(
    picture: Path, pixels: np.ndarray, smirk: Path, landmarks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "e.npy"
    assert (
        main(["expression", str(picture), "--smirk", str(smirk), "--landmarks", str(landmarks), "--out", str(out)]) == 0
    )
    numbers, shown = np.load(out), capsys.readouterr().out
    assert numbers.dtype == np.float32 and numbers.shape == (55,)
    assert np.array_equal(numbers, ExpressionReader(smirk).read(pixels, BOX))
    assert f"left {numbers[50]:.2f}, right {numbers[51]:.2f}" in shown
    assert f"open {np.degrees(numbers[52]):.1f}°" in shown and str(out) in shown
    strongest = int(np.abs(numbers[:50]).argmax())
    assert f"expression{strongest:02d} {numbers[strongest]:+.2f}, " in shown


@pytest.mark.needs(module="mediapipe")
def test_without_landmarks_the_landmarkers_file_is_needed(
    picture: Path, smirk: Path, tmp_path: Path, complaint: Callable[..., str]
) -> None:
    told = complaint(picture, "--smirk", smirk, "--out", tmp_path / "e.npy")
    assert f"{smirk / 'face_landmarker.task'} is missing" in told and not (tmp_path / "e.npy").exists()


def test_a_folder_without_smirk_is_named(picture: Path, tmp_path: Path, complaint: Callable[..., str]) -> None:
    assert f"{tmp_path / 'SMIRK_em1.pt'} is missing" in complaint(
        picture, "--smirk", tmp_path, "--out", tmp_path / "e.npy"
    )


def test_a_picture_that_is_not_there_is_named(smirk: Path, tmp_path: Path, complaint: Callable[..., str]) -> None:
    missing = tmp_path / "nobody.png"
    assert str(missing) in complaint(missing, "--smirk", smirk, "--out", tmp_path / "e.npy")


@pytest.mark.parametrize("out", ["e.txt", "nowhere/e.npy"])
def test_an_output_that_cannot_be_is_named_before_anything_is_read(
    tmp_path: Path, out: str, complaint: Callable[..., str]
) -> None:
    assert str(tmp_path / out) in complaint("nobody.png", "--smirk", "nowhere", "--out", tmp_path / out)


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (np.zeros(55), "the shape (55,), expected landmarks (k, 2)"),
        (np.full((478, 2), np.nan), "NaN or infinite number"),
        (np.full((478, 2), 20.0), "too small"),
    ],
)
def test_landmarks_that_are_none_are_named(
    picture: Path, smirk: Path, tmp_path: Path, complaint: Callable[..., str], points: np.ndarray, told: str
) -> None:
    np.save(tmp_path / "l.npy", points)
    complained = complaint(picture, "--smirk", smirk, "--landmarks", tmp_path / "l.npy", "--out", tmp_path / "e.npy")
    assert told in complained and (str(tmp_path / "l.npy") in complained or str(picture) in complained)
