"""The pace of a source that plays by itself: it waits for moments, and can be told to stop."""

import threading
from collections.abc import Iterator

from bridge.clock import now


class Beat:
    """Moments are seconds since `start`; nothing drifts, however long the work between two takes."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._began = now()

    def start(self) -> None:
        self._began = now()

    def stop(self) -> None:
        """From any thread: every wait ends, this one and all that follow."""
        self._stopped.set()

    @property
    def seconds(self) -> float:
        """Since `start`."""
        return (now() - self._began) / 1e6

    def wait(self, moment: float) -> bool:
        """Until `moment`, or not at all if it is past. False once stopped."""
        return not self._stopped.wait(max(0.0, moment - self.seconds))

    def ticks(self, rate: float) -> Iterator[int]:
        """Counts `rate` times a second until stopped; what cannot be kept is passed over, not made up for."""
        tick = 0
        while self.wait(tick / rate):
            yield tick
            tick = max(tick + 1, int(self.seconds * rate))
