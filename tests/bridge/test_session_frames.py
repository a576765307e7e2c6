"""Frames, pictures, credit and pace of one stream, without a socket and with a clock of the test's own."""

import numpy as np
import pytest

from bridge.effects import Leave, Refund
from bridge.orders import Failed
from bridge.session import SECOND
from protocol.messages import (
    Ack,
    Curves,
    Error,
    Picture,
)  # fmt: skip
from tests.bridge.one_client import KEY, STILL, curves, live, painted, said


def test_a_frame_waits_in_the_basis_of_its_stream() -> None:
    (leave,) = live().receive(curves(1, np.arange(52, dtype=np.float32) / 52), 9)

    assert isinstance(leave, Leave)
    assert (leave.frame.sequence, leave.frame.captured, leave.frame.timecode) == (1, 1001, "01:02:03:04")
    assert leave.frame.received == 9
    assert leave.frame.values.tolist() == (np.arange(52, dtype=np.float32) / 52).tolist()
    assert leave.frame.values.flags.writeable


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


def test_the_rate_bounds_newest_over_time() -> None:
    client = live(max_rate=100)
    steady = [client.receive(curves(n), n * SECOND // 100) for n in range(1000)]
    assert all(isinstance(effects[0], Leave) for effects in steady)

    burst = [client.receive(curves(1000 + n), 20 * SECOND) for n in range(40)]
    assert sum(isinstance(effects[0], Leave) for effects in burst) == 25
    assert said(burst[-1]).name == "rate_exceeded"
    assert isinstance(client.receive(curves(2000), 21 * SECOND)[0], Leave)
