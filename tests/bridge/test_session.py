"""The rules for one client, without a socket and with a clock of the test's own."""

import itertools
from typing import Any

import numpy as np
import pytest

from bridge.config import Limits
from bridge.effects import Effect, Leave, Refund, Send
from bridge.offer import offer_of
from bridge.orders import Began, Changing, Closing, Ended, Failed, Frame, Opening, Painted, Refused, Unchanged
from bridge.session import SECOND, House, Session
from bridge.stats import Statistics
from bridge.transitions import AFTER, State, after
from generator.face_generator import StreamSettings
from generator.testcard import TestCard
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import (
    Ack,
    Bye,
    Close,
    Control,
    Curves,
    Error,
    Hello,
    Open,
    Opened,
    Picture,
    Ping,
    Pong,
    StatsRequest,
    Welcome,
)  # fmt: skip

STILL = np.zeros(55, np.float32)
KEY = 1


def session(**limits: Any) -> Session:
    return Session(House(offer_of(TestCard()), Limits(**limits), Statistics(0), itertools.count(KEY)), begun=0)


def live(delivery: str = "newest", credit: int = 2, **limits: Any) -> Session:
    """A client with stream 4 open."""
    client = session(**limits)
    client.receive(Hello(1, 1, "me"), 0)
    client.receive(Open(4, "", "teal", "arkit52", 64, delivery=delivery, credit=credit), 0)
    client.finish(Began(KEY), 0)
    return client


def curves(sequence: int, values: Any = STILL[:52]) -> Curves:
    return Curves(4, sequence, 1000 + sequence, "01:02:03:04", values)


def painted(sequence: int, received: int = 0) -> Painted:
    frame = Frame(sequence, 1000 + sequence, "01:02:03:04", received, STILL)
    return Painted(KEY, frame, 7, 20, 30, 64, 64, False, b"jpeg")


def said(effects: list[Effect]) -> Any:
    """The one message among the effects."""
    (message,) = [effect.message for effect in effects if isinstance(effect, Send)]
    return message


def test_a_client_is_welcome_with_what_both_can() -> None:
    welcome = said(session(max_streams=3).receive(Hello(1, 9, "me", ("arkit52", "x"), ("rgb24", "jpeg")), 5))

    assert isinstance(welcome, Welcome)
    assert (welcome.version, welcome.bases, welcome.codecs) == (1, ("arkit52",), ("jpeg", "rgb24"))
    assert (welcome.model, welcome.max_streams, welcome.clock) == ("testcard", 3, 5)


@pytest.mark.parametrize(("basis", "codec"), [("arkit55", "jpeg"), ("arkit52", "rgb24")])
def test_only_what_its_welcome_named_is_granted(basis: str, codec: str) -> None:
    client = session()
    client.receive(Hello(1, 1, "me", ("arkit52", "x"), ("jpeg",)), 0)

    refused = said(client.receive(Open(4, "", "teal", basis, 64, codec), 0))

    assert (refused.name, refused.stream) == ("unsupported", 4)
    assert isinstance(client.receive(Open(4, "", "teal", "arkit52", 64, "jpeg"), 0)[0], Opening)


def test_a_new_hello_names_anew_what_is_granted() -> None:
    client = session()
    client.receive(Hello(1, 1, "me", ("arkit52",)), 0)
    client.receive(Bye(), 0)

    assert said(client.receive(Hello(1, 1), 0)).bases == ("arkit52", "arkit55")
    assert isinstance(client.receive(Open(4, "", "teal", "arkit55", 64), 0)[0], Opening)


def test_a_stream_opens_when_the_generator_has_it() -> None:
    client = session()
    client.receive(Hello(1, 1), 0)

    (opening,) = client.receive(Open(4, "ann", "teal", "arkit52", 64, credit=99, seed=3), 0)
    opened = said(client.finish(Began(KEY), 0))

    assert isinstance(opening, Opening)
    assert (opening.settings.identity, opening.settings.seed, opening.settings.steps) == ("teal", 3, 1)
    assert isinstance(opened, Opened)
    assert (opened.stream, opened.credit, opened.steps, opened.basis) == (4, 16, 1, "arkit52")


def test_a_frame_is_brought_into_the_basis_of_the_generator() -> None:
    (leave,) = live().receive(curves(1, np.arange(52, dtype=np.float32) / 52), 9)

    assert isinstance(leave, Leave)
    assert (leave.frame.sequence, leave.frame.captured, leave.frame.timecode) == (1, 1001, "01:02:03:04")
    assert leave.frame.received == 9
    assert leave.frame.values[:52].tolist() == (np.arange(52, dtype=np.float32) / 52).tolist()
    assert leave.frame.values[52:].tolist() == [0, 0, 0]


def test_a_picture_carries_its_frame_and_the_servers_times() -> None:
    client = live()
    client.receive(curves(1), 9)

    picture = said(client.finish(painted(1, received=9), 40))

    assert isinstance(picture, Picture)
    assert (picture.stream, picture.sequence, picture.captured, picture.timecode) == (4, 1, 1001, "01:02:03:04")
    assert (picture.received, picture.taken, picture.drawn, picture.sent, picture.dropped) == (9, 20, 30, 40, 7)


def test_an_ack_gives_back_the_credit_of_all_pictures_up_to_it_once() -> None:
    client = live(credit=3)
    for sequence in (1, 3, 5):
        client.receive(curves(sequence), 0)
        client.finish(painted(sequence), 0)

    assert client.receive(Ack(4, 4), 0) == [Refund(KEY, 2)]
    assert client.receive(Ack(4, 4), 0) == []
    assert client.receive(Ack(4, 99), 0) == [Refund(KEY, 1)]


def test_an_ack_for_what_was_not_sent_yet_gives_nothing() -> None:
    client = live()
    client.receive(curves(1), 0)

    assert client.receive(Ack(4, 1), 0) == []


def test_the_credit_bounds_the_unanswered_frames_of_every() -> None:
    client = live("every", credit=2)
    client.receive(curves(1), 0)
    client.receive(curves(2), 0)

    refused = said(client.receive(curves(3), 0))
    client.finish(painted(1), 0)
    after_an_answer = client.receive(curves(4), 0)
    client.finish(Failed(KEY, 2, "no"), 0)
    after_a_failure = client.receive(curves(5), 0)

    assert (refused.name, refused.stream, refused.sequence) == ("credit_exceeded", 4, 3)
    assert isinstance(after_an_answer[0], Leave)
    assert isinstance(after_a_failure[0], Leave)


def test_a_failed_frame_is_told_and_its_credit_comes_back() -> None:
    client = live()
    client.receive(curves(1), 0)

    effects = client.finish(Failed(KEY, 1, "no memory"), 0)

    assert said(effects) == Error(17, "generator_failed", "no memory", stream=4, sequence=1)
    assert effects[1:] == [Refund(KEY, 1)]


@pytest.mark.parametrize("values", [STILL, STILL[:52]])
def test_the_number_of_a_refused_frame_may_be_used_again(values: np.ndarray) -> None:
    client = live("every", credit=1)
    if len(values) == 52:
        client.receive(curves(6), 0)

    refused = said(client.receive(curves(7, values), 0))
    client.finish(painted(6), 0)

    assert (refused.name, refused.sequence) == ("bad_curves" if len(values) == 55 else "credit_exceeded", 7)
    assert isinstance(client.receive(curves(7), 0)[0], Leave)


@pytest.mark.parametrize("refused", [curves(1), curves(9, STILL)])
def test_a_refused_frame_takes_nothing_from_the_rate(refused: Curves) -> None:
    client = live(max_rate=40)
    client.receive(curves(1), 0)

    assert {said(client.receive(refused, 0)).name for _ in range(20)} <= {"stale_sequence", "bad_curves"}
    assert [type(client.receive(curves(n), 0)[0]) for n in range(2, 11)] == [Leave] * 9


def test_the_number_of_a_frame_that_was_not_drawn_is_used_up() -> None:
    client = live()
    client.receive(curves(7), 0)
    client.finish(Failed(KEY, 7, "no"), 0)

    assert said(client.receive(curves(7), 0)).name == "stale_sequence"


def changes(client: Session, **wishes: Any) -> StreamSettings:
    """The settings that a CONTROL asks the generator for."""
    (settings,) = [e.settings for e in client.receive(Control(4, **wishes), 0) if isinstance(e, Changing)]
    return settings


def test_a_change_that_the_generator_refuses_is_undone() -> None:
    client = live()
    before = changes(client, seed=1)
    refused = changes(client, identity="amber", seed=2)

    effects = client.finish(Unchanged(KEY, refused, before, "no"), 0)

    assert effects == [Send(Error(17, "generator_failed", "no", stream=4))]
    opened = said(client.receive(Control(4, expression_scale=2.0), 0))
    assert (opened.identity, opened.seed, opened.expression_scale) == ("teal", 1, 2.0)


def test_a_change_that_came_after_the_refused_one_is_not_undone_with_it() -> None:
    client = live()
    before = changes(client, seed=1)
    refused, later = changes(client, seed=2), changes(client, seed=2)

    client.finish(Unchanged(KEY, refused, before, "no"), 0)
    assert said(client.receive(Control(4), 0)).seed == later.seed == 2


def test_the_rate_bounds_newest_over_time() -> None:
    client = live(max_rate=100)
    steady = [client.receive(curves(n), n * SECOND // 100) for n in range(1000)]
    assert all(isinstance(effects[0], Leave) for effects in steady)

    burst = [client.receive(curves(1000 + n), 20 * SECOND) for n in range(40)]
    assert sum(isinstance(effects[0], Leave) for effects in burst) == 25
    assert said(burst[-1]).name == "rate_exceeded"
    assert isinstance(client.receive(curves(2000), 21 * SECOND)[0], Leave)


def test_a_control_changes_what_it_names_and_answers_with_all() -> None:
    client = live()

    effects = client.receive(Control(4, identity="amber", reset=True), 0)
    again = said(client.receive(Control(4, expression_scale=0.5, steps=0), 0))

    (change,) = [effect for effect in effects if isinstance(effect, Changing)]
    assert (change.settings.identity, change.settings.size, change.reset) == ("amber", 64, True)
    assert (again.identity, again.expression_scale, again.steps, again.size) == ("amber", 0.5, 1, 64)


def test_close_is_echoed_when_nothing_more_will_come() -> None:
    client = live()
    client.receive(curves(1), 0)

    assert client.receive(Close(4), 0) == [Closing(KEY)]
    assert said(client.finish(painted(1), 0)).sequence == 1
    assert client.receive(Ack(4, 1), 0) == []
    assert said(client.receive(curves(2), 0)).text == "CURVES for stream 4, which is closing"
    assert said(client.receive(Open(4, "", "teal", "arkit55", 64), 0)).name == "duplicate_stream"
    assert client.finish(Ended(KEY), 0) == [Send(Close(4))]
    assert isinstance(client.receive(Open(4, "", "teal", "arkit55", 64), 0)[0], Opening)


def test_a_stream_the_generator_refuses_is_gone() -> None:
    client = session()
    client.receive(Hello(1, 1), 0)
    client.receive(Open(4, "", "teal", "arkit55", 64), 0)

    effects = client.finish(Refused(KEY, "no such seed"), 0)

    assert said(effects) == Error(16, "unsupported", "no such seed", stream=4)
    assert effects[1:] == [Closing(KEY)]
    assert (client.streams, client.house.stats.streams) == ({}, 0)


def test_a_stream_closed_before_it_opened_still_ends() -> None:
    client = session()
    client.receive(Hello(1, 1), 0)
    client.receive(Open(4, "", "teal", "arkit55", 64), 0)
    client.receive(Close(4), 0)

    assert [type(effect) for effect in client.finish(Refused(KEY, "no"), 0)] == [Send]
    assert client.finish(Ended(KEY), 0) == [Send(Close(4))]


def test_control_waits_for_opened_but_curves_need_not() -> None:
    client = session()
    client.receive(Hello(1, 1), 0)
    client.receive(Open(4, "", "teal", "arkit55", 64), 0)

    assert said(client.receive(Control(4, seed=1), 0)).text == "CONTROL for stream 4 before its OPENED"
    assert isinstance(client.receive(curves(1, STILL), 0)[0], Leave)


@pytest.mark.parametrize("farewell", ["bye", "time", "send"])
def test_who_leaves_takes_all_streams_along(farewell: str) -> None:
    client = live(idle_timeout=1)
    client.receive(Open(5, "", "teal", "arkit55", 64), 0)

    if farewell == "bye":
        effects = client.receive(Bye("so long"), 0)
    else:
        effects = client.tick(2 * SECOND) if farewell == "time" else client.leave()

    assert [effect for effect in effects if isinstance(effect, Closing)] == [Closing(1), Closing(2)]
    assert client.finish(painted(1), 0) == []
    assert (client.house.stats.clients, client.house.stats.streams) == (0, 0)
    assert said(client.receive(Ping(1), 0)).fatal


def test_a_silent_client_is_probed_and_then_let_go() -> None:
    client = live(idle_timeout=10, probe_interval=2)

    assert client.tick(2 * SECOND) == []
    assert client.tick(3 * SECOND) == [Send(Ping(3 * SECOND))]
    assert client.tick(4 * SECOND) == []
    client.admit(6 * SECOND)
    client.receive(Pong(3 * SECOND, 0, 0), 6 * SECOND)
    assert client.tick(8 * SECOND) == []
    assert said(client.tick(16 * SECOND + 1)).name == "timed_out"


def test_a_picture_that_is_never_acknowledged_ends_it_however_much_is_sent() -> None:
    client = live(idle_timeout=10)
    client.receive(curves(1), 0)
    client.finish(painted(1), SECOND)

    for second in range(1, 12):
        client.admit(second * SECOND)
        assert client.tick(second * SECOND) == []
    client.admit(12 * SECOND)
    assert said(client.tick(12 * SECOND)).text == "no picture was acknowledged for 10 s"


def test_patience_ends_and_comes_back() -> None:
    client = live(max_errors=3)
    wrong = Ack(9, 1)

    assert [said(client.receive(wrong, 0)).fatal for _ in range(3)] == [False] * 3
    assert not said(client.receive(wrong, SECOND)).fatal
    assert [said(client.receive(wrong, SECOND)).fatal for _ in range(3)] == [False, False, True]
    assert client.state is State.OUTCAST


def test_a_refused_hello_may_be_mended() -> None:
    client = session()

    assert said(client.receive(Hello(2, 3), 0)).fatal
    assert isinstance(said(client.receive(Hello(1, 3), 0)), Welcome)


def test_stats_count_what_happened() -> None:
    client = live()
    client.receive(curves(1), 0)
    client.receive(curves(1), 0)

    stats = said(client.receive(StatsRequest(), 50))

    assert (stats.clients, stats.streams, stats.received, stats.rejected, stats.uptime) == (1, 1, 2, 1, 50)


MESSAGES = (Hello, Open, Curves, Ack, Control, Close, Ping, StatsRequest, Bye, Welcome, Error)


@pytest.mark.parametrize(
    ("state", "message"), [pair for pair in itertools.product(State, MESSAGES) if pair not in AFTER]
)
def test_what_the_table_does_not_have_is_refused_with_a_code(state: State, message: type) -> None:
    with pytest.raises(ProtocolError) as caught:
        after(state, object.__new__(message))
    assert caught.value.code in {
        ErrorCode.unexpected_message, ErrorCode.unknown_stream, ErrorCode.duplicate_stream,
    }  # fmt: skip


def test_a_stranger_may_greet_or_leave_and_no_more() -> None:
    assert {message for state, message in AFTER if state is State.STRANGER} == {Hello, Bye}
    assert not [message for state, message in AFTER if state is State.OUTCAST]
