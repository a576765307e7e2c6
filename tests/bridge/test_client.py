"""The client a user writes against, on a real server."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from bridge.client import FaceBridgeClient, RefusedError
from generator.face_generator import StreamSettings
from protocol.blendshapes import ARKIT55
from protocol.errors import ProtocolError
from tests.bridge.frames import shown

if TYPE_CHECKING:
    from bridge.server import Server
    from tests.bridge.conftest import GatedCard

Connecting = Callable[..., FaceBridgeClient]


def test_ten_lines_give_a_picture(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    client = connecting(serving())
    stream = client.open(client.identities[1], subject="actor", size=128, codec="rgb24", credit=2)

    sequence = stream.send({"jawOpen": 0.4}, captured=77, timecode="01:02:03:04")
    received = stream.receive(timeout=20)

    assert received is not None
    values = np.zeros(55, np.float32)
    values[ARKIT55.index("jawOpen")] = 0.4
    assert np.array_equal(received.pixels, shown(StreamSettings(client.identities[1], 128), values))
    assert (received.sequence, received.captured, received.timecode) == (sequence, 77, "01:02:03:04")
    assert (received.repeated, received.dropped) == (False, 0)


def test_the_parts_of_the_latency_add_up(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal")

    stream.send(np.zeros(55))
    received = stream.receive(timeout=20)

    assert received is not None
    latency = received.latency
    parts = (latency.transport, latency.wait, latency.generate, latency.encode)
    assert all(part >= 0 for part in parts)
    assert sum(parts) == pytest.approx(latency.total)


def test_every_frame_comes_back_in_order_at_any_pace(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", delivery="every", credit=4, size=64)
    sequences = []

    for frame in range(200):
        while not stream.room:
            sequences.append(_sequence(stream.receive(timeout=20)))
        stream.send(np.full(55, frame / 200))
    while stream.pending:
        sequences.append(_sequence(stream.receive(timeout=20)))

    assert sequences == list(range(200))


def test_what_was_dropped_is_not_waited_for(
    serving: "Callable[..., Server]", connecting: Connecting, gated: "GatedCard"
) -> None:
    client = connecting(serving(gated))
    stream = client.open("teal")
    gated.gate.clear()
    stream.send(np.zeros(55))
    assert gated.entered.acquire(timeout=20)
    for _ in range(5):
        stream.send(np.ones(55))
    assert client.stats().dropped == 4
    gated.gate.set()

    received = []
    while stream.pending:
        received.append(_sequence(stream.receive(timeout=20)))

    assert received == [0, 5]


def test_more_frames_than_the_credit_are_not_sent(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", delivery="every", credit=2)
    stream.send(np.zeros(55))
    stream.send(np.zeros(55))

    assert stream.room == 0
    with pytest.raises(RuntimeError, match="all 2 frames of the stream's credit are unanswered"):
        stream.send(np.zeros(55))
    assert [_sequence(stream.receive(timeout=20)) for _ in range(2)] == [0, 1]


def test_receive_gives_up_when_it_is_told_to(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    assert connecting(serving()).open("teal").receive(timeout=0) is None


@pytest.mark.parametrize(
    ("wish", "name", "message"),
    [
        ({"identity": "nobody"}, "unknown_identity", "no identity 'nobody'; there are amber, teal, violet, slate"),
        ({"identity": "teal", "size": 65}, "unsupported", "size 65 is not to be had here; there is 128, 64, 256, 512"),
        ({"identity": "teal", "seed": 666}, "unsupported", "seed 666 is refused"),
    ],
)
def test_what_the_server_does_not_have_is_refused_and_the_client_goes_on(
    wish: Any, name: str, message: str, serving: "Callable[..., Server]", connecting: Connecting, gated: "GatedCard"
) -> None:
    client = connecting(serving(gated))

    with pytest.raises(RefusedError) as caught:
        client.open(**wish)

    assert (caught.value.name, caught.value.text, str(caught.value)) == (name, message, f"{name}: {message}")
    assert client.open("teal").granted.stream == 0


def test_a_wish_that_cannot_be_written_is_not_sent(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    client = connecting(serving())

    with pytest.raises(ProtocolError, match=r"OPEN\.credit must be from 1 to 1024, not 0"):
        client.open("teal", credit=0)
    with pytest.raises(TypeError, match="sise"):
        client.open("teal", sise=64)  # pyright: ignore[reportCallIssue]
    stream = client.open("teal")
    with pytest.raises(ProtocolError, match=r"CURVES\.sequence must be from 0"):
        stream.send(np.zeros(55), sequence=-1)
    assert (stream.granted.stream, stream.pending) == (0, 0)


def test_a_frame_that_failed_is_told_in_its_place(
    serving: "Callable[..., Server]", connecting: Connecting, gated: "GatedCard"
) -> None:
    gated.refuses = lambda values: values[0] == 1
    stream = connecting(serving(gated)).open("teal", delivery="every", credit=4)
    stream.send(np.ones(55))
    with pytest.raises(RefusedError, match="generator_failed: ArithmeticError: the test asked for it") as caught:
        stream.receive(timeout=20)
    assert (caught.value.sequence, stream.pending) == (0, 0)

    stream.send(np.zeros(55))
    assert _sequence(stream.receive(timeout=20)) == 1


def test_control_tells_what_is_in_force(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", expression_scale=0.5, reference_scale=0.25)

    assert stream.control(identity="amber").expression_scale == 0.5
    assert stream.control(expression_scale=0.75).reference_scale == 0.25
    assert stream.control(reference_scale=0.0).reference_scale == 0.0
    with pytest.raises(RefusedError, match="unknown_identity"):
        stream.control(identity="nobody")
    assert (stream.granted.identity, stream.granted.credit) == ("amber", 2)


def test_a_closed_stream_says_so_and_its_number_is_used_again(
    serving: "Callable[..., Server]", connecting: Connecting
) -> None:
    client = connecting(serving(max_streams=2))
    first, second = client.open("teal"), client.open("amber")

    first.close()
    first.close()

    with pytest.raises(RuntimeError, match="stream 0 is closed"):
        first.send(np.zeros(55))
    assert client.open("slate").granted.stream == 0
    second.send(np.zeros(55))
    assert second.receive(timeout=20) is not None


def test_the_clock_offset_is_nothing_on_one_machine(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    client = connecting(serving())
    stream = client.open("teal")
    stream.receive(timeout=0)
    client.stats()

    assert abs(client.clock_offset) < 1_000_000


def _sequence(received: Any) -> int:
    assert received is not None
    return received.sequence
