"""VTube Studio on an iPhone: asked by UDP at its port 21412, it answers with JSON to a port of ours for a few seconds.

The maker's word: github.com/DenchiSoft/VTubeStudioBlendshapeUDPReceiverTest. The app's option "3rd Party PC Clients"
has to be on. `BlendShapes` lists the 52 ARKit curves, each `k` and `v`; on Android there are fewer, named with `_L`.
`Rotation` is in degrees and in the phone's axes before the face: y is pitch (+ down), x is yaw to the performer's left,
z is roll to their right. So the maker's example turns a cube that looks at its viewer, and so receivers that take
iFacialMocap too set the two equal, x for its y and y for its x. Should yours be mirrored, a preset can flip it. The
eyes' angles are not read: nobody says what their axes are.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from bridge.capture.json_packet import part, read_object
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.spelling import number, place_of
from protocol.blendshapes import ARKIT55

PORT = 11125  # ours, as in the maker's example
PHONE_PORT = 21412
LASTS, RENEW = 10.0, 3.0  # s that a request holds, the longest there is, and after which we ask again
LONGEST = 1 << 14  # bytes; all there is to say are 4,000
MOST = 256  # curves in a packet


def request(port: int, settings: Mapping[str, Any] | None = None) -> bytes:
    """What the phone is asked with: data for `LASTS` seconds to our `port`."""
    wish = {"messageType": "iOSTrackingDataRequest", "time": LASTS, "sentBy": "facebridge", "ports": [port]}
    return json.dumps(wish).encode()


class VTubeStudio:
    """One sample a packet."""

    def read(self, packet: bytes) -> list[Sample]:
        """RefusedPacketError if it is no tracking data."""
        data = read_object(packet, "VTube Studio", LONGEST)
        if not isinstance(data.get("FaceFound"), bool) or not isinstance(data.get("BlendShapes"), list):
            raise RefusedPacketError("not VTube Studio", "this JSON lacks FaceFound or BlendShapes")
        curves, oddities = np.zeros(len(ARKIT55), np.float32), set[str]()
        if data["FaceFound"]:
            for entry in data["BlendShapes"][:MOST]:
                _put(curves, part(entry, dict), oddities)
            curves[-3:] = _head(part(data.get("Rotation"), dict), oddities)
        told = tuple(sorted(oddities))
        return [Sample(curves, np.zeros(6, np.float32), tracked=data["FaceFound"], oddities=told)]


def _put(curves: np.ndarray, entry: dict[str, Any], oddities: set[str]) -> None:
    place, value = place_of(part(entry.get("k"), str)), number(entry.get("v"))
    if place is None:
        oddities.add("unknown curve")
    elif value != value:
        oddities.add("bad value")
    else:
        curves[place] = value


def _head(rotation: dict[str, Any], oddities: set[str]) -> tuple[float, float, float]:
    """Degrees x, y, z → yaw, pitch, roll in radians."""
    x, y, z = (number(rotation.get(axis)) for axis in "xyz")
    if not math.isfinite(x + y + z):
        oddities.add("bad rotation")
        return 0.0, 0.0, 0.0
    yaw, pitch, roll = (math.remainder(math.radians(angle), math.tau) for angle in (-x, y, -z))
    return yaw, pitch, roll
