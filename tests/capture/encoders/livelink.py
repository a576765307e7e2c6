"""Live Link Face packets, as the app sends them."""

import struct

import numpy as np

from bridge.capture.sample import Sample
from bridge.takes.timecode import Stamp

DEVICE, SUBJECT = "6B5A0D43-0000-4000-8000-00000000CAFE", "iPhone"


def packet(
    values: np.ndarray, frame: int = 0, subframe: float = 0.0, rate: tuple[int, int] = (60, 1),
    device: str = DEVICE, subject: str = SUBJECT,
) -> bytes:  # fmt: skip
    """Version 6, with as many values as there are."""
    time = struct.pack(">ifii", frame, subframe, *rate)
    return b"\x06" + text(device) + text(subject) + time + floats(values)


def lost(device: str = DEVICE, subject: str = SUBJECT) -> bytes:
    """Version 6 while no face is seen: nothing follows the subject."""
    return b"\x06" + text(device) + text(subject)


def packet5(values: np.ndarray, clock: tuple[int, int, int, int], rate: int, flag: bytes = bytes(4)) -> bytes:
    """Version 5: the clock in hours, minutes, seconds and frames; `flag` as wide as the drop flag is."""
    return (
        b"\x05"
        + text(DEVICE)
        + text(SUBJECT)
        + struct.pack(">4i", *clock)
        + flag
        + struct.pack(">I", rate)
        + floats(values)
    )


def packet4(values: np.ndarray, frame: bytes = b"") -> bytes:
    """Version 4, with or without the frame's number."""
    return b"\x04" + text(DEVICE) + text(SUBJECT) + frame + floats(values)


def packet2(values: np.ndarray, version: int = 2) -> bytes:
    """Versions 2 and 1: a time in seconds and the frame's number."""
    return bytes([version]) + text(SUBJECT) + struct.pack(">dI", 1.5, 90) + floats(values)


def of_sample(sample: Sample, stamp: Stamp) -> bytes:
    """Version 6 at 60 frames a second."""
    frame = int(stamp.frame)
    return packet(np.concatenate([sample.curves, sample.eyes]), stamp.second * 60 + frame, stamp.frame - frame)


def text(value: str) -> bytes:
    return struct.pack(">i", len(value.encode())) + value.encode()


def floats(values: np.ndarray) -> bytes:
    return bytes([len(values)]) + np.asarray(values, ">f4").tobytes()
