"""One client of the server, without I/O: messages, outcomes and the time go in, effects come out."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bridge.budget import Budget
from bridge.config import Limits
from bridge.effects import Effect, Send
from bridge.offer import Offer, granted, without_effect
from bridge.orders import Closing, Outcome
from bridge.stats import Statistics
from bridge.stream import ServedStream
from bridge.transitions import State, after
from bridge.version import VERSION
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
    Ping,
    Pong,
    StatsRequest,
    Welcome,
)  # fmt: skip
from protocol.registry import VERSION as PROTOCOL_VERSION

FORGIVEN = 100.0  # errors per second
SECOND = 1_000_000  # µs
NAMED = 512  # people in a WELCOME: their names, however long, take up half of its header


@dataclass(frozen=True, slots=True)
class House:
    """What all sessions share: the offer, the limits, the counters, and a source of keys for streams."""

    offer: Offer
    limits: Limits
    stats: Statistics
    keys: Iterator[int]

    def welcome(self, hello: Hello, now: int) -> Welcome:
        """What there is for this client. Raises ProtocolError where nothing is of use to it."""
        return Welcome(
            version=PROTOCOL_VERSION,
            server=f"facebridge {VERSION}",
            model=self.offer.model,
            bases=_common("basis", self.offer.bases, hello.bases),
            codecs=_common("codec", self.offer.codecs, hello.codecs),
            sizes=self.offer.sizes,
            identities=self.offer.people()[:NAMED],
            max_message=self.limits.max_message,
            max_streams=self.limits.max_streams,
            max_rate=self.limits.max_rate,
            max_credit=self.limits.max_credit,
            clock=now,
            capabilities=self.offer.capabilities,
        )


@dataclass(slots=True)
class Session:
    """What the server knows of one client. `begun` in µs, as all times here."""

    house: House
    begun: int
    state: State = State.STRANGER
    client: str = ""
    key: str = ""  # the public key it came with, where the server asks for keys
    offer: Offer = field(init=False)  # as far as this client's WELCOME names it
    streams: dict[int, ServedStream] = field(default_factory=dict)
    heard: int = field(init=False)
    probed: int = field(init=False)
    patience: Budget = field(init=False)
    messages: Budget = field(init=False)

    def __post_init__(self) -> None:
        limits = self.house.limits
        self.offer = self.house.offer
        self.heard = self.probed = self.begun
        self.patience = Budget(FORGIVEN, limits.max_errors, self.begun)
        self.messages = Budget(limits.max_messages, limits.max_messages, self.begun)

    def admit(self, now: int) -> None:
        """Before a message is read. Raises ProtocolError where there are too many of them."""
        self.heard = now
        if not self.messages.spend(now):
            most = self.house.limits.max_messages
            raise ProtocolError(ErrorCode.rate_exceeded, f"more than {most:g} messages per second; this one is unread")

    def receive(self, message: Message, now: int) -> list[Effect]:
        """What a message leads to; a refusal is an ERROR among it, never an exception."""
        try:
            if self.state is State.CLIENT and isinstance(message, Open | Curves | Ack | Control | Close):
                return self._at_stream(message, now)
            return self._at_client(message, now)
        except ProtocolError as error:
            error.stream = getattr(message, "stream", -1)
            error.sequence = getattr(message, "sequence", -1)
            return self.refuse(error, now)

    def finish(self, outcome: Outcome, now: int) -> list[Effect]:
        """What an outcome of the worker leads to."""
        stream = next((stream for stream in self.streams.values() if stream.key == outcome.key), None)
        if stream is None:
            return []
        effects = stream.finish(outcome, now)
        if stream.state is State.ABSENT:
            self._drop(stream)
        return effects

    def refuse(self, error: ProtocolError, now: int) -> list[Effect]:
        """The ERROR for a message that is refused, counted against the client's patience."""
        self.house.stats.rejected += 1
        if not self.patience.spend(now):
            effects = self.dismiss(error)
            self.state = State.OUTCAST
            return effects
        return self.dismiss(error) if self.state is State.STRANGER else [Send(_answer(error, fatal=False))]

    def dismiss(self, error: ProtocolError) -> list[Effect]:
        """The last ERROR of a client that is let go, and the end of its streams."""
        return [Send(_answer(error, fatal=True)), *self.leave()]

    def tick(self, now: int) -> list[Effect]:
        """What the time leads to: a PING to a silent client, and the end of one that is silent for too long."""
        limits = self.house.limits
        if now - self._waited_since() > limits.idle_timeout * SECOND:
            what = "heard nothing" if now - self.heard > limits.idle_timeout * SECOND else "no picture was acknowledged"
            return self.dismiss(ProtocolError(ErrorCode.timed_out, f"{what} for {limits.idle_timeout:g} s"))
        if now - max(self.heard, self.probed) > limits.probe_interval * SECOND:
            self.probed = now
            return [Send(Ping(now))]
        return []

    def leave(self) -> list[Effect]:
        """The client is let go: its streams end. It may say HELLO again."""
        if self.state is State.CLIENT:
            self.house.stats.clients -= 1
        self.state = State.STRANGER
        ended: list[Effect] = [Closing(s.key) for s in self.streams.values() if s.state is not State.CLOSING]
        for stream in list(self.streams.values()):
            self._drop(stream)
        return ended

    def _at_client(self, message: Message, now: int) -> list[Effect]:
        following = after(self.state, message)
        effects: list[Effect] = []
        match message:
            case Hello():
                effects = [Send(self._greet(message, now))]
            case Ping():
                effects = [Send(Pong(message.sent, now, now))]
            case StatsRequest():
                effects = [Send(self.house.stats.report(now))]
            case Bye():
                effects = self.leave()
        self.state = following
        return effects

    def _at_stream(self, message: Open | Curves | Ack | Control | Close, now: int) -> list[Effect]:
        self.house.stats.received += isinstance(message, Curves)
        stream = self.streams.get(message.stream)
        if isinstance(message, Open):
            after(stream.state if stream else State.ABSENT, message)
            return self._open(message, now)
        if stream is None:
            after(State.ABSENT, message)
            return []
        return stream.receive(message, now)

    def _greet(self, hello: Hello, now: int) -> Welcome:
        if not hello.version_min <= PROTOCOL_VERSION <= hello.version_max:
            spoken = f"{hello.version_min} to {hello.version_max}"
            text = f"the client speaks versions {spoken}, this server speaks {PROTOCOL_VERSION}"
            raise ProtocolError(ErrorCode.version_unsupported, text)
        welcome = self.house.welcome(hello, now)
        if self.house.stats.clients >= self.house.limits.max_clients:
            text = f"the server has its {self.house.limits.max_clients} clients; try again later"
            raise ProtocolError(ErrorCode.too_many_clients, text)
        self.client = hello.client
        self.offer = replace(self.house.offer, bases=welcome.bases, codecs=welcome.codecs)
        self.house.stats.clients += 1
        return welcome

    def _open(self, wish: Open, now: int) -> list[Effect]:
        limits = self.house.limits
        if len(self.streams) >= limits.max_streams:
            raise ProtocolError(ErrorCode.too_many_streams, f"a client may have {limits.max_streams} streams at once")
        settings, delivery = granted(wish, self.offer, limits.max_credit)
        budget = Budget(limits.max_rate, max(1.0, limits.max_rate / 4), now)
        key = next(self.house.keys)
        passage = self.offer.passages[wish.basis]
        unheeded = without_effect(wish, wish.codec, self.offer)
        stream = ServedStream(wish.stream, key, passage, settings, delivery, self.offer, budget, unheeded)
        self.streams[wish.stream] = stream
        self.house.stats.streams += 1
        return [stream.opening()]

    def _drop(self, stream: ServedStream) -> None:
        del self.streams[stream.number]
        self.house.stats.streams -= 1

    def _waited_since(self) -> int:
        """Since when the client owes something: a sign of life, or an ACK."""
        pictures = (stream.unacknowledged[0][1] for stream in self.streams.values() if stream.unacknowledged)
        return min([self.heard, *pictures])


def _answer(error: ProtocolError, fatal: bool) -> Error:
    return Error(error.code.value, error.code.name, error.text, error.stream, error.sequence, fatal)


def _common(what: str, offered: tuple[str, ...], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The offered that the client can use; a client that names none can use any."""
    common = tuple(name for name in offered if not wanted or name in wanted)
    if not common:
        text = f"no {what} in common: the server has {', '.join(offered)}, the client {', '.join(wanted)}"
        raise ProtocolError(ErrorCode.unsupported, text)
    return common
