"""One full message of each name, as the map that is packed. The tables vary these by one key at a time."""

import base64
import struct

import msgpack

from protocol.blendshapes import ARKIT52, ARKIT55, FLAME55

Content = dict[str, object]

LARGEST = 2**63 - 1
"""The largest integer of the protocol."""

IDENTITIES = ["amara", "bruno", "chen", "dalia", "emil", "freya", "goran", "hana", "ines", "jonas", "kofi", "leila"]


def floats(*values: float) -> bytes:
    """float32, little-endian: how CURVES carries values in the order of a basis."""
    return struct.pack(f"<{len(values)}f", *values)


def ramp(count: int) -> bytes:
    """0, 1/64, 2/64 …: every value different, each exact in float32."""
    return floats(*(index / 64 for index in range(count)))


def without(content: Content, *keys: str) -> Content:
    """The message less some of its keys."""
    return {key: value for key, value in content.items() if key not in keys}


def joined(*pieces: object) -> bytes:
    """A message put together by hand: bytes stand as they are, everything else is packed."""
    return b"".join(piece if isinstance(piece, bytes) else msgpack.Packer().pack(piece) for piece in pieces)


JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8yb"
    "qmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAI"
    "AAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAL/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAABP/EAB"
    "QRAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhEDEQA/ALADNf/Z"
)
"""An 8x8 picture of one colour, about RGB (202, 120, 64)."""

RGB_2X2 = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
RGBA_2X2 = bytes([255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 1, 255, 255, 255, 0])

HELLO: Content = {
    "t": "HELLO",
    "version_min": 1,
    "version_max": 1,
    "client": "example 1.0",
    "bases": ["arkit55", "arkit52"],
    "codecs": ["jpeg", "rgb24"],
}
WELCOME: Content = {
    "t": "WELCOME",
    "version": 1,
    "server": "facebridge 0.1.0",
    "model": "compact",
    "bases": ["arkit55", "arkit52"],
    "codecs": ["jpeg", "rgb24", "rgba32"],
    "sizes": [128],
    "identities": IDENTITIES,
    "max_message": 65536,
    "max_streams": 4,
    "max_rate": 120.5,
    "max_credit": 8,
    "clock": 5_000_000,
    "capabilities": ["expression", "reference", "light", "alpha"],
}
OPEN: Content = {
    "t": "OPEN",
    "stream": 1,
    "subject": "actor",
    "identity": "amara",
    "basis": "arkit55",
    "size": 128,
    "codec": "jpeg",
    "row_order": "top",
    "delivery": "newest",
    "credit": 2,
    "seed": 7,
    "steps": 2,
    "expression_scale": 1.25,
    "reference_scale": 0.5,
    "light": [-32.5, 25.0],
    "backdrop": "#5e636c",
}
NOTICE = "this model has no FLAME basis: of flame55 only jaw and eyelids are followed"
OPENED: Content = {
    "t": "OPENED",
    **without(OPEN, "t", "subject", "light", "backdrop"),
    "notice": NOTICE,
    "light": OPEN["light"],
    "backdrop": OPEN["backdrop"],
}
CURVES: Content = {
    "t": "CURVES",
    "stream": 1,
    "sequence": 41,
    "captured": 1_000_000,
    "timecode": "10:20:30:12.500",
    "values": ramp(len(ARKIT55)),
}
CURVES_52 = CURVES | {"values": ramp(len(ARKIT52))}
CURVES_FLAME = CURVES | {"values": floats(*((index - 25) / 8 for index in range(len(FLAME55))))}
CURVES_MAP = CURVES | {"values": {"jawOpen": 0.5, "mouthSmileLeft": 0.25, "headYaw": -0.125}}
PICTURE: Content = {
    "t": "PICTURE",
    "stream": 1,
    "sequence": 41,
    "captured": 1_000_000,
    "timecode": "10:20:30:12.500",
    "width": 8,
    "height": 8,
    "codec": "jpeg",
    "row_order": "top",
    "repeated": False,
    "dropped": 3,
    "received": 6_000_100,
    "taken": 6_000_400,
    "drawn": 6_020_400,
    "sent": 6_020_900,
}
PICTURE_RGB = PICTURE | {"width": 2, "height": 2, "codec": "rgb24"}
PICTURE_RGBA = PICTURE | {"width": 2, "height": 2, "codec": "rgba32", "row_order": "bottom"}
ACK: Content = {"t": "ACK", "stream": 1, "sequence": 41}
CONTROL: Content = {
    "t": "CONTROL",
    "stream": 1,
    "identity": "bruno",
    "expression_scale": 0.75,
    "steps": 1,
    "seed": 9,
    "reset": True,
    "reference_scale": 0.25,
    "light": [45.0, 10.0],
    "backdrop": "#00ff00",
}
STATS_REQUEST: Content = {"t": "STATS"}
STATS: Content = {
    "t": "STATS",
    "clients": 2,
    "streams": 3,
    "received": 1000,
    "drawn": 900,
    "repeated": 50,
    "dropped": 40,
    "rejected": 10,
    "sent": 950,
    "uptime": 60_000_000,
    "errors": {"bad_curves": 9, "stale_sequence": 1},
}
PING: Content = {"t": "PING", "sent": 1_000_000}
PONG: Content = {"t": "PONG", "sent": 1_000_000, "received": 6_000_000, "replied": 6_000_050}
ERROR: Content = {
    "t": "ERROR",
    "code": 7,
    "name": "bad_curves",
    "text": "CURVES.values[3] must be finite and within ±100, not nan",
    "stream": 1,
    "sequence": 41,
    "fatal": False,
}
CLOSE: Content = {"t": "CLOSE", "stream": 1}
BYE: Content = {"t": "BYE", "reason": "the level ended"}
