"""SPEC.md's appendix is enough for a client without a ZeroMQ library: this one uses a bare TCP socket."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from protocol import messages
from protocol.codec import decode, encode
from protocol.messages import Bye, Hello, Picture

SPEC = (Path(messages.__file__).parent / "SPEC.md").read_text("utf-8")
MORE, LONG, COMMAND = 1, 2, 4


def hex_of(title: str) -> bytes:
    """The bytes of the hex block in SPEC.md that stands under `title`."""
    block = re.search(rf"{re.escape(title)}\n+```hex\n(.*?)```", SPEC, re.DOTALL)
    assert block, f"SPEC.md has no hex block under {title!r}"
    return bytes.fromhex("".join(line.partition("#")[0] for line in block[1].splitlines()))


class PlainClient:
    """A DEALER as the appendix describes it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall(hex_of("The greeting, 64 bytes:"))
        self.greeting = self.read(64)
        self.socket.sendall(hex_of("The READY command:"))

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            chunk = self.socket.recv(size - len(data))
            assert chunk, "the server closed the connection"
            data += chunk
        return data

    def frame(self) -> tuple[int, bytes]:
        """The flags and the body of the next frame; a heartbeat is answered, and given back too."""
        flags = self.read(1)[0]
        size = int.from_bytes(self.read(8 if flags & LONG else 1), "big")
        body = self.read(size)
        if flags & COMMAND and body.startswith(b"\x04PING"):
            self.send(b"\x04PONG" + body[7:], COMMAND)
        return flags, body

    def message(self) -> list[bytes]:
        parts: list[bytes] = []
        while True:
            flags, body = self.frame()
            if not flags & COMMAND:
                parts.append(body)
                if not flags & MORE:
                    return parts

    def send(self, body: bytes, flags: int = 0) -> None:
        self.socket.sendall(framed(body, flags))


def framed(body: bytes, flags: int = 0) -> bytes:
    size = bytes([flags, len(body)]) if len(body) < 256 else bytes([flags | LONG]) + len(body).to_bytes(8, "big")
    return size + body


@pytest.fixture
def router() -> Iterator[zmq.Socket[bytes]]:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        router.rcvtimeo = 10_000
        router.heartbeat_ivl = 50
        router.heartbeat_timeout = 10_000
        router.heartbeat_ttl = 3000
        yield router


def test_a_bare_socket_can_speak(router: zmq.Socket[bytes]) -> None:
    client = PlainClient(router.bind_to_random_port("tcp://127.0.0.1"))
    assert client.greeting[0] == 0xFF and client.greeting[10] >= 3 and client.greeting[12:16] == b"NULL"
    flags, ready = client.frame()
    assert flags == COMMAND and ready.startswith(b"\x05READY")
    hello = Hello(1, 1, "bare")
    client.send(b"".join(map(bytes, encode(hello))))
    peer, *parts = router.recv_multipart()
    assert decode(parts) == hello
    picture = Picture(1, 2, 3, "", 64, 64, "rgb24", "top", False, 0, 4, 5, 6, 7, bytes(64 * 64 * 3))
    router.send_multipart([peer, *encode(picture)])
    assert decode(client.message()) == picture
    client.socket.close()


def test_the_example_as_frames_is_what_it_is_on_the_wire() -> None:
    hello, picture = hex_of("which versions it speaks."), hex_of("frame 1 waits in the slot, frame 2 overwrites it.")
    pixels = hex_of("Part 1 of this message, the pixels:")
    shown = re.search(r"and a larger picture:\n\n```hex\n(.*?)```", SPEC, re.DOTALL)
    assert shown
    wire = [framed(hello), framed(picture, MORE), framed(pixels), framed(bytes(64 * 64 * 3))]
    for line, frame in zip(shown[1].splitlines(), wire, strict=True):
        assert frame.startswith(bytes.fromhex(line.partition("…")[0]))


def test_the_heartbeat_is_what_it_is_on_the_wire(router: zmq.Socket[bytes]) -> None:
    client = PlainClient(router.bind_to_random_port("tcp://127.0.0.1"))
    client.frame()  # READY
    flags, beat = client.frame()
    assert framed(beat, flags) + framed(b"\x04PONG", COMMAND) == hex_of("The heartbeat and its answer:")
    client.socket.close()


def test_heartbeats_are_answered(router: zmq.Socket[bytes]) -> None:
    client = PlainClient(router.bind_to_random_port("tcp://127.0.0.1"))
    client.frame()  # READY
    beats = [client.frame() for _ in range(3)]
    assert all(flags == COMMAND and body.startswith(b"\x04PING") for flags, body in beats)
    client.send(encode(Bye())[0])  # pyright: ignore[reportArgumentType]
    assert decode(router.recv_multipart()[1:]) == Bye()
    client.socket.close()
