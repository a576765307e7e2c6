"""How samples reach the thread that performs them: a queue with an end, and a socket that wakes its waiting."""

import select
import socket
from collections import deque
from collections.abc import Iterator
from contextlib import suppress

from bridge.capture.sample import Sample

MOST = 8192  # samples that may wait, of a burst or while a disk is slow; of more, the oldest go


class Inbox:
    """One thread puts, one drains. Times are µs of `bridge.clock.now`."""

    def __init__(self) -> None:
        self.missed = 0
        """Samples that went because too many waited."""
        self._samples: deque[tuple[Sample, int]] = deque(maxlen=MOST)
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)

    def put(self, sample: Sample, arrived: int) -> None:
        """Leave a sample and wake the reader."""
        self.missed += len(self._samples) == MOST
        self._samples.append((sample, arrived))
        self.ring()

    def ring(self) -> None:
        """Wake the reader."""
        # Refused where so many wake-ups wait already that one more tells nothing, or where the reader has closed.
        with suppress(OSError):
            self._bell.send(b"\0")

    def wait(self, timeout: float) -> None:
        """Until something is put or rung, no longer than `timeout` seconds."""
        select.select([self._ear], [], [], timeout)

    def drain(self) -> Iterator[tuple[Sample, int]]:
        """Everything put so far, oldest first."""
        with suppress(BlockingIOError):
            self._ear.recv(4096)
        for _ in range(len(self._samples)):
            yield self._samples.popleft()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._samples)

    def fileno(self) -> int:
        """The descriptor that becomes readable when something is put."""
        return self._ear.fileno()

    def close(self) -> None:
        self._ear.close()
        self._bell.close()
