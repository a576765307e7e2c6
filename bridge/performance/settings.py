"""Settings as a preset file has them: a range beside each default, and the sentence for a value that cannot be."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from bridge.config import ConfigError
from bridge.performance.channels import CHANNELS, GROUPS, place_of, spread

Check = Callable[[Any, str], Any]  # what the file has, and where → the value; ConfigError
Settings = TypeVar("Settings")


def switch(default: bool) -> dict[str, Any]:
    """A field that is true or false."""
    return {"default": default, "metadata": {"check": as_switch}}


def number(default: float, low: float, high: float) -> dict[str, Any]:
    """A field that is a number from `low` to `high`."""
    return {"default": default, "metadata": {"check": lambda value, where: as_number(value, where, low, high)}}


def text(default: str) -> dict[str, Any]:
    """A field that is any text."""
    return {"default": default, "metadata": {"check": as_text}}


def choice(default: str, *words: str) -> dict[str, Any]:
    """A field that is one of a few words."""
    return {"default": default, "metadata": {"check": lambda value, where: _as_choice(value, where, words)}}


def by_curve(default: Mapping[str, float], low: float, high: float) -> dict[str, Any]:
    """A field that is an array (61,). In a file: one number for the face, or a table of groups and curves.

    What a file does not name keeps the default; see `channels.spread` for which name goes before which.
    """

    def check(value: Any, where: str) -> Any:
        given = value if isinstance(value, dict) else {"face": value}
        return spread(dict(default) | {name: _of_curve(name, given[name], where, low, high) for name in given})

    return {"default_factory": lambda: spread(default), "metadata": {"check": check}}


def section(kind: type) -> dict[str, Any]:
    """A field that is a table, read as the dataclass `kind`."""
    return {"default_factory": kind, "metadata": {"check": lambda value, where: fill(kind, value, where)}}


def checked(default: Any, check: Check) -> dict[str, Any]:
    """A field with a check of its own."""
    return {"default": default, "metadata": {"check": check}}


def fill(kind: type[Settings], given: Any, where: str = "") -> Settings:
    """A table of a file → the frozen settings. ConfigError names the setting, what was given and what it takes."""
    table = as_table(given, where)
    checks: dict[str, Check] = {setting.name: setting.metadata["check"] for setting in fields(kind)}  # pyright: ignore[reportArgumentType]
    dotted = f"{where}." if where else ""
    for name in table:
        if name not in checks:
            raise ConfigError(f"unknown setting {dotted}{name}; {hint(name, checks, dotted)}")
    return kind(**{name: checks[name](value, dotted + name) for name, value in table.items()})


def as_table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where} must be a table, got {value!r}")
    return value


def as_switch(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where} must be true or false, got {value!r}")
    return value


def as_text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{where} must be a text, got {value!r}")
    return value


def as_number(value: Any, where: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{where} must be a number, got {value!r}")
    if not low <= value <= high:  # NaN too
        raise ConfigError(f"{where} must be from {low:g} to {high:g}, got {value}")
    return float(value)


def as_curve(name: str, where: str) -> int:
    """Where a curve stands; ConfigError with the name that was perhaps meant."""
    place = place_of(name)
    if place is None:
        raise ConfigError(f"unknown curve {where}.{name}; {hint(name, CHANNELS)}")
    return place


def hint(name: str, known: Iterable[str], dotted: str = "") -> str:
    """What was perhaps meant; if nothing is near, all that is known or where it stands."""
    words = list(known)
    plain = {word.casefold(): word for word in words}
    near = difflib.get_close_matches(name.casefold().replace("_", ""), [*plain, *words], 1)
    if near:
        return f"did you mean {dotted}{plain.get(near[0], near[0])}?"
    return f"there are {', '.join(words)}" if len(words) <= 16 else "docs/performance.md lists the names"


def _of_curve(name: str, value: Any, where: str, low: float, high: float) -> float:
    if name not in GROUPS and place_of(name) is None:
        raise ConfigError(f"unknown curve or group {where}.{name}; {hint(name, [*GROUPS, *CHANNELS])}")
    return as_number(value, f"{where}.{name}", low, high)


def _as_choice(value: Any, where: str, words: tuple[str, ...]) -> str:
    if value not in words:
        raise ConfigError(f"{where} must be {', '.join(words[:-1])} or {words[-1]}, got {value!r}")
    return value
