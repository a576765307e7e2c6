"""The kinds of field a message can have. Each kind reads a value from the wire and writes one to it, checked both ways.

A kind has `read(value, where)`, which gives the value a message holds, and `write(value, where)`, which gives what
MessagePack packs. Both raise ProtocolError and say where.
"""

import math
import re
from dataclasses import dataclass
from typing import Any, Protocol

from protocol.errors import ErrorCode, ProtocolError


class Kind(Protocol):
    """What every kind of field can do."""

    def read(self, value: object, where: str) -> Any: ...

    def write(self, value: Any, where: str) -> object: ...


def bad(where: str, fault: str, code: ErrorCode = ErrorCode.bad_field) -> ProtocolError:
    """The error for one field: where it stands and what is wrong with it."""
    return ProtocolError(code, f"{where} {fault}")


def shown(value: object) -> str:
    """A value as an error text shows it: its type, and the value too where that is short."""
    if value is None or isinstance(value, bool | int | float):
        return f"{type(value).__name__} {value}"
    return type(value).__name__


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer from `low` to `high`. A boolean is none, and neither is 1.0."""

    low: int
    high: int

    def read(self, value: object, where: str) -> int:
        if type(value) is not int:
            raise bad(where, f"must be an integer, not {shown(value)}")
        if not self.low <= value <= self.high:
            raise bad(where, f"must be from {self.low} to {self.high}, not {value}")
        return value

    write = read


@dataclass(frozen=True, slots=True)
class Real:
    """A finite number from `low` to `high`. An integer will do: some languages pack 1.0 as 1."""

    low: float
    high: float

    def read(self, value: object, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise bad(where, f"must be a number, not {shown(value)}")
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise bad(where, f"must be a finite number from {self.low:g} to {self.high:g}, not {value}")
        return float(value)

    write = read


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false, and nothing that merely looks like it."""

    def read(self, value: object, where: str) -> bool:
        if type(value) is not bool:
            raise bad(where, f"must be true or false, not {shown(value)}")
        return value

    write = read


@dataclass(frozen=True, slots=True)
class Text:
    """A string of `low` to `high` bytes of UTF-8."""

    low: int
    high: int

    def read(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise bad(where, f"must be a string, not {shown(value)}")
        size = len(value) if value.isascii() else len(_utf8(value, where))
        if not self.low <= size <= self.high:
            raise bad(where, f"must have from {self.low} to {self.high} bytes, not {size}")
        return value

    write = read


def _utf8(value: str, where: str) -> bytes:
    try:
        return value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise bad(where, "must be text that UTF-8 can hold") from error


@dataclass(frozen=True, slots=True)
class Prose:
    """Text for people, cut to `high` bytes when written: the report of an error must not fail for its length."""

    high: int

    def read(self, value: object, where: str) -> str:
        return Text(0, self.high).read(value, where)

    def write(self, value: str, where: str) -> str:
        return value.encode("utf-8", "replace")[: self.high].decode("utf-8", "ignore")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few names; any other is `unsupported`, for a later version may know it."""

    names: tuple[str, ...]

    def read(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise bad(where, f"must be a string, not {shown(value)}")
        if value not in self.names:
            raise bad(where, f"must be one of {', '.join(self.names)}, not {value[:64]!r}", ErrorCode.unsupported)
        return value

    write = read


@dataclass(frozen=True, slots=True)
class Several:
    """A list of values of one kind, `low` of them at least, kept as a tuple."""

    kind: Kind
    low: int = 0

    def read(self, value: object, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise bad(where, f"must be a list, not {shown(value)}")
        if len(value) < self.low:
            raise bad(where, f"must have at least {self.low} entries, not {len(value)}")
        return tuple(self.kind.read(entry, f"{where}[{index}]") for index, entry in enumerate(value))

    write = read


@dataclass(frozen=True, slots=True)
class Direction:
    """Two angles, [azimuth, elevation], or an empty list for none in particular; kept as a tuple."""

    azimuth: Real
    elevation: Real

    def read(self, value: object, where: str) -> tuple[float, ...]:
        if not isinstance(value, list | tuple):
            raise bad(where, f"must be a list [azimuth, elevation] in degrees, not {shown(value)}")
        if len(value) not in (0, 2):
            raise bad(where, f"must be [azimuth, elevation] in degrees, or [], not {len(value)} entries")
        parts = zip(("azimuth", "elevation"), (self.azimuth, self.elevation), value, strict=False)
        return tuple(kind.read(angle, f"{where}'s {name}") for name, kind, angle in parts)

    write = read


@dataclass(frozen=True, slots=True)
class Colour:
    """ "#rrggbb" in sRGB, any case, "transparent", or "" for none in particular."""

    def read(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise bad(where, f"must be a string, not {shown(value)}")
        if value not in ("", "transparent") and not re.fullmatch("#[0-9a-fA-F]{6}", value):
            raise bad(where, f'must be "#rrggbb", "transparent" or "", not {value[:32]!a}')
        return value

    write = read


@dataclass(frozen=True, slots=True)
class Named:
    """A map from short names to values of one kind."""

    name: Kind
    kind: Kind

    def read(self, value: object, where: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise bad(where, f"must be a map, not {shown(value)}")
        if isinstance(value, RepeatedKeys):
            raise bad(where, "names a key twice")
        return {self.name.read(key, where): self.kind.read(entry, f"{where}[{key!r}]") for key, entry in value.items()}

    write = read


class RepeatedKeys(dict[Any, Any]):
    """A map that arrived with a key more than once."""
