"""The client's side of the protocol, without I/O, for every kind of client.

An operation is a generator (`Steps`): it puts messages in the `outbox` and yields until when it waits for news, in µs.
The client sends the outbox, feeds what arrives to `hear`, resumes the generator, and so on until it returns.
"""

import logging
from collections import deque
from collections.abc import Callable, Generator, Sequence
from typing import TypeVar

from bridge.clock import OffsetEstimate, now
from bridge.curve_names import CurveInput, as_curves
from bridge.open_stream import Changes, OpenStream, RefusedError, Wishes
from bridge.received import ReceivedPicture, received
from bridge.standing import turned_away
from protocol import codec
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import (
    Ack,
    Bye,
    Close,
    Control,
    Curves,
    Error,
    Hello,
    Message,
    Open,
    Opened,
    Picture,
    Ping,
    Pong,
    Stats,
    StatsRequest,
    Welcome,
)
from protocol.registry import VERSION
from protocol.wire_types import Part

T = TypeVar("T")
Steps = Generator[int, None, T]

PING_INTERVAL = 1_000_000  # µs

log = logging.getLogger("facebridge")


class Exchange:
    """One connection. `address` is for its error messages, `timeout` in seconds for every answer it waits for, `keys`
    whether it has any.
    """

    def __init__(self, address: str, timeout: float, clock: Callable[[], int] = now, keys: bool = False) -> None:
        self.outbox: deque[list[Part]] = deque()  # encoded, in order
        self.offset = OffsetEstimate()
        self._address = address
        self._timeout = timeout
        self._clock = clock
        self._keys = keys
        self._welcome: Welcome | None = None
        self._streams: dict[int, OpenStream] = {}
        self._stats: deque[Stats] = deque()
        self._faults: deque[Error] = deque()
        self._notices: set[str] = set()
        self._pinged = 0
        self._lost = ""

    def hear(self, parts: Sequence[Part], arrived: int) -> None:
        """Take in what the server sent; `arrived` is our clock, µs."""
        try:
            self._file(codec.decode(parts), arrived)
        except ProtocolError as error:
            if error.code != ErrorCode.unknown_message:  # that is a newer server's, and not meant for us
                self.lose(f"the server does not keep to the protocol: {error}")

    def lose(self, reason: str) -> None:
        """The connection is no more; the first reason counts."""
        self._lost = self._lost or f"{reason} ({self._address})"

    def break_off(self) -> None:
        """The connection broke. One that does so before WELCOME is with a server that asks for other keys."""
        if self._welcome:
            self.lose("the server is gone")
        else:
            self._lost = self._lost or turned_away(self._address, self._keys)

    def stall(self) -> None:
        """The socket takes no message: the server reads none or, before WELCOME, has cut the connection already."""
        if self._welcome:
            self.lose("the server takes no more messages")
        else:
            self.break_off()

    def greet(self, client: str) -> Steps[Welcome]:
        """HELLO; ConnectionError where no server answers."""
        self._post(Hello(VERSION, VERSION, client))
        try:
            return (yield from self._until(lambda: self._welcome, "HELLO"))
        except TimeoutError:
            raise ConnectionError(
                f"no facebridge server answers at {self._address} within {self._timeout:g} s; "
                "start one with `facebridge serve`, or check the address"
            ) from None

    def open(self, identity: str, wishes: Wishes) -> Steps[OpenStream]:
        """OPEN; RefusedError says what the server does not have, a warning what its model ignores."""
        number = next(number for number in range(len(self._streams) + 1) if number not in self._streams)
        stream = self._streams[number] = OpenStream(number)
        try:
            stream.granted = yield from self._ask(stream, self._wish(number, identity, wishes))
        except BaseException:
            del self._streams[number]
            raise
        self._tell(stream.granted.notice)
        return stream

    def send(
        self, stream: OpenStream, values: CurveInput, sequence: int | None, captured: int | None, timecode: str
    ) -> Steps[int]:
        """CURVES; returns the sequence number. Delivery "every" takes no more frames than its credit: RuntimeError."""
        granted = self._granted(stream)
        if granted.delivery == "every" and stream.pending >= granted.credit:
            raise RuntimeError(
                f"all {granted.credit} frames of the stream's credit are unanswered: receive a picture before the next"
            )
        curves = as_curves(values, granted.basis)
        self._check()
        yield from ()  # nothing to wait for, yet a step like the others
        sequence = stream.sequence + 1 if sequence is None else sequence
        captured = self._clock() if captured is None else captured
        self._post(Curves(stream.number, sequence, captured, timecode, curves))
        stream.sequence = sequence
        stream.sent += 1
        self._keep_alive()
        return sequence

    def receive_picture(self, stream: OpenStream, timeout: float | None) -> Steps[ReceivedPicture | None]:
        """The next picture, acknowledged; None after `timeout` seconds. RefusedError tells of a frame that failed."""
        granted = self._granted(stream)
        deadline = self._after(timeout)
        while (fetched := stream.fetch()) is None:
            self._check()
            if self._clock() >= deadline:
                return None
            yield self._soon(deadline)
        picture, arrived = fetched
        self._post(Ack(granted.stream, picture.sequence))
        return received(picture, arrived)

    def control(self, stream: OpenStream, changes: Changes) -> Steps[Opened]:
        """CONTROL; the settings now in force, or RefusedError."""
        self._granted(stream)
        stream.granted = yield from self._ask(stream, Control(stream.number, **changes))
        self._tell(stream.granted.notice)
        return stream.granted

    def stats(self) -> Steps[Stats]:
        """The server's counters."""
        self._post(StatsRequest())
        return (yield from self._until(lambda: self._stats.popleft() if self._stats else None, "STATS"))

    def close(self, stream: OpenStream) -> Steps[None]:
        """CLOSE, until the server has closed it; what is closed already stays so."""
        if stream.closed or self._lost:
            return
        self._post(Close(stream.number))
        yield from self._until(lambda: stream.closed or None, "CLOSE")
        del self._streams[stream.number]

    def leave(self) -> None:
        """BYE, if there is still someone to say it to."""
        if not self._lost:
            self._post(Bye())
            self.lose("this client is closed")

    def _file(self, message: Message, arrived: int) -> None:
        match message:
            case Welcome():
                self._welcome = message
            case Ping():
                self._post(Pong(message.sent, arrived, self._clock()))
            case Pong():
                self.offset.add(message, arrived)
            case Stats():
                self._stats.append(message)
            case Bye():
                self.lose(f"the server said goodbye: {message.reason}")
            case Error(fatal=True):
                self.lose(f"the server ended the connection: {message.name}: {message.text}")
            case Opened() | Picture() | Close() | Error():
                self._to_stream(message, arrived)

    def _post(self, message: Message) -> None:
        self.outbox.append(codec.encode(message))

    def _wish(self, number: int, identity: str, wishes: Wishes) -> Open:
        assert self._welcome, "open before greet"
        basis = "arkit55" if "arkit55" in self._welcome.bases else self._welcome.bases[0]
        defaults: Wishes = {"subject": "", "basis": basis, "size": self._welcome.sizes[0]}
        return Open(stream=number, identity=identity, **(defaults | wishes))

    def _tell(self, notice: str) -> None:
        """Warn, once for each connection."""
        if notice and notice not in self._notices:
            self._notices.add(notice)
            log.warning("%s", notice)

    def _to_stream(self, message: Opened | Picture | Close | Error, arrived: int) -> None:
        stream = self._streams.get(message.stream)
        if stream is not None:
            stream.take(message, arrived)
        elif isinstance(message, Error):
            self._faults.append(message)

    def _ask(self, stream: OpenStream, wish: Open | Control) -> Steps[Opened]:
        self._post(wish)
        stream.asked += 1
        try:
            answer = yield from self._until(
                lambda: stream.answers.popleft() if stream.answers else None, type(wish).__name__.upper()
            )
        finally:
            stream.asked -= 1
        if isinstance(answer, Error):
            raise RefusedError(answer)
        return answer

    def _until(self, ready: Callable[[], T | None], what: str) -> Steps[T]:
        deadline = self._after(self._timeout)
        while (answer := ready()) is None:
            self._check()
            if self._clock() >= deadline:
                raise TimeoutError(f"the server at {self._address} did not answer {what} within {self._timeout:g} s")
            yield self._soon(deadline)
        return answer

    def _after(self, seconds: float | None) -> float:
        return float("inf") if seconds is None else self._clock() + seconds * 1e6

    def _granted(self, stream: OpenStream) -> Opened:
        if stream.granted is None or stream.closed:
            raise RuntimeError(f"stream {stream.number} is closed")
        return stream.granted

    def _check(self) -> None:
        if self._faults:
            raise RefusedError(self._faults.popleft())
        if self._lost:
            raise ConnectionError(self._lost)

    def _soon(self, deadline: float) -> int:
        """The deadline, or when the next PING is due: silence would look like absence."""
        self._keep_alive()
        due = self._pinged + PING_INTERVAL if self._welcome else deadline
        return int(min(deadline, due))

    def _keep_alive(self) -> None:
        if self._welcome and self._clock() - self._pinged >= PING_INTERVAL:
            self._pinged = self._clock()
            self._post(Ping(self._pinged))
