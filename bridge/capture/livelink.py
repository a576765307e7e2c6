"""Live Link Face (Epic, iPhone): one datagram a frame, big-endian, usually to UDP 11111.

    6  u8 6 | text device | text subject | i32 frame, f32 subframe, i32 rate, i32 per | u8 61 | 61 f32
    5  u8 5 | text device | text subject | i32 hours, minutes, seconds, frames, drop flag | u32 rate | u8 61 | 61 f32
    4  u8 4 | text device | text subject | u8 61 | 61 f32
    3  u8 3 | text subject | u8 61 | 61 f32
    2  u8 2 | text subject | f64 time, u32 frame | u8 61 | 61 f32
    1  u8 1 | text subject | f64 time, u32 frame | u8 51 | 51 f32      (no tongueOut, no rotations)

A text is an i32 length and so many bytes of UTF-8. The values are the 52 curves in `ARKIT52` order, head yaw, pitch
and roll, and the same of the left and the right eye. A packet that ends after the subject or after its time, or that
has 0 values, says that no face is seen. 6, 2 and 1 are as the engine's sources have them; how wide the drop flag of 5
is, and whether 3 and 4 carry the u32 frame of 2, is told from the packet's size, for no source says it.

Angles are radians from the app, degrees from some that imitate it: `units`. Yaw is + to the performer's right, pitch
+ down, roll + to their left shoulder, the same as in the app's recordings.

The newer layout with 16-bit values comes to the same port and is told apart by its size: see livelink16.
"""

import struct
from collections.abc import Mapping, Sequence

import numpy as np

from bridge.capture import livelink16
from bridge.capture.frame_time import frame_time
from bridge.capture.livelink16 import shown
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.errors import CommandError
from bridge.takes import EYE_ROTATIONS
from protocol.blendshapes import ARKIT52, ARKIT55

PORT = 11111
VALUES = len(ARKIT55) + len(EYE_ROTATIONS)
COUNTS = {1: (51, 52, VALUES), 2: (VALUES,), 3: (VALUES,), 4: (VALUES,), 5: (VALUES,), 6: (VALUES,)}
TIME_SIZES = {1: (12,), 2: (12,), 3: (0, 4), 4: (0, 4), 5: (24, 21, 20), 6: (16,)}
UNITS = ("radians", "degrees")

_Time = tuple[str, float, tuple[str, ...]]
_NO_TIME: _Time = ("", 0.0, ())


class LiveLink:
    """Datagrams of Live Link Face → samples; `read` as in `bridge.capture.sample.Decoder`.

    units: "radians" or "degrees"; "" takes what the layout usually has: radians, and degrees in the 16-bit one.
    controls: for the 16-bit layout, the curve names of each subject by its id, as the control session told them. It is
        looked into with each packet, so it may be filled later.
    """

    def __init__(self, units: str = "", controls: Mapping[str, Sequence[str]] | None = None) -> None:
        if units and units not in UNITS:
            raise CommandError(f"units is {units!r}; Live Link Face takes units=radians or units=degrees")
        self.units = units
        self.controls: Mapping[str, Sequence[str]] = {} if controls is None else controls

    def read(self, packet: bytes) -> list[Sample]:
        if order := livelink16.byte_order(packet):
            return [livelink16.read(packet, order, self.controls, self.units or "degrees")]
        if not packet:
            raise RefusedPacketError("short", "an empty packet")
        version = packet[0]
        if version not in COUNTS:
            raise RefusedPacketError("version", f"not a Live Link Face packet: version {version}, known are 1 to 6")
        return [_read(packet, version, self.units or "radians")]


def _read(packet: bytes, version: int, units: str) -> Sample:
    device, at = _text(packet, 1, "device id") if version >= 4 else ("", 1)
    subject, at = _text(packet, at, "subject")
    rest = packet[at:]
    time_size, count = _shape(version, rest)
    timecode, rate, oddities = _time(version, rest[:time_size]) if len(rest) >= time_size > 0 else _NO_TIME
    if not count:
        curves, eyes = np.zeros(len(ARKIT55), np.float32), np.zeros(len(EYE_ROTATIONS), np.float32)
        return Sample(curves, eyes, timecode, rate, False, subject, device, oddities)
    values = np.zeros(VALUES, np.float32)
    values[:count] = np.frombuffer(rest, ">f4", count, time_size + 1)
    if not np.isfinite(values).all():
        raise RefusedPacketError("not a number", f"value {int(np.argmin(np.isfinite(values)))} is NaN or infinite")
    if units == "degrees":
        values[len(ARKIT52) :] *= np.float32(np.pi / 180)
    elif np.abs(values[len(ARKIT52) :]).max() > 2 * np.pi:
        oddities += ("degrees?",)
    return Sample(values[: len(ARKIT55)], values[len(ARKIT55) :], timecode, rate, True, subject, device, oddities)


def _text(packet: bytes, at: int, what: str) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    start = at + 4
    if start > len(packet):
        raise RefusedPacketError("short", f"the packet of {len(packet)} bytes ends before the {what}")
    (size,) = struct.unpack_from(">i", packet, at)
    if not 0 <= size <= len(packet) - start:
        raise RefusedPacketError("short", f"the {what} is said to have {size} bytes, {len(packet) - start} follow")
    return shown(packet[start : start + size]), start + size


def _shape(version: int, rest: bytes) -> tuple[int, int]:
    """What follows the subject → (bytes of time, number of values); 0 values where no face is seen."""
    sizes = TIME_SIZES[version]
    if not rest or len(rest) in sizes:
        return len(rest), 0
    for size in sizes:
        if len(rest) > size and len(rest) == size + 1 + 4 * rest[size] and rest[size] in (0, *COUNTS[version]):
            return size, rest[size]
    count = rest[sizes[0]] if len(rest) > sizes[0] else VALUES
    if count not in COUNTS[version]:
        raise RefusedPacketError("count", f"{count} values, version {version} has {COUNTS[version][-1]}")
    fits = sizes[0] + 1 + 4 * count
    reason = "short" if len(rest) < fits else "long"
    raise RefusedPacketError(reason, f"{len(rest)} bytes follow the subject, version {version} has {fits}")


def _time(version: int, field: bytes) -> _Time:
    if version == 6:
        return frame_time(*struct.unpack(">ifii", field))
    if version == 5:
        return _clock_time(field)
    return _NO_TIME


def _clock_time(field: bytes) -> _Time:
    """Version 5: hours, minutes, seconds and frames, a drop flag of 4, 1 or 0 bytes, frames a second.

    Where a rate as a fraction stands instead of flag and rate, its first number is no flag.
    """
    hours, minutes, seconds, frames = struct.unpack_from(">4i", field)
    first, last = struct.unpack_from(">II", field, len(field) - 8)
    rate, per = (first, last) if len(field) == 24 and first > 1 else (last, 1)
    base = round(rate / per) if per else 0
    return frame_time(((hours * 60 + minutes) * 60 + seconds) * base + frames, 0.0, rate, per)
