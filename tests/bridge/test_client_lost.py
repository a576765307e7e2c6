"""The client before a server that is not there, ends, or misbehaves."""

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
import zmq

from bridge.client import FaceBridgeClient, RefusedError
from protocol import codec
from protocol.messages import Bye, Error, Hello, Message, Open, Opened, Welcome

if TYPE_CHECKING:
    from bridge.server import Server

Connecting = Callable[..., FaceBridgeClient]
WELCOME = Welcome(1, "s", "m", ("arkit55",), ("rgb24",), (64,), ("teal",), 65536, 1, 60.0, 2, 0)
OPENED = Opened(0, "teal", "arkit55", 64, "rgb24", "top", "newest", 2, 0, 1, 1.0)


def test_a_server_that_stops_is_a_connection_error_and_not_a_hang(
    serving: "Callable[..., Server]", connecting: Connecting
) -> None:
    server = serving()
    client = connecting(server)
    stream = client.open("teal")

    server.stop()

    for call in (lambda: stream.receive(timeout=None), client.stats, lambda: stream.send(np.zeros(55))):
        with pytest.raises(ConnectionError, match=f"server_closing: the server is shutting down .{server.address}."):
            call()
    stream.close()
    client.close()


def test_pictures_that_arrived_are_still_to_be_had_when_the_server_is_gone(
    serving: "Callable[..., Server]", connecting: Connecting
) -> None:
    server = serving()
    client = connecting(server)
    stream = client.open("teal", delivery="every")
    stream.send(np.zeros(55))
    while client.stats().drawn == 0:
        pass

    server.stop()

    last = stream.receive(timeout=20)
    assert last is not None and last.sequence == 0
    with pytest.raises(ConnectionError):
        stream.receive(timeout=20)


def test_no_server_is_told_with_what_to_do() -> None:
    with pytest.raises(ConnectionError) as caught:
        FaceBridgeClient("tcp://127.0.0.1:1", timeout=0.1)
    assert str(caught.value) == (
        "no facebridge server answers at tcp://127.0.0.1:1 within 0.1 s; "
        "start one with `facebridge serve`, or check the address"
    )


def test_an_address_that_is_none_is_told_with_an_example() -> None:
    with pytest.raises(ConnectionError, match=r"'nowhere' is no address to connect to; write tcp://127\.0\.0\.1:5570"):
        FaceBridgeClient("nowhere")


def test_a_client_that_is_one_too_many_is_told_so(serving: "Callable[..., Server]", connecting: Connecting) -> None:
    server = serving(max_clients=1)
    connecting(server)

    with pytest.raises(ConnectionError, match="too_many_clients: the server has its 1 clients; try again later"):
        connecting(server)


class Impostor:
    """A ROUTER that plays a server's part badly."""

    def __init__(self) -> None:
        self.router: zmq.Socket[bytes] = zmq.Context.instance().socket(zmq.ROUTER)
        self.router.bind("tcp://127.0.0.1:*")
        self.address = self.router.getsockopt_string(zmq.LAST_ENDPOINT)
        self.script: dict[type, list[Message | list[bytes]]] = {Hello: [WELCOME], Open: [OPENED]}
        self.vanishes_at: type = type(None)

    def serve(self) -> None:
        while self.router.poll(20_000):
            peer, *parts = self.router.recv_multipart()
            message = codec.decode(parts)
            for answer in self.script.get(type(message), []):
                self.router.send_multipart([peer, *(answer if isinstance(answer, list) else codec.encode(answer))])
            if isinstance(message, self.vanishes_at | Bye):
                break
        self.router.close(linger=0)


@pytest.fixture
def impostor() -> Iterator[Impostor]:
    """Plays in a thread of its own, until the client leaves."""
    actor = Impostor()
    thread = threading.Thread(target=actor.serve)
    thread.start()
    yield actor
    thread.join(20)
    assert not thread.is_alive()


def test_a_server_that_dies_is_noticed(impostor: Impostor) -> None:
    impostor.vanishes_at = Open
    impostor.script[Open] = []

    with (
        FaceBridgeClient(impostor.address, timeout=20) as client,
        pytest.raises(ConnectionError, match="the server is gone"),
    ):
        client.open("teal")


def test_a_server_that_says_bye_is_believed(impostor: Impostor) -> None:
    impostor.script[Open] = [Bye("lunch")]
    impostor.vanishes_at = Open

    with (
        FaceBridgeClient(impostor.address, timeout=20) as client,
        pytest.raises(ConnectionError, match="the server said goodbye: lunch"),
    ):
        client.open("teal")


def test_a_server_that_does_not_answer_is_a_timeout(impostor: Impostor) -> None:
    impostor.script[Open] = []

    with (
        FaceBridgeClient(impostor.address, timeout=0.2) as client,
        pytest.raises(TimeoutError, match=r"did not answer OPEN within 0\.2 s"),
    ):
        client.open("teal")


def test_a_server_that_talks_nonsense_is_left(impostor: Impostor) -> None:
    impostor.script[Open] = [[b"\x81\xa1t\xa4OPEN"]]
    impostor.vanishes_at = Open

    with (
        FaceBridgeClient(impostor.address, timeout=20) as client,
        pytest.raises(ConnectionError, match="the server does not keep to the protocol: bad_field: OPEN"),
    ):
        client.open("teal")


def test_a_message_of_a_newer_server_is_passed_over(impostor: Impostor) -> None:
    impostor.script[Open] = [[b"\x81\xa1t\xa5DANCE"], OPENED]

    with FaceBridgeClient(impostor.address, timeout=20) as client:
        assert client.open("teal").granted == OPENED


def test_an_error_about_nothing_in_particular_is_told_at_the_next_call(impostor: Impostor) -> None:
    impostor.script[Open] = [OPENED, Error(1, "malformed", "what?")]

    with FaceBridgeClient(impostor.address, timeout=20) as client:
        client.open("teal")
        with pytest.raises(RefusedError, match="malformed: what"):
            client.stats()
