"""The thread that owns the sockets: bytes to messages to sessions, and what these ask for back out."""

import itertools
import logging
import signal
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import zmq

from bridge.clock import now
from bridge.config import Config
from bridge.effects import Effect, Leave, Refund, Send
from bridge.guard import Guard
from bridge.guests import Guests
from bridge.listening import listen, receive
from bridge.mailbox import Mailbox
from bridge.offer import offer_of
from bridge.orders import Changing, Closing, Ended, Opening, Outcome, Painted
from bridge.outbox import Outbox
from bridge.session import SECOND, House, Session
from bridge.stats import Statistics
from bridge.transitions import State
from bridge.worker import Worker
from generator.arc2face.layout import folders, mapping_of
from generator.blendshape_map import load_map
from generator.face_generator import FaceGenerator, load_generator
from protocol import codec
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import Bye, Error, Hello, Message
from protocol.registry import VERSION

log = logging.getLogger("facebridge")

TURN = 64  # messages read before outcomes and time are looked after, however many wait
FAREWELL = 250  # ms the last messages have to leave
PATIENCE = 1.5  # s the threads have to end


class Server:
    """A server in threads of its own, used once: `start` and `stop`, or a `with` block."""

    def __init__(self, config: Config, generator: FaceGenerator | None = None) -> None:
        self.config = config
        self.guard = Guard(config.security) if config.security.key else None
        """Who may come in, where clients need keys."""
        mapping = load_map(config.map or mapping_of(folders(Path(config.model)).models))  # quicker to fail than a model
        self.generator = generator or load_generator(config.model, config.options)
        self.address = ""
        """Where it listens, with the port it was given, once started."""
        self._stats = Statistics(now())
        house = House(offer_of(self.generator, mapping), config.limits, self._stats, itertools.count(1))
        codec.encode(house.welcome(Hello(VERSION, VERSION), now()))  # an offer the wire cannot hold is told now
        self._guests = Guests(house)
        self._owners: dict[int, bytes] = {}  # whose stream a key is
        self._mailbox = Mailbox()
        self._outbox = Outbox()
        self._worker = Worker(self.generator, self._mailbox, self._outbox.post, config.encoders, config.jpeg_quality)
        self._sockets = threading.Thread(target=self._run, name="facebridge-sockets", daemon=True)
        self._stopping = False
        self._failure: Exception | None = None
        self._limits = codec.Limits(header=config.limits.max_message, message=config.limits.max_message)

    def start(self) -> str:
        """Listen, and return the address. Raises OSError where that cannot be."""
        self._context = zmq.Context()
        try:
            self._router = listen(self._context, self.config, self.guard)
        except OSError:
            self._context.term()
            self._outbox.close()
            raise
        self.address = self._router.getsockopt_string(zmq.LAST_ENDPOINT)
        self._worker.start()
        self._sockets.start()
        return self.address

    def stop(self) -> None:
        """Tell every client, and end within two seconds."""
        self._stopping = True
        self._outbox.ring()
        deadline = now() + PATIENCE * SECOND
        for thread in (self._sockets, self._worker):
            thread.join(max(0.0, (deadline - now()) / SECOND))

    @property
    def alive(self) -> bool:
        """Whether any of its threads still runs."""
        return self._sockets.is_alive() or self._worker.is_alive()

    def wait(self) -> None:
        """Return when the server has ended; RuntimeError where it did so by a fault of its own."""
        while self._sockets.is_alive():
            self._sockets.join(0.5)  # an endless wait would not let Ctrl-C through on Windows
        if self._failure:
            raise RuntimeError(f"the server has failed: {self._failure!r}") from self._failure

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            self._serve()
        except Exception as error:
            self._failure = error
            log.exception("the server has failed and ends")
        finally:
            self._say_goodbye()
            self._mailbox.stop()
            self._router.close(linger=FAREWELL)
            if self.guard:
                self.guard.close()
            self._context.term()
            self._outbox.close()

    def _serve(self) -> None:
        poller = zmq.Poller()
        poller.register(self._router, zmq.POLLIN)
        poller.register(self._outbox, zmq.POLLIN)
        if self.guard:
            poller.register(self.guard.socket, zmq.POLLIN)
        interval = int(min(0.25, self.config.limits.probe_interval / 4) * SECOND)
        due = now() + interval
        while not self._stopping:
            poller.poll(max(0, due - now()) // 1000 + 1)
            if self.guard:
                self.guard.answer()
            self._finish(self._outbox.drain())
            self._hear()
            if now() >= due:
                self._tick()
                due = now() + interval

    def _hear(self) -> None:
        """Read what the clients sent, though not for ever."""
        for _ in range(TURN):
            try:
                peer, key, parts = receive(self._router, keys=self.guard is not None)
            except zmq.Again:
                return
            if self.guard and not self.guard.admits(key):  # it was, when it came in
                continue
            session = self._guests.session(peer, now())
            session.key = key
            if session.state is not State.OUTCAST:
                self._perform(peer, session, self._answer(session, parts))
                self._guests.file(peer, session)

    def _answer(self, session: Session, parts: list[bytes]) -> list[Effect]:
        arrived = now()
        try:
            session.admit(arrived)
            message = codec.decode(parts, self._limits)
        except ProtocolError as error:
            return session.refuse(error, arrived)
        return session.receive(message, arrived)

    def _finish(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Painted):
                self._stats.repeated += outcome.repeated
                self._stats.drawn += not outcome.repeated
            peer = self._owners.get(outcome.key, b"")
            session = self._guests.client(peer)
            if session is not None:
                self._perform(peer, session, session.finish(outcome, now()))
            if isinstance(outcome, Ended):
                self._owners.pop(outcome.key, None)

    def _tick(self) -> None:
        if not self._worker.is_alive():
            raise RuntimeError("the thread that owns the model has ended")
        if self.guard:
            self._throw_out(self.guard)
        for peer, session in self._guests.clients():
            self._perform(peer, session, session.tick(now()))
            self._guests.file(peer, session)

    def _throw_out(self, guard: Guard) -> None:
        """Let go of the clients whose keys are no more on the list."""
        guard.list.refresh()
        for peer, session in self._guests.clients():
            if not guard.admits(session.key):
                log.info("client %r is let go: its key was taken off the list", session.client)
                self._perform(peer, session, [Send(Bye("your key was taken off the server's list")), *session.leave()])
                self._guests.file(peer, session)

    def _perform(self, peer: bytes, session: Session, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case Send():
                    self._send(peer, session, effect.message)
                case Leave():
                    self._stats.dropped += self._mailbox.put(effect.key, effect.frame)
                case Refund():
                    self._mailbox.refund(effect.key, effect.credit)
                case Opening():
                    if effect.passage.notice:  # the client tells its own user
                        log.info("client %r: %s", session.client, effect.passage.notice)
                    self._owners[effect.key] = peer
                    self._mailbox.open(effect)
                case Changing():
                    self._mailbox.change(effect)
                case Closing():
                    self._stats.dropped += self._mailbox.close(effect.key)

    def _send(self, peer: bytes, session: Session, message: Message) -> None:
        try:
            self._router.send_multipart([peer, *codec.encode(message)], zmq.NOBLOCK, copy=False)
        except zmq.ZMQError as error:
            self._lose(peer, session, error)
            return
        self._stats.sent += 1
        if isinstance(message, Error):
            self._stats.errors[message.name] += 1
            log.info("client %r: %s: %s", session.client, message.name, message.text)

    def _lose(self, peer: bytes, session: Session, error: zmq.ZMQError) -> None:
        """The client has vanished, or reads nothing: it is let go. No ERROR reached it, so none is counted."""
        if session.state is State.CLIENT:
            log.info("client %r cannot be reached and is let go: %s", session.client, error)
            self._perform(peer, session, session.leave())
            self._guests.file(peer, session)

    def _say_goodbye(self) -> None:
        closing = ProtocolError(ErrorCode.server_closing, "the server is shutting down")
        for peer, session in self._guests.clients():
            self._perform(peer, session, session.dismiss(closing))


def serve(config: Config, ready: Callable[[Server], object] = lambda server: None) -> None:
    """Run a server until Ctrl-C or SIGTERM, for the main thread; `ready` is called once it listens."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = Server(config)
    try:
        with server:
            ready(server)
            server.wait()
    except KeyboardInterrupt:
        return
