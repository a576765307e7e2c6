"""A server that grants all it is asked, but for what a test wants otherwise; and what clients say to that.

tests/conduct_sentences.json is a list of situations. Each has `settings` a client begins with, settings it changes to
`then` once it streams, what the server `answers` to messages by their names (null is nothing), whether it asks for
`keys`, and in which state, colour and words the client then stands. ADDRESS in them is the server's.
"""

import json
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import zmq

from protocol import codec, messages
from protocol.messages import Close, Control, Hello, Message, Open, Opened, Ping, Pong, Welcome

SITUATIONS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("conduct_sentences.json").read_text("utf-8"))
NAMES = [situation["situation"] for situation in SITUATIONS]
IDENTITIES = ("teal", "amber")


class ScriptedServer:
    """Listens while its block runs, in a thread of its own."""

    def __init__(self, situation: dict[str, Any]) -> None:
        self._answers: dict[str, Any] = situation.get("answers", {})
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        if situation.get("keys"):
            self._router.curve_server = True
            self._router.curve_secretkey = zmq.curve_keypair()[1]
        port = self._router.bind_to_random_port("tcp://127.0.0.1")
        self.address = f"tcp://127.0.0.1:{port}"
        self.then: dict[str, Any] = situation.get("then", {})
        self._settings = situation.get("settings", {})
        self._status = situation["status"]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ending = threading.Event()

    @property
    def settings(self) -> dict[str, Any]:
        """What a client begins with here."""
        return {"address": self.address, "size": 64, **self._settings}

    @property
    def status(self) -> str:
        """What it shall say."""
        return self._status.replace("ADDRESS", self.address)

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._router.close(linger=0)
        self._context.term()

    def _run(self) -> None:
        while not self._ending.is_set():
            if self._router.poll(20):
                peer, *parts = self._router.recv_multipart()
                for answer in self._answered(codec.decode(parts)):
                    self._router.send_multipart([peer, *codec.encode(answer)])

    def _answered(self, message: Message) -> list[Message]:
        name = type(message).__name__.upper()
        if name not in self._answers:
            return self._granted(message)
        if self._answers[name] is None:
            return []
        kind, fields = self._answers[name]
        theirs = {"stream": getattr(message, "stream", -1)} if "stream" in fields else {}
        return [getattr(messages, kind)(**fields | theirs)]

    def _granted(self, message: Message) -> list[Message]:
        match message:
            case Hello():
                bases, codecs = ("arkit55",), ("jpeg", "rgb24", "rgba32")
                return [Welcome(1, "scripted", "none", bases, codecs, (64,), IDENTITIES, 65536, 1, 240.0, 2, 0)]
            case Open() | Control():
                name = message.identity or "teal"
                return [Opened(message.stream, name, "arkit55", 64, "rgba32", "top", "newest", 2, 0, 1, 1.0)]
            case Close():
                return [message]
            case Ping():
                return [Pong(message.sent, 0, 0)]
            case _:
                return []
