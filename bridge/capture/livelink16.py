"""Live Link Face's newer layout (MetaHuman Live Link, Unreal 5.6 and later): one datagram a frame, 16-bit values.

    u16 version | u16 length, subject id | i32 frame, f32 subframe, i32 rate, i32 per | u16 n | n u16, 65535 is 1
    | 6 f32: roll, pitch, yaw, x, y, z

The packet does not name its values: the phone does, when a control session over TCP asks it (livelink_control). Without
names, 51, 52 or 61 values are taken for the curves in their usual order, with the oddity "names assumed"; another
number of values is refused. A phone in its MetaHuman mode sends about 250 controls of that rig, which metahuman_curves
puts on ARKit's, with loss.

The engine reads the bytes in its own order, little-endian on every machine it runs on; a packet that fits only the
other way round is read so. Yaw, pitch and roll are degrees, as the engine hands them on. Their signs are taken to be
Unreal's (yaw + to the right, pitch + up, roll + to the right shoulder), which nothing but a phone can confirm: a preset
can turn them round. The position is left out.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from bridge.capture.frame_time import frame_time
from bridge.capture.metahuman_curves import METAHUMAN, control_name, is_control
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.spelling import place_of
from bridge.takes import EYE_ROTATIONS
from protocol.blendshapes import ARKIT52, ARKIT55

HIGHEST_VERSION = 255
FULL = 65535.0
LONGEST_NAME = 1024
USUAL_COUNTS = (len(ARKIT52) - 1, len(ARKIT52), len(ARKIT55) + len(EYE_ROTATIONS))

_TIME, _POSE = struct.calcsize("<ifii"), 6 * 4


def byte_order(packet: bytes) -> str:
    """ "<" or ">" where the packet's length is exactly what this layout makes of it, "" where it is another layout."""
    return next((order for order in "<>" if _fits(packet, order)), "")


def _fits(packet: bytes, order: str) -> bool:
    if len(packet) < 4:
        return False
    version, id_size = struct.unpack_from(order + "HH", packet)
    count_at = 4 + id_size + _TIME
    if not 1 <= version <= HIGHEST_VERSION or len(packet) < count_at + 2:
        return False
    (count,) = struct.unpack_from(order + "H", packet, count_at)
    return count > 0 and len(packet) == count_at + 2 + 2 * count + _POSE


def read(packet: bytes, order: str, controls: Mapping[str, Sequence[str]], units: str = "degrees") -> Sample:
    """A packet that fits `order` → its sample. controls: curve names by subject id; units: of the head's angles."""
    (id_size,) = struct.unpack_from(order + "H", packet, 2)
    subject = shown(packet[4 : 4 + id_size])
    timecode, rate, oddities = frame_time(*struct.unpack_from(order + "ifii", packet, 4 + id_size))
    at = 4 + id_size + _TIME
    (count,) = struct.unpack_from(order + "H", packet, at)
    values = np.frombuffer(packet, order + "u2", count, at + 2).astype(np.float32) / np.float32(FULL)
    pose = np.frombuffer(packet, order + "f4", 6, at + 2 + 2 * count).astype(np.float32)
    if not np.isfinite(pose).all():
        raise RefusedPacketError("not a number", "the head's pose holds a NaN or infinite value")
    names, named = _names(subject, count, controls)
    weights, unknown = _weights(names)
    curves = np.concatenate([weights @ values, _head(pose, units)]).astype(np.float32)
    oddities += named + (("unknown name",) if unknown else ())
    eyes = np.zeros(len(EYE_ROTATIONS), np.float32)
    return Sample(curves, eyes, timecode, rate, True, subject, subject, oddities)


def shown(name: bytes) -> str:
    """A name of a packet as text, its first `LONGEST_NAME` bytes, without what a terminal cannot show."""
    text = name[:LONGEST_NAME].decode("utf-8", "replace")
    return "".join(letter for letter in text if letter.isprintable())


def _head(pose: np.ndarray, units: str) -> np.ndarray:
    """Roll, pitch, yaw as Unreal counts them → yaw, pitch, roll as the curves do, radians."""
    angles = np.array([pose[2], -pose[1], -pose[0]])
    return angles * (np.pi / 180) if units == "degrees" else angles


def _names(subject: str, count: int, controls: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of this packet's values, and what is odd about them."""
    names = controls.get(subject)
    if names is None and count in USUAL_COUNTS:
        return (*ARKIT52, *("",) * len(ARKIT52))[:count], ("names assumed",)
    if names is None:
        raise RefusedPacketError("no names", f"{count} values of {subject!r} without names; give the phone's host=")
    if len(names) != count:
        raise RefusedPacketError("count", f"{count} values of {subject!r}, which has {len(names)} names")
    return tuple(names), ()


@lru_cache(maxsize=16)
def _weights(names: tuple[str, ...]) -> tuple[np.ndarray, bool]:
    """float32 (52, n): what each value adds to each curve; and whether there is a name that says nothing to us.

    Where the rig's names stand, the others are of movements that ARKit does not have: they are no surprise.
    """
    weights, rig = np.zeros((len(ARKIT52), len(names)), np.float32), any(map(is_control, names))
    for index, name in enumerate(names):
        for place, weight in METAHUMAN.get(control_name(name), ()) if rig else _own(name):
            weights[place, index] = weight
    if not weights.any():
        raise RefusedPacketError("no names", f"none of {len(names)} curve names is known, first {names[0][:64]!r}")
    return weights, not rig and any(name and place_of(name) is None for name in names)


def _own(name: str) -> tuple[tuple[int, float], ...]:
    place = place_of(name)
    return () if place is None else ((place, 1.0),)
