"""Messages to ZeroMQ message parts and back. Nothing but ProtocolError leaves `decode`, whatever bytes come in."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, NoReturn, get_args, get_origin, get_type_hints

import msgpack

from protocol.errors import ErrorCode, ProtocolError
from protocol.fields import Kind, RepeatedKeys, shown
from protocol.messages import NAMES, Message, Picture, Stats, StatsRequest
from protocol.registry import CODECS, LIMITS
from protocol.wire_types import Part


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a message may be: bytes of part 0, bytes of all parts, levels of nesting, entries of a map or list."""

    header: int = LIMITS["header_bytes"]
    message: int = LIMITS["message_bytes"]
    nesting: int = LIMITS["nesting"]
    entries: int = LIMITS["entries"]


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class _Field:
    """One row of a message's table."""

    name: str
    where: str
    kind: Kind
    default: object  # MISSING where the field is required


def _kind(hint: Any) -> Kind:
    """The kind of field in `Annotated[type, kind]`, or in `Annotated[type, kind] | None`."""
    annotated = hint if get_origin(hint) is Annotated else get_args(hint)[0]
    return annotated.__metadata__[0]


def _table(message: type) -> tuple[_Field, ...]:
    hints = get_type_hints(message, include_extras=True)
    return tuple(
        _Field(field.name, f"{NAMES[message]}.{field.name}", _kind(hints[field.name]), field.default)
        for field in fields(message)
        if field.name != "pixels"
    )


TABLES: dict[type, tuple[_Field, ...]] = {message: _table(message) for message in NAMES}
MESSAGES: dict[str, type] = {name: message for message, name in NAMES.items() if message is not Stats}


def encode(message: Message) -> list[Part]:
    """The parts to send: the map, and for PICTURE the pixels, which are not copied.

    Raises ProtocolError where a field could not be read again on the other side.
    """
    content: dict[str, object] = {"t": NAMES[type(message)]}
    for field in TABLES[type(message)]:
        value = getattr(message, field.name)
        if value is not None:
            content[field.name] = field.kind.write(value, field.where)
    header: Part = msgpack.Packer().pack(content)
    if not isinstance(message, Picture):
        return [header]
    _check_pixels(message)
    return [header, message.pixels]


def decode(parts: Sequence[Part], limits: Limits = DEFAULT) -> Message:
    """The message in `parts`, all its fields checked. A picture's pixels are the second part itself, not a copy.

    Raises ProtocolError, with the stream and sequence number in question where they could be read.
    """
    _check_sizes(parts, limits)
    content = _unpack(parts[0], limits)
    message = _message_type(content)
    try:
        return _read(message, content, parts)
    except ProtocolError as error:
        error.stream = _number(content, "stream", LIMITS["stream"])
        error.sequence = _number(content, "sequence", LIMITS["integer"])
        raise


def _check_sizes(parts: Sequence[Part], limits: Limits) -> None:
    if not parts:
        raise ProtocolError(ErrorCode.malformed, "a message has at least one part")
    sizes = [memoryview(part).nbytes for part in parts]
    if sizes[0] > limits.header:
        raise ProtocolError(ErrorCode.too_large, f"part 0 may have {limits.header} bytes, not {sizes[0]}")
    if sum(sizes) > limits.message:
        raise ProtocolError(ErrorCode.too_large, f"a message may have {limits.message} bytes, not {sum(sizes)}")


def _unpack(header: Part, limits: Limits) -> dict[str, Any]:
    try:
        content = msgpack.unpackb(
            header,
            object_pairs_hook=_map,
            ext_hook=_no_extension,
            max_array_len=limits.entries,
            max_map_len=limits.entries,
            max_ext_len=0,
        )
    except (ValueError, RecursionError) as error:
        reason = str(error)[:200] or type(error).__name__
        raise ProtocolError(ErrorCode.malformed, f"part 0 is not one MessagePack value: {reason}") from error
    _check_map(content, limits)
    return content


def _map(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    content = dict(pairs)
    if bytes in map(type, content):
        raise ValueError("a map may have only strings for keys")
    return content if len(content) == len(pairs) else RepeatedKeys(content)


def _no_extension(code: int, data: bytes) -> NoReturn:
    raise ValueError(f"extension type {code} is not used here")


def _check_map(content: object, limits: Limits) -> None:
    if not isinstance(content, dict):
        raise ProtocolError(ErrorCode.malformed, f"part 0 must be a map, not {shown(content)}")
    if isinstance(content, RepeatedKeys):
        raise ProtocolError(ErrorCode.malformed, "part 0 names a key twice")
    if next(iter(content), None) != "t":
        raise ProtocolError(ErrorCode.malformed, "part 0 must begin with the key 't'")
    if _deeper(content, limits.nesting):
        raise ProtocolError(ErrorCode.malformed, f"part 0 may nest {limits.nesting} maps and lists, not more")


def _deeper(value: object, levels: int) -> bool:
    """Whether maps and lists nest deeper than `levels`."""
    if not isinstance(value, dict | list):
        return False
    entries = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_deeper(entry, levels - 1) for entry in entries)


def _message_type(content: dict[str, Any]) -> type:
    name = content["t"]
    if not isinstance(name, str):
        raise ProtocolError(ErrorCode.malformed, f"the message's name must be a string, not {shown(name)}")
    message = MESSAGES.get(name)
    if message is None:
        raise ProtocolError(ErrorCode.unknown_message, f"no message is called {name[:64]!r}")
    if message is StatsRequest and any(field.name in content for field in TABLES[Stats]):
        return Stats
    return message


def _read(message: type, content: dict[str, Any], parts: Sequence[Part]) -> Message:
    expected = 2 if message is Picture else 1
    if len(parts) != expected:
        raise ProtocolError(ErrorCode.malformed, f"{NAMES[message]} has {expected} parts, not {len(parts)}")
    values: list[Any] = [_value(field, content) for field in TABLES[message]]
    if message is not Picture:
        return message(*values)
    picture = Picture(*values, pixels=parts[1])
    _check_pixels(picture)
    return picture


def _value(field: _Field, content: dict[str, Any]) -> object:
    if field.name in content:
        return field.kind.read(content[field.name], field.where)
    if field.default is MISSING:
        raise ProtocolError(ErrorCode.bad_field, f"{field.where} is missing")
    return field.default


def _check_pixels(picture: Picture) -> None:
    size = memoryview(picture.pixels).nbytes
    pixel = CODECS[picture.codec]
    due = picture.width * picture.height * pixel
    if (pixel and size != due) or size == 0:
        expected = f"{due} bytes" if pixel else "at least one byte"
        raise ProtocolError(ErrorCode.bad_field, f"PICTURE part 1 must have {expected}, not {size}")


def _number(content: dict[str, Any], key: str, high: int) -> int:
    value = content.get(key)
    return value if type(value) is int and 0 <= value <= high else -1
