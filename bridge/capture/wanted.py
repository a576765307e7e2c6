"""What a person asks for at the terminal: `NAME` or `NAME:key=value,key=value`, read and checked."""

import difflib
import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.capture.source import Setting, Source, switch, whole
from bridge.capture.sources import SOURCES
from bridge.errors import CommandError

PERFORMED = {
    "identity": Setting("whom it drives, one of the server's people", own=False),
    "subject": Setting("what it is called at the server", own=False),
    "preset": Setting("how the curves are treated: a preset's name or file, or none", own=False),
}
RECEIVED = {
    "port": Setting("where to listen; 0 takes a free port", whole(0, 65535), own=False),
    "host": Setting("the device's address, for those that send once they are asked", own=False),
    "device": Setting("the only one to hear: its id, its address, or the subject it names", own=False),
    "bind": Setting("the address of ours to listen at (all of them)", own=False),
}
TCP = {"tcp": Setting("on: by TCP, off: by UDP (off)", switch, own=False)}
ANYWHERE = "0.0.0.0"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A source as it was asked for; `given` holds the settings that were written, read. `text` is what was written."""

    source: Source
    given: Mapping[str, Any]
    text: str

    @property
    def tcp(self) -> bool:
        """Whether its packets come by TCP."""
        return self.source.transport == "tcp" or self.given.get("tcp", False)

    @property
    def port(self) -> int:
        """Where we listen."""
        return self.given.get("port", self.source.tcp_port if self.given.get("tcp") else self.source.port)

    @property
    def bind(self) -> str:
        """The address of ours that we listen at."""
        return self.given.get("bind", ANYWHERE)

    @property
    def plays(self) -> bool:
        """Whether it is a player, and nothing is listened for."""
        return self.source.transport == "none"

    def make(self, **more: Any) -> Any:
        """Its decoder or player, with `more` settings. CommandError where a module of its own is not installed."""
        module, _, attribute = self.source.make.partition(":")
        settings = settings_of(self.source)
        own = {name: value for name, value in self.given.items() if settings[name].own}
        try:
            return getattr(importlib.import_module(module), attribute)(**own, **more)
        except ModuleNotFoundError as error:
            raise CommandError(
                f"{self.text}: {error}; `python3 run.py capture {self.source.name}` brings it"
            ) from error


def read_wanted(text: str) -> Wanted:
    """CommandError names what is wrong, and what there is."""
    name, _, rest = text.partition(":")
    source = SOURCES.get(name)
    if source is None:
        raise CommandError(f"there is no source {name!r}; {_hint(name, SOURCES)}")
    given = dict(_read(source, key, value) for key, value in _pairs(source, rest))
    missing = next((key for key in source.required if key not in given), "")
    if missing:
        example = f"{name}:VALUE" if missing == source.main else f"{name}:{missing}=VALUE"
        raise CommandError(f"{name} needs {missing}, {settings_of(source)[missing].about}: write {example}")
    return Wanted(source, given, text)


def settings_of(source: Source) -> dict[str, Setting]:
    """Everything that may be written behind its name."""
    received = RECEIVED if source.transport != "none" else {}
    return {**source.settings, **received, **(TCP if source.tcp_port else {}), **PERFORMED}


def _pairs(source: Source, text: str) -> Iterable[tuple[str, str]]:
    """Split at the commas that a `key=` follows: a path may hold commas of its own."""
    seen: set[str] = set()
    for part in re.split(r",(?=[a-z_]+=)", text) if text else ():
        key, equals, value = part.partition("=")
        if source.main and (not equals or not re.fullmatch("[a-z_]+", key)):
            key, value = source.main, part
        if not value:
            raise CommandError(f"{source.name}: {key!r} has no value; write {source.name}:{key}=VALUE")
        if key in seen:
            raise CommandError(f"{source.name}: {key} is given twice")
        seen.add(key)
        yield key, value


def _read(source: Source, key: str, value: str) -> tuple[str, Any]:
    settings = settings_of(source)
    if key not in settings:
        raise CommandError(f"{source.name} has no setting {key!r}; {_hint(key, settings)}")
    try:
        return key, settings[key].read(value)
    except ValueError as error:
        raise CommandError(f"{source.name}: {key} must be {error}, not {value!r}") from None


def _hint(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
