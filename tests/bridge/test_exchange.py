"""The client's side without a socket, with a clock of the test's own."""

from dataclasses import replace
from typing import Any

import pytest

from bridge.clock import OffsetEstimate
from bridge.exchange import Exchange
from bridge.open_stream import RefusedError
from protocol import codec
from protocol.errors import ErrorCode
from protocol.messages import Error, Hello, Message, Opened, Ping, Pong, Stats, StatsRequest, Welcome

WELCOME = Welcome(1, "s", "m", ("flame55", "arkit52"), ("jpeg",), (256, 64), ("ann",), 65536, 1, 60.0, 2, 0)
SECOND = 1_000_000


class Talk:
    """An exchange, its clock, and the server's words."""

    def __init__(self) -> None:
        self.time = 0
        self.exchange = Exchange("tcp://somewhere", timeout=5.0, clock=lambda: self.time)

    def hear(self, message: Message) -> None:
        self.exchange.hear(codec.encode(message), self.time)

    def said(self) -> list[Message]:
        """What was put in the outbox since the last time."""
        messages = [codec.decode(parts) for parts in self.exchange.outbox]
        self.exchange.outbox.clear()
        return messages

    def greeted(self) -> "Talk":
        steps = self.exchange.greet("me")
        next(steps)
        self.hear(WELCOME)
        assert ended(steps) == WELCOME
        self.said()
        return self


def ended(steps: Any) -> Any:
    """What an operation returns, that now waits for nothing more."""
    with pytest.raises(StopIteration) as caught:
        next(steps)
    return caught.value.value


def test_a_socket_that_takes_nothing_means_wrong_keys_before_the_welcome_and_a_server_that_does_not_read_after() -> (
    None
):
    turned_away = Exchange("tcp://somewhere", timeout=5.0, keys=True)
    steps = turned_away.greet("me")
    next(steps)
    turned_away.stall()
    with pytest.raises(ConnectionError, match="does not accept these keys"):
        next(steps)
    talk = Talk().greeted()
    talk.exchange.stall()
    with pytest.raises(ConnectionError, match="the server takes no more messages"):
        next(talk.exchange.stats())


def test_before_it_is_welcome_it_waits_until_its_timeout_and_says_hello_once() -> None:
    talk = Talk()
    steps = talk.exchange.greet("me")

    assert next(steps) == 5 * SECOND
    assert next(steps) == 5 * SECOND
    assert talk.said() == [Hello(1, 1, "me")]
    talk.time = 5 * SECOND
    with pytest.raises(ConnectionError, match="no facebridge server answers at tcp://somewhere within 5 s"):
        next(steps)


def test_while_it_waits_it_pings_once_a_second() -> None:
    talk = Talk().greeted()
    talk.time = 3 * SECOND
    steps = talk.exchange.stats()

    assert next(steps) == 4 * SECOND
    assert talk.said() == [StatsRequest(), Ping(3 * SECOND)]
    talk.time = 4 * SECOND - 1
    assert next(steps) == 4 * SECOND
    assert talk.said() == []
    talk.time = 4 * SECOND
    assert next(steps) == 5 * SECOND
    assert talk.said() == [Ping(4 * SECOND)]


def test_a_question_that_is_not_answered_is_a_timeout() -> None:
    talk = Talk().greeted()
    steps = talk.exchange.stats()
    next(steps)

    talk.time = 5 * SECOND
    with pytest.raises(TimeoutError, match="the server at tcp://somewhere did not answer STATS within 5 s"):
        next(steps)


def test_it_answers_a_ping_with_its_own_times() -> None:
    talk = Talk().greeted()
    talk.time = 77

    talk.hear(Ping(5))

    assert talk.said() == [Pong(5, 77, 77)]


def test_it_opens_with_what_the_server_has_and_tells_what_was_granted() -> None:
    talk = Talk().greeted()
    steps = talk.exchange.open("ann", {"credit": 9})
    next(steps)
    (wish, *_) = talk.said()
    assert (wish.size, wish.basis, wish.credit, wish.codec) == (256, "flame55", 9, "jpeg")  # pyright: ignore

    granted = Opened(0, "ann", "flame55", 256, "jpeg", "top", "newest", 2, 0, 4, 1.0)
    talk.hear(granted)

    assert ended(steps).granted == granted


def test_a_notice_is_warned_of_once_for_each_connection(caplog: pytest.LogCaptureFixture) -> None:
    talk = Talk().greeted()
    granted = Opened(0, "ann", "arkit52", 256, "jpeg", "top", "newest", 2, 0, 4, 1.0, notice="the tongue is ignored")
    for number in range(2):
        opening = talk.exchange.open("ann", {"basis": "arkit52"})
        next(opening)
        talk.hear(replace(granted, stream=number))
        stream = ended(opening)
    changing = talk.exchange.control(stream, {"reference_scale": 0.5})
    next(changing)
    talk.hear(replace(granted, stream=1, reference_scale=0.5))

    assert ended(changing).reference_scale == 0.5
    assert [(record.levelname, record.message) for record in caplog.records] == [("WARNING", "the tongue is ignored")]


def test_a_late_refusal_of_one_control_does_not_answer_the_next() -> None:
    talk = Talk().greeted()
    opening = talk.exchange.open("ann", {})
    next(opening)
    granted = Opened(0, "ann", "flame55", 256, "jpeg", "top", "newest", 2, 0, 4, 1.0)
    talk.hear(granted)
    stream = ended(opening)

    changing = talk.exchange.control(stream, {"steps": 2})
    next(changing)
    talk.hear(Error(int(ErrorCode.generator_failed), "generator_failed", "that seed is cursed", stream=0))
    talk.hear(replace(granted, steps=2))

    assert ended(changing).steps == 2
    with pytest.raises(RefusedError, match="that seed is cursed"):
        stream.fetch()


def test_an_answer_counts_even_if_the_server_ends_right_after() -> None:
    talk = Talk().greeted()
    steps = talk.exchange.stats()
    next(steps)
    stats = Stats(1, 0, 0, 0, 0, 0, 0, 0, 0, {})

    talk.hear(stats)
    talk.exchange.lose("the server is gone")
    talk.exchange.lose("a later reason")

    assert ended(steps) == stats
    with pytest.raises(ConnectionError, match=r"^the server is gone \(tcp://somewhere\)$"):
        next(talk.exchange.stats())


def test_after_leaving_nothing_more_is_said() -> None:
    talk = Talk().greeted()

    talk.exchange.leave()
    talk.exchange.leave()

    assert [type(message).__name__ for message in talk.said()] == ["Bye"]


def test_the_quickest_answer_tells_the_offset() -> None:
    estimate = OffsetEstimate()
    assert estimate.offset == 0

    estimate.add(Pong(sent=1000, received=51_900, replied=51_910), arrived=2000)  # the way there took long
    assert estimate.offset == 50_405
    estimate.add(Pong(sent=3000, received=53_100, replied=53_110), arrived=3210)
    assert estimate.offset == 50_000
    estimate.add(Pong(sent=5000, received=55_100, replied=55_110), arrived=6000)
    assert estimate.offset == 50_000
