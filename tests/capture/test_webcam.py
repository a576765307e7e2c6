"""The webcam without a camera: what the landmarker says becomes a sample, a video stands in, what lacks is told."""

import sys
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import platformdirs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.landmarker import Landmarker, Scores, told, usual_model
from bridge.capture.webcam import NEUTRAL, Webcam, landmarks_to_sample
from bridge.errors import CommandError
from protocol.blendshapes import ARKIT52, INDEX

NAMES = [NEUTRAL, *sorted(name for name in ARKIT52 if name != "tongueOut")]
PICTURES = 5


def found(jaw: float = 0.5) -> tuple[Scores, np.ndarray | None]:
    return [("jawOpen", jaw)], np.eye(4)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """Five small pictures, each lighter than the one before, at 200 a second."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 200, (32, 32))
    for number in range(PICTURES):
        writer.write(np.full((32, 32, 3), (number * 50, 0, 0), np.uint8))
    writer.release()
    return path


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.permutations(NAMES), st.lists(st.floats(0, 1, width=32), min_size=len(NAMES), max_size=len(NAMES)))
def test_scores_are_taken_by_name_in_any_order(names: list[str], values: list[float]) -> None:
    scores = list(zip(names, values, strict=True))
    sample = landmarks_to_sample(scores, None)
    assert all(sample.curves[INDEX[name]] == np.float32(value) for name, value in scores if name != NEUTRAL)
    assert sample.curves[INDEX["tongueOut"]] == 0.0
    assert not sample.curves[52:].any()
    assert sample.oddities == ()


@pytest.mark.parametrize(
    ("vector", "turn"),
    [((0, 0.3, 0), (-0.3, 0, 0)), ((0.3, 0, 0), (0, 0.3, 0)), ((0, 0, 0.3), (0, 0, -0.3))],
    ids=["to the picture's right, the performer's left", "down", "to the right shoulder"],
)
def test_the_head_comes_from_the_matrix(vector: tuple[float, ...], turn: tuple[float, ...]) -> None:
    matrix = np.eye(4)
    matrix[:3, :3] = 1.3 * cv2.Rodrigues(np.array(vector, np.float64))[0]
    matrix[:3, 3] = -0.4, 22.0, -65.0
    assert landmarks_to_sample([], matrix).curves[52:] == pytest.approx(turn, abs=1e-6)


def test_what_does_not_fit_is_counted() -> None:
    sample = landmarks_to_sample([("earWiggle", 0.5), ("jawOpen", float("nan"))], np.zeros((4, 4)))
    assert sample.oddities == ("bad rotation", "bad value", "unknown curve")
    assert not sample.curves.any()


def test_a_result_of_mediapipe_is_told_or_is_no_face() -> None:
    score = SimpleNamespace(category_name="jawOpen", score=0.25)
    scores, matrix = told(SimpleNamespace(face_blendshapes=[[score]], facial_transformation_matrixes=[np.eye(4)])) or (
        [],
        None,
    )
    assert list(scores) == [("jawOpen", 0.25)]
    assert matrix is not None
    assert told(SimpleNamespace(face_blendshapes=[], facial_transformation_matrixes=[])) is None


def test_every_picture_of_a_video_in_its_own_time(video: Path) -> None:
    blues: list[int] = []
    times: list[int] = []

    def find(picture: np.ndarray, milliseconds: int) -> tuple[Scores, np.ndarray | None] | None:
        blues.append(int(picture[16, 16, 2]))
        times.append(milliseconds)
        return found(len(blues) / 10) if len(blues) != 3 else None

    samples = list(Webcam(video=video, find=find).frames())
    assert [sample.tracked for sample in samples] == [True, True, False, True, True]
    assert [round(float(sample.curves[INDEX["jawOpen"]]), 3) for sample in samples] == [0.1, 0.2, 0.0, 0.4, 0.5]
    assert blues == sorted(blues)
    assert max(blues) > 150
    assert times == [0, 5, 10, 15, 20]


def test_stop_ends_it(video: Path) -> None:
    camera = Webcam(video=video, find=lambda picture, milliseconds: found())
    frames = camera.frames()
    next(frames)
    camera.stop()
    assert list(frames) == []


def test_what_is_missing_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="camera 98 cannot be opened"):
        Webcam(camera=98, find=lambda picture, milliseconds: found())
    (tmp_path / "no.mp4").write_bytes(b"no video")
    with pytest.raises(CommandError, match=r"no\.mp4 cannot be read as a video"):
        Webcam(video=tmp_path / "no.mp4", find=lambda picture, milliseconds: found())
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda name: str(tmp_path / name))
    with pytest.raises(CommandError, match=r"facebridge models pull smirk.*webcam:file="):
        usual_model()
    monkeypatch.setitem(sys.modules, "mediapipe", None)
    with pytest.raises(CommandError, match=r"needs mediapipe.*run\.py setup smirk"):
        Landmarker(tmp_path / "no.mp4")


@pytest.mark.needs(module="mediapipe")
def test_a_file_that_is_no_landmarker_is_told(tmp_path: Path) -> None:
    path = tmp_path / "face_landmarker.task"
    with pytest.raises(CommandError, match="there is no"):
        Landmarker(path)
    path.write_bytes(b"no model")
    with pytest.raises(CommandError, match="is not what mediapipe takes"):
        Landmarker(path)
