"""A packet that is one JSON object."""

import json
from typing import Any

from bridge.capture.sample import RefusedPacketError


def read_object(packet: bytes, sender: str, longest: int) -> dict[str, Any]:
    """RefusedPacketError unless it is one of at most `longest` bytes; `sender` is who was expected to write it."""
    if len(packet) > longest:
        raise RefusedPacketError("too long", f"{len(packet)} bytes, where {sender} needs no more than {longest}")
    try:
        found = json.loads(packet)
    except (ValueError, RecursionError):
        raise RefusedPacketError("not JSON", f"{sender} sends JSON, this begins {packet[:16]!r}") from None
    if not isinstance(found, dict):
        raise RefusedPacketError(f"not {sender}", f"{sender} sends a JSON object, this is {type(found).__name__}")
    return found


def part(value: object, kind: type) -> Any:
    """The value if it is of the kind, else an empty one: what a packet lacks and what it garbles are alike."""
    return value if isinstance(value, kind) else kind()
