"""Which frames are drawn, when, and together with which, by a server on a real socket."""

from typing import TYPE_CHECKING

import numpy as np

from bridge.server import Server
from protocol.messages import Ack, Close, Error, Picture
from tests.bridge.frames import curves, drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bridge.conftest import GatedCard, Peer


def test_the_newest_frame_wins_while_the_model_is_busy(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(codec="rgb24")
    gated.gate.clear()
    peer.say(curves(0))
    assert gated.entered.acquire(timeout=20)

    peer.say(*(curves(sequence) for sequence in range(1, 8)))
    assert peer.settle()[-1].dropped == 6
    gated.gate.set()

    first, second = peer.hear(), peer.hear()
    assert [(message.sequence, message.dropped) for message in (first, second)] == [(0, 0), (7, 6)]
    assert drawn(second, np.full(55, 0.7, np.float32))


def test_every_frame_is_drawn_in_order_where_that_is_asked_for(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(delivery="every", credit=8)
    gated.gate.clear()

    peer.say(*(curves(sequence) for sequence in range(8)))
    peer.settle()
    gated.gate.set()

    assert [peer.hear().sequence for _ in range(8)] == list(range(8))
    assert peer.settle()[-1].dropped == 0


def test_a_stream_without_credit_is_not_drawn(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(credit=1)
    peer.open(stream=1, identity="amber")
    peer.say(curves(1))
    assert peer.hear().sequence == 1

    peer.say(curves(2), curves(3))
    peer.say(curves(1, stream=1))  # the model is free: it draws another stream
    assert peer.hear().stream == 1
    assert gated.batches == [["teal"], ["amber"]]
    peer.say(Ack(0, 1))

    answer = peer.hear()
    assert (answer.stream, answer.sequence, answer.dropped) == (0, 3, 1)


def test_streams_that_have_something_new_are_drawn_together_and_wait_for_no_other(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    for stream, identity in enumerate(("amber", "teal", "violet", "slate")):
        peer.open(stream=stream, identity=identity)
    gated.gate.clear()
    peer.say(curves(1, stream=0))
    assert gated.entered.acquire(timeout=20)

    peer.say(curves(1, stream=3), curves(1, stream=1))
    peer.settle()
    gated.gate.set()

    assert {peer.hear().stream for _ in range(3)} == {0, 1, 3}
    assert gated.batches == [["amber"], ["slate", "teal"]]


def test_a_batch_is_never_larger_than_the_generator_takes(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    gated.max_batch = 2
    peer = peering(serving(gated))
    peer.greet()
    for stream in range(5):
        peer.open(stream=stream)
    gated.gate.clear()
    peer.say(curves(1, stream=4))
    assert gated.entered.acquire(timeout=20)

    peer.say(*(curves(2, stream=stream) for stream in range(4)))
    peer.settle()
    gated.gate.set()

    assert {peer.hear().stream for _ in range(5)} == {0, 1, 2, 3, 4}
    assert [len(batch) for batch in gated.batches] == [1, 2, 2]


def test_the_model_draws_on_while_a_picture_is_finished(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    gated.finishing.clear()
    peer = peering(serving(gated))
    peer.greet()
    peer.open(delivery="every", credit=3)
    peer.say(*(curves(sequence) for sequence in range(3)))
    assert all(gated.entered.acquire(timeout=20) for _ in range(3))

    assert not any(isinstance(message, Picture) for message in peer.settle())
    gated.finishing.set()

    assert [peer.hear().sequence for _ in range(3)] == [0, 1, 2]


def test_of_a_batch_only_the_frame_at_fault_is_lost(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    gated.refuses = lambda values: values[0] > 0.9
    peer = peering(serving(gated))
    peer.greet()
    for stream in range(4):
        peer.open(stream=stream)
    gated.gate.clear()
    peer.say(curves(0, stream=0))
    assert gated.entered.acquire(timeout=20)

    peer.say(*(curves(1, stream=stream, value=1.0 if stream == 2 else 0.5) for stream in range(1, 4)))
    peer.settle()
    gated.gate.set()

    answers = {message.stream: type(message) for message in (peer.hear() for _ in range(4))}
    assert answers == {0: Picture, 1: Picture, 2: Error, 3: Picture}


def test_close_comes_back_after_the_last_picture_and_frees_the_number(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(delivery="every", credit=4)
    gated.gate.clear()
    peer.say(curves(1), curves(2), curves(3))
    assert gated.entered.acquire(timeout=20)

    peer.say(Close(0))
    assert peer.settle()[-1].dropped == 2
    gated.gate.set()

    assert [type(peer.hear()), type(peer.hear())] == [Picture, Close]
    assert peer.open(identity="amber").identity == "amber"
