"""Lengths, counts and nesting are bounded before anything is unpacked."""

import tracemalloc

import pytest

from protocol.codec import DEFAULT, Limits, decode, encode
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import Picture, Ping
from protocol.vectors.samples import joined

MEGABYTE = 2**20


def refusal(parts: list[bytes], limits: Limits = DEFAULT) -> ProtocolError:
    with pytest.raises(ProtocolError) as raised:
        decode(parts, limits)
    return raised.value


def test_no_parts() -> None:
    assert refusal([]).code is ErrorCode.malformed


def test_header_to_the_byte() -> None:
    head = joined(b"\x83", "t", "PING", "sent", 1, "newer", b"\xc5\x01\x00" + bytes(256))
    assert decode([head], Limits(header=len(head))) == Ping(1)
    assert refusal([head], Limits(header=len(head) - 1)).code is ErrorCode.too_large


def test_message_to_the_byte() -> None:
    picture = Picture(1, 2, 3, "", 4, 4, "rgb24", "top", False, 0, 1, 2, 3, 4, bytes(48))
    parts = [bytes(part) for part in encode(picture)]
    size = sum(map(len, parts))
    assert decode(parts, Limits(message=size)) == picture
    assert refusal(parts, Limits(message=size - 1)).code is ErrorCode.too_large
    # Parts that no message has count too: they are refused for their size before they are refused for their number.
    assert refusal([*parts, bytes(size)], Limits(message=size)).code is ErrorCode.too_large


def test_entries_to_the_one() -> None:
    fits = joined({"t": "PING", "sent": 1, "newer": [0] * 5})
    assert decode([fits], Limits(entries=5)) == Ping(1)
    assert refusal([fits], Limits(entries=4)).code is ErrorCode.malformed


def test_nesting_to_the_level() -> None:
    nested = joined({"t": "PING", "sent": 1, "newer": [[{"a": []}]]})
    assert decode([nested], Limits(nesting=5)) == Ping(1)
    assert refusal([nested], Limits(nesting=4)).code is ErrorCode.malformed


@pytest.mark.parametrize(
    "greedy",
    [
        pytest.param(b"\xdc\x04\x00" * 20_000, id="lists of 1024 in lists"),
        pytest.param(b"\xde\x04\x00\xa1a" * 12_000, id="maps of 1024 in maps"),
        pytest.param(b"\xdd\xff\xff\xff\xff" * 12_000, id="lists of 4294967295 in lists"),
        pytest.param(b"\x91" * 60_000, id="60000 lists"),
        pytest.param(b"\xc6\xff\xff\xff\xff", id="4 GB of bytes"),
        pytest.param((b"\xdc\x03\xe8" + b"\xc0" * 1000) * 60, id="full lists, one after the other"),
    ],
)
def test_false_counts_take_little_memory(greedy: bytes) -> None:
    parts = [joined(b"\x83", "t", "PING", "sent", 1, "newer") + greedy]
    tracemalloc.start()
    try:
        assert refusal(parts).code is ErrorCode.malformed
        assert tracemalloc.get_traced_memory()[1] < 32 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_the_frame_at_fault_is_named() -> None:
    error = refusal([joined({"t": "CURVES", "stream": 3, "sequence": 7, "captured": 1, "timecode": "", "values": 0})])
    assert (error.code, error.stream, error.sequence) == (ErrorCode.bad_curves, 3, 7)
    error = refusal([joined({"t": "CURVES", "stream": 70_000, "sequence": -7})])
    assert (error.code, error.stream, error.sequence) == (ErrorCode.bad_field, -1, -1)
