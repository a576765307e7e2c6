"""The Unreal plugin's core against real servers: the one conduct of all clients."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq

from bridge.config import Config, Limits
from bridge.server import Server
from generator.face_generator import StreamSettings
from generator.testcard import TestCard
from protocol import codec
from protocol.blendshapes import ARKIT55
from protocol.messages import Bye, Close, Error, Hello, Message, Open, Opened, Ping, Welcome
from protocol.wire_types import Part
from tests.bridge.frames import shown
from tests.bridge.locked import locked
from tests.scripted_server import NAMES, SITUATIONS, ScriptedServer
from tests.unreal.linked import Linked
from tests.unreal.native import needs_compiler, programs

pytestmark = needs_compiler

RGB24, RGBA32 = 1, 2  # the places of the codecs in the registry
GREEN, AMBER, RED, GREY = [64, 192, 87], [245, 166, 35], [224, 49, 49], [134, 142, 150]


@pytest.fixture
def linked(request: pytest.FixtureRequest) -> Iterator[Linked]:
    with Linked(programs(request.config)) as link:
        yield link


def serving(bind: str = "tcp://127.0.0.1:*", **limits: int) -> Server:
    return Server(Config(bind=bind, limits=Limits(**limits)), TestCard())


def test_a_frame_comes_back_as_the_picture_the_server_drew(linked: Linked) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address, "identity", "teal", "size", 64, "codec", RGB24)
        assert linked.until("Streaming")["colour"] == GREEN
        answer = linked.order("draw", "jawOpen", 0.5, "headYaw", 0.25)
        values = np.zeros(55, np.float32)
        values[ARKIT55.index("jawOpen")], values[ARKIT55.index("headYaw")] = 0.5, 0.25
        pixels = np.frombuffer(bytes.fromhex(answer["pixels"]), np.uint8).reshape(64, 64, 3)
        assert np.array_equal(pixels, shown(StreamSettings("teal", 64), values))
        assert answer["picture"]["timecode"] == "10:20:30:12.500"
        total, *parts = linked.order("status")["latency"]
        assert sum(parts) == pytest.approx(total, rel=1e-3) and min(parts) >= 0
        assert set(linked.order("offer")["identities"]) >= {"teal"}


def test_settings_change_without_a_break_or_with_a_new_stream(linked: Linked) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address, "identity", "teal", "size", 64, "codec", RGB24)
        first = linked.order("draw")["picture"]
        linked.order("connect", "identity", "amber")
        linked.order("words", "Streaming amber")
        second = linked.order("draw")["picture"]
        linked.order("connect", "codec", RGBA32)
        linked.order("words", "Streaming amber")
        third = linked.order("draw")["picture"]
        assert (first["stream"], first["codec"]) == (second["stream"], second["codec"])
        assert third["stream"] != second["stream"] and third["codec"] == "rgba32"
        assert first["sequence"] < second["sequence"] < third["sequence"]


def test_it_waits_for_a_server_and_streams_when_it_comes_and_comes_back(linked: Linked) -> None:
    with serving() as server:
        address = server.address
    linked.order("connect", "address", address)
    assert linked.until("Waiting")["colour"] == AMBER
    with serving(address):
        linked.until("Streaming")
        before = linked.order("draw")["picture"]["sequence"]
    assert linked.until("Waiting")["text"].startswith("Waiting: the server")  # its last words may be lost with the link
    with serving(address):
        linked.until("Streaming")
        assert linked.order("draw")["picture"]["sequence"] > before
        assert linked.order("status")["connections"] == 2


@pytest.mark.parametrize(("setting", "value"), [("identity", "nobody"), ("size", 4096)])
def test_what_the_server_does_not_have_is_refused_until_it_changes(linked: Linked, setting: str, value: object) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address, setting, value)
        status = linked.until("Refused")
        assert status["colour"] == RED and "choose another" in status["text"]
        linked.order("connect", setting, "teal" if setting == "identity" else 64)
        linked.until("Streaming")


def test_a_refused_change_leaves_the_stream_as_it_was(linked: Linked) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address, "identity", "teal")
        linked.until("Streaming")
        linked.order("connect", "identity", "nobody")
        status = linked.order("words", "no identity 'nobody'")
        assert (status["state"], status["colour"]) == ("Streaming", AMBER)
        stream = linked.order("draw", "jawOpen", 0.5)["picture"]["stream"]
        linked.order("connect", "identity", "amber")
        assert linked.order("words", "Streaming amber")["colour"] == GREEN
        assert linked.order("draw", "jawOpen", 0.5)["picture"]["stream"] == stream


def test_another_size_is_opened_when_the_first_stream_has_ended(linked: Linked) -> None:
    with serving(max_streams=1) as server:
        linked.order("connect", "address", server.address, "size", 64)
        linked.order("draw")
        linked.order("connect", "size", 128, "codec", RGB24)
        assert linked.order("words", "at 128 pixels")["state"] == "Streaming"
        picture = linked.order("draw")["picture"]
        assert (picture["width"], picture["codec"]) == (128, "rgb24")


def test_a_refused_stream_leaves_the_connection(linked: Linked) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address, "identity", "nobody")
        linked.until("Refused")
        linked.order("connect")  # the button pressed again
        linked.until("Refused")
        linked.order("connect", "identity", "teal")
        linked.until("Streaming")
        assert linked.order("status")["connections"] == 1


@pytest.mark.parametrize("situation", SITUATIONS, ids=NAMES)
def test_what_the_user_reads(linked: Linked, situation: dict[str, Any]) -> None:
    with ScriptedServer(situation) as server:
        linked.order("connect", *chain(*server.settings.items()))
        if server.then:
            linked.until("Streaming")
            linked.order("connect", *chain(*server.then.items()))
        told = linked.order("words", server.status)
    assert (told["text"], told["state"]) == (server.status, situation["state"])
    assert told["colour"] == {"green": GREEN, "amber": AMBER, "red": RED}[situation["colour"]]


def test_good_bye_is_said_at_once_and_connecting_again_is_possible(linked: Linked) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address)
        linked.until("Streaming")
        linked.order("disconnect")
        assert linked.until("Offline")["colour"] == GREY
        linked.order("connect")
        linked.until("Streaming")
        linked.order("draw")


def test_fifty_links_are_made_and_disposed_of_with_the_server_up_and_down(linked: Linked) -> None:
    with serving(max_clients=2) as server:  # so each has to go before the next but one can come
        assert linked.order("churn", 50, server.address) == {"ended": 50}
        address = server.address
    assert linked.order("dispose", 50, address) == {"ended": 50}


def test_nothing_is_touched_that_is_not_ours(request: pytest.FixtureRequest) -> None:
    with Linked(programs(request.config, sanitized=True)) as linked:
        with serving() as server:
            address = server.address
            linked.order("connect", "address", address, "size", 64)
            linked.until("Streaming")
            linked.order("draw", "jawOpen", 0.5)
            linked.order("connect", "identity", "amber", "codec", RGB24)
            linked.order("words", "Streaming amber")
            linked.order("churn", 4, address)
        linked.until("Waiting")
        linked.order("dispose", 4, address)
        with serving(address):
            linked.until("Streaming")
            linked.order("draw", "jawOpen", 0.25)


def test_frames_take_no_memory_after_the_first_few(linked: Linked) -> None:
    with serving() as server:
        linked.order("connect", "address", server.address, "size", 64)
        linked.until("Streaming")
        assert linked.order("steady", 100) == {"allocations": 0}


class Impostor:
    """A ROUTER that says to the client whatever the test wants."""

    def __init__(self) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.ROUTER)
        port = self._socket.bind_to_random_port("tcp://127.0.0.1")
        self.address = f"tcp://127.0.0.1:{port}"
        self._peer = b""

    def hear(self, kind: type) -> Message:
        """The next message of a kind."""
        while self._socket.poll(60_000):
            self._peer, *parts = self._socket.recv_multipart()
            message = codec.decode(parts)
            if isinstance(message, kind):
                return message
        raise AssertionError(f"no {kind.__name__} has come")

    def say(self, message: Message) -> None:
        self.say_bytes(*codec.encode(message))

    def say_bytes(self, *parts: Part) -> None:
        self._socket.send_multipart([self._peer, *parts])

    def __enter__(self) -> "Impostor":
        return self

    def __exit__(self, *fault: object) -> None:
        self._socket.close(0)
        self._context.term()


WELCOME = Welcome(1, "impostor", "none", ("arkit55",), ("rgba32",), (64,), ("teal",), 65536, 1, 240.0, 2, 1)


def opened(stream: int) -> Opened:
    return Opened(stream, "teal", "arkit55", 64, "rgba32", "top", "newest", 2, 0, 1, 1.0)


def test_a_server_that_restarted_unseen_is_greeted_again(linked: Linked) -> None:
    with Impostor() as server:
        linked.order("connect", "address", server.address)
        server.hear(Hello)
        server.say(Error(4, "unexpected_message", "say HELLO first", fatal=True))
        assert isinstance(server.hear(Hello), Hello)


def test_a_number_still_in_use_is_followed_by_the_next(linked: Linked) -> None:
    with Impostor() as server:
        linked.order("connect", "address", server.address)
        server.hear(Hello)
        server.say(WELCOME)
        first = server.hear(Open)
        assert isinstance(first, Open)
        server.say(Error(9, "duplicate_stream", "in use", first.stream))
        second = server.hear(Open)
        assert isinstance(second, Open) and second.stream != first.stream
        server.say(opened(second.stream))
        linked.until("Streaming")


def test_it_pings_and_takes_silence_for_the_end(linked: Linked) -> None:
    with Impostor() as server:
        linked.order("connect", "address", server.address)
        server.hear(Hello)
        server.say(WELCOME)
        stream = server.hear(Open)
        assert isinstance(stream, Open)
        server.say(opened(stream.stream))
        server.hear(Ping)
        assert "silent" in linked.until("Waiting")["text"]
        server.hear(Hello)


def test_garbage_from_a_server_ends_the_connection_in_words(linked: Linked) -> None:
    with Impostor() as server:
        linked.order("connect", "address", server.address)
        server.hear(Hello)
        server.say_bytes(b"\x81\xa1t")
        assert "does not keep to the protocol" in linked.until("Waiting")["text"]


def test_closing_says_close_and_bye(linked: Linked) -> None:
    with Impostor() as server:
        linked.order("connect", "address", server.address)
        server.hear(Hello)
        server.say(WELCOME)
        stream = server.hear(Open)
        assert isinstance(stream, Open)
        server.say(opened(stream.stream))
        linked.until("Streaming")
        linked.order("disconnect")
        assert server.hear(Close) == Close(stream.stream)
        assert server.hear(Bye) == Bye()


@pytest.mark.skipif(not zmq.has("curve"), reason="this pyzmq has no CURVE")
def test_curve_keys_open_a_server_that_wants_them_and_wrong_ones_do_not(linked: Linked, tmp_path: Path) -> None:
    with locked(tmp_path) as house:
        keys, stranger = house.keys("amara"), house.keys("stranger")
        right = ("server_key", keys.server.decode(), "secret_key", keys.own.secret.decode())
        linked.order("connect", "address", house.server.address, *right)
        linked.until("Streaming")
        linked.order("connect", "server_key", "too-short")
        assert "not 40 letters" in linked.until("Refused")["text"]
        linked.order("connect", "server_key", "-", "secret_key", "-")
        linked.order("words", "asks for keys")
        assert linked.until("Refused")["colour"] == RED
        for wrong in (("secret_key", stranger.own.secret.decode()), ("server_key", stranger.own.public.decode())):
            linked.order("connect", *right)
            linked.until("Streaming")
            linked.order("connect", *wrong)
            linked.order("words", "does not accept these keys")
            assert linked.until("Refused")["colour"] == RED
