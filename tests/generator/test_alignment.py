"""The FFHQ crop, by hand-computed squares and by pictures whose crop is known."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from generator.alignment import ffhq_crop, ffhq_square
from generator.photo import read_picture
from tests.generator.face_models import face_by_yunet, plain_landmarks


def landmarks(eye_distance: float, mouth_below: float, centre: tuple[float, float], turn: float = 0.0) -> np.ndarray:
    """(68, 2): eyes level around `centre`, the mouth's corners that far below, all turned by so many degrees."""
    points = np.zeros((68, 2))
    points[36:42], points[42:48] = [-eye_distance / 2, 0], [eye_distance / 2, 0]
    points[48], points[54] = [-5, mouth_below], [5, mouth_below]
    angle = np.radians(turn)
    return points @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) + centre


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(("eyes", "mouth", "half"), [(60, 50, 120), (40, 60, 108)])
def test_the_square_reaches_two_eye_distances_or_1_8_to_the_mouth(eyes: float, mouth: float, half: float) -> None:
    middle = np.array([200, 150 + 0.1 * mouth])
    expected = middle + half * np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]])
    np.testing.assert_allclose(ffhq_square(landmarks(eyes, mouth, (200, 150))), expected)


def test_a_turned_head_turns_the_square() -> None:
    upright, turned = (ffhq_square(landmarks(60, 50, (0, 0), angle)) for angle in (0, 90))
    np.testing.assert_allclose(turned, np.stack([-upright[:, 1], upright[:, 0]], 1), atol=1e-9)


def test_eyes_and_mouth_that_disagree_share_the_turn() -> None:
    """Eyes 60 apart and level, the mouth 50 below and 30 aside: the square lies along (60 + 50, 0 - 30)."""
    points = landmarks(60, 50, (0, 0))
    points[[48, 54]] += [30, 0]
    square = ffhq_square(points)
    along = (square[3] - square[0]) / 2
    np.testing.assert_allclose(along, np.array([110, -30]) / np.hypot(110, 30) * 120)
    np.testing.assert_allclose(square.mean(0), [3, 5])


def test_a_square_on_the_pixel_grid_is_cut_out_and_scaled() -> None:
    """A side of 240 from (100, 80): a picture of constant tiles keeps them."""
    picture = np.kron(noise(50, 50), np.ones((10, 10, 1), np.uint8))
    crop = ffhq_crop(picture, landmarks(60, 50, (220, 195)), 240)
    inside = crop.reshape(24, 10, 24, 10, 3)[:, 3:7, :, 3:7].astype(int)
    assert np.abs(inside - picture[80:320, 100:340].reshape(24, 10, 24, 10, 3)[:, 3:7, :, 3:7]).max() <= 1


def test_the_crop_of_a_turned_picture_is_the_same() -> None:
    picture = cv2.GaussianBlur(noise(400, 400), (0, 0), 4)
    upright = ffhq_crop(picture, landmarks(50, 40, (200, 180)), 96)
    turned = ffhq_crop(np.rot90(picture, -1).copy(), landmarks(50, 40, (399 - 180, 200), 90), 96)
    assert np.abs(upright.astype(int) - turned).max() <= 3  # 0.1 of a pixel beside: pixels are points, edges are not


def test_a_large_photograph_is_scaled_down_without_aliasing() -> None:
    """Stripes one pixel wide, 24 of them in a pixel of the crop, are grey."""
    stripes = np.zeros((2000, 2000, 3), np.uint8)
    stripes[:, ::2] = 255
    crop = ffhq_crop(stripes, landmarks(400, 300, (1000, 900)), 64)
    assert crop.shape == (64, 64, 3)
    assert np.abs(crop.astype(int) - 127).max() <= 2


def test_outside_the_photograph_it_is_mirrored_and_fades_to_the_median() -> None:
    """A square from 54 above the photograph to 66 below it. Mirrored are 96 above it, 0.3 of the side: the first row
    of the crop, two rows high, lies 43 from their edge, and 43/96 of the mirror image are left. Most rows are red.
    """
    red, green = np.array([200, 40, 90]), np.array([20, 220, 30])
    picture = np.full((200, 200, 3), red, np.uint8)
    picture[:90] = green
    crop = ffhq_crop(picture, landmarks(80, 60, (100, 100)), 160).astype(int)
    assert np.abs(crop[100:125, 50:110] - red).max() <= 1 and np.abs(crop[30:55, 50:110] - green).max() <= 1
    np.testing.assert_allclose(crop[0, 80], red + 43 / 96 * (green - red), atol=2)
    assert np.abs(crop[24, 80] - green).max() <= 12, "right above the photograph it is hardly faded"


def test_a_face_across_the_corner_keeps_its_size() -> None:
    crop = ffhq_crop(noise(120, 160), landmarks(60, 50, (0, 0), -20), 128)
    assert crop.shape == (128, 128, 3) and crop.dtype == np.uint8


def test_the_astronaut_sits_where_ffhq_faces_sit(shared_data: Callable[[str], Path]) -> None:
    """Found again in the crop, the eyes are level, in the middle and where the recipe puts them."""
    network = shared_data("models/yunet_n_dynamic.onnx")
    picture = read_picture(shared_data("photos/astronaut.png"))
    face, fitted = face_by_yunet(network, picture)
    points = fitted * max(face.box[2:] - face.box[:2]) + (face.box[:2] + face.box[2:]) / 2
    again, _ = face_by_yunet(network, ffhq_crop(picture, points, 512))
    left, right = again.points[0], again.points[1]
    assert abs(left[1] - right[1]) < 8
    np.testing.assert_allclose((left + right) / 2, [256, 240], atol=12)
    assert 105 < np.hypot(*(right - left)) < 132  # a quarter of the side where the eyes decide, less where the mouth


def test_the_plain_landmarks_of_the_tests_are_a_face() -> None:
    square = ffhq_square(plain_landmarks())
    assert square[0][0] < -0.5 < 0.5 < square[2][0]
