"""The text that iFacialMocap and Facemotion3D send, one message a frame:

    mouthSmile_R-12|jawOpen-30|…|=head#ex,ey,ez,px,py,pz|rightEye#ex,ey,ez|leftEye#ex,ey,ez|

Version 1 joins name and value with `-`, version 2 and Facemotion3D with `&`; a field tells by itself which it is. A
value is percent, whole or not, and may be negative or above 100. `trackingStatus-0` says that no face is seen. Keys
that are no curve (`FM_…`, `hapihapi`) are passed over.

Angles are degrees about ARKit's axes: x to the performer's left, y up, z out of the face, right-handed. So x grows as
the face turns down, y to the performer's left, z to their right shoulder: yaw is -y, pitch x, roll -z. The makers'
sample frames show it on the eyes: while both look down, x is positive, and where they converge, y of the right eye is
positive and of the left one negative. The head's position is left out.
"""

import math
from typing import Any

import numpy as np

from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.spelling import place_of
from bridge.takes import EYE_ROTATIONS
from protocol.blendshapes import ARKIT52, ARKIT55, INDEX

LONGEST = 16_384
MOST_FIELDS = 512
GREATEST = 1e6
POSES = {"head": 6, "rightEye": 3, "leftEye": 3}
STATUS = "trackingStatus"
OWN_KEYS = ("FM_", STATUS, "hapihapi")


def read_text(packet: bytes) -> Sample:
    """One message → its sample; RefusedPacketError names the first thing that does not fit."""
    curves, eyes = np.zeros(len(ARKIT55), np.float32), np.zeros(len(EYE_ROTATIONS), np.float32)
    places: set[int] = set()
    poses: dict[str, tuple[float, float, float]] = {}
    unknown, status = False, math.nan
    for field in _fields(packet):
        name, mark, value = _split(field)
        if mark == "#":
            poses |= _pose(name, value)
        elif (place := place_of(name)) is not None:
            curves[place] = _number(value, name) / 100
            places.add(place)
        elif name == STATUS:
            status = _number(value, name)
        else:
            unknown |= not name.startswith(OWN_KEYS)
    if not places and not poses and math.isnan(status):
        raise RefusedPacketError("unreadable", f"no curve and no head in {packet[:48]!r}")
    if status == 0.0:
        return Sample(np.zeros_like(curves), eyes, tracked=False)
    _turn(poses, curves, eyes)
    return Sample(curves, eyes, oddities=_oddities(len(places), "head" in poses, unknown))


def _fields(packet: bytes) -> list[str]:
    if packet.startswith(b"FMV3"):
        raise RefusedPacketError("version", "the binary version 3; the app is to send the text versions 1 or 2")
    if len(packet) > LONGEST or packet.count(b"|") > MOST_FIELDS:
        raise RefusedPacketError("long", f"a message of {len(packet)} bytes")
    try:
        text = packet.decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedPacketError("unreadable", f"a message that is no UTF-8 text: {packet[:24]!r}") from None
    return [field.strip() for field in text.split("|") if field.strip(" \r\n\0")]


def _split(field: str) -> tuple[str, str, str]:
    """`name-value`, `name&value` or `name#value` → name, mark, value.

    No curve's name holds a `-`: behind the first one everything is the value, which may be negative.
    """
    mark = next((mark for mark in "#&-" if mark in field), "-")
    name, _, value = field.partition(mark)
    return name.lstrip("=").strip(), mark, value


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise RefusedPacketError("not a number", f"{name[:32]} is {text[:24]!r}") from None
    if not math.isfinite(value) or abs(value) > GREATEST:
        raise RefusedPacketError("not a number", f"{name[:32]} is {text[:24]!r}")
    return value


def _pose(name: str, value: str) -> dict[str, tuple[float, float, float]]:
    """A head or an eye → {name: its angles, degrees about x, y and z}; another name → nothing."""
    wanted = POSES.get(name)
    if wanted is None:
        return {}
    numbers = value.split(",", wanted)
    if len(numbers) != wanted:
        reason = "short" if len(numbers) < wanted else "long"
        raise RefusedPacketError(reason, f"{name} has other than {wanted} numbers: {value[:48]!r}")
    x, y, z, *_ = (_number(number, name) for number in numbers)
    return {name: (x, y, z)}


def _turn(poses: dict[str, tuple[float, float, float]], curves: np.ndarray, eyes: np.ndarray) -> None:
    """Writes the angles where they belong, radians with the signs of the curves."""
    head = INDEX["headYaw"]
    targets: dict[str, Any] = {"head": curves[head : head + 3], "leftEye": eyes[:3], "rightEye": eyes[3:]}
    for name, (x, y, z) in poses.items():
        targets[name][:] = np.radians([-y, x, -z])


def _oddities(curves: int, head: bool, unknown: bool) -> tuple[str, ...]:
    few = curves < len(ARKIT52) - 1  # before ARKit 2 there was no tongueOut
    found = {"curves missing": few, "no head": not head, "unknown name": unknown}
    return tuple(text for text, is_so in found.items() if is_so)
