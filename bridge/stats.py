"""The counters of a server since it started, as STATS reports them."""

from collections import Counter
from dataclasses import dataclass, field

from protocol.messages import Stats


@dataclass(slots=True)
class Statistics:
    """Owned by the sockets' thread. Every received frame ends as drawn (or repeated), dropped or rejected."""

    started: int
    clients: int = 0
    streams: int = 0
    received: int = 0
    drawn: int = 0
    repeated: int = 0
    dropped: int = 0
    rejected: int = 0
    sent: int = 0
    errors: Counter[str] = field(default_factory=Counter)  # that were sent, by name

    def report(self, now: int) -> Stats:
        """The counters as a message; `now` in µs."""
        return Stats(
            clients=self.clients,
            streams=self.streams,
            received=self.received,
            drawn=self.drawn,
            repeated=self.repeated,
            dropped=self.dropped,
            rejected=self.rejected,
            sent=self.sent,
            uptime=now - self.started,
            errors=dict(self.errors),
        )
