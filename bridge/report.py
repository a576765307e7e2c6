"""What a playback measured: frames, rate and latency, live and as a JSON file."""

import json
import platform
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from bridge.clock import now
from bridge.film import OutputError
from bridge.playback import Playback
from bridge.received import Latency, ReceivedPicture
from bridge.takes import Take
from bridge.version import VERSION
from protocol.messages import Opened, Welcome

SECOND = 1_000_000  # µs
PERCENTILES = (50, 95, 99)
MOST_LATENCIES = 1_000_000  # of a playback without end the latest count


class Tally:
    """Counts pictures as they come. `drawn` are new pictures, `repeated` those of a still face."""

    def __init__(self) -> None:
        self.started = now()
        self.drawn = self.repeated = self.dropped = 0
        self.latencies: list[Latency] = []
        self._arrived = self.started
        self._lately: deque[int] = deque()

    def add(self, picture: ReceivedPicture) -> None:
        self._arrived = now()
        self.repeated += picture.repeated
        self.drawn += not picture.repeated
        self.dropped = picture.dropped
        self.latencies.append(picture.latency)
        if len(self.latencies) > MOST_LATENCIES:
            del self.latencies[: MOST_LATENCIES // 2]
        self._lately.append(self._arrived)
        while self._arrived - self._lately[0] > SECOND:
            self._lately.popleft()

    @property
    def pictures(self) -> int:
        return self.drawn + self.repeated

    @property
    def rate(self) -> float:
        """Pictures per second over the last second."""
        span = self._lately[-1] - self._lately[0] if self._lately else 0
        return (len(self._lately) - 1) * SECOND / span if span else 0.0

    @property
    def mean_rate(self) -> float:
        """Pictures per second over the whole, from the first frame's start."""
        return self.pictures * SECOND / max(self._arrived - self.started, 1)

    @property
    def lag(self) -> float:
        """Milliseconds from a frame's sending to its picture: the median of the last 30."""
        return float(np.median([latency.total for latency in self.latencies[-30:]])) if self.latencies else 0.0


def summarise(tally: Tally, playback: Playback, welcome: Welcome, granted: Opened) -> dict[str, Any]:
    """The report: plain data, ready for JSON. Latencies in ms, times in s."""
    return {
        "take": _take_facts(playback.take),
        "frames": {
            "sent": playback.sent,
            "drawn": tally.drawn,
            "repeated": tally.repeated,
            "dropped": tally.dropped,
            "refused": len(playback.refused),
        },
        "fps": round(tally.mean_rate, 2),
        "latency_ms": {part.name: _percentiles(tally.latencies, part.name) for part in fields(Latency)},
        "complete": playback.complete,
        "settings": {"pace": playback.pace, "model": welcome.model} | _plain(granted),
        "versions": {
            "facebridge": VERSION,
            "server": welcome.server,
            "protocol": welcome.version,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "system": platform.platform(),
            "processor": platform.machine(),
        },
    }


def write_report(report: dict[str, Any], path: Path) -> None:
    """Write the report as JSON, UTF-8."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None


def _take_facts(take: Take) -> dict[str, Any]:
    return {
        "name": take.name,
        "frames": len(take),
        "duration": round(take.duration, 4),
        "rows_left_out": len(take.problems),
    }


def _percentiles(latencies: Iterable[Latency], part: str) -> dict[str, float]:
    values = [getattr(latency, part) for latency in latencies]
    if not values:
        return {}
    found = np.percentile(values, PERCENTILES)
    return {f"p{percent}": round(float(value), 2) for percent, value in zip(PERCENTILES, found, strict=True)}


def _plain(granted: Opened) -> dict[str, Any]:
    return {name: value for name, value in asdict(granted).items() if name != "stream"}
