"""The client that comes back by itself, on real sockets: servers stop, start, and refuse."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from bridge.clock import now
from bridge.config import Config, Limits
from bridge.performer import Performer, State
from bridge.server import Server
from generator.face_generator import StreamSettings
from generator.testcard import picture
from tests.scripted_server import NAMES, SITUATIONS, ScriptedServer

PATIENCE = 30  # seconds until a test gives up; nothing waits that long


def serve(address: str = "tcp://127.0.0.1:*", **limits: Any) -> Server:
    return Server(Config(bind=address, model="testcard", limits=Limits(**limits)))


@pytest.fixture
def performing() -> Iterator[Callable[..., Performer]]:
    """`performing(address, identity=...)`: a performer that has been asked to connect, closed with the test."""
    performers = []

    def make(address: str, **settings: Any) -> Performer:
        performers.append(Performer(address=address, **{"codec": "rgba32", "size": 64} | settings))
        performers[-1].connect()
        return performers[-1]

    yield make
    for performer in performers:
        performer.close()


def perform_until(performer: Performer, reached: Callable[[], bool]) -> None:
    """The loop of an engine: send, receive, go on."""
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, performer.status
        performer.send({"jawOpen": 0.5})
        performer.receive(timeout=0.02)


def a_picture(performer: Performer) -> np.ndarray:
    """The pixels of the next picture."""
    before = performer.picture
    perform_until(performer, lambda: performer.picture is not before)
    assert performer.picture
    return performer.picture.pixels


def card(identity: str, size: int = 64, scale: float = 1.0) -> np.ndarray:
    """What the test card shows for the curves of `perform_until`."""
    values = np.zeros(55, np.float32)
    values[17] = 0.5  # jawOpen
    return picture(StreamSettings(identity=identity, size=size, seed=0, steps=1, expression_scale=scale), values)


def test_the_picture_is_the_servers_and_the_values_are_there(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        performer = performing(server.address, identity="teal")
        pixels = a_picture(performer)

        assert np.array_equal(pixels, card("teal"))
        assert (performer.state, performer.colour) == (State.STREAMING, "green")
        assert performer.status == "Streaming teal at 64 pixels."
        assert performer.fps >= 1
        assert performer.latency and performer.latency.total > 0
        assert "amber" in performer.identities


def test_it_comes_back_with_the_server_and_its_numbers_go_on(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        performer = performing(server.address, identity="amber")
        a_picture(performer)
        server.stop()
        perform_until(performer, lambda: performer.state is State.WAITING)
        assert performer.colour == "amber"
        assert performer.picture, "the last picture stays"
        last = performer.picture.sequence

    with serve(server.address):
        assert np.array_equal(a_picture(performer), card("amber"))
        assert performer.picture.sequence > last
        assert performer.state is State.STREAMING


def test_it_waits_for_a_server_that_is_not_there_yet(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        address = server.address
    performer = performing(address)
    assert performer.status == f"Connecting to {address}."
    perform_until(performer, lambda: performer.state is State.WAITING)
    assert "start one with `facebridge serve`" in performer.status

    with serve(address):
        a_picture(performer)


def test_a_refused_identity_is_told_and_another_is_taken_at_once(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        performer = performing(server.address, identity="nobody")
        perform_until(performer, lambda: performer.state is State.REFUSED)

        assert performer.colour == "red"
        assert "no identity 'nobody'; there are" in performer.status
        assert performer.status.endswith("choose another identity.")
        performer.change(identity="slate")
        assert np.array_equal(a_picture(performer), card("slate"))


def test_a_refused_change_leaves_the_stream_as_it_was(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        performer = performing(server.address, identity="teal")
        a_picture(performer)
        performer.change(identity="nobody")
        perform_until(performer, lambda: "no identity 'nobody'" in performer.status)

        assert (performer.state, performer.colour) == (State.STREAMING, "amber")
        assert np.array_equal(a_picture(performer), card("teal"))
        performer.change(identity="slate")
        perform_until(performer, lambda: np.array_equal(a_picture(performer), card("slate")))
        assert performer.colour == "green"


def test_settings_change_while_it_streams(performing: Callable[..., Performer]) -> None:
    with serve(max_streams=1) as server:
        performer = performing(server.address, identity="teal")
        a_picture(performer)
        performer.change(identity="violet", expression_scale=1.5)
        perform_until(performer, lambda: np.array_equal(a_picture(performer), card("violet", scale=1.5)))
        performer.change(size=128)
        perform_until(performer, lambda: a_picture(performer).shape == (128, 128, 4))
        assert np.array_equal(a_picture(performer), card("violet", 128, 1.5))


def test_a_picture_too_large_is_refused_with_the_sizes_there_are(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        performer = performing(server.address, size=4000)
        perform_until(performer, lambda: performer.state is State.REFUSED)
        assert "size 4000 is not to be had here" in performer.status
        assert performer.status.endswith("choose another size, codec or basis.")


@pytest.mark.parametrize("situation", SITUATIONS, ids=NAMES)
def test_what_the_user_reads(performing: Callable[..., Performer], situation: dict[str, Any]) -> None:
    with ScriptedServer(situation) as server:
        performer = performing(**server.settings)
        if server.then:
            perform_until(performer, lambda: performer.state is State.STREAMING)
            performer.change(**server.then)
        perform_until(performer, lambda: performer.status == server.status)
        assert (performer.state.value, performer.colour) == (situation["state"], situation["colour"])


def test_curves_that_do_not_fit_are_told_at_once(performing: Callable[..., Performer]) -> None:
    with pytest.raises(ValueError, match="did you mean 'jawOpen'"):
        performing("tcp://127.0.0.1:1").send({"jawopen": 1.0})


def test_timecode_and_capture_come_back(performing: Callable[..., Performer]) -> None:
    with serve() as server:
        performer = performing(server.address)
        perform_until(performer, lambda: performer.state is State.STREAMING)
        captured = now()
        performer.send({"jawOpen": 1.0}, captured=captured, timecode="10:00:00:01")
        found = performer.receive()
        while found is None or found.timecode == "":
            found = performer.receive(timeout=PATIENCE)
        assert (found.captured, found.timecode) == (captured, "10:00:00:01")


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="counts open files as Linux shows them")  # noqa: PTH112
def test_fifty_performers_come_and_go_and_leave_nothing() -> None:
    with serve() as server:
        used = []
        for turn in range(50):
            with Performer(address=server.address if turn % 2 else "tcp://127.0.0.1:1") as performer:
                performer.receive()
            used.append(open_files())
        deadline = time.monotonic() + PATIENCE
        while open_files() > used[5] + 20:
            assert time.monotonic() < deadline, "what has been closed may take a moment to go, a leak would stay"
            time.sleep(0.01)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208
