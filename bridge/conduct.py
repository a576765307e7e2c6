"""What a client does and when, without I/O: docs/clients.md, "One conduct". The clients in engines do the same.

Whoever owns the socket makes one when it `wants_connection`, and calls `began`; sends the `outbox` and, when nothing
is left unsent, `next_frame`; feeds what comes to `hear`; calls `tick` often; ends the socket when not `connected`.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bridge import standing
from bridge.standing import COLOURS, TRYING, State
from bridge.wishes import CONNECTION, CONTROLLED, Settings, Wishes
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

__all__ = ["Conduct", "Frame", "Settings", "State"]

SECOND = 1_000_000  # µs
WAITS = (SECOND // 4, SECOND // 2, SECOND, 2 * SECOND)  # before each new attempt, the last for all that follow
PATIENCE = 2 * SECOND  # for WELCOME
SILENCE = 3 * SECOND
PING_INTERVAL = SECOND
TURNS = 3  # connections in a row that end before WELCOME, until that is taken for an answer
FINAL = (ErrorCode.version_unsupported.name, ErrorCode.unsupported.name)  # fatal, and no attempt will mend it


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
        self._wishes = Wishes()
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
        if self.state is State.STREAMING:
            force = self._wishes.in_force
            return standing.streaming(force["identity"], force["size"], self._wishes.refusal)
        return standing.sentence(self.state, self.settings.address, self._reason)

    @property
    def colour(self) -> str:
        """ "green", "amber", "red" or "grey"; amber also where it streams and a change of settings was refused."""
        return "amber" if self.state is State.STREAMING and self._wishes.refusal else COLOURS[self.state]

    def begin(self) -> None:
        """Connect, and from now on stay connected."""
        if self.state not in TRYING:
            self._try_anew()

    def change(self, settings: Settings) -> None:
        """New settings, in force as soon as the server has them."""
        before, self.settings = self.settings, settings
        if before == settings or self.state in (State.OFFLINE, State.CLOSED):
            return
        if any(getattr(before, name) != getattr(settings, name) for name in CONNECTION):
            self._forget()
            self._try_anew()
        elif self.state == State.REFUSED:
            self._try_anew()

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
            self.lose(standing.gone(self.settings.address))
            return
        self._turned_away += 1
        reason = standing.turned_away(self.settings.address, keys=bool(self.settings.key))
        if self._turned_away < TURNS:
            self.lose(reason)
        else:
            self.refuse(reason)

    def refuse(self, reason: str) -> None:
        """No connection will do before the settings change."""
        self.state, self._reason = State.REFUSED, reason
        self._forget()

    def leave(self) -> None:
        """Say what a client says last."""
        if self.welcome and self._wishes.asked:
            self._post(Close(self._stream))
        if self.welcome:
            self._post(Bye())
        self.state = State.CLOSED

    def tick(self, now: int) -> None:
        """What time demands, and what is wished and not yet asked for."""
        if not self.connected:
            return
        if self.welcome is None and now - self._heard >= PATIENCE:
            self.lose(standing.nobody(self.settings.address))
        elif now - self._heard >= SILENCE:
            self.lose(standing.silent(self.settings.address))
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
                self.lose(standing.unreadable(str(error)))

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

    def _try_anew(self) -> None:
        self.state, self._reason = State.CONNECTING, ""
        self._wishes = Wishes()
        self._failures = self._turned_away = self._due = 0

    def _forget(self) -> None:
        self.connected = False
        self.welcome = None
        self.outbox.clear()
        self._end_stream()
        self._closing = -1

    def _end_stream(self) -> None:
        """What is open now is no more; the next stream has another number."""
        self.granted = None
        self._wishes.end()
        self._awaiting = False
        self._dropped_before = self.dropped
        self._stream = (self._stream + 1) % 65536

    def _keep_alive(self, now: int) -> None:
        if now - self._pinged >= PING_INTERVAL:
            self._pinged = now
            self._post(Ping(now))

    def _ask(self, welcome: Welcome) -> None:
        """OPEN; CONTROL for what that can change; for the rest CLOSE, and OPEN once that has come back."""
        wanted = self._wishes.wanted(self.settings, welcome)
        changes = self._wishes.changes(wanted)
        if not changes:
            return
        if self._wishes.asked and not changes.keys() <= CONTROLLED:
            self._close_stream()
            return
        message = Control if self._wishes.asked else Open
        fields = changes if self._wishes.asked else wanted
        self._wishes.asked, self._awaiting = wanted, True
        try:
            self._post(message(self._stream, **fields))
        except ProtocolError as error:
            self._take_refusal(standing.declined(error.text))

    def _changed_since(self) -> bool:
        """Whether something else is wished now than was asked for last."""
        return bool(self.welcome and self._wishes.changes(self._wishes.wanted(self.settings, self.welcome)))

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
                self._wishes.grant()
                self.state = State.STREAMING
            case Picture(stream=self._stream):
                self._take_picture(message, now)
            case Ping():
                self._post(Pong(message.sent, now, now))
            case Error():
                self._take_error(message)
            case Close(stream=self._closing):
                self._closing = -1
            case Close(stream=self._stream):
                self.lose(standing.STREAM_CLOSED)
            case Bye():
                self.lose(standing.GOODBYE)

    def _take_picture(self, picture: Picture, now: int) -> None:
        self._post(Ack(picture.stream, picture.sequence))
        self.pictures.append((picture, now))
        self.repeated += picture.repeated
        self.dropped = self._dropped_before + picture.dropped

    def _take_error(self, error: Error) -> None:
        about_settings = error.stream == self._stream and error.sequence < 0
        if error.fatal and error.name in FINAL:
            self.refuse(standing.too_old(error.text))
        elif error.fatal:
            self.lose(standing.ended(error.text))
        elif about_settings:
            late = error.name == ErrorCode.generator_failed.name
            if self._awaiting or late:
                self._take_refusal(standing.declined(error.text, error.name), late)

    def _take_refusal(self, reason: str, late: bool = False) -> None:
        """Without a stream that is the end until the settings change; one that is open goes on as it was.

        `late`: the change was granted, and then the model could not do it.
        """
        if late and self.granted:
            self._wishes.withdraw(reason)
            return
        self._awaiting = False
        if self.granted:
            self._wishes.refuse(reason)
        else:
            if not self._changed_since():  # else it is asked for anew: what was refused is not wanted any more
                self.state, self._reason = State.REFUSED, reason
            self._end_stream()
