"""The broken messages, each named for its fault, with the code of the ERROR it must lead to."""

import math
from dataclasses import dataclass

from protocol.vectors import samples as s
from protocol.vectors.samples import Content, floats, joined, without


@dataclass(frozen=True, slots=True)
class Invalid:
    """A message with one fault: its parts, part 0 given as a map to pack or as bytes."""

    name: str
    error: str
    content: Content | bytes
    more: tuple[bytes, ...] = ()


def nested(levels: int) -> bytes:
    """PING with one unknown key more, in which lists nest: the map itself is a level too."""
    return joined(b"\x83", "t", "PING", "sent", 1, "newer", b"\x91" * (levels - 1), 0)


def values(name: str, value: object) -> Invalid:
    """CURVES whose values are at fault."""
    return Invalid(f"curves_{name}", "bad_curves", s.CURVES | {"values": value})


def field(name: str, sample: Content, **changes: object) -> Invalid:
    """A message with one field at fault."""
    return Invalid(name, "bad_field", sample | changes)


def missing(sample: Content, key: str) -> Invalid:
    """A message without one of its required fields."""
    return Invalid(f"{str(sample['t']).lower()}_without_{key}", "bad_field", without(sample, key))


PACKED_ACK = joined(s.ACK)
ACK_HEAD = joined(b"\x84", "t", "ACK", "stream", 1, "sequence", 41)
TIMESTAMP = b"\xd6\xff\x00\x00\x00\x01"
NAN, INFINITE = math.nan, math.inf

BYTES = [
    Invalid("empty", "malformed", b""),
    Invalid("truncated_after_header", "malformed", PACKED_ACK[:1]),
    Invalid("truncated_in_key", "malformed", PACKED_ACK[:8]),
    Invalid("truncated_last_byte", "malformed", PACKED_ACK[:-1]),
    Invalid("truncated_in_floats", "malformed", joined(s.CURVES)[:-100]),
    Invalid("trailing_byte", "malformed", PACKED_ACK + b"\xc0"),
    Invalid("trailing_second_map", "malformed", PACKED_ACK * 2),
    Invalid("not_a_map_list", "malformed", joined(["t", "ACK"])),
    Invalid("not_a_map_string", "malformed", joined("ACK")),
    Invalid("not_a_map_integer", "malformed", joined(7)),
    Invalid("not_a_map_nil", "malformed", b"\xc0"),
    Invalid("not_messagepack_json", "malformed", b'{"t":"PING","sent":1}'),
    Invalid("reserved_byte", "malformed", joined(b"\x82", "t", "PING", "sent", b"\xc1")),
    Invalid("utf8_bad_in_value", "malformed", joined(b"\x82", "t", "BYE", "reason", b"\xa1\xff")),
    Invalid("utf8_bad_in_key", "malformed", joined(b"\x82", "t", "BYE", b"\xa1\x80", 1)),
    Invalid("utf8_surrogate", "malformed", joined(b"\x82", "t", "BYE", "reason", b"\xa3\xed\xa0\x80")),
    Invalid("utf8_overlong", "malformed", joined(b"\x82", "t", "BYE", "reason", b"\xa2\xc0\xaf")),
    Invalid("extension_as_value", "malformed", joined(b"\x82", "t", "PING", "sent", b"\xd4\x05\x00")),
    Invalid("extension_timestamp", "malformed", joined(b"\x82", "t", "PING", "sent", TIMESTAMP)),
    Invalid("extension_in_unknown_key", "malformed", joined(ACK_HEAD, "newer", b"\xc7\x00\x05")),
    Invalid("key_integer", "malformed", joined(ACK_HEAD, 1, 2)),
    Invalid("key_binary", "malformed", joined(ACK_HEAD, b"\xc4\x01n", 2)),
    Invalid("key_nil", "malformed", joined(ACK_HEAD, None, 2)),
    Invalid("key_twice_t", "malformed", joined(b"\x83", "t", "BYE", "t", "BYE", "reason", "")),
    Invalid("key_twice_stream", "malformed", joined(ACK_HEAD, "stream", 1)),
    Invalid("t_missing", "malformed", without(s.ACK, "t")),
    Invalid("t_not_first", "malformed", {"stream": 1, "sequence": 41, "t": "ACK"}),
    Invalid("t_integer", "malformed", s.ACK | {"t": 7}),
    Invalid("t_nil", "malformed", s.ACK | {"t": None}),
    Invalid("t_binary", "malformed", joined(b"\x82", "t", b"\xc4\x04PING", "sent", 1)),
    Invalid("map_empty", "malformed", b"\x80"),
    Invalid("nested_9", "malformed", nested(9)),
    Invalid("nested_1000", "malformed", nested(1000)),
    Invalid("nested_60000", "malformed", nested(60_000)),
    Invalid(
        "count_of_list_too_large", "malformed", joined(b"\x83", "t", "PING", "sent", 1, "newer", b"\xdd" + b"\xff" * 4)
    ),
    Invalid("count_of_map_too_large", "malformed", joined(b"\xdf" + b"\xff" * 4, "t", "PING", "sent", 1)),
    Invalid("count_of_string_too_large", "malformed", joined(b"\x82", "t", "BYE", "reason", b"\xdb" + b"\xff" * 4)),
    Invalid("count_of_bytes_too_large", "malformed", joined(b"\x82", "t", "PING", "sent", b"\xc6" + b"\xff" * 4)),
    Invalid("list_of_1025", "malformed", s.PING | {"newer": [0] * 1025}),
    Invalid("header_too_large", "too_large", s.PING | {"newer": b"\x00" * 65536}),
]

PARTS = [
    Invalid("ack_with_part_1", "malformed", s.ACK, (b"pixels",)),
    Invalid("ack_with_empty_part_1", "malformed", s.ACK, (b"",)),
    Invalid("picture_without_part_1", "malformed", s.PICTURE),
    Invalid("picture_with_part_2", "malformed", s.PICTURE_RGB, (s.RGB_2X2, s.RGB_2X2)),
    Invalid("picture_pixels_short", "bad_field", s.PICTURE_RGB, (s.RGB_2X2[:-1],)),
    Invalid("picture_pixels_long", "bad_field", s.PICTURE_RGB, (s.RGB_2X2 + b"\x00",)),
    Invalid("picture_pixels_of_other_codec", "bad_field", s.PICTURE_RGBA, (s.RGB_2X2,)),
    Invalid("picture_pixels_none", "bad_field", s.PICTURE_RGB, (b"",)),
    Invalid("picture_jpeg_empty", "bad_field", s.PICTURE, (b"",)),
    Invalid("picture_size_zero", "bad_field", s.PICTURE_RGB | {"width": 0}, (b"",)),
    Invalid("picture_size_overflow", "bad_field", s.PICTURE_RGB | {"width": 2**32, "height": 2**32}, (s.RGB_2X2,)),
    Invalid("picture_repeated_integer", "bad_field", s.PICTURE | {"repeated": 1}, (s.JPEG,)),
    Invalid("picture_codec_unknown", "unsupported", s.PICTURE | {"codec": "avif"}, (s.JPEG,)),
]

NAMES = [
    Invalid("name_unknown", "unknown_message", {"t": "JUMP", "stream": 1}),
    Invalid("name_lower_case", "unknown_message", {"t": "ping", "sent": 1}),
    Invalid("name_empty", "unknown_message", {"t": ""}),
    Invalid("name_long", "unknown_message", {"t": "X" * 5000}),
]

FIELDS = [
    missing(s.HELLO, "version_max"),
    missing(s.WELCOME, "identities"),
    missing(s.OPEN, "identity"),
    missing(s.OPENED, "credit"),
    missing(s.CURVES, "values"),
    missing(s.CURVES, "captured"),
    missing(s.ACK, "sequence"),
    missing(s.CONTROL, "stream"),
    missing(s.STATS, "uptime"),
    missing(s.PONG, "replied"),
    missing(s.ERROR, "text"),
    missing(s.CLOSE, "stream"),
    field("hello_version_zero", s.HELLO, version_min=0),
    field("hello_bases_string", s.HELLO, bases="arkit55"),
    field("hello_bases_holds_integer", s.HELLO, bases=["arkit55", 52]),
    field("hello_client_nil", s.HELLO, client=None),
    field("welcome_sizes_empty", s.WELCOME, sizes=[]),
    field("welcome_sizes_holds_string", s.WELCOME, sizes=["128"]),
    field("welcome_rate_nan", s.WELCOME, max_rate=NAN),
    field("welcome_clock_negative", s.WELCOME, clock=-1),
    field("welcome_capabilities_string", s.WELCOME, capabilities="expression"),
    field("welcome_capabilities_holds_nil", s.WELCOME, capabilities=["expression", None]),
    field("open_stream_negative", s.OPEN, stream=-1),
    field("open_stream_too_large", s.OPEN, stream=65536),
    field("open_stream_float", s.OPEN, stream=1.0),
    field("open_stream_boolean", s.OPEN, stream=True),
    field("open_stream_string", s.OPEN, stream="1"),
    field("open_stream_nil", s.OPEN, stream=None),
    field("open_identity_empty", s.OPEN, identity=""),
    field("open_identity_too_long", s.OPEN, identity="a" * 65),
    field("open_subject_too_long", s.OPEN, subject="é" * 33),
    field("open_subject_bytes", s.OPEN, subject=b"actor"),
    field("open_size_zero", s.OPEN, size=0),
    field("open_size_too_large", s.OPEN, size=4097),
    field("open_credit_zero", s.OPEN, credit=0),
    field("open_seed_overflow", s.OPEN, seed=2**32),
    field("open_steps_negative", s.OPEN, steps=-1),
    field("open_codec_integer", s.OPEN, codec=24),
    field("open_scale_nan", s.OPEN, expression_scale=NAN),
    field("open_scale_infinite", s.OPEN, expression_scale=INFINITE),
    field("open_scale_negative", s.OPEN, expression_scale=-0.5),
    field("open_scale_string", s.OPEN, expression_scale="1.0"),
    field("open_scale_boolean", s.OPEN, expression_scale=True),
    field("open_reference_scale_nan", s.OPEN, reference_scale=NAN),
    field("open_reference_scale_negative", s.OPEN, reference_scale=-0.1),
    field("open_reference_scale_too_large", s.OPEN, reference_scale=10.5),
    field("open_reference_scale_nil", s.OPEN, reference_scale=None),
    field("open_light_nan", s.OPEN, light=[NAN, 0.0]),
    field("open_light_infinite", s.OPEN, light=[0.0, INFINITE]),
    field("open_light_behind", s.OPEN, light=[90.5, 0.0]),
    field("open_light_below", s.OPEN, light=[0.0, -30.5]),
    field("open_light_one_angle", s.OPEN, light=[45.0]),
    field("open_light_three_angles", s.OPEN, light=[45.0, 0.0, 0.0]),
    field("open_light_number", s.OPEN, light=45.0),
    field("open_light_map", s.OPEN, light={"azimuth": 45.0}),
    field("open_light_holds_string", s.OPEN, light=["45", 0.0]),
    field("open_light_holds_boolean", s.OPEN, light=[True, 0.0]),
    field("open_light_nil", s.OPEN, light=None),
    field("open_backdrop_name", s.OPEN, backdrop="green"),
    field("open_backdrop_short", s.OPEN, backdrop="#0f0"),
    field("open_backdrop_line_end", s.OPEN, backdrop="#00ff00\n"),
    field("open_backdrop_no_hex", s.OPEN, backdrop="#00gg00"),
    field("open_backdrop_integer", s.OPEN, backdrop=0x00FF00),
    field("opened_notice_too_long", s.OPENED, notice="x" * 513),
    field("opened_notice_list", s.OPENED, notice=["jaw"]),
    Invalid("open_codec_unknown", "unsupported", s.OPEN | {"codec": "avif"}),
    Invalid("open_row_order_unknown", "unsupported", s.OPEN | {"row_order": "middle"}),
    Invalid("open_delivery_unknown", "unsupported", s.OPEN | {"delivery": "some"}),
    field("ack_sequence_negative", s.ACK, sequence=-1),
    field("ack_sequence_boolean", s.ACK, sequence=False),
    field("ack_sequence_overflow", s.ACK, sequence=2**63),
    field("ack_sequence_largest_uint64", s.ACK, sequence=2**64 - 1),
    field("curves_timecode_integer", s.CURVES, timecode=12),
    field("curves_timecode_too_long", s.CURVES, timecode="1" * 65),
    field("curves_captured_float", s.CURVES, captured=1.5),
    field("control_reset_integer", s.CONTROL, reset=1),
    field("control_identity_nil", s.CONTROL, identity=None),
    field("control_reference_scale_nil", s.CONTROL, reference_scale=None),
    field("control_reference_scale_infinite", s.CONTROL, reference_scale=INFINITE),
    field("control_reference_scale_string", s.CONTROL, reference_scale="0.8"),
    field("control_light_nan", s.CONTROL, light=[0.0, NAN]),
    field("control_light_above", s.CONTROL, light=[0.0, 90.5]),
    field("control_light_nil", s.CONTROL, light=None),
    field("control_backdrop_nil", s.CONTROL, backdrop=None),
    field("control_backdrop_list", s.CONTROL, backdrop=[0, 255, 0]),
    field("stats_count_negative", s.STATS, drawn=-1),
    field("stats_errors_list", s.STATS, errors=["malformed"]),
    field("ping_sent_string", s.PING, sent="now"),
    field("error_code_zero", s.ERROR, code=0),
    field("error_text_too_long", s.ERROR, text="x" * 513),
]

CURVES_HEAD = joined(b"\x86", "t", "CURVES", "stream", 1, "sequence", 41, "captured", 1, "timecode", "", "values")
CURVES = [
    values("count_51", s.ramp(51)),
    values("count_53", s.ramp(53)),
    values("count_56", s.ramp(56)),
    values("count_none", b""),
    values("bytes_not_of_four", s.ramp(55) + b"\x00"),
    values("nan", floats(NAN, *[0.0] * 54)),
    values("nan_last", floats(*[0.0] * 54, NAN)),
    values("infinite", floats(*[0.0] * 20, INFINITE, *[0.0] * 34)),
    values("infinite_negative", floats(*[0.0] * 20, -INFINITE, *[0.0] * 34)),
    values("too_large", floats(*[0.0] * 20, 100.5, *[0.0] * 34)),
    values("list", [0.0] * 55),
    values("nil", None),
    values("string", "jawOpen"),
    values("map_nan", {"jawOpen": NAN}),
    values("map_infinite", {"jawOpen": -INFINITE}),
    values("map_too_large", {"jawOpen": 1e300}),
    values("map_integer_too_large", {"jawOpen": 2**64 - 1}),
    values("map_boolean", {"jawOpen": True}),
    values("map_string", {"jawOpen": "0.5"}),
    values("map_nested", {"jawOpen": {"jawOpen": 0.5}}),
    values("map_only_unknown_names", {"jaw_open": 0.5}),
    values("map_257_names", {f"extra{index}": 0.0 for index in range(256)} | {"jawOpen": 0.5}),
    Invalid("curves_map_twice", "bad_curves", joined(CURVES_HEAD, b"\x82", "jawOpen", 0.5, "jawOpen", 0.25)),
]

INVALID = [*BYTES, *PARTS, *NAMES, *FIELDS, *CURVES]
