"""The control session of Live Link Face's newer layout: JSON over TCP, in which the phone names its curves.

A message is `CPSCONTROL`, a zero byte, u16 version 1, u32 length, and so many bytes of JSON in UTF-8, little-endian:

    {"sessionId", "addressPath", "transactionId", "timestamp" (ms), "type" (request, response, update), "body", "error"}

The computer connects and asks, in this order: `/session/start` (answered with `sessionId`; before it the id is
`handshake`), `/stream/subjects` (answered with `subjects`: `id`, `name`, `animationMetadata` with `type` arkit or mha,
`version` and `controls`, the curve names in the order of the values), `/stream/start` with `streamPort` and `subjects`.
Then `/session/keep-alive` every 5 s; the other side gives up after three that fail. An answer has the path and
transaction of what was asked, and either a `body` or an `error` with `name` and `description`.

The messages are those of the engine's sources. Not verified on a phone: the port, which the app shows in its settings,
and whether the app minds that `/information`, which the engine asks in between, is left out.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any

MAGIC = b"CPSCONTROL\0"
VERSION = 1
LONGEST = 1 << 20
MOST_SUBJECTS, MOST_CONTROLS = 64, 4096
KEEP_ALIVE = 5.0
HANDSHAKE = "handshake"
START, SUBJECTS, STREAM, ALIVE = "/session/start", "/stream/subjects", "/stream/start", "/session/keep-alive"
STOP_STREAM, STOP = "/stream/stop", "/session/stop"

_HEAD = struct.Struct("<11sHI")


class ControlError(ValueError):
    """What the phone said cannot be gone on with; the connection is to be closed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A face that the phone can stream. controls: its curve names, in the order of the values."""

    id: str
    name: str
    kind: str
    controls: tuple[str, ...]


class ControlSession:
    """One session without its socket: what came in → what is to be sent. Times are ms since 1970.

    subjects: what the phone offers, by id, once it has said so. streaming: whether it has agreed to send.
    """

    def __init__(self, stream_port: int) -> None:
        self.subjects: dict[str, Subject] = {}
        self.streaming = False
        self._port = stream_port
        self._session = HANDSHAKE
        self._transaction = 0
        self._asked: dict[int, str] = {}
        self._held = b""

    @property
    def controls(self) -> dict[str, tuple[str, ...]]:
        """Curve names by subject id, as `LiveLink` takes them."""
        return {subject.id: subject.controls for subject in self.subjects.values()}

    def begin(self, time: int) -> bytes:
        """What to send when the connection stands."""
        return self._ask(START, time)

    def keep_alive(self, time: int) -> bytes:
        """What to send every `KEEP_ALIVE` s; ControlError if the last three were not answered."""
        if sum(path == ALIVE for path in self._asked.values()) >= 3:
            raise ControlError("the phone has not answered for three keep-alives")
        return self._ask(ALIVE, time)

    def end(self, time: int) -> bytes:
        """What to send before the connection is closed."""
        return self._ask(STOP_STREAM, time) + self._ask(STOP, time)

    def receive(self, data: bytes, time: int) -> bytes:
        """Bytes of the phone, cut anywhere → what to send now. ControlError if they cannot be gone on with."""
        self._held += data
        answer = b""
        while len(self._held) >= _HEAD.size:
            magic, version, size = _HEAD.unpack_from(self._held)
            if magic != MAGIC or version != VERSION or size > LONGEST:
                raise ControlError(f"not a control message of version {VERSION}: {self._held[:17]!r}")
            if len(self._held) < _HEAD.size + size:
                break
            payload, self._held = self._held[_HEAD.size : _HEAD.size + size], self._held[_HEAD.size + size :]
            answer += self._hear(message(payload), time)
        return answer

    def _hear(self, said: dict[str, Any], time: int) -> bytes:
        if said.get("type") != "response":
            return b""
        path = self._asked.pop(_whole(said.get("transactionId")), None)
        if path is None or path != said.get("addressPath"):
            return b""
        if isinstance(error := said.get("error"), dict) and error.get("name"):
            raise ControlError(f"the phone refuses {path}: {error.get('name')}, {error.get('description', '')}")
        body = said.get("body")
        return self._go_on(path, body if isinstance(body, dict) else {}, time)

    def _go_on(self, path: str, body: dict[str, Any], time: int) -> bytes:
        if path == START:
            self._session = _string(body.get("sessionId"), "sessionId")
            return self._ask(SUBJECTS, time)
        if path == SUBJECTS:
            self.subjects = {subject.id: subject for subject in subjects(body)}
            chosen = _preferred(list(self.subjects.values()))
            wish = {"streamPort": self._port, "subjects": [{"id": chosen.id, "name": chosen.name}]}
            return self._ask(STREAM, time, wish)
        self.streaming = self.streaming or path == STREAM
        return b""

    def _ask(self, path: str, time: int, body: dict[str, Any] | None = None) -> bytes:
        self._transaction += 1
        self._asked[self._transaction] = path
        request: dict[str, Any] = {
            "sessionId": self._session, "addressPath": path, "transactionId": self._transaction,
            "timestamp": time, "type": "request",
        }  # fmt: skip
        return framed(request | ({"body": body} if body else {}))


def framed(said: dict[str, Any]) -> bytes:
    """A message → its bytes."""
    payload = json.dumps(said, separators=(",", ":")).encode()
    return _HEAD.pack(MAGIC, VERSION, len(payload)) + payload


def message(payload: bytes) -> dict[str, Any]:
    """The JSON of a message; ControlError if it is none."""
    try:
        said = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ControlError(f"the phone sent no JSON: {error}") from None
    if not isinstance(said, dict):
        raise ControlError("the phone sent JSON that is no object")
    return said


def subjects(body: dict[str, Any]) -> list[Subject]:
    """The subjects in an answer to `/stream/subjects`; ControlError if there is none that fits."""
    offered = body.get("subjects")
    found = [_subject(entry) for entry in offered[:MOST_SUBJECTS]] if isinstance(offered, list) else []
    fitting = [subject for subject in found if subject]
    if not fitting:
        raise ControlError("the phone offers no subject to stream")
    return fitting


def _subject(entry: object) -> Subject | None:
    """None for one that does not say what it is."""
    if not isinstance(entry, dict) or not isinstance(metadata := entry.get("animationMetadata"), dict):
        return None
    names, identity = metadata.get("controls"), entry.get("id")
    if not isinstance(identity, str) or not identity or not isinstance(names, list) or len(names) > MOST_CONTROLS:
        return None
    if not all(isinstance(name, str) for name in names):
        return None
    return Subject(identity, str(entry.get("name", identity)), str(metadata.get("type", "")), tuple(names))


def _preferred(offered: list[Subject]) -> Subject:
    """ARKit's own curves where the phone has them: nothing is lost."""
    return next((subject for subject in offered if subject.kind == "arkit"), offered[0])


def _string(value: object, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ControlError(f"the phone's answer holds no {name}")
    return value


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) and abs(value) < 1 << 53 else 0
