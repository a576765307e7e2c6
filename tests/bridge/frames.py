"""Frames that a test sends, and whether a picture shows one."""

import numpy as np

from bridge import image_codec
from bridge.backdrop import on_backdrop
from generator.face_generator import StreamSettings
from generator.testcard import picture
from protocol.messages import Curves, Picture

STILL = np.zeros(55, np.float32)


def curves(sequence: int, stream: int = 0, value: float | None = None) -> Curves:
    level = sequence % 10 / 10 if value is None else value
    return Curves(stream, sequence, 1_000_000 + sequence, f"01:00:00:{sequence:02}", np.full(55, level, np.float32))


def shown(settings: StreamSettings, values: np.ndarray) -> np.ndarray:
    """The test card as a codec without alpha has it: uint8 (size, size, 3)."""
    return on_backdrop(picture(settings, values))


def drawn(message: Picture, like: np.ndarray) -> bool:
    """Whether the picture is the test card of these curves, as `teal`, sent raw."""
    pixels = image_codec.decode(bytes(message.pixels), message.codec, message.width, message.height, message.row_order)
    card = (picture if message.codec == "rgba32" else shown)(StreamSettings("teal", message.width), like)
    return np.array_equal(pixels, card)
