"""Sources that send by TCP: a door where they connect, and connect again."""

import selectors
import socket

from bridge.capture.feed import Feed
from bridge.capture.greeter import Greeter
from bridge.capture.packets import Packets
from bridge.capture.udp_line import bound
from bridge.clock import now

GUESTS = 4  # connections at once; a phone that comes back may find its last one still open
TURN = 65536  # bytes read before another socket has its turn


class Connection:
    """A device that is connected. It ends itself when the device does, or breaks."""

    def __init__(
        self, connected: socket.socket, sender: str, feed: Feed, delimiter: bytes, selector: selectors.BaseSelector
    ) -> None:
        self.alive = True
        self.heard = 0
        self._socket = connected
        self._sender = sender
        self._feed = feed
        self._packets = Packets(delimiter)
        self._selector = selector
        selector.register(connected, selectors.EVENT_READ, self.read)

    def read(self) -> None:
        try:
            received = self._socket.recv(TURN)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self.end()
            return
        self.heard = arrived = now()
        for packet in self._packets.split(received):
            self._feed.take(packet, self._sender, arrived)

    def end(self) -> None:
        """Twice is no fault."""
        if self.alive:
            self.alive = False
            self._selector.unregister(self._socket)
            self._socket.close()
            self._feed.forget(self._sender)
            self._feed.tally.note("disconnected")


class TcpServerLine:
    """Listens at once; `greeter`, where there is one, asks the device to connect."""

    def __init__(self, bind: str, port: int, feed: Feed, delimiter: bytes, greeter: Greeter | None, text: str) -> None:
        self._feed = feed
        self._delimiter = delimiter
        self._greeter = greeter
        self._guests: list[Connection] = []
        self._door = bound(socket.SOCK_STREAM, bind, port, text)
        self._door.listen(GUESTS)
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port: int = self._door.getsockname()[1]

    def open(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector
        selector.register(self._door, selectors.EVENT_READ, self.accept)

    def accept(self) -> None:
        """Let one in; beyond `GUESTS` the one that came first goes."""
        try:
            connected, (host, port, *_) = self._door.accept()
        except OSError:  # it has gone again
            return
        connected.setblocking(False)
        self._guests = [guest for guest in self._guests if guest.alive]
        if len(self._guests) >= GUESTS:
            self._guests.pop(0).end()
        self._guests.append(Connection(connected, f"{host}:{port}", self._feed, self._delimiter, self._selector))

    def tick(self, time: int) -> None:
        """What time demands."""
        if self._greeter and not any(guest.alive for guest in self._guests):
            self._greeter.greet(self._out, self.port, 0, time)

    def close(self) -> None:
        for guest in self._guests:
            guest.end()
        self._out.close()
        self._door.close()
