"""Every kind of bad client is told so or cut off and counted, and a well-behaved one beside it loses nothing."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
import zmq

from protocol.messages import Ack, Bye, Curves, Error, Hello, Open, Opened, Picture, Ping

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.server import Server
    from tests.bridge.conftest import Bystander, GatedCard, Peer

STILL = np.zeros(55, np.float32)


def test_one_client_too_many_is_told_so_and_may_come_back(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(max_clients=2)
    bystander = bystanding(server)
    first, second = peering(server), peering(server)
    first.greet()

    second.say(Hello(1, 1))

    error = second.hear()
    assert (error.name, error.fatal) == ("too_many_clients", True)
    first.say(Bye("gone"), Ping(1))
    assert first.hear().name == "unexpected_message"
    assert second.greet()
    bystander.proceed()


def test_ten_thousand_opens_give_eight_streams_and_an_end(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(max_streams=8, max_errors=500)
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()

    for number in range(10_000):
        peer.say(Open(number, "", "teal", "arkit55", 64))

    heard = []
    while not (heard and isinstance(heard[-1], Error) and heard[-1].fatal):
        heard.append(peer.hear())
    assert sum(isinstance(message, Opened) for message in heard) == 8
    errors = [message for message in heard if isinstance(message, Error)]
    assert {error.name for error in errors} == {"too_many_streams"}
    assert 500 < len(errors) < 2000
    bystander.proceed()
    observer = peering(server)
    observer.greet()
    stats = observer.settle()[-1]
    assert (stats.clients, stats.streams) == (2, 1)
    assert stats.errors["too_many_streams"] == len(errors)


def test_who_was_let_go_for_a_flood_is_heard_no_more(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(max_rate=60, max_errors=100)
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()
    peer.open()

    for sequence in range(5000):
        peer.say(Curves(0, sequence, 0, "", STILL))

    assert {error.name for error in peer.hear_errors()} == {"rate_exceeded"}
    bystander.proceed()
    peer.say(Hello(1, 1))
    bystander.proceed()
    assert not peer.socket.poll(0)
    observer = peering(server)
    observer.greet()
    assert observer.settle()[-1].clients == 2


def test_a_flood_of_any_message_is_bounded(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(max_messages=200, max_errors=100)
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()

    for sent in range(5000):
        peer.say(Ping(sent))

    assert {error.name for error in peer.hear_errors()} == {"rate_exceeded"}
    bystander.proceed()


def test_a_client_that_overruns_its_credit_loses_only_the_frames_beyond(
    serving: "Callable[..., Server]",
    peering: "Callable[..., Peer]",
    bystanding: "Callable[..., Bystander]",
) -> None:
    server = serving()
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()
    peer.open(delivery="every", credit=3)

    for sequence in range(10):
        peer.say(Curves(0, sequence, 0, "", STILL))

    drawn: list[int] = []
    refused: list[int] = []
    while len(drawn) + len(refused) < 10:
        answer = peer.hear()
        if isinstance(answer, Error):
            assert (answer.name, answer.fatal) == ("credit_exceeded", False)
            refused.append(answer.sequence)
        else:
            peer.say(Ack(0, answer.sequence))
            drawn.append(answer.sequence)
    assert drawn[:3] == [0, 1, 2]
    assert refused
    assert sorted(drawn + refused) == list(range(10))
    bystander.proceed()


def test_a_client_that_never_reads_is_let_go(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(idle_timeout=1, max_errors=1_000_000)  # or a fast machine is let go for its rate before
    bystander = bystanding(server)
    peer, observer = peering(server), peering(server)
    peer.greet()
    peer.open(delivery="newest", credit=1)
    observer.greet()
    sequence = 0

    stats = observer.settle()[-1]
    while stats.clients == 3:
        sequence += 1
        peer.say(Curves(0, sequence, 0, "", STILL))
        bystander.proceed(1)
        stats = observer.settle()[-1]

    assert stats.errors["timed_out"] == 1
    assert stats.streams == 1
    assert stats.dropped > 0
    assert isinstance(peer.hear(), Picture)
    assert peer.hear_errors()[-1].text == "no picture was acknowledged for 1 s"


def test_a_client_that_neither_reads_nor_lets_up_is_let_go(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    """Its replies fill every buffer on the way; that is noticed when one more does not go."""
    server = serving(max_messages=1_000_000, max_errors=1_000_000)
    bystander = bystanding(server)
    observer = peering(server)
    observer.greet()
    peer = peering(server, rcvhwm=1, rcvbuf=4096)
    peer.greet()

    while (stats := observer.settle()[-1]).clients == 3:
        for sent in range(2000):
            if peer.socket.poll(0, zmq.POLLOUT):
                peer.say(Open(sent, "", "x" * 64, "arkit55", 64))
        bystander.proceed(1)

    assert "timed_out" not in stats.errors  # it was never told


@pytest.mark.parametrize("limits", [{"probe_interval": 0.1}, {"probe_interval": 60, "idle_timeout": 1}])
def test_a_client_that_vanishes_leaves_nothing_behind_not_even_an_error(
    limits: dict[str, float],
    serving: "Callable[..., Server]",
    peering: "Callable[..., Peer]",
    bystanding: "Callable[..., Bystander]",
) -> None:
    server = serving(**limits)
    bystander = bystanding(server)
    peer, observer = peering(server), peering(server)
    peer.greet()
    peer.open()
    peer.say(Curves(0, 1, 0, "", STILL))
    observer.greet()

    peer.socket.close()

    while (stats := observer.settle()[-1]).clients == 3:
        bystander.proceed(1)
    assert (stats.streams, stats.errors) == (1, {})


def test_a_connection_that_sends_megabytes_is_cut(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(probe_interval=0.1)
    bystander = bystanding(server)
    peer, observer = peering(server), peering(server)
    peer.greet()
    peer.open()
    observer.greet()

    peer.say_bytes(bytes(4_000_000))

    while (stats := observer.settle()[-1]).clients == 3:
        bystander.proceed(1)
    assert (stats.streams, stats.errors) == (1, {})


def test_a_silent_client_is_told_why_it_is_let_go(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", bystanding: "Callable[..., Bystander]"
) -> None:
    server = serving(idle_timeout=1, probe_interval=0.1)
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()

    heard = peer.hear_until(Error)

    assert {type(message) for message in heard} == {Ping, Error}
    assert (heard[-1].name, heard[-1].text, heard[-1].fatal) == ("timed_out", "heard nothing for 1 s", True)
    bystander.proceed()


@pytest.mark.parametrize("fault", ["refuses", "spoils"])
def test_what_a_generator_cannot_draw_or_finish_costs_that_frame_alone(
    fault: str,
    serving: "Callable[..., Server]",
    peering: "Callable[..., Peer]",
    bystanding: "Callable[..., Bystander]",
    gated: "GatedCard",
) -> None:
    setattr(gated, fault, lambda values: values[54] > 0.9)
    server = serving(gated)
    bystander = bystanding(server)
    peer = peering(server)
    peer.greet()
    peer.open()
    poison = STILL.copy()
    poison[54] = 1.0

    for sequence, values in enumerate([STILL, poison, STILL]):
        peer.say(Curves(0, sequence, 0, "", values))
        answer = peer.hear()
        peer.say(Ack(0, sequence))
        assert answer.sequence == sequence
        if values is poison:
            assert (answer.name, answer.stream, answer.fatal) == ("generator_failed", 0, False)
            assert answer.text == "ArithmeticError: the test asked for it"
        else:
            assert isinstance(answer, Picture)
    bystander.proceed()


def test_a_stream_that_the_generator_refuses_is_not_opened(
    serving: "Callable[..., Server]",
    peering: "Callable[..., Peer]",
    gated: "GatedCard",
) -> None:
    peer = peering(serving(gated))
    peer.greet()

    peer.say(Open(3, "", "teal", "arkit55", 64, seed=666))

    error = peer.hear()
    assert (error.name, error.stream, error.text) == ("unsupported", 3, "seed 666 is refused")
    assert peer.open(3).stream == 3
