"""Faces read off pictures by insightface's own classes, on small networks in antelopev2's shapes."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnx
import pytest
from PIL import Image

from generator.checkpoint import CheckpointError
from generator.photo import FaceReader, PhotoError, faces_in, read_picture
from tests.generator.face_models import (
    FEATURES,
    KnownFace,
    face_by_yunet,
    looking_detector,
    plain_landmarks,
    recogniser_weights,
    with_squares,
    write_face_models,
)

pytestmark = pytest.mark.needs(module="insightface")
ARCFACE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_face_models(tmp_path_factory.mktemp("models"), plain_landmarks())


@pytest.fixture(scope="module")
def reader(models: Path) -> FaceReader:
    return FaceReader(models)


def embedding_by_hand(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The recogniser of the tests on the similarity transform that takes five points closest to ArcFace's."""
    (x, y), (u, v) = points.T, ARCFACE.T
    zero, one = np.zeros(5), np.ones(5)
    rows = np.vstack([np.column_stack([x, -y, one, zero]), np.column_stack([y, x, zero, one])])
    a, b, right, down = np.linalg.lstsq(rows, np.concatenate([u, v]), rcond=None)[0]
    crop = cv2.warpAffine(picture, np.array([[a, -b, right], [b, a, down]]), (112, 112)).astype(np.float32)
    small = ((crop - 127.5) / 127.5).reshape(7, 16, 7, 16, 3).mean((1, 3))
    vector = small.transpose(2, 0, 1).ravel() @ recogniser_weights()
    return vector / np.linalg.norm(vector)


def test_a_face_is_found_and_measured_in_pixels_of_the_picture(reader: FaceReader) -> None:
    (face,) = reader.read(with_squares(640, (200, 240, 8)))
    np.testing.assert_allclose(face.box, [168, 200, 232, 280], atol=1e-3)
    np.testing.assert_allclose(face.landmarks, plain_landmarks() * 80 + [200, 240], atol=1e-2)
    assert face.landmarks.shape == (68, 2) and face.width == 64


def test_the_embedding_is_arcface_s_on_its_own_alignment(reader: FaceReader) -> None:
    picture = with_squares(640, (200, 240, 8))
    picture[260:400, 150:260] = np.random.default_rng(1).integers(0, 250, (140, 110, 3))
    picture[..., 1] //= 2
    (face,) = reader.read(picture)
    points = np.array([200, 240]) + np.array(FEATURES) * 8
    assert face.embedding.dtype == np.float32 and np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)
    assert float(face.embedding @ embedding_by_hand(picture, points)) > 0.9999


@pytest.mark.parametrize(
    ("side", "box"),
    [
        (20, [120, 140, 280, 340]),  # at 256 pixels the square fills a cell of 20
        (40, [40, 40, 360, 440]),  # and with a border a cell of 40
    ],
)
def test_a_face_that_fills_the_frame_is_found_at_a_second_look(reader: FaceReader, side: int, box: list[int]) -> None:
    (face,) = reader.read(with_squares(640, (200, 240, side)))
    np.testing.assert_allclose(face.box, box, atol=1e-3)


def test_a_small_picture_is_enlarged(reader: FaceReader) -> None:
    (face,) = reader.read(with_squares(320, (100, 120, 4)))
    np.testing.assert_allclose(face.box, [84, 100, 116, 140], atol=1e-3)


def test_a_picture_without_a_face(reader: FaceReader) -> None:
    assert reader.read(np.full((200, 320, 3), 128, np.uint8)) == []


def test_the_largest_face_comes_first(tmp_path: Path) -> None:
    boxes = [[20, 20, 60, 60], [100, 90, 190, 200], [200, 10, 240, 50]]
    points = [np.array(box[:2]) + np.array(FEATURES) * 5 + 20 for box in boxes]
    known = [KnownFace(np.array(box, np.float32), five) for box, five in zip(boxes, points, strict=True)]
    reader = FaceReader(write_face_models(tmp_path, plain_landmarks(), known, 256))
    faces = reader.read(np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8))
    np.testing.assert_allclose(faces[0].box, boxes[1], atol=1e-3)
    assert len(faces) == 3 and [face.width for face in faces] == [90, 40, 40]


def test_the_astronaut(shared_data: Callable[[str], Path], tmp_path: Path) -> None:
    """As YuNet finds her: detection, landmarks and embedding belong to the same face."""
    network, photograph = shared_data("models/yunet_n_dynamic.onnx"), shared_data("photos/astronaut.png")
    picture = read_picture(photograph)
    known, landmarks = face_by_yunet(network, picture)
    reader = FaceReader(write_face_models(tmp_path, landmarks, [known], len(picture)))
    (face,) = faces_in(photograph, reader).faces
    np.testing.assert_allclose(face.box, known.box, atol=1e-2)
    np.testing.assert_allclose(face.landmarks[36:42].mean(0), known.points[0], atol=2)
    np.testing.assert_allclose(face.landmarks[[48, 54]], known.points[3:], atol=2)
    assert float(face.embedding @ embedding_by_hand(picture, known.points)) > 0.9999


def test_reading_never_asks_the_network(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert FaceReader(models).read(with_squares(640, (200, 240, 8)))


@pytest.mark.parametrize("name", ["scrfd_10g_bnkps.onnx", "1k3d68.onnx", "arcface.onnx"])
def test_a_missing_network_is_named_with_what_fetches_it(models: Path, tmp_path: Path, name: str) -> None:
    copied = shutil.copytree(models, tmp_path / "models")
    (copied / "antelopev2" / name).unlink()
    with pytest.raises(
        CheckpointError, match=rf"antelopev2 lacks {name}: `facebridge models pull antelopev2 --to .*models`"
    ):
        FaceReader(copied)


def test_an_empty_folder_names_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"lacks scrfd_10g_bnkps.onnx, 1k3d68.onnx, arcface.onnx"):
        FaceReader(tmp_path)


def test_the_recogniser_that_the_model_was_not_trained_with_is_refused_or_ignored(models: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(models, tmp_path / "models")
    arcface, other = copied / "antelopev2/arcface.onnx", copied / "antelopev2/glintr100.onnx"
    shutil.copy(arcface, other)
    assert f"{other} is ignored" in FaceReader(copied).notice
    arcface.unlink()
    with pytest.raises(CheckpointError, match=r"lacks arcface.onnx; glintr100.onnx there is another network"):
        FaceReader(copied)


def test_a_folder_unpacked_one_deeper_is_found(models: Path, tmp_path: Path) -> None:
    shutil.copytree(models / "antelopev2", tmp_path / "antelopev2/antelopev2")
    assert FaceReader(tmp_path).notice == ""


@pytest.mark.parametrize(
    ("name", "spoil", "says"),
    [
        ("arcface.onnx", lambda path: path.write_bytes(path.read_bytes()[:200]), "damaged or no ONNX network"),
        ("1k3d68.onnx", lambda path: path.write_bytes(b""), "damaged or no ONNX network"),
        (
            "1k3d68.onnx",
            lambda path: shutil.copy(path.with_name("arcface.onnx"), path),
            "does recognition, expected landmark_3d_68",
        ),
        ("arcface.onnx", lambda path: onnx.save(looking_detector(), path), "does detection, expected recognition"),
    ],
)
def test_a_file_that_is_not_what_it_is_called(
    models: Path, tmp_path: Path, name: str, spoil: Callable[[Path], object], says: str
) -> None:
    copied = shutil.copytree(models, tmp_path / "models")
    spoil(copied / "antelopev2" / name)
    with pytest.raises(CheckpointError, match=rf"{name} is .*{says}"):
        FaceReader(copied)


def test_no_face_says_what_to_try(reader: FaceReader, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "wall.png")
    with pytest.raises(PhotoError, match=r"no face found in .*wall.png: take a picture in even light"):
        faces_in(tmp_path / "wall.png", reader)


def test_a_picture_is_read_as_the_camera_was_held(tmp_path: Path) -> None:
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:20, :30] = (250, 10, 10)
    image, tags = Image.fromarray(pixels), Image.Exif()
    tags[0x0112] = 6  # to be turned clockwise
    image.save(tmp_path / "turned.png", exif=tags)
    np.testing.assert_array_equal(read_picture(tmp_path / "turned.png"), np.rot90(pixels, -1))


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    pixels = np.zeros((40, 40, 4), np.uint8)
    pixels[:20] = (10, 20, 30, 255)
    Image.fromarray(pixels).save(tmp_path / "cut.png")
    read = read_picture(tmp_path / "cut.png")
    assert read[0, 0].tolist() == [10, 20, 30] and read[39, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("mode", "value", "shade"), [("L", 77, 77), ("I;16", 65535 // 2, 127), ("1", 255, 255), ("CMYK", 0, 255)]
)
def test_every_kind_of_picture_becomes_rgb(tmp_path: Path, mode: str, value: int, shade: int) -> None:
    path = tmp_path / ("picture.jpg" if mode == "CMYK" else "picture.png")
    Image.new(mode, (40, 50), value).save(path)
    read = read_picture(path)
    assert read.shape == (50, 40, 3) and read.dtype == np.uint8
    assert np.abs(read.astype(int) - shade).max() <= 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no picture"),
        (b"not a picture", "is no picture that can be read"),
        (b"", "is no picture that can be read"),
    ],
)
def test_a_file_that_is_no_picture(tmp_path: Path, content: bytes | None, says: str) -> None:
    path = tmp_path / "face.png"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PhotoError, match=says) as caught:
        read_picture(path)
    assert str(path) in str(caught.value)


def test_a_picture_cut_off_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "face.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(PhotoError, match="cannot be read as a picture"):
        read_picture(path)


@pytest.mark.parametrize("size", [(20, 300), (2000, 40)])
def test_a_picture_too_small_or_slim(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size).save(tmp_path / "strip.png")
    with pytest.raises(PhotoError, match=rf"{size[0]} × {size[1]} pixels, too small or too slim"):
        read_picture(tmp_path / "strip.png")


def test_a_folder_is_no_picture(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="cannot be read as a picture"):
        read_picture(tmp_path)
