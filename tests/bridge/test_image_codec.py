"""Pixels to bytes and back."""

import cv2
import numpy as np
import pytest

from bridge import image_codec


@pytest.fixture
def picture() -> np.ndarray:
    """Three smooth ramps, different in every direction, 48 wide and 32 high."""
    rows, columns = np.mgrid[0:32, 0:48]
    return np.stack([rows * 7, columns * 5, 255 - rows * 3 - columns * 2], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("row_order", ["top", "bottom"])
@pytest.mark.parametrize("codec", ["rgb24", "rgba32"])
def test_raw_pixels_come_back_as_they_were(codec: str, row_order: str, picture: np.ndarray) -> None:
    data = image_codec.encode(picture, codec, row_order)

    assert np.array_equal(image_codec.decode(data, codec, 48, 32, row_order), picture)


@pytest.mark.parametrize("row_order", ["top", "bottom"])
def test_a_jpeg_comes_back_nearly_as_it_was(row_order: str, picture: np.ndarray) -> None:
    data = image_codec.encode(picture, "jpeg", row_order, quality=95)

    error = np.abs(image_codec.decode(data, "jpeg", 48, 32, row_order).astype(int) - picture)
    assert error.max() < 12
    assert error.mean() < 2


def test_raw_bytes_lie_as_an_engine_expects_them(picture: np.ndarray) -> None:
    assert image_codec.encode(picture, "rgb24")[:6] == bytes([*picture[0, 0], *picture[0, 1]])
    assert image_codec.encode(picture, "rgba32")[:8] == bytes([*picture[0, 0], 255, *picture[0, 1], 255])
    assert image_codec.encode(picture, "rgba32", "bottom")[:4] == bytes([*picture[-1, 0], 255])


def test_a_jpeg_is_a_file_with_the_colours_the_right_way_round() -> None:
    red = np.full((16, 16, 3), (250, 10, 20), np.uint8)

    shown = cv2.imdecode(np.frombuffer(image_codec.encode(red, "jpeg"), np.uint8), cv2.IMREAD_COLOR)

    assert shown is not None
    assert np.abs(shown[8, 8].astype(int) - (20, 10, 250)).max() < 8


def test_pixels_need_not_lie_in_one_piece(picture: np.ndarray) -> None:
    flipped = picture[:, ::-1]

    assert np.array_equal(image_codec.decode(image_codec.encode(flipped, "rgba32"), "rgba32", 48, 32), flipped)


@pytest.mark.parametrize(
    ("data", "codec", "width", "height", "message"),
    [
        (b"", "jpeg", 4, 4, "0 bytes that are no JPEG"),
        (b"no jpeg at all", "jpeg", 4, 4, "14 bytes that are no JPEG"),
        (b"123", "rgb24", 4, 4, "3 bytes of rgb24 for 4x4, which takes 48"),
        (b"123", "png", 4, 4, "unknown codec 'png'; there are jpeg, rgb24, rgba32"),
        (b"123", "rgb24", 0, 4, "a picture of 0x4 is out of range; a side has 1 to 4096 pixels"),
        (b"123", "rgb24", 10**9, 4, "a picture of 1000000000x4 is out of range; a side has 1 to 4096 pixels"),
    ],
)
def test_bytes_that_are_not_the_picture_are_refused(
    data: bytes, codec: str, width: int, height: int, message: str
) -> None:
    with pytest.raises(ValueError) as caught:
        image_codec.decode(data, codec, width, height)
    assert str(caught.value) == message


def test_a_jpeg_of_another_size_is_refused(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a JPEG of 48x32 announced as 32x48"):
        image_codec.decode(image_codec.encode(picture, "jpeg"), "jpeg", 32, 48)


def test_an_unknown_codec_is_not_encoded(picture: np.ndarray) -> None:
    with pytest.raises(ValueError, match="unknown codec 'webp'"):
        image_codec.encode(picture, "webp")
