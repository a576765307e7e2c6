"""How it stands with a source: its state, and every packet counted under what became of it."""

import threading
from collections import Counter, deque
from dataclasses import dataclass
from enum import Enum

from bridge.capture.gaps import Gaps
from bridge.capture.sample import Sample

SECOND = 1_000_000  # µs
REASONS = 32  # kinds that are counted apart; a sender must not fill the memory with names
TEXT = 200  # characters kept of what a sender may have written
LATELY = 512  # arrivals that the rate is told from


class State(Enum):
    """Of a source, as the table shows it."""

    WAITING = "waiting"  # nothing has come for a second
    STREAMING = "streaming"
    LOST = "tracking lost"  # it sends, and sees no face
    REFUSED = "refused"  # it sends, and nothing of the last second fits
    OVER = "over"  # a take that has been played, sliders that were put down
    FAILED = "failed"  # it cannot go on; `error` says why


@dataclass(frozen=True, slots=True)
class Report:
    """A source at one moment.

    `packets` = `taken` + the sum of `refused`. `samples` are the frames of performance in them, `rate` those a second.
    `lost` is the share of frames that never came, 0 to 1, None where the protocol does not number them.
    """

    state: State
    packets: int
    taken: int
    samples: int
    rate: float
    lost: float | None
    refused: dict[str, int]
    oddities: dict[str, int]
    error: str
    device: str
    subject: str


class Tally:
    """Counted by the thread that reads, reported to any. Times are µs of `bridge.clock.now`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gaps = Gaps()
        self._taken = self._samples = 0
        self._refused: Counter[str] = Counter()
        self._oddities: Counter[str] = Counter()
        self._error = self._device = self._subject = ""
        self._tracked = True
        self._arrivals: deque[int] = deque(maxlen=LATELY)
        self._refusal = -SECOND  # when the last one was
        self._end: State | None = None

    def take(self) -> None:
        """A packet fits."""
        with self._lock:
            self._taken += 1

    def add(self, sample: Sample, arrived: int) -> None:
        """A frame of performance has come."""
        with self._lock:
            self._samples += 1
            self._arrivals.append(arrived)
            self._tracked = sample.tracked
            self._device, self._subject = printable(sample.device), printable(sample.subject)
            for oddity in (*sample.oddities, self._gaps.note(sample.timecode, sample.rate)):
                _count(self._oddities, oddity)

    def refuse(self, reason: str, text: str, arrived: int) -> None:
        """A packet does not fit."""
        with self._lock:
            _count(self._refused, reason or "refused")
            self._error, self._refusal = printable(text), arrived

    def note(self, oddity: str, text: str = "") -> None:
        """Something happened that is no packet."""
        with self._lock:
            _count(self._oddities, oddity)
            self._error = printable(text) or self._error

    def end(self, error: str = "") -> None:
        """Nothing more will come; with an error it failed."""
        with self._lock:
            self._end = State.FAILED if error else State.OVER
            self._error = printable(error) or self._error

    def report(self, now: int) -> Report:
        """How it stands."""
        with self._lock:
            return Report(
                state=self._state(now),
                packets=self._taken + self._refused.total(),
                taken=self._taken,
                samples=self._samples,
                rate=self._rate(now),
                lost=self._gaps.share,
                refused=dict(self._refused),
                oddities=dict(self._oddities),
                error=self._error,
                device=self._device,
                subject=self._subject,
            )

    def _state(self, now: int) -> State:
        if self._end:
            return self._end
        if self._arrivals and now - self._arrivals[-1] < SECOND:
            return State.STREAMING if self._tracked else State.LOST
        return State.REFUSED if now - self._refusal < SECOND else State.WAITING

    def _rate(self, now: int) -> float:
        """Frames a second over the last second; of more than `LATELY`, over the time that these took."""
        lately = [arrived for arrived in self._arrivals if now - arrived < SECOND]
        span = lately[-1] - lately[0] if lately else 0
        return (len(lately) - 1) * SECOND / span if span else float(len(lately))


def printable(text: str) -> str:
    """What a sender wrote, safe in a terminal: in one line, without control characters, not too long."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:TEXT])


def _count(counter: Counter[str], name: str) -> None:
    if name:
        counter[name if name in counter or len(counter) < REASONS else "other"] += 1
