"""A client for one performer that never waits and comes back by itself: for a loop that must go on.

docs/clients.md shows it. `bridge.client.FaceBridgeClient` is the one for scripts: it waits, and raises.
"""

from collections import deque
from dataclasses import replace
from typing import Any, Protocol

import zmq

from bridge.client import dealer
from bridge.clock import now
from bridge.conduct import SECOND, Conduct, Frame
from bridge.curve_names import CurveInput, as_curves
from bridge.keys import KeyFileError, keys_named
from bridge.received import Latency, ReceivedPicture, received
from bridge.standing import State, unreadable
from bridge.wishes import Settings

__all__ = ["Performer", "Settings", "State"]

FAREWELL = 100  # ms the BYE has to leave


class HasFileno(Protocol):
    """What can be waited for."""

    def fileno(self) -> int: ...


class Performer:
    """Newest curves out, newest picture in. For one thread; call `receive` each frame, once a second at the least.

    `settings` are keywords of `Settings`, such as identity="amara", size=256, or key="amara.key_secret",
    server_key="server.key" for a server that asks for keys. No call raises for the server's sake:
    `state`, `status` and `colour` tell how it stands. A `with` block connects and closes.
    """

    def __init__(self, name: str = "python", **settings: Any) -> None:
        self.picture: ReceivedPicture | None = None
        """The last one; it stays while the server is gone."""
        self._conduct = Conduct(Settings(**settings), name)
        self._socket: Any = None
        self._monitor: Any = None
        self._poller = zmq.Poller()
        self._watched: list[HasFileno] = []
        self._arrivals: deque[int] = deque()

    @property
    def state(self) -> State:
        return self._conduct.state

    @property
    def status(self) -> str:
        """A short sentence: how it stands, and what to do."""
        return self._conduct.status

    @property
    def colour(self) -> str:
        """ "green", "amber", "red" or "grey"; amber also where it streams and a change of settings was refused."""
        return self._conduct.colour

    @property
    def notice(self) -> str:
        """What of the stream's settings has no effect, and how to get it; "" where nothing is lost."""
        return self._conduct.granted.notice if self._conduct.granted else ""

    @property
    def settings(self) -> Settings:
        """What is wished; `change` changes it."""
        return self._conduct.settings

    @property
    def identities(self) -> tuple[str, ...]:
        """Whom the server can draw; () while there is none."""
        return self._conduct.welcome.identities if self._conduct.welcome else ()

    @property
    def fps(self) -> int:
        """Pictures that came in the last second."""
        while self._arrivals and self._arrivals[0] < now() - SECOND:
            self._arrivals.popleft()
        return len(self._arrivals)

    @property
    def latency(self) -> Latency | None:
        """Of the last picture, ms; None before the first."""
        return self.picture.latency if self.picture else None

    @property
    def dropped(self) -> int:
        """Frames that the server passed over for newer ones."""
        return self._conduct.dropped

    @property
    def repeated(self) -> int:
        """Pictures that were the last one again, for a still face."""
        return self._conduct.repeated

    def connect(self) -> None:
        """Connect, and from now on stay connected."""
        self._conduct.begin()
        self._step()

    def change(self, **changes: Any) -> None:
        """Change settings, at any time: what is named, as in `Settings`."""
        self._conduct.change(replace(self._conduct.settings, **changes))

    def send(self, values: CurveInput, *, captured: int | None = None, timecode: str = "") -> None:
        """The newest frame, in place of one that has not left yet. ValueError tells of curves that do not fit.

        `captured` is in µs of `bridge.clock.now`.
        """
        curves = as_curves(values, self._conduct.settings.basis)
        self._conduct.frame = Frame(curves, now() if captured is None else captured, timecode)

    def receive(self, timeout: float = 0.0) -> ReceivedPicture | None:
        """The newest picture that has come since the last call, or None.

        `timeout` is how many seconds to wait for one: 0 in a loop that must go on.
        """
        deadline = now() + int(timeout * SECOND)
        self._step()
        while not self._conduct.pictures and (left := deadline - now()) > 0:
            ready = dict(self._poller.poll(min(left, SECOND // 20) // 1000 + 1))
            self._step()
            if any(other.fileno() in ready for other in self._watched):
                break
        return self._newest()

    def watch(self, other: HasFileno) -> None:
        """End the waiting of `receive` also when `other`, a socket, has something to read."""
        self._poller.register(other.fileno(), zmq.POLLIN)
        self._watched.append(other)

    def close(self) -> None:
        """Say goodbye and end, at once even if the server is gone. Twice is no fault; `connect` begins again."""
        self._conduct.leave()
        self._write()
        self._end(FAREWELL)
        self._conduct.connected = False

    def __enter__(self) -> "Performer":
        self.connect()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _step(self) -> None:
        if self._conduct.wants_connection(now()):
            self._open()
        self._read()
        self._conduct.tick(now())
        self._write()
        if not self._conduct.connected:
            self._end()

    def _open(self) -> None:
        try:
            settings = self._conduct.settings
            keys = keys_named(settings.key, settings.server_key)
            self._socket, self._monitor = dealer(zmq.Context.instance(), settings.address, keys)
        except (ConnectionError, KeyFileError) as error:
            self._conduct.refuse(str(error))
            return
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)
        self._conduct.began(now())

    def _end(self, linger: int = 0) -> None:
        if self._socket is None:
            return
        self._poller.unregister(self._socket)
        self._poller.unregister(self._monitor)
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close(linger=linger)
        self._socket = None

    def _read(self) -> None:
        # Looked at before what came is read: then a goodbye in it is not missed.
        broken = self._conduct.connected and self._monitor.get(zmq.EVENTS) & zmq.POLLIN
        while self._conduct.connected and self._socket.get(zmq.EVENTS) & zmq.POLLIN:
            parts = self._socket.recv_multipart(zmq.NOBLOCK)
            self._conduct.hear(parts, now())
        if self._conduct.connected and broken:
            self._conduct.break_off()

    def _write(self) -> None:
        outbox = self._conduct.outbox
        while outbox and self._posted(outbox[0]):
            outbox.popleft()
        frame = [] if outbox else self._conduct.next_frame()
        if frame and self._posted(frame):
            self._conduct.frame_left()

    def _posted(self, parts: list[Any]) -> bool:
        """Whether the socket has taken a message."""
        if self._socket is None:
            return False
        try:
            self._socket.send_multipart(parts, zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def _newest(self) -> ReceivedPicture | None:
        pictures = self._conduct.pictures
        self._arrivals.extend(arrived for _, arrived in pictures)
        if not pictures:
            return None
        picture, arrived = pictures.pop()
        pictures.clear()
        try:
            self.picture = received(picture, arrived)
        except ValueError as error:
            self._conduct.lose(unreadable(str(error)))
            return None
        return self.picture
