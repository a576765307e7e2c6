"""The one thread that owns the sockets of all sources."""

import logging
import selectors
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from bridge.clock import now

TICK = 0.1  # s between looks at the time
SWITCH = 0.0005  # s

log = logging.getLogger("facebridge")


class Line(Protocol):
    """Sockets that are registered with what is to be called when something waits there."""

    @property
    def port(self) -> int: ...
    def open(self, selector: selectors.BaseSelector) -> None: ...
    def tick(self, time: int) -> None: ...
    def close(self) -> None: ...


class Listener:
    """Used once, as a `with` block. Whatever comes, it goes on until the block ends."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._selector = selectors.DefaultSelector()
        self._ear, self._bell = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="facebridge-capture", daemon=True)
        self._stopping = False

    def __enter__(self) -> "Listener":
        self._selector.register(self._ear, selectors.EVENT_READ, lambda: None)
        for line in self._lines:
            line.open(self._selector)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping = True
        self._bell.send(b"\0")
        self._thread.join()
        for line in self._lines:
            line.close()
        self._selector.close()
        self._ear.close()
        self._bell.close()

    def _run(self) -> None:
        # Each packet read lets other threads run, and those that compute would keep us waiting for 5 ms each time.
        sys.setswitchinterval(SWITCH)
        due = 0
        while not self._stopping:
            for key, _ in self._selector.select(TICK):
                self._call(key.data)
            if now() >= due:
                due = now() + int(TICK * 1_000_000)
                for line in self._lines:
                    self._call(lambda line=line: line.tick(now()))

    def _call(self, what: Callable[[], None]) -> None:
        """One socket's trouble is not the others'."""
        try:
            with suppress(OSError):
                what()
        except Exception:
            log.exception("a source's socket has failed; the others go on")
