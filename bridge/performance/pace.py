"""The time between two samples, when time may jump, repeat and run backwards."""

SHORTEST = 1 / 240
"""Seconds. Packets that a network has bunched together belong to frames at least this far apart."""

LONGEST = 60.0
"""Seconds. What lies further back is forgotten altogether."""


def elapsed(since: float, now: float) -> float:
    """Seconds from one sample to the next, from `SHORTEST`, also where time repeats or runs backwards, to `LONGEST`."""
    gap = now - since
    return min(gap, LONGEST) if gap > SHORTEST else SHORTEST
