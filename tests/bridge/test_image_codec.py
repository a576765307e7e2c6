"""Pixels to bytes and back."""

import cv2
import numpy as np
import pytest

from bridge import image_codec
from bridge.backdrop import PLAIN, on_backdrop


@pytest.fixture
def picture() -> np.ndarray:
    """Three smooth ramps, different in every direction, 48 wide and 32 high."""
    rows, columns = np.mgrid[0:32, 0:48]
    return np.stack([rows * 7, columns * 5, 255 - rows * 3 - columns * 2], axis=-1).astype(np.uint8)


@pytest.fixture
def person(picture: np.ndarray) -> np.ndarray:
    """The ramps with straight alpha: every value of it, at many colours."""
    alpha = (np.arange(32 * 48).reshape(32, 48, 1) % 256).astype(np.uint8)
    return np.concatenate([picture, alpha], axis=-1)


def opaque(picture: np.ndarray) -> np.ndarray:
    return np.concatenate([picture, np.full_like(picture[..., :1], 255)], axis=-1)


def laid_on(person: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Straight alpha on a colour, in real numbers."""
    alpha = person[..., 3:] / 255
    return person[..., :3] * alpha + np.array(colour) * (1 - alpha)


@pytest.mark.parametrize("row_order", ["top", "bottom"])
def test_raw_pixels_come_back_as_they_were(row_order: str, picture: np.ndarray, person: np.ndarray) -> None:
    for codec, sent, got in (
        ("rgb24", picture, picture),
        ("rgba32", picture, opaque(picture)),
        ("rgba32", person, person),
    ):
        data = image_codec.encode(sent, codec, row_order)
        assert np.array_equal(image_codec.decode(data, codec, 48, 32, row_order), got)


@pytest.mark.parametrize("codec", ["rgb24", "rgba32"])
def test_a_person_without_backdrop_is_laid_on_the_one_wished_for(codec: str, person: np.ndarray) -> None:
    data = image_codec.encode(person, codec, backdrop="#10c0ff")

    got = image_codec.decode(data, codec, 48, 32)
    assert np.abs(got[..., :3] - laid_on(person, (16, 192, 255))).max() <= 1
    assert codec == "rgb24" or (got[..., 3] == 255).all()


def test_the_opaque_and_the_clear_are_laid_on_a_backdrop_exactly(picture: np.ndarray) -> None:
    clear = opaque(picture)
    clear[..., 3] = 0

    assert np.array_equal(on_backdrop(opaque(picture), "#10c0ff"), picture)
    assert (on_backdrop(clear, "#10c0ff") == (16, 192, 255)).all()
    assert on_backdrop(picture) is picture


@pytest.mark.parametrize("shape", [(256, 256), (33, 300), (2, 9000), (1, 1)])
def test_a_picture_of_any_size_is_laid_whole(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 4), np.uint8)

    assert np.abs(on_backdrop(pixels, "#10c0ff") - laid_on(pixels, (16, 192, 255))).max() <= 1


@pytest.mark.parametrize("codec", ["jpeg", "rgb24"])
def test_a_codec_without_alpha_has_the_plain_backdrop(codec: str, person: np.ndarray) -> None:
    assert image_codec.encode(person, codec) == image_codec.encode(person, codec, backdrop=PLAIN)


def test_a_jpeg_of_a_person_is_on_the_backdrop() -> None:
    clear = np.zeros((32, 32, 4), np.uint8)

    got = image_codec.decode(image_codec.encode(clear, "jpeg", backdrop="#20a040"), "jpeg", 32, 32)
    assert np.abs(got.astype(int) - (32, 160, 64)).max() < 8


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

    assert np.array_equal(image_codec.decode(image_codec.encode(flipped, "rgb24"), "rgb24", 48, 32), flipped)
    assert np.array_equal(image_codec.decode(image_codec.encode(flipped, "rgba32"), "rgba32", 48, 32), opaque(flipped))
    assert np.array_equal(on_backdrop(opaque(flipped)), flipped)


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
