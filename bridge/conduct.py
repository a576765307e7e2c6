"""What a client does and when, without I/O: docs/clients.md, "One conduct". The clients in engines do the same.

Whoever owns the socket makes one when it `wants_connection`, and calls `began`; sends the `outbox` and, when nothing
is left unsent, `next_frame`; feeds what comes to `hear`; calls `tick` often; ends the socket when not `connected`.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

import numpy as np

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
    Welcome,
)
from protocol.registry import VERSION
from protocol.wire_types import Part

SECOND = 1_000_000  # µs
WAITS = (SECOND // 4, SECOND // 2, SECOND, 2 * SECOND)  # before each new attempt, the last for all that follow
PATIENCE = 2 * SECOND  # for WELCOME
SILENCE = 3 * SECOND
PING_INTERVAL = SECOND
TURNS = 3  # connections in a row that end before WELCOME, until that is taken for an answer
CONTROLLED = {"identity", "expression_scale", "reference_scale", "steps", "seed", "light", "backdrop"}
REMEDIES = {
    "version_unsupported": "update the older side",
    "unknown_identity": "choose another identity",
    "unsupported": "choose another size, codec or basis",
    "too_many_streams": "close another stream",
}
FINAL = (ErrorCode.version_unsupported.name, ErrorCode.unsupported.name)  # fatal, and no attempt will mend it


class State(Enum):
    """How it stands with the server."""

    OFFLINE = "Offline"  # not asked to connect
    CONNECTING = "Connecting"
    STREAMING = "Streaming"
    WAITING = "Waiting"  # the server is gone, or not there yet: tries again by itself
    REFUSED = "Refused"  # the server said no: tries again when the settings change
    CLOSED = "Closed"


COLOURS = {
    State.OFFLINE: "grey",
    State.CONNECTING: "amber",
    State.STREAMING: "green",
    State.WAITING: "amber",
    State.REFUSED: "red",
    State.CLOSED: "grey",
}
TRYING = (State.CONNECTING, State.STREAMING, State.WAITING)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the server is and what the stream is opened with, as in `protocol.messages.Open`.

    An empty `identity` and a `size` of 0 are the server's first; `size` is in pixels.
    """

    address: str = "tcp://127.0.0.1:5570"
    identity: str = ""
    subject: str = ""
    size: int = 0
    basis: str = "arkit55"
    codec: str = "jpeg"
    credit: int = 2
    seed: int = 0
    steps: int = 0
    expression_scale: float = 1.0
    reference_scale: float = 0.8
    light: tuple[float, ...] = ()
    backdrop: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Curves as they are sent, when they were captured in µs, and their timecode."""

    values: np.ndarray
    captured: int
    timecode: str


class Conduct:
    """One performer's connection. Every time is µs of one clock, given by whoever calls."""

    def __init__(self, settings: Settings, name: str) -> None:
        self.settings = settings
        self.state = State.OFFLINE
        self.outbox: deque[list[Part]] = deque()  # encoded, in order
        self.connected = False
        self.welcome: Welcome | None = None
        self.granted: Opened | None = None
        self.frame: Frame | None = None  # the newest that has not left yet
        self.pictures: deque[tuple[Picture, int]] = deque()  # with the time of arrival
        self.dropped = 0
        self.repeated = 0
        self._name = name
        self._reason = ""
        self._asked: dict[str, Any] = {}  # what the stream was last asked to be
        self._awaiting = False  # an OPEN or CONTROL has no answer yet
        self._closing = -1  # a stream whose CLOSE has not come back: the server still counts it
        self._stream = 0
        self._sequence = -1
        self._dropped_before = 0  # in earlier streams
        self._heard = 0  # when the server was last heard, or tried
        self._pinged = 0
        self._failures = 0
        self._turned_away = 0  # connections that broke before WELCOME, in a row
        self._due = 0  # when the next attempt may begin

    @property
    def status(self) -> str:
        """A short sentence for the user: how it stands, and what to do."""
        sentences = {
            State.OFFLINE: "Not connected: connect to begin.",
            State.CONNECTING: f"Connecting to {self.settings.address}.",
            State.STREAMING: f"Streaming {self._asked.get('identity')} at {self._asked.get('size')} pixels.",
            State.WAITING: f"Waiting: {self._reason}.",
            State.REFUSED: f"Refused: {self._reason}.",
            State.CLOSED: "Closed: connect to begin again.",
        }
        return sentences[self.state]

    def begin(self) -> None:
        """Connect, and from now on stay connected."""
        self.state, self._reason = State.CONNECTING, ""
        self._failures = self._turned_away = self._due = 0

    def change(self, settings: Settings) -> None:
        """New settings, in force as soon as the server has them."""
        before, self.settings = self.settings, settings
        if before == settings or self.state in (State.OFFLINE, State.CLOSED):
            return
        if before.address != settings.address:
            self._forget()
            self.begin()
        elif self.state == State.REFUSED:
            self.begin()

    def wants_connection(self, now: int) -> bool:
        """Whether it is time for a new socket."""
        return self.state in TRYING and not self.connected and now >= self._due

    def began(self, now: int) -> None:
        """A socket was made."""
        self.connected = True
        self._heard = self._pinged = now
        self._post(Hello(VERSION, VERSION, self._name))

    def lose(self, reason: str) -> None:
        """The connection is no more; go on trying."""
        self._forget()
        if self.state in TRYING:
            self.state, self._reason = State.WAITING, reason
            self._due = self._heard + WAITS[min(self._failures, len(WAITS) - 1)]
            self._failures += 1

    def break_off(self) -> None:
        """The connection broke. One that always does so before WELCOME is with a server that asks for keys."""
        if self.welcome:
            self.lose(f"the server at {self.settings.address} is gone: start it again")
            return
        self._turned_away += 1
        reason = f"{self.settings.address} ends every connection at once; it may ask for keys, and this client has none"
        if self._turned_away < TURNS:
            self.lose(reason)
        else:
            self.refuse(reason)
            self._forget()

    def refuse(self, text: str, error: str = "") -> None:
        """Something about the settings will not do: wait until they change."""
        self.state, self._reason = State.REFUSED, f"{text}: {REMEDIES.get(error, 'change the settings')}"
        self._close_stream() if self.granted else self._end_stream()

    def leave(self) -> None:
        """Say what a client says last."""
        if self.welcome and self._asked:
            self._post(Close(self._stream))
        if self.welcome:
            self._post(Bye())
        self.state = State.CLOSED

    def tick(self, now: int) -> None:
        """What time demands, and what is wished and not yet asked for."""
        if not self.connected:
            return
        if self.welcome is None and now - self._heard >= PATIENCE:
            self.lose(_nobody(self.settings.address))
        elif now - self._heard >= SILENCE:
            self.lose(f"the server at {self.settings.address} has been silent for {SILENCE // SECOND} seconds")
        elif self.welcome:
            self._keep_alive(now)
            if self.state != State.REFUSED and not self._awaiting and self._closing < 0:
                self._ask(self.welcome)

    def hear(self, parts: Sequence[Part], now: int) -> None:
        """Take in what the server sent."""
        self._heard = now
        try:
            self._take(codec.decode(parts), now)
        except ProtocolError as error:
            if error.code != ErrorCode.unknown_message:  # that is a newer server's, and not meant for us
                self.lose(f"the server does not keep to the protocol: {error}")

    def next_frame(self) -> list[Part]:
        """The CURVES to send now, [] where there is none; `frame_left` says that it has been sent."""
        if not self.granted or not self.frame:
            return []
        frame = self.frame
        return codec.encode(Curves(self._stream, self._sequence + 1, frame.captured, frame.timecode, frame.values))

    def frame_left(self) -> None:
        """What `next_frame` gave has been sent."""
        self.frame = None
        self._sequence += 1

    def _forget(self) -> None:
        self.connected = False
        self.welcome = None
        self.outbox.clear()
        self._end_stream()
        self._closing = -1

    def _end_stream(self) -> None:
        """What is open now is no more; the next stream has another number."""
        self.granted = None
        self._asked = {}
        self._awaiting = False
        self._dropped_before = self.dropped
        self._stream = (self._stream + 1) % 65536

    def _keep_alive(self, now: int) -> None:
        if now - self._pinged >= PING_INTERVAL:
            self._pinged = now
            self._post(Ping(now))

    def _ask(self, welcome: Welcome) -> None:
        """OPEN; CONTROL for what that can change; for the rest CLOSE, and OPEN once that has come back."""
        wanted = asdict(self.settings)
        del wanted["address"]
        wanted["identity"] = wanted["identity"] or next(iter(welcome.identities), "")
        wanted["size"] = wanted["size"] or welcome.sizes[0]
        changes = {key: value for key, value in wanted.items() if self._asked.get(key, ...) != value}
        if not changes:
            return
        try:
            if not self._asked:
                self._post(Open(self._stream, **wanted))
            elif changes.keys() <= CONTROLLED:
                self._post(Control(self._stream, **changes))
            else:
                self._close_stream()
                return
            self._asked, self._awaiting = wanted, True
        except ProtocolError as error:
            self.refuse(error.text)

    def _close_stream(self) -> None:
        self._post(Close(self._stream))
        self._closing = self._stream
        self._end_stream()

    def _post(self, message: Message) -> None:
        self.outbox.append(codec.encode(message))

    def _take(self, message: Message, now: int) -> None:
        match message:
            case Welcome():
                self.welcome, self._turned_away = message, 0
            case Opened(stream=self._stream):
                self.granted, self._awaiting, self._failures = message, False, 0
                self.state = State.STREAMING
            case Picture(stream=self._stream):
                self._take_picture(message, now)
            case Ping():
                self._post(Pong(message.sent, now, now))
            case Error():
                self._take_error(message)
            case Close(stream=self._closing):
                self._closing = -1
            case Bye():
                self.lose("the server said goodbye")

    def _take_picture(self, picture: Picture, now: int) -> None:
        self._post(Ack(picture.stream, picture.sequence))
        self.pictures.append((picture, now))
        self.repeated += picture.repeated
        self.dropped = self._dropped_before + picture.dropped

    def _take_error(self, error: Error) -> None:
        about_settings = error.stream == self._stream and error.sequence < 0
        if error.fatal and error.name in FINAL:
            self.refuse(error.text, error.name)
            self._forget()
        elif error.fatal:
            self.lose(f"the server ended the connection: {error.text}")
        elif about_settings and (self._awaiting or error.name == ErrorCode.generator_failed.name):
            self.refuse(error.text, error.name)


def _nobody(address: str) -> str:
    return f"no facebridge server answers at {address}: start one with `facebridge serve`, or check the address"
