"""The rules for one client, without a socket and with a clock of the test's own."""

from typing import Any

import pytest

from bridge.effects import Leave, Send
from bridge.orders import Began, Changing, Closing, Ended, Opening, Refused, Unchanged
from bridge.session import SECOND, Session
from bridge.transitions import State
from generator.face_generator import StreamSettings
from protocol.messages import (
    Ack,
    Bye,
    Close,
    Control,
    Error,
    Hello,
    Open,
    Opened,
    Ping,
    Pong,
    StatsRequest,
    Welcome,
)  # fmt: skip
from tests.bridge.one_client import KEY, STILL, curves, live, painted, said, session


def test_a_client_is_welcome_with_what_both_can() -> None:
    welcome = said(session(max_streams=3).receive(Hello(1, 9, "me", ("arkit52", "x"), ("rgb24", "jpeg")), 5))

    assert isinstance(welcome, Welcome)
    assert (welcome.version, welcome.bases, welcome.codecs) == (1, ("arkit52",), ("jpeg", "rgb24"))
    assert (welcome.model, welcome.max_streams, welcome.clock) == ("testcard", 3, 5)
    assert welcome.capabilities == ("expression", "light", "alpha")


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

    assert said(client.receive(Hello(1, 1), 0)).bases == ("arkit55", "arkit52", "flame55")
    assert isinstance(client.receive(Open(4, "", "teal", "arkit55", 64), 0)[0], Opening)


def test_a_stream_opens_when_the_generator_has_it() -> None:
    client = session()
    client.receive(Hello(1, 1), 0)

    (opening,) = client.receive(Open(4, "ann", "teal", "arkit52", 64, credit=99, seed=3, reference_scale=0.25), 0)
    opened = said(client.finish(Began(KEY), 0))

    assert isinstance(opening, Opening)
    assert opening.settings == StreamSettings("teal", 64, seed=3, steps=1, reference_scale=0.25)
    assert (opening.passage.source, opening.passage.target) == ("arkit52", "arkit55")
    assert isinstance(opened, Opened)
    assert (opened.stream, opened.credit, opened.steps, opened.basis) == (4, 16, 1, "arkit52")
    assert (opened.reference_scale, opened.notice) == (0.25, "")


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


def test_a_control_changes_what_it_names_and_answers_with_all() -> None:
    client = live()

    effects = client.receive(Control(4, identity="amber", reset=True), 0)
    again = said(client.receive(Control(4, expression_scale=0.5, steps=0, reference_scale=0.0), 0))

    (change,) = [effect for effect in effects if isinstance(effect, Changing)]
    assert (change.settings.identity, change.settings.size, change.reset) == ("amber", 64, True)
    assert (again.identity, again.expression_scale, again.steps, again.size) == ("amber", 0.5, 1, 64)
    assert (change.settings.reference_scale, again.reference_scale) == (0.8, 0.0)


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
