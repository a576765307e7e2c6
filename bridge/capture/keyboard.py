"""Keys as they are pressed in a terminal, without waiting for one: on Windows and wherever there is termios."""

import os
import re
import select
import sys
from types import TracebackType
from typing import Any

from bridge.errors import CommandError

WINDOWS = sys.platform == "win32"
SEQUENCES = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end",
    "1~": "home", "4~": "end", "5~": "pageup", "6~": "pagedown", "7~": "home", "8~": "end",
}  # fmt: skip
"""What follows `ESC [` or `ESC O`, of xterm and its kin."""

CODES = {"H": "up", "P": "down", "M": "right", "K": "left", "G": "home", "O": "end", "I": "pageup", "Q": "pagedown"}
"""What follows NUL or 0xE0 in a Windows console."""

SINGLE = {" ": "space", "\t": "tab", "\r": "enter", "\n": "enter"}


class Keyboard:
    """Within a `with` block keys come at once and are not echoed; Ctrl-C still interrupts."""

    def __init__(self) -> None:
        """CommandError without a terminal."""
        if not sys.stdin or not sys.stdin.isatty():
            raise CommandError("sliders are moved with the keyboard, and nobody is at one here: run it in a terminal")
        self._before: Any = None

    def __enter__(self) -> "Keyboard":
        if not WINDOWS:
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin)
            tty.setcbreak(sys.stdin.fileno())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not WINDOWS:
            import termios

            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)

    def pressed(self) -> list[str]:
        """The keys since the last time: words for arrows and the like, letters for themselves. EOFError at the end."""
        return _console_keys() if WINDOWS else _terminal_keys(sys.stdin.fileno())


def names_of(text: str) -> list[str]:
    """What a terminal sends → keys. What is no key that we know is left out."""
    found = re.findall(r"\x1b(?:[\[O]([0-9;]*[A-Za-z~]))?|([^\x1b])", text)
    keys = [SEQUENCES.get(sequence) if not letter else SINGLE.get(letter, letter) for sequence, letter in found]
    return [key for key in keys if key and key.isprintable()]


def _terminal_keys(terminal: int) -> list[str]:
    if not select.select([terminal], [], [], 0)[0]:
        return []
    data = os.read(terminal, 1024)
    if not data:
        raise EOFError("the terminal was closed")
    return names_of(data.decode("utf-8", "ignore"))


def _console_keys() -> list[str]:
    import msvcrt

    console: Any = msvcrt
    keys: list[str] = []
    while console.kbhit():
        letter = console.getwch()
        name = CODES.get(console.getwch()) if letter in "\0\xe0" else SINGLE.get(letter, letter)
        keys += [name] if name and name.isprintable() else []
    return keys
