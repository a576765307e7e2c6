"""The connection to a phone that names its curves before it streams; it comes back by itself."""

import selectors
import socket
from collections.abc import Sequence
from time import time_ns

from bridge.capture.feed import Feed
from bridge.capture.livelink_control import KEEP_ALIVE, ControlError, ControlSession
from bridge.capture.tally import SECOND

TURN = 65536  # bytes read before another socket has its turn
WAIT = 2 * SECOND  # µs between attempts
Controls = dict[str, Sequence[str]]


class ControlLine:
    """`controls` is filled with what the phone at `address` says; it is asked to stream to our `port`."""

    def __init__(self, address: tuple[str, int], port: int, controls: Controls, feed: Feed) -> None:
        self.port = port
        self._address = address
        self._controls = controls
        self._feed = feed
        self._socket: socket.socket | None = None
        self._session: ControlSession | None = None
        self._due = 0  # the next attempt, or once there is a session the next keep-alive

    def open(self, selector: selectors.BaseSelector) -> None:
        self._selector = selector

    def tick(self, time: int) -> None:
        """What time demands."""
        if time < self._due:
            return
        if self._session:
            self._due = time + int(KEEP_ALIVE * SECOND)
            self._stay(self._session)
        else:
            self._due = time + WAIT
            self._try()

    def close(self) -> None:
        if self._session:
            self._talk(self._session.end(_stamp()))
        self._end()

    def _stay(self, session: ControlSession) -> None:
        try:
            self._talk(session.keep_alive(_stamp()))
        except ControlError as error:
            self._lose(str(error))

    def _try(self) -> None:
        self._end()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._socket.connect_ex(self._address)
        self._selector.register(self._socket, selectors.EVENT_WRITE, self._connected)

    def _connected(self) -> None:
        """The attempt has come to something, or to nothing."""
        assert self._socket
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._lose("nobody listens there; start the app, and look at the port in its settings")
            return
        self._selector.modify(self._socket, selectors.EVENT_READ, self._hear)
        self._session = ControlSession(self.port)
        self._talk(self._session.begin(_stamp()))

    def _hear(self) -> None:
        assert self._socket and self._session
        try:
            said = self._socket.recv(TURN)
            if not said:
                self._lose("the phone ended the session")
                return
            answer = self._session.receive(said, _stamp())
        except (OSError, ControlError) as error:
            self._lose(str(error))
            return
        self._controls |= self._session.controls
        self._talk(answer)

    def _talk(self, message: bytes) -> None:
        """All of it or none: a phone that takes no few hundred bytes has gone."""
        try:
            if self._socket and message:
                self._socket.sendall(message)
        except OSError as error:
            self._lose(str(error))

    def _lose(self, reason: str) -> None:
        self._feed.tally.note("no control", f"the session with {self._address[0]}:{self._address[1]}: {reason}")
        self._end()

    def _end(self) -> None:
        if self._socket:
            self._selector.unregister(self._socket)
            self._socket.close()
        self._socket = self._session = None


def _stamp() -> int:
    """ms since 1970."""
    return time_ns() // 1_000_000
