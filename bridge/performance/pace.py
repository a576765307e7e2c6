"""The time between two samples, when time may jump, repeat and run backwards."""

SHORTEST = 1 / 240
"""Seconds. Packets that a network has bunched together belong to frames at least this far apart."""


def elapsed(since: float, now: float) -> float:
    """Seconds from one sample to the next, `SHORTEST` at the least: also where time repeats or runs backwards."""
    gap = now - since
    return gap if gap > SHORTEST else SHORTEST
