"""A client to write against: open a stream, send curves, receive pictures. docs/clients.md shows it in ten lines."""

from typing import Any, Unpack

import zmq

from bridge.clock import now
from bridge.curve_names import CurveInput
from bridge.exchange import Exchange, Steps, T
from bridge.keepalive import watch
from bridge.keys import ClientKeys
from bridge.open_stream import Changes, OpenStream, RefusedError, Wishes
from bridge.received import Latency, ReceivedPicture
from protocol.messages import Opened, Stats, Welcome

__all__ = ["ClientKeys", "FaceBridgeClient", "Latency", "ReceivedPicture", "RefusedError", "Stream"]

ADDRESS = "tcp://127.0.0.1:5570"
FAREWELL = 200  # ms the BYE has to leave


class ConnectionFacts:
    """What every client knows of its connection, once it has one."""

    welcome: Welcome
    _exchange: Exchange

    @property
    def identities(self) -> tuple[str, ...]:
        """Whom the server could draw when this client connected."""
        return self.welcome.identities

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Of "expression" (curves move the face), "reference" (an enrolled picture is kept), "light" (it can be set),
        "alpha" (people are drawn without a backdrop).
        """
        return self.welcome.capabilities

    @property
    def clock_offset(self) -> int:
        """The server's clock minus `bridge.clock.now`, in µs."""
        return self._exchange.offset.offset


class StreamFacts:
    """What every client knows of a stream of its own."""

    _stream: OpenStream

    @property
    def granted(self) -> Opened:
        """The settings in force."""
        assert self._stream.granted
        return self._stream.granted

    @property
    def pending(self) -> int:
        """Frames that were sent and neither fetched as a picture or an error, nor dropped."""
        return self._stream.pending

    @property
    def room(self) -> int:
        """How many frames may be sent now with delivery "every"; "newest" takes any number."""
        return self.granted.credit - self._stream.pending


class FaceBridgeClient(ConnectionFacts):
    """A connection, made at once; for one thread. A `with` block closes it.

    `timeout` in seconds is how long any answer may take: TimeoutError. Once the server is gone every call raises
    ConnectionError, saying why. What the server refuses is a RefusedError, and the connection goes on. `keys` are for a
    server that asks for them.
    """

    def __init__(
        self, address: str = ADDRESS, name: str = "python", timeout: float = 5.0, keys: ClientKeys | None = None
    ) -> None:
        self._exchange = Exchange(address, timeout, keys=keys is not None)
        self._socket, self._monitor = dealer(zmq.Context.instance(), address, keys)
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)
        try:
            self.welcome = self._run(self._exchange.greet(name))
        except BaseException:
            self.close()
            raise

    def open(self, identity: str, **wishes: Unpack[Wishes]) -> "Stream":
        """One performer, drawn as one identity. Delivery "newest" may drop frames, "every" draws each."""
        return Stream(self, self._run(self._exchange.open(identity, wishes)))

    def stats(self) -> Stats:
        """The server's counters."""
        return self._run(self._exchange.stats())

    def close(self) -> None:
        """Say BYE and end. Closing twice is no fault."""
        if self._socket.closed:
            return
        self._exchange.leave()
        self._flush()
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close(linger=FAREWELL)

    def __enter__(self) -> "FaceBridgeClient":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _run(self, steps: Steps[T]) -> T:
        """Take the steps of an operation, and wait where it waits."""
        self._listen(0)
        while True:
            try:
                deadline = next(steps)
            except StopIteration as done:
                return done.value
            finally:
                self._flush()
            self._listen(max(0, deadline - now()) // 1000 + 1)

    def _listen(self, wait: int) -> None:
        """Take in what has arrived, or arrives within `wait` ms."""
        if self._socket.closed:
            return
        events = dict(self._poller.poll(wait))
        while self._socket.get(zmq.EVENTS) & zmq.POLLIN:
            self._exchange.hear(self._socket.recv_multipart(zmq.NOBLOCK), now())
        if self._monitor in events:
            self._monitor.recv_multipart(zmq.NOBLOCK)
            self._exchange.break_off()

    def _flush(self) -> None:
        while self._exchange.outbox and not self._socket.closed:
            try:
                self._socket.send_multipart(self._exchange.outbox.popleft(), zmq.NOBLOCK)
            except zmq.Again:
                self._exchange.stall()


class Stream(StreamFacts):
    """A performer who is being drawn."""

    def __init__(self, client: FaceBridgeClient, stream: OpenStream) -> None:
        self._client = client
        self._stream = stream

    def send(
        self, values: CurveInput, *, sequence: int | None = None, captured: int | None = None, timecode: str = ""
    ) -> int:
        """One frame, as names or as an array of the basis; returns its sequence number.

        Without `sequence` it is one more than the last, without `captured` (µs) it is now.
        """
        return self._client._run(self._client._exchange.send(self._stream, values, sequence, captured, timecode))

    def receive(self, timeout: float | None = 1.0) -> ReceivedPicture | None:
        """The next picture, or None after `timeout` seconds; None waits for ever. It is acknowledged by this."""
        return self._client._run(self._client._exchange.receive_picture(self._stream, timeout))

    def control(self, **changes: Unpack[Changes]) -> Opened:
        """Change identity, light, backdrop, steps, seed or a scale; `reset` starts fresh. Returns what is in force."""
        return self._client._run(self._client._exchange.control(self._stream, changes))

    def close(self) -> None:
        """End the stream; frames that still wait are not drawn."""
        self._client._run(self._client._exchange.close(self._stream))


def dealer(context: "zmq.Context[Any]", address: str, keys: ClientKeys | None = None) -> tuple[Any, Any]:
    """A socket of `context` that connects to a server, and one that tells when the connection breaks. It listens from
    the first: a server that asks for other keys cuts the connection within a millisecond, once.
    """
    socket = context.socket(zmq.DEALER)
    socket.linger = 0
    socket.sndhwm = socket.rcvhwm = 256
    watch(socket)
    socket.reconnect_ivl_max = 1000
    socket.ipv6 = address.startswith("tcp://[")
    if keys:
        socket.curve_serverkey = keys.server
        socket.curve_publickey, socket.curve_secretkey = keys.own.public, keys.own.secret
    monitor = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
    try:
        socket.connect(address)
    except zmq.ZMQError as error:
        socket.disable_monitor()
        monitor.close(linger=0)
        socket.close()
        raise ConnectionError(f"{address!r} is no address to connect to; write tcp://127.0.0.1:5570") from error
    return socket, monitor
