"""What every source of a performance gives, whatever it speaks."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class RefusedPacketError(ValueError):
    """A packet that does not fit; the text says what was found. `reason` is one or two words to count it under."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One frame of a performance.

    curves: float32 (55,) in `protocol.blendshapes.ARKIT55` order, as they came: not clamped. 0 for what the source
        does not know. Head yaw (+ to the performer's right), pitch (+ down), roll (+ to their left shoulder), radians.
    eyes: float32 (6,) radians in `bridge.takes.EYE_ROTATIONS` order; no model reads them, a recording keeps them.
    timecode: `HH:MM:SS:FF.sss`, or "" from a source without.
    rate: frames a second that the timecode counts in; 0 unknown.
    tracked: False where the source says that it sees no face; the curves are then zeros.
    oddities: what was mended or left out, one or two words each, to be counted.
    """

    curves: np.ndarray
    eyes: np.ndarray
    timecode: str = ""
    rate: float = 0.0
    tracked: bool = True
    subject: str = ""
    device: str = ""
    oddities: tuple[str, ...] = ()


class Decoder(Protocol):
    """A protocol that sends by itself: packets in, samples out. No sockets, no clock, nothing shared.

    May keep state between packets (VMC commits on Apply). Whatever bytes it is given, it returns or raises
    RefusedPacketError within a millisecond, and its memory is bounded.
    """

    def read(self, packet: bytes) -> list[Sample]:
        """The samples that this packet completes: none, one or several."""
        ...
