"""Frames that a test sends, and whether a picture shows one."""

import numpy as np

from bridge import image_codec
from generator.face_generator import StreamSettings
from generator.testcard import picture
from protocol.messages import Curves, Picture

STILL = np.zeros(55, np.float32)


def curves(sequence: int, stream: int = 0, value: float | None = None) -> Curves:
    level = sequence % 10 / 10 if value is None else value
    return Curves(stream, sequence, 1_000_000 + sequence, f"01:00:00:{sequence:02}", np.full(55, level, np.float32))


def drawn(message: Picture, like: np.ndarray) -> bool:
    """Whether the picture is the test card of these curves, as `teal`."""
    pixels = image_codec.decode(bytes(message.pixels), message.codec, message.width, message.height, message.row_order)
    return np.array_equal(pixels, picture(StreamSettings("teal", message.width), like))
