"""Curve values on the wire: float32 bytes in the order of a basis, or a map from names to numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from protocol.blendshapes import BASES, INDEX
from protocol.errors import ErrorCode, ProtocolError
from protocol.fields import RepeatedKeys, shown
from protocol.registry import LIMITS

Values = np.ndarray | Mapping[str, float]
"""float32 (n,) in the order of a basis, or name → value with the missing names at 0."""

COUNTS = frozenset(len(names) for names in BASES.values())
WIRE = np.dtype("<f4")
MAGNITUDE: float = LIMITS["curve_magnitude"]
MOST_NAMES: int = LIMITS["curve_names"]


@dataclass(frozen=True, slots=True)
class CurveValues:
    """The field `values` of CURVES. Every fault in it is bad_curves."""

    def read(self, value: object, where: str) -> Values:
        if isinstance(value, bytes):
            return _checked(_floats(value, where), where)
        if isinstance(value, dict):
            return _numbers(value, where)
        raise _bad(where, f"must be float32 bytes or a map, not {shown(value)}")

    def write(self, value: Values, where: str) -> bytes | dict[str, float]:
        if isinstance(value, Mapping):
            return _numbers({name: _plain(number) for name, number in value.items()}, where)
        with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite and is refused as that
            floats = np.asarray(value, WIRE)
        return _checked(_floats(floats.tobytes(), where), where).tobytes()


def in_order(values: Values, basis: str) -> np.ndarray:
    """The values as float32 (n,) in the order of `basis`.

    Names the basis does not have are left out. Raises ProtocolError bad_curves where an array has the wrong length.
    """
    names = BASES[basis]
    if not isinstance(values, Mapping):
        if values.shape != (len(names),):
            raise _bad("CURVES.values", f"must have {len(names)} floats for {basis}, not {values.size}")
        return values
    ordered = np.zeros(len(names), np.float32)
    for name, value in values.items():
        index = INDEX.get(name, -1)
        if 0 <= index < len(names) and names[index] == name:
            ordered[index] = value
    return ordered


def _bad(where: str, fault: str) -> ProtocolError:
    return ProtocolError(ErrorCode.bad_curves, f"{where} {fault}")


def _plain(number: object) -> object:
    return number.item() if isinstance(number, np.generic) else number


def _floats(data: bytes, where: str) -> np.ndarray:
    if len(data) % 4 or len(data) // 4 not in COUNTS:
        counts = " or ".join(str(count) for count in sorted(COUNTS))
        raise _bad(where, f"must have {counts} float32, not {len(data)} bytes")
    return np.frombuffer(data, WIRE)


def _checked(values: np.ndarray, where: str) -> np.ndarray:
    # NaN compares false, so one comparison finds NaN, infinity and what is too large.
    if not (np.abs(values) <= MAGNITUDE).all():
        index = int(np.argmin(np.abs(values) <= MAGNITUDE))
        raise _bad(f"{where}[{index}]", f"must be finite and within ±{MAGNITUDE:g}, not {values[index]}")
    return values


def _numbers(values: dict[str, object], where: str) -> dict[str, float]:
    if isinstance(values, RepeatedKeys):
        raise _bad(where, "names a curve twice")
    if len(values) > MOST_NAMES:
        raise _bad(where, f"must have at most {MOST_NAMES} names, not {len(values)}")
    numbers = {name: _number(name, value, where) for name, value in values.items()}
    if numbers and INDEX.keys().isdisjoint(numbers):
        raise _bad(where, f"names no curve of any basis, such as {str(next(iter(numbers)))[:64]!r}")
    return numbers


def _number(name: object, value: object, where: str) -> float:
    if not isinstance(name, str):
        raise _bad(where, f"must have strings for names, not {shown(name)}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _bad(f"{where}[{name[:64]!r}]", f"must be a number, not {shown(value)}")
    if not math.isfinite(value) or abs(value) > MAGNITUDE:
        raise _bad(f"{where}[{name[:64]!r}]", f"must be finite and within ±{MAGNITUDE:g}, not {value}")
    return float(value)
