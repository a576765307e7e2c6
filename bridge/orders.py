"""What passes between the thread that owns the sockets and the one that owns the model: orders there, outcomes back.

A stream is known to both by its `key`, unique for the life of the server: a late outcome never finds a wrong stream.
"""

from dataclasses import dataclass

import numpy as np

from generator.blendshape_map import Passage
from generator.face_generator import StreamSettings


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of a performance: `values` float32 in the stream's basis; `received` is the server's clock in µs."""

    sequence: int
    captured: int
    timecode: str
    received: int
    values: np.ndarray


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a stream's frames wait and its pictures leave: `every` frame or the newest; `credit` pictures without ACK.

    `backdrop` is "#rrggbb" or "transparent", "" where the model draws its own.
    """

    every: bool
    credit: int
    codec: str = "jpeg"
    row_order: str = "top"
    backdrop: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """Order: begin a stream, whose `passage` leads to the generator's basis. Its outcome is Began or Refused."""

    key: int
    settings: StreamSettings
    delivery: Delivery
    passage: Passage


@dataclass(frozen=True, slots=True)
class Changing:
    """Order: draw with other settings, on another backdrop or from scratch, from the next picture on. Its only outcome
    is Unchanged.
    """

    key: int
    settings: StreamSettings
    reset: bool
    backdrop: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """Order: end a stream. Its outcome is Ended, after the last picture."""

    key: int


Order = Opening | Changing | Closing


@dataclass(frozen=True, slots=True)
class Began:
    """Outcome: the generator has the stream."""

    key: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Outcome: the generator does not take the stream's settings; `text` says why."""

    key: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """Outcome: a picture, encoded. `taken` and `drawn` are the server's clock in µs; `dropped` counts the stream's."""

    key: int
    frame: Frame
    dropped: int
    taken: int
    drawn: int
    width: int
    height: int
    repeated: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class Failed:
    """Outcome: a frame that could not be drawn; `text` says why."""

    key: int
    sequence: int
    text: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Outcome: a change to the `refused` settings was not made, `kept` and `backdrop` stay; `text` says why."""

    key: int
    refused: StreamSettings
    kept: StreamSettings
    text: str
    backdrop: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """Outcome: nothing more comes of the stream."""

    key: int


Outcome = Began | Refused | Painted | Failed | Unchanged | Ended
