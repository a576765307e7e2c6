"""A UDP socket and the sources behind it."""

import errno
import selectors
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

from bridge.capture.feed import OTHER, Feed
from bridge.capture.greeter import Greeter
from bridge.clock import now
from bridge.errors import CommandError

TURN = 256  # packets read before another socket has its turn
LARGEST = 65535
BUFFERED = 1 << 22  # bytes the system is to keep while we are busy: a second of several phones and of a flood


class UdpLine:
    """Bound at once. Several sources may share it: each face goes to the first that it is for."""

    def __init__(self, bind: str, port: int, feeds: Sequence[Feed], greeters: Sequence[Greeter], text: str) -> None:
        """`text` is what the person wrote, for the CommandError of a port that cannot be had."""
        self.feeds = feeds
        self._greeters = greeters
        self._heard = 0
        self.socket = bound(socket.SOCK_DGRAM, bind, port, text)
        with suppress(OSError):  # where the system allows less it keeps what it has
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFERED)
        self.port: int = self.socket.getsockname()[1]

    def open(self, selector: selectors.BaseSelector) -> None:
        selector.register(self.socket, selectors.EVENT_READ, self.read)

    def read(self) -> None:
        """Take everything that waits, though not for ever."""
        for _ in range(TURN):
            try:
                packet, (host, port, *_) = self.socket.recvfrom(LARGEST)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # Windows: somebody we greeted does not listen
            self._hand_on(packet, f"{host}:{port}")

    def tick(self, time: int) -> None:
        """What time demands."""
        for greeter in self._greeters:
            greeter.greet(self.socket, self.port, self._heard, time)

    def close(self) -> None:
        self.socket.close()

    def _hand_on(self, packet: bytes, sender: str) -> None:
        self._heard = arrived = now()
        performing: set[str] = set()
        verdicts = [(feed, feed.judge(packet, sender, arrived, performing)) for feed in self.feeds]
        for feed, verdict in verdicts:
            if not performing or verdict is None or verdict.reason != OTHER:  # else it was another source's, all right
                feed.count(verdict, arrived)


def bound(kind: socket.SocketKind, bind: str, port: int, text: str) -> socket.socket:
    """A socket of ours that does not block. CommandError says who may have the port, and what to do."""
    made = socket.socket(socket.AF_INET, kind)
    try:
        if sys.platform == "win32":  # there, another program could share the port and take every second packet
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        elif kind == socket.SOCK_STREAM:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((bind, port))
    except OSError as error:
        made.close()
        protocol = "UDP" if kind == socket.SOCK_DGRAM else "TCP"
        told = f"cannot listen on {protocol} port {port} of {bind}: {error.strerror or error}"
        raise CommandError(f"{text}: {told}; {_advice(error, text)}") from None
    made.setblocking(False)
    return made


def _advice(error: OSError, text: str) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "bind= takes an address of this computer, and without it all of them are heard"
    option = text.startswith("--")
    another = f"{text.split()[0]} NUMBER" if option else f"{text.partition(':')[0]}:port=NUMBER"
    if error.errno == errno.EACCES:
        return f"the system keeps that port for itself: choose another, as in {another}, and tell the app"
    return (
        "another program may have it, such as a game engine or another capture: "
        f"close that, or choose another port, as in {another}, and tell the app"
    )
