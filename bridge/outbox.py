"""How outcomes reach the thread that owns the sockets: a queue, and a socket that wakes its poll."""

import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from bridge.orders import Outcome


class Outbox:
    """Any thread posts; the sockets' thread polls `fileno` and drains."""

    def __init__(self) -> None:
        self._outcomes: deque[Outcome] = deque()
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)

    def post(self, outcome: Outcome) -> None:
        """Leave an outcome and wake the reader."""
        self._outcomes.append(outcome)
        self.ring()

    def ring(self) -> None:
        """Wake the reader."""
        # Refused where so many wake-ups wait already that one more tells nothing, or where the reader has closed.
        with suppress(OSError):
            self._bell.send(b"\0")

    def drain(self) -> Iterator[Outcome]:
        """Everything posted so far, oldest first."""
        with suppress(BlockingIOError):
            self._ear.recv(4096)
        for _ in range(len(self._outcomes)):
            yield self._outcomes.popleft()

    def fileno(self) -> int:
        """The descriptor that becomes readable when something is posted."""
        return self._ear.fileno()

    def close(self) -> None:
        """End; later posts go nowhere."""
        self._ear.close()
        self._bell.close()
