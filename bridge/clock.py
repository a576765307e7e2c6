"""The one clock of a process, monotonic, in µs, and how far another one is from it."""

import time
from collections import deque
from dataclasses import dataclass, field

from protocol.messages import Pong

SAMPLES = 16  # answers the offset is estimated from


def now() -> int:
    """Microseconds since an arbitrary moment. `perf_counter`, because Windows steps `monotonic` by 15 ms."""
    return time.perf_counter_ns() // 1000


@dataclass(slots=True)
class OffsetEstimate:
    """The other side's clock minus ours, from PING and PONG, as NTP does: the quickest round trip is the truest."""

    _samples: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=SAMPLES))  # round trip, offset

    def add(self, pong: Pong, arrived: int) -> None:
        """Take an answer that arrived at our time `arrived`, in µs."""
        round_trip = (arrived - pong.sent) - (pong.replied - pong.received)
        offset = ((pong.received - pong.sent) + (pong.replied - arrived)) // 2
        self._samples.append((round_trip, offset))

    @property
    def offset(self) -> int:
        """µs; 0 before the first answer."""
        return min(self._samples)[1] if self._samples else 0
