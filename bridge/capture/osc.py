"""Open Sound Control 1.0: the messages of a packet, in order, taken apart by python-osc.

Bundles are opened here, since a packet of nothing but bundles in bundles would keep python-osc busy for long, and what
nobody wants is not read at all.
"""

from collections.abc import Callable, Collection

from pythonosc.osc_message import OscMessage, ParseError

from bridge.capture.sample import RefusedPacketError

BUNDLE = b"#bundle\0"
MOST = 1024  # messages and bundles in a packet
LONGEST = 1024  # bytes of a message that is read
SIZES = {"i": 4, "f": 4, "d": 8, "h": 8, "T": 0, "F": 0, "N": 0}
TYPES = "".join(SIZES) + "s"


def messages(
    packet: bytes, wanted: Collection[str], needless: Callable[[memoryview], bool] | None = None
) -> tuple[list[OscMessage], bool]:
    """The messages to the addresses `wanted` that are not `needless`, and whether there was any other.

    RefusedPacketError if the packet is no OSC, or one of those messages is broken.
    """
    parts = _parts(packet)
    kept = parts if needless is None else [part for part in parts if not needless(part)]
    found = [_message(part, address) for part in kept if (address := _address(part)) in wanted]
    return found, len(found) < len(parts)


def is_bundle(packet: bytes) -> bool:
    return packet.startswith(BUNDLE)


def _parts(packet: bytes) -> list[memoryview]:
    """The bytes of each message, those in bundles too, in order."""
    waiting, found = [memoryview(packet)], []
    for _ in range(MOST):
        if not waiting:
            return found
        part = waiting.pop()
        if part[:8] == BUNDLE:
            waiting += reversed(_contents(part))
        elif part[:1] == b"/":
            found.append(part)
        else:
            raise RefusedPacketError("not OSC", f"{bytes(part[:8])!r} begins neither an OSC message nor a bundle")
    raise RefusedPacketError("too many", f"more than {MOST} messages and bundles in one OSC packet")


def _contents(bundle: memoryview) -> list[memoryview]:
    found, at = [], 16
    while at < len(bundle):
        size = int.from_bytes(bundle[at : at + 4], "big")
        if at + 4 + size > len(bundle) or len(found) > MOST:
            raise RefusedPacketError("broken OSC", f"an OSC bundle of {len(bundle)} bytes ends within an element")
        found.append(bundle[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def _address(part: memoryview) -> str:
    return bytes(part[:64]).split(b"\0", 1)[0].decode("ascii", "replace")


def _message(part: memoryview, address: str) -> OscMessage:
    start = _padded(len(address))
    types = bytes(part[start : start + 64]).split(b"\0", 1)[0].decode("ascii", "replace")
    if len(part) > LONGEST or types.lstrip(",").strip(TYPES):
        raise RefusedPacketError("broken OSC", f"{address} has {len(part)} bytes with the types {types[:16]!r}")
    try:
        message = OscMessage(bytes(part))
    except (ParseError, ValueError, IndexError) as error:
        raise RefusedPacketError("broken OSC", f"{address} cannot be read: {error}") from None
    # python-osc makes up what is missing of a float.
    if types and len(part) < start + _padded(len(types)) + sum(map(_length, types[1:], message.params)):
        raise RefusedPacketError("broken OSC", f"{address} ends before its arguments do")
    return message


def _padded(letters: int) -> int:
    """Bytes of a string of OSC: at least one zero, and as many as make four."""
    return letters // 4 * 4 + 4


def _length(kind: str, value: object) -> int:
    return SIZES[kind] if kind != "s" else _padded(len(str(value).encode()))
