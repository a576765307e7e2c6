"""Packets of Live Link Face's 16-bit layout, and a phone's end of its control session."""

import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np


def packet(
    values: np.ndarray, pose: Sequence[float] = (0.0,) * 6, subject: str = "7F3A", frame: int = 0,
    subframe: float = 0.0, rate: tuple[int, int] = (60, 1), order: str = "<",
) -> bytes:  # fmt: skip
    """values: 0..1. pose: roll, pitch, yaw in degrees, x, y, z."""
    name = subject.encode()
    head = struct.pack(order + "HH", 1, len(name)) + name + struct.pack(order + "ifii", frame, subframe, *rate)
    full = np.rint(np.asarray(values) * 65535).astype(order + "u2").tobytes()
    return head + struct.pack(order + "H", len(values)) + full + struct.pack(order + "6f", *pose)


class Phone:
    """Answers a control session as the app does; `heard` holds the requests."""

    def __init__(self, subjects: list[dict[str, Any]]) -> None:
        self.heard: list[dict[str, Any]] = []
        self._subjects = subjects

    def answer(self, data: bytes) -> bytes:
        """Requests, whole → the answers."""
        out = b""
        while data:
            magic, version, size = struct.unpack_from("<11sHI", data)
            assert (magic, version) == (b"CPSCONTROL\0", 1)
            request, data = json.loads(data[17 : 17 + size]), data[17 + size :]
            self.heard.append(request)
            out += self.said(request, body=self._body(request["addressPath"]))
        return out

    def said(self, request: dict[str, Any], **more: Any) -> bytes:
        """An answer to a request."""
        kept = {key: request[key] for key in ("sessionId", "addressPath", "transactionId", "timestamp")}
        payload = json.dumps(kept | {"type": "response"} | more).encode()
        return b"CPSCONTROL\0" + struct.pack("<HI", 1, len(payload)) + payload

    def _body(self, path: str) -> dict[str, Any]:
        return {"/session/start": {"sessionId": "s-1"}, "/stream/subjects": {"subjects": self._subjects}}.get(path, {})


def subject(controls: Sequence[str], name: str = "7F3A", kind: str = "arkit") -> dict[str, Any]:
    """A subject as the phone offers it."""
    return {
        "id": name, "name": f"face {name}", "animationMetadata": {"type": kind, "version": 1, "controls": [*controls]},
    }  # fmt: skip
