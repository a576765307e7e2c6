"""Servers, clients and peers on real sockets, and a generator whose pace the test decides."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

import numpy as np
import pytest
import zmq

from bridge.client import FaceBridgeClient, Stream
from bridge.config import Config, Limits
from bridge.server import Server
from generator.face_generator import Drawn, StreamSettings
from generator.testcard import CardStream, TestCard
from protocol import codec
from protocol.messages import Error, Hello, Message, Open, Opened, Stats, StatsRequest, Welcome

PATIENCE = 20_000  # ms until a test gives up; nothing waits that long


class GatedCard(TestCard):
    """A test card that draws only while its gate is open, finishes only while that is, and tells what it was asked to
    draw.
    """

    def __init__(self) -> None:
        self.gate, self.finishing = threading.Event(), threading.Event()
        self.gate.set()
        self.finishing.set()
        self.entered = threading.Semaphore(0)
        self.batches: list[list[str]] = []
        self.crop = False
        self.refuses: Callable[[np.ndarray], bool] = lambda values: False
        self.spoils: Callable[[np.ndarray], bool] = lambda values: False

    def render(self, frames: Sequence[tuple[CardStream, np.ndarray]]) -> list[Drawn]:
        self.batches.append([stream.settings.identity for stream, _ in frames])
        self.entered.release()
        assert self.gate.wait(PATIENCE / 1000)
        if any(self.refuses(values) for _, values in frames):
            raise ArithmeticError("the test asked for it")
        drawn = zip(super().render(frames), frames, strict=True)
        return [Drawn(partial(self._finished, one, values), one.repeated) for one, (_, values) in drawn]

    def _finished(self, drawn: Drawn, values: np.ndarray) -> np.ndarray:
        assert self.finishing.wait(PATIENCE / 1000)
        if self.spoils(values):
            raise ArithmeticError("the test asked for it")
        return drawn.pixels[..., :2] if self.crop else drawn.pixels

    def open_stream(self, settings: StreamSettings) -> CardStream:
        return super().open_stream(_with_good_seed(settings))

    def change(self, stream: CardStream, settings: StreamSettings) -> None:
        super().change(stream, _with_good_seed(settings))


def _with_good_seed(settings: StreamSettings) -> StreamSettings:
    if settings.seed == 666:
        raise ValueError("seed 666 is refused")
    return settings


class Peer:
    """A bare DEALER that says whatever the test wants."""

    def __init__(self, address: str, context: "zmq.Context[zmq.Socket[bytes]]", **options: int) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        for name, value in options.items():
            setattr(self.socket, name, value)
        self.socket.connect(address)

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.socket.send_multipart(codec.encode(message))

    def say_bytes(self, *parts: bytes) -> None:
        self.socket.send_multipart(parts)

    def hear(self) -> Any:
        """The next message."""
        assert self.socket.poll(PATIENCE), "the server says nothing"
        return codec.decode(self.socket.recv_multipart())

    def hear_until(self, kind: type) -> list[Any]:
        """All messages up to the first of `kind`."""
        heard = [self.hear()]
        while not isinstance(heard[-1], kind):
            heard.append(self.hear())
        return heard

    def hear_error(self) -> Error:
        """The next ERROR, whatever comes before it."""
        return self.hear_until(Error)[-1]

    def hear_errors(self) -> list[Error]:
        """All errors up to the fatal one, which is the last."""
        errors = [self.hear_error()]
        while not errors[-1].fatal:
            errors.append(self.hear_error())
        return errors

    def greet(self, **hello: Any) -> Welcome:
        self.say(Hello(**({"version_min": 1, "version_max": 1, "client": "peer"} | hello)))
        answer = self.hear()
        assert isinstance(answer, Welcome), answer
        return answer

    def open(self, stream: int = 0, **wishes: Any) -> Opened:
        settings = {"subject": "", "identity": "teal", "basis": "arkit55", "size": 64} | wishes
        self.say(Open(stream=stream, **settings))
        answer = self.hear()
        assert isinstance(answer, Opened), answer
        return answer

    def settle(self) -> list[Any]:
        """Wait until the server has read everything said before; what it answered meanwhile, and its STATS last."""
        self.say(StatsRequest())
        return self.hear_until(Stats)


class Bystander(threading.Thread):
    """A well-behaved client beside the trouble: delivery "every", and nothing may be missing."""

    def __init__(self, address: str) -> None:
        super().__init__(name="bystander")
        self._address = address
        self._over = threading.Event()
        self._drawn = threading.Semaphore(0)
        self.sequences: list[int] = []
        self.sent = 0
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            with FaceBridgeClient(self._address, name="bystander", timeout=PATIENCE / 1000) as client:
                self._perform(client.open("amber", size=64, delivery="every", credit=2))
        except Exception as error:
            self.fault = error
            self._drawn.release(1000)

    def _perform(self, stream: Stream) -> None:
        while not self._over.is_set():
            stream.send({"jawOpen": self.sent % 100 / 100})
            self.sent += 1
            self._fetch(stream, leave=1)
        self._fetch(stream, leave=0)
        stream.close()

    def _fetch(self, stream: Stream, leave: int) -> None:
        while stream.pending > leave:
            picture = stream.receive(timeout=PATIENCE / 1000)
            assert picture is not None
            self.sequences.append(picture.sequence)
            self._drawn.release()

    def proceed(self, pictures: int = 20) -> None:
        """Return when so many more pictures have arrived."""
        while self._drawn.acquire(blocking=False):
            pass
        for _ in range(pictures):
            assert self._drawn.acquire(timeout=PATIENCE / 1000)
        if self.fault:
            raise self.fault

    def finish(self) -> None:
        """End, and see that nothing is missing."""
        self._over.set()
        self.join(PATIENCE / 1000)
        if self.fault:
            raise self.fault
        assert self.sequences == list(range(self.sent))


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    """`serving(generator=..., max_rate=...)`: a server on a free port, ended with the test."""
    with ExitStack() as stack:

        def start(generator: Any = None, **limits: Any) -> Server:
            config = Config(bind="tcp://127.0.0.1:*", model="testcard", limits=Limits(**limits))
            return stack.enter_context(Server(config, generator))

        yield start


@pytest.fixture
def connecting() -> Iterator[Callable[..., FaceBridgeClient]]:
    """`connecting(server)`: a client, closed with the test."""
    with ExitStack() as stack:
        yield lambda server: stack.enter_context(FaceBridgeClient(server.address, timeout=PATIENCE / 1000))


@pytest.fixture
def peering() -> Iterator[Callable[..., Peer]]:
    """`peering(server, rcvhwm=1)`: a bare socket with options, closed with the test."""
    with zmq.Context() as context:
        peers: list[Peer] = []

        def connect(server: Server, **options: int) -> Peer:
            peers.append(Peer(server.address, context, **options))
            return peers[-1]

        yield connect
        for peer in peers:
            peer.socket.close()


@pytest.fixture
def gated() -> Iterator[GatedCard]:
    """A generator whose pace the test decides."""
    card = GatedCard()
    yield card
    card.gate.set()  # or the server's worker would wait for ever


@pytest.fixture
def bystanding() -> Iterator[Callable[..., Bystander]]:
    """`bystanding(server)`: a well-behaved client at work, that must have lost nothing when the test ends."""
    bystanders: list[Bystander] = []

    def start(server: Server) -> Bystander:
        bystanders.append(Bystander(server.address))
        bystanders[-1].start()
        bystanders[-1].proceed()
        return bystanders[-1]

    yield start
    for bystander in bystanders:
        bystander.finish()
