"""The good messages. `canonical` ones an encoder must make byte for byte; the others a decoder must merely read."""

from dataclasses import dataclass

from protocol.blendshapes import ARKIT52, FLAME55
from protocol.vectors import samples as s
from protocol.vectors.samples import Content, floats, joined, without


@dataclass(frozen=True, slots=True)
class Valid:
    """What a message says, and its bytes where they are not simply `content` packed."""

    name: str
    sender: str  # client, server or both
    content: Content
    pixels: bytes = b""
    canonical: bool = True
    raw: bytes = b""


def read(name: str, sender: str, content: Content, raw: bytes = b"") -> Valid:
    """A message that is right, but not written the canonical way."""
    return Valid(name, sender, content, canonical=False, raw=raw)


NEWER: Content = {"newer": {"list": [1, 2.5, "three", None, True, b"\x04"], "map": {"a": {"a": 1}}}}
"""A key of a later version, to be skipped."""

LONGEST = "é" * 32
DEEPEST: Content = {"newer": [[[[[[[0]]]]]]]}
EXTREMES = floats(-100.0, 100.0, -0.0, 1e-45, *[1.0] * 48)
MANY_NAMES = {f"extra{index}": 0.0 for index in range(255)} | {"jawOpen": 0.5}
ALL_NAMES = {name: index / 64 for index, name in enumerate(ARKIT52)}
LARGEST_OPEN: Content = {
    "stream": 65535,
    "subject": LONGEST,
    "identity": LONGEST,
    "size": 4096,
    "credit": 1024,
    "seed": 2**32 - 1,
    "steps": 100,
    "expression_scale": 10.0,
    "reference_scale": 10.0,
    "light": [90.0, 90.0],
    "backdrop": "#FFFFFF",
}
SMALLEST_OPEN: Content = {
    "stream": 0,
    "subject": "",
    "identity": "a",
    "size": 1,
    "credit": 1,
    "seed": 0,
    "steps": 0,
    "expression_scale": 0.0,
    "reference_scale": 0.0,
    "light": [-90.0, -30.0],
    "backdrop": "#000000",
}

HANDSHAKE = [
    Valid("hello", "client", s.HELLO),
    Valid("hello_no_lists", "client", s.HELLO | {"client": "", "bases": [], "codecs": []}),
    Valid("hello_versions", "client", s.HELLO | {"version_max": 65535}),
    Valid("hello_unicode", "client", s.HELLO | {"client": "Spielmaschine für 顔 🎭"}),
    Valid("hello_names_of_the_future", "client", s.HELLO | {"bases": ["arkit99"], "codecs": ["avif"]}),
    read("hello_minimal", "client", without(s.HELLO, "client", "bases", "codecs")),
    read("hello_unknown_keys", "client", s.HELLO | NEWER),
    read("hello_nested_to_the_limit", "client", s.HELLO | DEEPEST),
    Valid("welcome", "server", s.WELCOME),
    Valid("welcome_sizes", "server", s.WELCOME | {"sizes": [64, 128, 256, 512, 4096]}),
    Valid("welcome_largest_clock", "server", s.WELCOME | {"clock": s.LARGEST}),
    Valid("welcome_no_capabilities", "server", s.WELCOME | {"capabilities": []}),
    Valid("welcome_capability_of_the_future", "server", s.WELCOME | {"capabilities": ["expression", "gaze"]}),
    read("welcome_without_capabilities", "server", without(s.WELCOME, "capabilities")),
    read("welcome_whole_rate", "server", s.WELCOME | {"max_rate": 120}),
    read("welcome_unknown_keys", "server", s.WELCOME | NEWER),
    Valid("bye", "both", s.BYE),
    Valid("bye_unicode", "both", {"t": "BYE", "reason": "終わり"}),
    read("bye_without_reason", "both", {"t": "BYE"}),
]

STREAMS = [
    Valid("open", "client", s.OPEN),
    Valid("open_every", "client", s.OPEN | {"delivery": "every", "credit": 8}),
    Valid("open_rgba_bottom", "client", s.OPEN | {"codec": "rgba32", "row_order": "bottom"}),
    Valid("open_flame55", "client", s.OPEN | {"basis": "flame55"}),
    Valid("open_basis_of_the_future", "client", s.OPEN | {"basis": "arkit99"}),
    Valid("open_largest", "client", s.OPEN | LARGEST_OPEN),
    Valid("open_smallest", "client", s.OPEN | SMALLEST_OPEN),
    Valid("open_identity_alone", "client", s.OPEN | {"reference_scale": 0.0}),
    read("open_without_reference_scale", "client", without(s.OPEN, "reference_scale")),
    Valid("open_transparent", "client", s.OPEN | {"codec": "rgba32", "backdrop": "transparent"}),
    Valid("open_own_light_and_backdrop", "client", s.OPEN | {"light": [], "backdrop": ""}),
    read("open_without_light", "client", without(s.OPEN, "light", "backdrop")),
    read("open_whole_light", "client", s.OPEN | {"light": [0, -15]}),
    read("open_minimal", "client", dict(list(s.OPEN.items())[:6])),
    read("open_whole_scale", "client", s.OPEN | {"expression_scale": 1}),
    read("open_unknown_keys", "client", s.OPEN | NEWER),
    Valid("opened", "server", s.OPENED),
    Valid("opened_every", "server", s.OPENED | {"delivery": "every", "credit": 1}),
    Valid("opened_no_notice", "server", s.OPENED | {"notice": ""}),
    Valid("opened_longest_notice", "server", s.OPENED | {"notice": "é" * 256}),
    read("opened_without_notice", "server", without(s.OPENED, "reference_scale", "notice")),
    Valid("opened_own_light", "server", s.OPENED | {"light": [], "backdrop": "transparent"}),
    read("opened_without_light", "server", without(s.OPENED, "light", "backdrop")),
    Valid("control", "client", s.CONTROL),
    Valid("control_nothing", "client", {"t": "CONTROL", "stream": 1, "reset": False}),
    read("control_identity", "client", {"t": "CONTROL", "stream": 1, "identity": "chen"}),
    read("control_reset", "client", {"t": "CONTROL", "stream": 1, "reset": True}),
    read("control_reference_scale", "client", {"t": "CONTROL", "stream": 1, "reference_scale": 0.0}),
    read("control_whole_reference_scale", "client", {"t": "CONTROL", "stream": 1, "reference_scale": 1}),
    read("control_light", "client", {"t": "CONTROL", "stream": 1, "light": [12.5, 0.0]}),
    read("control_own_light", "client", {"t": "CONTROL", "stream": 1, "light": []}),
    read("control_backdrop", "client", {"t": "CONTROL", "stream": 1, "backdrop": "#a0B1c2"}),
    Valid("close", "both", s.CLOSE),
    Valid("close_last_stream", "both", {"t": "CLOSE", "stream": 65535}),
]

FRAMES = [
    Valid("curves_arkit55", "client", s.CURVES),
    Valid("curves_arkit52", "client", s.CURVES_52),
    Valid("curves_flame55", "client", s.CURVES | {"values": floats(*((i - 25) / 8 for i in range(len(FLAME55))))}),
    Valid("curves_neutral", "client", s.CURVES | {"values": bytes(220)}),
    Valid("curves_extremes", "client", s.CURVES | {"values": EXTREMES}),
    Valid("curves_first", "client", s.CURVES | {"sequence": 0, "captured": 0, "timecode": ""}),
    Valid("curves_last", "client", s.CURVES | {"sequence": s.LARGEST, "captured": s.LARGEST}),
    Valid("curves_longest_timecode", "client", s.CURVES | {"timecode": LONGEST}),
    Valid("curves_map", "client", s.CURVES_MAP),
    Valid("curves_map_empty", "client", s.CURVES | {"values": {}}),
    Valid("curves_map_all", "client", s.CURVES | {"values": ALL_NAMES}),
    Valid("curves_map_some_unknown", "client", s.CURVES | {"values": {"jawOpen": 0.5, "earWiggle": 1.0}}),
    Valid("curves_map_most_names", "client", s.CURVES | {"values": MANY_NAMES}),
    read("curves_map_whole_numbers", "client", s.CURVES | {"values": {"jawOpen": 1, "headYaw": -1}}),
    read("curves_unknown_keys", "client", s.CURVES | NEWER),
    Valid("ack", "client", s.ACK),
    Valid("ack_last", "client", s.ACK | {"sequence": s.LARGEST}),
    Valid("picture_jpeg", "server", s.PICTURE, s.JPEG),
    Valid("picture_repeated", "server", s.PICTURE | {"repeated": True}, s.JPEG),
    Valid("picture_rgb24", "server", s.PICTURE_RGB, s.RGB_2X2),
    Valid("picture_rgba32_bottom", "server", s.PICTURE_RGBA, s.RGBA_2X2),
    Valid("picture_wide", "server", s.PICTURE_RGB | {"width": 4, "height": 1}, s.RGB_2X2),
    Valid("picture_one_pixel", "server", s.PICTURE_RGB | {"width": 1, "height": 1}, s.RGB_2X2[:3]),
    Valid("picture_largest_numbers", "server", s.PICTURE | {"dropped": s.LARGEST, "sent": s.LARGEST}, s.JPEG),
]

SERVICE = [
    Valid("stats_request", "client", s.STATS_REQUEST),
    Valid("stats", "server", s.STATS),
    Valid("stats_no_errors", "server", s.STATS | {"errors": {}}),
    read("stats_unknown_keys", "server", s.STATS | NEWER),
    Valid("ping", "both", s.PING),
    Valid("ping_zero", "both", {"t": "PING", "sent": 0}),
    Valid("pong", "both", s.PONG),
    Valid("error", "server", s.ERROR),
    Valid("error_no_stream", "server", s.ERROR | {"code": 1, "name": "malformed", "stream": -1, "sequence": -1}),
    Valid("error_fatal", "server", s.ERROR | {"code": 18, "name": "server_closing", "fatal": True}),
    Valid("error_of_the_future", "server", s.ERROR | {"code": 65535, "name": "not_yet_known"}),
    read("error_minimal", "server", without(s.ERROR, "stream", "sequence", "fatal") | {"code": 5, "name": "too_large"}),
]

WIDE_1 = b"\xcf" + bytes(7) + b"\x01"
ENCODINGS = [
    read("ack_uint64", "client", s.ACK, joined(b"\x83", "t", "ACK", "stream", WIDE_1, "sequence", b"\xcc\x29")),
    read("ack_int64", "client", s.ACK, joined(b"\x83", "t", "ACK", "stream", b"\xd3" + WIDE_1[1:], "sequence", 41)),
    read("ack_map16", "client", s.ACK, joined(b"\xde\x00\x03", "t", "ACK", "stream", 1, "sequence", 41)),
    read("ack_map32", "client", s.ACK, joined(b"\xdf\x00\x00\x00\x03", "t", "ACK", "sequence", 41, "stream", 1)),
    read(
        "ack_str8_keys", "client", s.ACK, joined(b"\x83\xd9\x01t\xd9\x03ACK\xd9\x06stream", 1, b"\xd9\x08sequence", 41)
    ),
    read("ack_str16_name", "client", s.ACK, joined(b"\x83", "t", b"\xda\x00\x03ACK", "stream", 1, "sequence", 41)),
    read(
        "ack_str32_name", "client", s.ACK, joined(b"\x83", "t", b"\xdb\x00\x00\x00\x03ACK", "stream", 1, "sequence", 41)
    ),
    read(
        "curves_bin16",
        "client",
        s.CURVES | {"timecode": "", "sequence": 5, "captured": 6},
        joined(b"\x86", "t", "CURVES", "stream", 1, "sequence", 5, "captured", 6, "timecode", "")
        + joined("values", b"\xc5\x00\xdc", s.CURVES["values"]),
    ),
    read(
        "curves_map_float32",
        "client",
        s.CURVES | {"timecode": "", "values": {"jawOpen": 0.5}},
        joined(b"\x86", "t", "CURVES", "values", b"\x81", "jawOpen", b"\xca\x3f\x00\x00\x00", "timecode", "")
        + joined("captured", 1_000_000, "sequence", 41, "stream", 1),
    ),
]

VALID = [*HANDSHAKE, *STREAMS, *FRAMES, *SERVICE, *ENCODINGS]
