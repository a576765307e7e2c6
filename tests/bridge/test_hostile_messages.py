"""Every kind of bad message gets its error and is counted, its stream lives, and a client beside it loses nothing."""

import struct
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np
import pytest

from protocol import codec
from protocol.errors import ErrorCode
from protocol.messages import (
    Ack,
    Close,
    Control,
    Curves,
    Error,
    Hello,
    Open,
    Picture,
    Ping,
    Stats,
    StatsRequest,
    Welcome,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.server import Server
    from tests.bridge.conftest import Bystander, Peer

STILL = np.zeros(55, np.float32)
CURVES: dict[str, Any] = {"t": "CURVES", "stream": 0, "sequence": 1, "captured": 1, "timecode": ""}


def packed(**fields: Any) -> bytes:
    return packb(CURVES | fields)


def packb(content: object) -> bytes:
    data = msgpack.packb(content)
    assert data
    return data


def one_value(value: float) -> bytes:
    values = STILL.copy()
    values[17] = value
    return packed(values=values.tobytes())


WELL_FORMED = packed(values=STILL.tobytes())
FAULTS: dict[str, tuple[list[bytes], ErrorCode]] = {
    "empty": ([b""], ErrorCode.malformed),
    "not a map": ([b"\x93\x01\x02\x03"], ErrorCode.malformed),
    "noise": ([bytes(range(255, 0, -1))], ErrorCode.malformed),
    "truncated": ([WELL_FORMED[:-7]], ErrorCode.malformed),
    "trailing bytes": ([WELL_FORMED + b"\x01"], ErrorCode.malformed),
    "deeply nested": ([b"\x81" * 10_000 + b"\xc0"], ErrorCode.malformed),
    "nested in a field": ([packed(values=[[[[[[[[[[1]]]]]]]]]])], ErrorCode.malformed),
    "a map that claims four billion entries": ([b"\xdf" + struct.pack(">I", 2**32 - 1)], ErrorCode.malformed),
    "a part too many": ([WELL_FORMED, b"pixels"], ErrorCode.malformed),
    "a hundred thousand parts": ([WELL_FORMED] + [b""] * 100_000, ErrorCode.malformed),
    "no such message": ([packb({"t": "DANCE"})], ErrorCode.unknown_message),
    "no stream": ([packb({"t": "ACK", "sequence": 1})], ErrorCode.bad_field),
    "a stream that is a string": ([packed(stream="0", values=STILL.tobytes())], ErrorCode.bad_field),
    "a stream that is a boolean": ([packed(stream=True, values=STILL.tobytes())], ErrorCode.bad_field),
    "a negative sequence": ([packed(sequence=-1, values=STILL.tobytes())], ErrorCode.bad_field),
    "a sequence beyond 64 bits": ([packed(sequence=2**64 - 1, values=STILL.tobytes())], ErrorCode.bad_field),
    "a timecode of a kilobyte": ([packed(timecode="x" * 1024, values=STILL.tobytes())], ErrorCode.bad_field),
    "NaN": ([one_value(float("nan"))], ErrorCode.bad_curves),
    "infinity": ([one_value(float("-inf"))], ErrorCode.bad_curves),
    "NaN by name": ([packed(values={"jawOpen": float("nan")})], ErrorCode.bad_curves),
    "54 curves": ([packed(values=bytes(4 * 54))], ErrorCode.bad_curves),
    "curves of another basis": ([packed(values=bytes(4 * 52))], ErrorCode.bad_curves),
    "a curve that is a string": ([packed(values={"jawOpen": "wide"})], ErrorCode.bad_curves),
    "unknown curves": ([packed(values={f"curve{i}": 0.5 for i in range(60)})], ErrorCode.bad_curves),
    "too large": ([packed(values=bytes(100_000))], ErrorCode.too_large),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_message_costs_only_itself(
    fault: str, serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving()
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()
    peer.open()
    parts, code = FAULTS[fault]

    peer.say_bytes(*parts)

    error = peer.hear()
    assert (error.name, error.code, error.fatal) == (code.name, code, False)
    assert error.text
    peer.say(Curves(0, 2, 0, "", STILL))
    assert isinstance(peer.hear(), Picture)
    assert peer.settle()[-1].errors == {code.name: 1}
    bystander.proceed()


def test_noise_of_every_kind_leaves_the_server_standing(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(max_errors=100_000)
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()
    peer.open()
    rng = np.random.default_rng(7)
    for _ in range(2000):
        noise = bytearray(WELL_FORMED)
        for place in rng.integers(0, len(noise), rng.integers(1, 6)):
            noise[place] = rng.integers(0, 256)
        peer.say_bytes(bytes(noise[: rng.integers(0, len(noise) + 1)]))

    heard = peer.settle()

    assert sum(heard[-1].errors.values()) > 1000
    assert {type(message) for message in heard} <= {Error, Picture, Stats}
    bystander.proceed()


REFUSALS: dict[str, tuple[Any, ErrorCode]] = {
    "CURVES for no stream": (Curves(7, 1, 0, "", STILL), ErrorCode.unknown_stream),
    "ACK for no stream": (Ack(7, 1), ErrorCode.unknown_stream),
    "CONTROL for no stream": (Control(7, seed=1), ErrorCode.unknown_stream),
    "CLOSE for no stream": (Close(7), ErrorCode.unknown_stream),
    "a stream twice": (Open(0, "", "teal", "arkit55", 64), ErrorCode.duplicate_stream),
    "a second HELLO": (Hello(1, 1), ErrorCode.unexpected_message),
    "a server's WELCOME": (
        Welcome(1, "", "m", ("arkit55",), ("jpeg",), (64,), ("teal",), 1, 1, 1.0, 1, 0),
        ErrorCode.unexpected_message,
    ),
    "a server's ERROR": (Error(1, "malformed", "no, you"), ErrorCode.unexpected_message),
    "an identity that is not there": (Open(1, "", "nobody", "arkit55", 64), ErrorCode.unknown_identity),
    "a size that is not there": (Open(1, "", "teal", "arkit55", 65), ErrorCode.unsupported),
    "a basis that is not there": (Open(1, "", "teal", "arkit99", 64), ErrorCode.unsupported),
    "CONTROL to an identity that is not there": (Control(0, identity="nobody"), ErrorCode.unknown_identity),
    "a sequence number again": (Curves(0, 1, 0, "", STILL), ErrorCode.stale_sequence),
    "an older sequence number": (Curves(0, 0, 0, "", STILL), ErrorCode.stale_sequence),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_is_refused_and_the_stream_lives(
    case: str, serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving()
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()
    peer.open()
    peer.say(Curves(0, 1, 0, "", STILL))
    assert isinstance(peer.hear(), Picture)
    message, code = REFUSALS[case]

    peer.say(message)

    error = peer.hear()
    assert (error.name, error.fatal) == (code.name, False)
    assert error.stream == getattr(message, "stream", -1)
    peer.say(Curves(0, 2, 0, "", STILL))
    assert peer.hear().sequence == 2
    assert peer.settle()[-1].errors == {code.name: 1}
    bystander.proceed()


@pytest.mark.parametrize("message", [Curves(0, 1, 0, "", STILL), StatsRequest(), Ping(1), Close(0)])
def test_before_hello_nothing_is_served(
    message: Any,
    serving: "Callable[..., Server]",
    peering: "Callable[..., Peer]",
    bystanding: "Callable[..., Bystander]",
) -> None:
    server = serving()
    bystander = bystanding(server)
    peer = peering(server)

    peer.say(message)

    error = peer.hear()
    assert (error.name, error.fatal) == ("unexpected_message", True)
    peer.greet()
    stats = peer.settle()[-1]
    assert (stats.clients, stats.errors) == (2, {"unexpected_message": 1})
    bystander.proceed()


@pytest.mark.parametrize(("low", "high"), [(2, 2), (7, 65535)])
def test_a_client_of_another_version_is_told_which_one_is_spoken(
    low: int, high: int, serving: "Callable[..., Server]", peering: "Callable[..., Peer]"
) -> None:
    peer = peering(serving())

    peer.say(Hello(low, high))

    error = peer.hear()
    assert (error.name, error.fatal) == ("version_unsupported", True)
    assert error.text == f"the client speaks versions {low} to {high}, this server speaks 1"
    assert peer.greet().version == 1


def test_a_client_that_shares_no_codec_is_refused(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]"
) -> None:
    peer = peering(serving())

    peer.say(Hello(1, 1, codecs=("h265",)))

    error = peer.hear()
    assert (error.name, error.fatal) == ("unsupported", True)
    assert peer.greet(codecs=("h265", "jpeg")).codecs == ("jpeg",)


def test_messages_that_every_codec_accepts_are_what_is_meant_here() -> None:
    """The faults above are faults, and the frame they are made from is not one."""
    assert isinstance(codec.decode([WELL_FORMED]), Curves)
