"""A picture as a client gets it: pixels, what came back with it, and where its time went."""

from dataclasses import dataclass

import numpy as np

from bridge import image_codec
from protocol.messages import Picture


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from `captured` to the picture's arrival, and the parts of it."""

    total: float
    transport: float
    """There and back again: what was not spent in the server."""
    wait: float
    """In the server, for the model to be free."""
    generate: float
    encode: float


@dataclass(frozen=True, slots=True, eq=False)
class ReceivedPicture:
    """`pixels` uint8 (height, width, 3) RGB, with the codec rgba32 (height, width, 4) RGBA, alpha straight, row 0 on
    top; `captured` µs and `timecode` as they were sent.

    `repeated` marks a still face: the last pixels again. `dropped` counts the stream's frames that were not drawn.
    `reached` is when the frame reached the server, µs of the server's clock.
    """

    pixels: np.ndarray
    sequence: int
    captured: int
    timecode: str
    repeated: bool
    dropped: int
    latency: Latency
    reached: int = 0


def received(picture: Picture, arrived: int) -> ReceivedPicture:
    """The picture of a message that arrived at our time `arrived`, in µs. ValueError where its bytes are no picture."""
    pixels = image_codec.decode(bytes(picture.pixels), picture.codec, picture.width, picture.height, picture.row_order)
    return ReceivedPicture(
        pixels=pixels,
        sequence=picture.sequence,
        captured=picture.captured,
        timecode=picture.timecode,
        repeated=picture.repeated,
        dropped=picture.dropped,
        latency=_latency(picture, arrived),
        reached=picture.received,
    )


def _latency(picture: Picture, arrived: int) -> Latency:
    total = arrived - picture.captured
    return Latency(
        total=total / 1000,
        transport=(total - (picture.sent - picture.received)) / 1000,
        wait=(picture.taken - picture.received) / 1000,
        generate=(picture.drawn - picture.taken) / 1000,
        encode=(picture.sent - picture.drawn) / 1000,
    )
