"""Messages through the codec and back, and what the codec refuses to write."""

import math
from collections.abc import Mapping
from typing import Any

import msgpack
import numpy as np
import pytest

from protocol.codec import TABLES, decode, encode
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import (
    NAMES,
    Ack,
    Bye,
    Close,
    Control,
    Curves,
    Error,
    Hello,
    Message,
    Open,
    Opened,
    Picture,
    Ping,
    Pong,
    Stats,
    StatsRequest,
    Welcome,
)

WELCOME = Welcome(
    1, "server", "compact", ("arkit55",), ("jpeg",), (128, 256), ("amara", "bruno"), 65536, 4, 240.0, 16, 5, ("gaze",)
)
OPEN = Open(
    65535,
    "Ämil",
    "amara",
    "arkit55",
    128,
    "rgba32",
    "bottom",
    "every",
    8,
    2**32 - 1,
    4,
    1.5,
    0.0,
    (-90.0, 90.0),
    "transparent",
)
PICTURE = Picture(1, 2, 3, "01:02", 2, 1, "rgb24", "top", True, 4, 5, 6, 7, 8, b"abcdef")

MESSAGES: list[Message] = [
    Hello(1, 3, "client", ("arkit52", "flame55"), ("jpeg",)),
    WELCOME,
    OPEN,
    Opened(1, "amara", "arkit55", 128, "jpeg", "top", "newest", 2, 0, 2, 1.0),
    Opened(1, "amara", "flame55", 128, "jpeg", "top", "newest", 2, 0, 2, 1.0, 0.25, "only the jaw moves"),
    Curves(1, 2**63 - 1, 3, "01:02", np.linspace(-1, 1, 55, dtype=np.float32)),
    Curves(1, 2, 3, "", {"jawOpen": 0.1, "headYaw": -0.25}),
    PICTURE,
    Ack(1, 2),
    Control(1),
    Control(1, "bruno", 0.0, 0, 0, True),
    Control(1, reference_scale=0.0),
    Control(1, light=(), backdrop=""),
    Control(1, light=(45.0, -12.5), backdrop="#00ff7F"),
    StatsRequest(),
    Stats(1, 2, 3, 4, 5, 6, 7, 8, 9, {"malformed": 10}),
    Ping(2**63 - 1),
    Pong(1, 2, 3),
    Error(3, "version_unsupported", "no", 1, 2, True),
    Close(0),
    Bye("done"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_round_trip(message: Message) -> None:
    assert decode(encode(message)) == message


def test_every_message_is_tried() -> None:
    assert {type(message) for message in MESSAGES} == set(NAMES) == set(TABLES)


def test_round_trip_from_views() -> None:
    assert decode([memoryview(bytearray(part)) for part in encode(PICTURE)]) == PICTURE


def test_pixels_are_not_copied() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    picture = Picture(1, 2, 3, "", 2, 2, "rgb24", "top", False, 0, 1, 2, 3, 4, pixels.data)
    head, sent = encode(picture)
    assert np.shares_memory(np.asarray(sent), pixels)
    received = decode([head, bytes(pixels)])
    assert isinstance(received, Picture)
    part = bytes(pixels)
    again = decode([head, part])
    assert isinstance(again, Picture) and again.pixels is part


def test_curves_decode_to_read_only_float32() -> None:
    message = decode(encode(Curves(1, 2, 3, "", np.full(52, 0.1))))
    assert isinstance(message, Curves) and isinstance(message.values, np.ndarray)
    assert message.values.dtype == np.float32 and not message.values.flags.writeable
    assert message.values.tolist() == [float(np.float32(0.1))] * 52


def test_curves_take_any_sequence_and_numpy_scalars() -> None:
    assert encode(Curves(1, 2, 3, "", [0.5] * 52)) == encode(Curves(1, 2, 3, "", np.full(52, 0.5)))  # pyright: ignore[reportArgumentType]
    message = decode(encode(Curves(1, 2, 3, "", {"jawOpen": np.float32(0.5)})))  # pyright: ignore[reportArgumentType]
    assert isinstance(message, Curves) and isinstance(message.values, Mapping)
    assert message.values == {"jawOpen": 0.5}


def test_curves_differ_by_their_values() -> None:
    one, other = np.zeros(52), np.zeros(52)
    other[51] = 1e-3
    assert Curves(1, 2, 3, "", one) == Curves(1, 2, 3, "", one.copy())
    assert Curves(1, 2, 3, "", one) != Curves(1, 2, 3, "", other)
    assert Curves(1, 2, 3, "", one) != Curves(1, 2, 3, "", {})


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (Ack(-1, 2), ErrorCode.bad_field),
        (Ack(True, 2), ErrorCode.bad_field),
        (Ack(1, 2**63), ErrorCode.bad_field),
        (Control(1, expression_scale=math.nan), ErrorCode.bad_field),
        (Control(1, reference_scale=10.5), ErrorCode.bad_field),
        (Control(1, identity="\ud800"), ErrorCode.bad_field),
        (Control(1, light=(0.0, math.nan)), ErrorCode.bad_field),
        (Control(1, light=(0.0,)), ErrorCode.bad_field),
        (Control(1, backdrop="green"), ErrorCode.bad_field),
        (Open(1, "", "amara", "arkit52", 128, codec="avif"), ErrorCode.unsupported),
        (Curves(1, 2, 3, "", np.zeros(51)), ErrorCode.bad_curves),
        (Curves(1, 2, 3, "", np.full(52, np.nan)), ErrorCode.bad_curves),
        (Curves(1, 2, 3, "", np.full(52, 1e300)), ErrorCode.bad_curves),
        (Curves(1, 2, 3, "", {"jaw_open": 1.0}), ErrorCode.bad_curves),
        (Picture(1, 2, 3, "", 2, 2, "rgb24", "top", False, 0, 1, 2, 3, 4, b"short"), ErrorCode.bad_field),
    ],
)
def test_what_could_not_be_read_is_not_written(message: Message, code: ErrorCode) -> None:
    with pytest.raises(ProtocolError) as raised:
        encode(message)
    assert raised.value.code is code


def test_the_report_of_an_error_is_cut_not_refused() -> None:
    message = decode(encode(Error(17, "generator_failed", "ü" * 1000 + "\ud800")))
    assert isinstance(message, Error)
    assert message.text == "ü" * 256


def test_a_notice_is_cut_not_refused() -> None:
    opened = Opened(1, "amara", "flame55", 128, "jpeg", "top", "newest", 2, 0, 2, 1.0, notice="é" * 1000)
    message = decode(encode(opened))
    assert isinstance(message, Opened) and message.notice == "é" * 256


def test_what_an_older_peer_does_not_send_has_its_default() -> None:
    older = {"t": "OPENED", "stream": 1, "identity": "amara", "basis": "arkit55", "size": 128, "codec": "jpeg"}
    older |= {"row_order": "top", "delivery": "newest", "credit": 2, "seed": 0, "steps": 2, "expression_scale": 1.0}
    message = decode([msgpack.Packer().pack(older)])
    assert message == Opened(1, "amara", "arkit55", 128, "jpeg", "top", "newest", 2, 0, 2, 1.0, 0.8, "", (), "")


def test_an_error_says_where() -> None:
    with pytest.raises(ProtocolError, match=r"^bad_field: OPEN.size must be from 1 to 4096, not 5000$") as raised:
        encode(Open(1, "", "amara", "arkit52", 5000))
    assert raised.value.text == "OPEN.size must be from 1 to 4096, not 5000"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"light": (math.nan, 0.0)}, "CONTROL.light's azimuth must be a finite number from -90 to 90, not nan"),
        ({"light": (0.0, -45.0)}, "CONTROL.light's elevation must be a finite number from -30 to 90, not -45.0"),
        ({"light": (1.0, 2.0, 3.0)}, "CONTROL.light must be [azimuth, elevation] in degrees, or [], not 3 entries"),
        ({"light": 45.0}, "CONTROL.light must be a list [azimuth, elevation] in degrees, not float 45.0"),
        ({"backdrop": "grün"}, """CONTROL.backdrop must be "#rrggbb", "transparent" or "", not 'gr\\xfcn'"""),
    ],
)
def test_a_light_or_backdrop_there_is_not_is_told_what_there_is(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        encode(Control(1, **change))
    assert raised.value.text == sentence


def test_a_light_in_whole_degrees_is_read_as_floats() -> None:
    message = decode(encode(Control(1, light=(30, -10))))
    assert isinstance(message, Control) and message.light == (30.0, -10.0)
    assert message.light is not None and all(type(angle) is float for angle in message.light)
