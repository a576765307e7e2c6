"""What a source is: how it travels, where, what may be said of it, and what makes its device send."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Transport = Literal["udp", "tcp", "none"]
Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What may be written behind a source's name as `key=value`. `read` takes the text; ValueError says what fits.

    `own`: handed to the source itself, as a keyword; the others are for its sockets and its performance.
    """

    about: str
    read: Callable[[str], Any] = str
    own: bool = True


@dataclass(frozen=True, slots=True)
class Greeting:
    """Sent by UDP to the device at `host=`, each `period` in s while it is silent, so that it sends.

    `payload` is given the port we listen on, and the settings. `always`: also while it sends, for it stops by itself.
    """

    payload: Callable[[int, Settings], bytes]
    port: int
    period: float = 2.0
    always: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """`make` names what makes its decoder, or with transport "none" its player, as `module:attribute`.

    `port` is the usual one. `delimiter` ends each packet of a TCP connection, at `tcp_port` where `tcp=on` may be said.
    `main` is the setting whose name may be left out, as in `take:FILE`; `required` those that must be there.
    `control_port` is where a device at `host=` names its curves. `preset` is the performance that it has by itself.
    """

    name: str
    about: str
    transport: Transport
    make: str
    port: int = 0
    settings: Mapping[str, Setting] = field(default_factory=dict)
    greeting: Greeting | None = None
    delimiter: bytes = b""
    tcp_port: int = 0
    control_port: int = 0
    main: str = ""
    required: tuple[str, ...] = ()
    preset: str = ""


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number from `least` to `most`."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Reads one of a few words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"{', '.join(words[:-1])} or {words[-1]}")
        return text

    return read


def file(text: str) -> Path:
    """Reads the path of a file that is there."""
    path = Path(text).expanduser()
    if not path.is_file():
        raise ValueError("a file that is there")
    return path


def switch(text: str) -> bool:
    """Reads on or off."""
    return one_of("on", "off")(text) == "on"
