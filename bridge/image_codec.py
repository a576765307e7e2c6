"""Pixels to bytes and back: the codecs `jpeg`, `rgb24` and `rgba32`, rows from the top or from the bottom."""

import cv2
import numpy as np

from bridge.backdrop import PLAIN, TRANSPARENT, on_backdrop

CODECS = ("jpeg", "rgb24", "rgba32")
CHANNELS = {"rgb24": 3, "rgba32": 4}
WITH_ALPHA = ("rgba32",)
MAX_SIDE = 4096  # pixels: a picture that claims more is not believed


def encode(
    pixels: np.ndarray, codec: str, row_order: str = "top", quality: int = 92, backdrop: str = TRANSPARENT
) -> bytes:
    """Bytes of uint8 (height, width, 3) RGB, or (height, width, 4) RGBA with straight alpha, row 0 on top.

    `row_order` "bottom" sends the lowest row first. `backdrop` is "#rrggbb", or TRANSPARENT to keep the alpha: a codec
    without it has PLAIN then. Pictures without alpha have a backdrop of their own.
    """
    keeps_alpha = backdrop in ("", TRANSPARENT) and codec in WITH_ALPHA
    if not keeps_alpha:
        pixels = on_backdrop(pixels, PLAIN if backdrop in ("", TRANSPARENT) else backdrop)
    if row_order == "bottom":
        pixels = pixels[::-1]
    if codec == "jpeg":
        return _jpeg(pixels, quality)
    if codec not in CHANNELS:
        raise ValueError(f"unknown codec {codec!r}; there are {', '.join(CODECS)}")
    if pixels.shape[-1] < CHANNELS[codec]:
        pixels = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2RGBA)
    return pixels.tobytes()


def decode(data: bytes, codec: str, width: int, height: int, row_order: str = "top") -> np.ndarray:
    """The picture in `data` as uint8 (height, width, 3) RGB, of rgba32 (height, width, 4) RGBA, row 0 on top.
    ValueError if it is not that picture.
    """
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ValueError(f"a picture of {width}x{height} is out of range; a side has 1 to {MAX_SIDE} pixels")
    pixels = _from_jpeg(data, width, height) if codec == "jpeg" else _from_raw(data, codec, width, height)
    return np.ascontiguousarray(pixels[::-1]) if row_order == "bottom" else pixels


def _jpeg(pixels: np.ndarray, quality: int) -> bytes:
    # Full colour resolution: halved chroma smears lips and irises at these sizes.
    flags = [
        *(cv2.IMWRITE_JPEG_QUALITY, quality),
        *(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444),
    ]
    done, data = cv2.imencode(".jpg", cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGR), flags)
    if not done:
        raise ValueError(f"a picture of shape {pixels.shape} does not encode as JPEG")
    return data.tobytes()


def _from_jpeg(data: bytes, width: int, height: int) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if picture is None:
        raise ValueError(f"{len(data)} bytes that are no JPEG")
    if picture.shape != (height, width, 3):
        raise ValueError(f"a JPEG of {picture.shape[1]}x{picture.shape[0]} announced as {width}x{height}")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def _from_raw(data: bytes, codec: str, width: int, height: int) -> np.ndarray:
    if codec not in CHANNELS:
        raise ValueError(f"unknown codec {codec!r}; there are {', '.join(CODECS)}")
    expected = width * height * CHANNELS[codec]
    if len(data) != expected:
        raise ValueError(f"{len(data)} bytes of {codec} for {width}x{height}, which takes {expected}")
    return np.frombuffer(data, np.uint8).reshape(height, width, CHANNELS[codec]).copy()
