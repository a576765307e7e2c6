"""What a client does and when: the conduct without a socket, at times the test chooses."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bridge.conduct import Conduct, Frame, Settings, State
from protocol import codec
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
    Welcome,
)

ADDRESS = "tcp://127.0.0.1:5570"
WELCOME = Welcome(1, "s", "m", ("arkit55",), ("jpeg",), (64, 128), ("teal", "amber"), 65536, 1, 60.0, 2, 0)
FRAME = Frame(np.zeros(55, np.float32), 5, "")
SECOND = 1_000_000


def posted(conduct: Conduct) -> list[Any]:
    """What the client has said since the last look."""
    messages = [codec.decode(parts) for parts in conduct.outbox]
    conduct.outbox.clear()
    return messages


def hear(conduct: Conduct, message: Any, now: int = 0) -> None:
    conduct.hear(codec.encode(message), now)


def opened(number: int, **fields: Any) -> Opened:
    return replace(Opened(number, "teal", "arkit55", 64, "jpeg", "top", "newest", 2, 0, 1, 1.0), **fields)


def picture(number: int, sequence: int, dropped: int = 0) -> Picture:
    return Picture(number, sequence, 5, "", 1, 1, "rgb24", "top", False, dropped, 1, 2, 3, 4, b"rgb")


def trying(**settings: Any) -> Conduct:
    conduct = Conduct(Settings(**settings), "test")
    conduct.begin()
    conduct.began(0)
    return conduct


def streaming(**settings: Any) -> Conduct:
    """A client whose stream is open."""
    conduct = trying(**settings)
    hear(conduct, WELCOME)
    conduct.tick(0)
    hear(conduct, opened(posted(conduct)[-1].stream))
    return conduct


def test_it_does_nothing_before_it_is_asked_to() -> None:
    conduct = Conduct(Settings(), "test")

    assert conduct.state is State.OFFLINE
    assert not conduct.wants_connection(10 * SECOND)
    assert conduct.status == "Not connected: connect to begin."


def test_it_greets_and_opens_with_the_servers_first_identity_and_size() -> None:
    conduct = trying(subject="actor")

    assert posted(conduct) == [Hello(1, 1, "test")]
    assert conduct.state is State.CONNECTING
    hear(conduct, WELCOME)
    conduct.tick(0)
    assert posted(conduct) == [Open(0, "actor", "teal", "arkit55", 64)]
    conduct.tick(0)
    assert not posted(conduct), "one OPEN is enough"
    hear(conduct, opened(0))
    assert conduct.state is State.STREAMING
    assert conduct.status == "Streaming teal at 64 pixels."


def test_a_newer_frame_takes_the_place_of_one_that_has_not_left() -> None:
    conduct = streaming()
    conduct.frame = FRAME
    first = codec.decode(conduct.next_frame())
    conduct.frame = replace(FRAME, captured=6)
    second = codec.decode(conduct.next_frame())
    conduct.frame_left()

    assert isinstance(first, Curves) and isinstance(second, Curves)
    assert (first.sequence, second.sequence, second.captured) == (0, 0, 6)
    assert conduct.next_frame() == []


def test_nothing_is_sent_before_the_stream_is_open() -> None:
    conduct = trying()
    conduct.frame = FRAME
    assert conduct.next_frame() == []


def test_every_picture_is_acknowledged_and_counted() -> None:
    conduct = streaming()
    hear(conduct, picture(0, 3, dropped=2))
    hear(conduct, picture(0, 4, dropped=5))

    assert posted(conduct) == [Ack(0, 3), Ack(0, 4)]
    assert [one.sequence for one, _ in conduct.pictures] == [3, 4]
    assert conduct.dropped == 5


def test_pings_are_answered_and_sent_once_a_second() -> None:
    conduct = streaming()
    hear(conduct, Ping(7), now=SECOND // 2)
    assert posted(conduct) == [Pong(7, SECOND // 2, SECOND // 2)]
    conduct.tick(SECOND)
    conduct.tick(SECOND + 1)
    assert posted(conduct) == [Ping(SECOND)]


def test_no_answer_within_two_seconds_is_waiting() -> None:
    conduct = trying()
    conduct.tick(2 * SECOND - 1)
    assert conduct.state is State.CONNECTING
    conduct.tick(2 * SECOND)

    assert conduct.state is State.WAITING and not conduct.connected
    assert conduct.status == (
        f"Waiting: no facebridge server answers at {ADDRESS}: start one with `facebridge serve`, or check the address."
    )


def test_three_silent_seconds_are_a_loss() -> None:
    conduct = streaming()
    hear(conduct, Pong(0, 0, 0), now=SECOND)
    conduct.tick(4 * SECOND - 1)
    assert conduct.state is State.STREAMING
    conduct.tick(4 * SECOND)
    assert conduct.state is State.WAITING
    assert "has been silent for 3 seconds" in conduct.status


def test_the_waits_grow_to_two_seconds_and_a_stream_begins_them_anew() -> None:
    conduct = streaming()
    waits = []
    for _ in range(6):
        conduct.lose("gone")
        due = next(wait for wait in range(0, 10 * SECOND, SECOND // 4) if conduct.wants_connection(wait))
        waits.append(due / SECOND)
        conduct.began(0)
    assert waits == [0.25, 0.5, 1, 2, 2, 2]

    hear(conduct, WELCOME)
    conduct.tick(0)
    hear(conduct, opened(posted(conduct)[-1].stream))
    conduct.lose("gone again")
    assert conduct.wants_connection(SECOND // 4)


def test_the_stream_is_opened_again_with_the_same_settings_and_numbers_that_go_on() -> None:
    conduct = streaming(identity="amber", size=128, seed=5)
    conduct.frame = FRAME
    conduct.next_frame()
    conduct.frame_left()
    hear(conduct, picture(0, 0, dropped=3))
    conduct.lose("gone")
    conduct.began(SECOND)
    hear(conduct, WELCOME, SECOND)
    conduct.tick(SECOND)
    wish = posted(conduct)[-1]
    hear(conduct, opened(wish.stream), SECOND)
    hear(conduct, picture(wish.stream, 9, dropped=1))
    conduct.frame = FRAME
    frame = codec.decode(conduct.next_frame())

    assert (wish.identity, wish.size, wish.seed) == ("amber", 128, 5)
    assert isinstance(frame, Curves) and frame.sequence == 1
    assert conduct.dropped == 4


def test_control_changes_what_it_can() -> None:
    conduct = streaming()
    conduct.change(replace(conduct.settings, identity="amber", expression_scale=1.5))
    conduct.tick(0)
    assert posted(conduct) == [Control(0, "amber", expression_scale=1.5)]
    assert conduct.state is State.STREAMING

    conduct.change(replace(conduct.settings, seed=9))
    conduct.tick(0)
    assert not posted(conduct), "one at a time"
    hear(conduct, opened(0))
    conduct.tick(0)
    assert posted(conduct) == [Control(0, seed=9)]


def test_the_rest_closes_the_stream_and_opens_another() -> None:
    conduct = streaming()
    conduct.change(replace(conduct.settings, size=128))
    conduct.tick(0)

    assert posted(conduct) == [Close(0)]
    conduct.tick(0)
    assert not posted(conduct), "the server counts the old stream until its CLOSE"
    hear(conduct, Close(0))
    conduct.tick(0)
    (wish,) = posted(conduct)
    assert (wish.stream, wish.size) == (1, 128)
    hear(conduct, picture(0, 0))
    assert not conduct.pictures, "of the old stream"


def test_another_address_is_another_connection_at_once() -> None:
    conduct = streaming()
    conduct.change(replace(conduct.settings, address="tcp://127.0.0.1:7000"))

    assert not conduct.connected
    assert conduct.wants_connection(0)
    assert conduct.status == "Connecting to tcp://127.0.0.1:7000."


def test_a_refused_identity_waits_for_another() -> None:
    conduct = trying(identity="nobody")
    hear(conduct, WELCOME)
    conduct.tick(0)
    posted(conduct)
    hear(conduct, Error(15, "unknown_identity", "no identity 'nobody'; there are teal, amber", 0))

    assert conduct.state is State.REFUSED
    assert conduct.status == "Refused: no identity 'nobody'; there are teal, amber: choose another identity."
    conduct.tick(0)
    assert not posted(conduct)
    conduct.change(replace(conduct.settings, identity="amber"))
    conduct.tick(0)
    (wish,) = posted(conduct)
    assert (wish.identity, wish.stream) == ("amber", 1)


def test_a_refusal_of_what_is_not_wished_any_more_is_passed_over() -> None:
    conduct = trying(identity="nobody")
    hear(conduct, WELCOME)
    conduct.tick(0)
    asked = posted(conduct)[-1]
    conduct.change(replace(conduct.settings, identity="amber"))
    conduct.tick(0)
    assert posted(conduct) == []  # one question at a time
    hear(conduct, Error(30, "unknown_identity", "no identity 'nobody'", asked.stream))
    conduct.tick(0)
    assert conduct.state is State.CONNECTING
    assert posted(conduct)[-1].identity == "amber"


def refused(identity: str = "nobody", **settings: Any) -> Conduct:
    """A client that streams teal, and to which another identity was refused."""
    conduct = streaming(**settings)
    conduct.change(replace(conduct.settings, identity=identity))
    conduct.tick(0)
    assert posted(conduct) == [Control(0, identity)]
    hear(conduct, Error(15, "unknown_identity", f"no identity {identity!r}; there are teal, amber", 0))
    return conduct


def test_a_control_that_is_refused_leaves_the_stream_as_it_was() -> None:
    conduct = refused()

    assert (conduct.state, conduct.colour) == (State.STREAMING, "amber")
    assert conduct.status == (
        "Streaming teal at 64 pixels as before; refused: "
        "no identity 'nobody'; there are teal, amber: choose another identity."
    )
    conduct.frame = FRAME
    assert isinstance(codec.decode(conduct.next_frame()), Curves), "the show goes on"
    conduct.tick(0)
    assert not posted(conduct), "it is not asked for again"


@pytest.mark.parametrize("identity", ["amber", "teal"])
def test_a_refusal_stands_until_its_setting_changes(identity: str) -> None:
    conduct = refused()
    conduct.change(replace(conduct.settings, seed=9))
    conduct.tick(0)
    assert posted(conduct) == [Control(0, seed=9)], "other changes are made"
    hear(conduct, opened(0))
    assert conduct.colour == "amber"

    conduct.change(replace(conduct.settings, identity=identity))
    conduct.tick(0)
    assert posted(conduct) == ([Control(0, identity)] if identity == "amber" else [])
    assert (conduct.colour, conduct.status) == ("green", "Streaming teal at 64 pixels.")


def test_what_was_refused_is_left_out_when_the_stream_is_resumed() -> None:
    conduct = refused(seed=5)
    conduct.lose("gone")
    conduct.began(SECOND)
    hear(conduct, WELCOME, SECOND)
    conduct.tick(SECOND)
    wish = posted(conduct)[-1]

    assert (wish.identity, wish.seed) == ("teal", 5)
    hear(conduct, opened(wish.stream), SECOND)
    assert (conduct.state, conduct.colour) == (State.STREAMING, "amber")


def test_a_change_that_was_granted_and_could_not_be_made_is_told() -> None:
    conduct = streaming()
    conduct.change(replace(conduct.settings, identity="amber"))
    conduct.tick(0)
    hear(conduct, opened(0, identity="amber"))
    assert conduct.status == "Streaming amber at 64 pixels."
    posted(conduct)
    hear(conduct, Error(17, "generator_failed", "it could not be done", 0))
    conduct.tick(0)

    refusal = "it could not be done: change the settings"
    assert conduct.status == f"Streaming teal at 64 pixels as before; refused: {refusal}."
    assert not posted(conduct)


def test_a_setting_out_of_its_range_is_refused_before_it_is_sent() -> None:
    conduct = streaming()
    conduct.change(replace(conduct.settings, expression_scale=99.0))
    conduct.tick(0)

    assert (conduct.state, conduct.colour) == (State.STREAMING, "amber")
    assert "refused: CONTROL.expression_scale must be a finite number from 0 to 10" in conduct.status
    assert not posted(conduct)


def test_a_stream_that_is_opened_anew_is_still_a_stream_to_the_user() -> None:
    conduct = streaming()
    conduct.change(replace(conduct.settings, size=128))
    conduct.tick(0)
    assert conduct.status == "Streaming teal at 64 pixels."
    hear(conduct, Close(0))
    conduct.tick(0)
    hear(conduct, Error(16, "unsupported", "size 128 is not to be had", 1))
    assert conduct.state is State.REFUSED


def test_a_stream_that_the_server_closes_is_a_loss() -> None:
    conduct = streaming()
    hear(conduct, Close(0))
    assert (conduct.state, conduct.status) == (State.WAITING, "Waiting: the server closed the stream.")


def test_another_version_is_a_refusal_without_another_attempt() -> None:
    conduct = trying()
    hear(conduct, Error(3, "version_unsupported", "the client speaks versions 1 to 1", fatal=True))

    assert conduct.state is State.REFUSED and not conduct.connected
    assert conduct.status == "Refused: the client speaks versions 1 to 1: update the older side."
    assert not conduct.wants_connection(60 * SECOND)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Error(18, "server_closing", "the server is shutting down", fatal=True), "the server is shutting down"),
        (Error(11, "too_many_clients", "the server has its 1 clients", fatal=True), "the server has its 1 clients"),
        (Bye(), "the server said goodbye"),
    ],
)
def test_an_end_that_may_pass_is_waiting(message: Any, reason: str) -> None:
    conduct = streaming()
    hear(conduct, message)

    assert conduct.state is State.WAITING
    assert reason in conduct.status


def test_a_frame_that_failed_is_no_refusal() -> None:
    conduct = streaming()
    hear(conduct, Error(17, "generator_failed", "it could not be drawn", 0, 4))
    assert conduct.state is State.STREAMING


def test_nonsense_is_a_loss_and_news_are_not() -> None:
    conduct = streaming()
    conduct.hear([b"\x81\xa1t\xa5DANCE"], 0)
    assert conduct.state is State.STREAMING
    conduct.hear([b"\xc1"], 0)
    assert conduct.state is State.WAITING
    assert "does not keep to the protocol" in conduct.status


def test_connections_that_always_break_before_the_welcome_are_a_refusal() -> None:
    conduct = trying()
    for _ in range(2):
        conduct.break_off()
        assert conduct.state is State.WAITING
        conduct.began(0)
    conduct.break_off()

    assert conduct.state is State.REFUSED
    assert "it asks for keys, or is no facebridge server" in conduct.status
    assert not conduct.wants_connection(60 * SECOND)


def test_it_says_goodbye() -> None:
    conduct = streaming()
    conduct.leave()

    assert posted(conduct) == [Close(0), Bye()]
    assert conduct.state is State.CLOSED
