"""How much is measured: all numbers of people and frames in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amounts:
    """Frames of truth cost 0.1 s of a core each, a new person 0.4 s."""

    people: int  # unseen people whose portraits are drawn
    portraits: int  # expressions of each, drawn from held-out recordings and mixtures
    enrolment: int  # true pictures that a person's embedding is the mean of
    swept: int  # of the people: every curve moves alone through all levels
    bases: int  # faces that a sweep starts from: the neutral one, then held-out performances
    levels: tuple[float, ...]  # of a sweep, beside 0
    settle: int  # frames that a pose is held before it is looked at
    stream: int  # frames of the long performance that identity is held over
    look: int  # frames between two looks at it; it divides `stream`
    pairs: int  # of people that people in between are drawn of
    between: int  # embeddings from one to the other, both ends included


FULL = Amounts(40, 12, 4, 3, 2, (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0), 2, 10_000, 250, 4, 7)
QUICK = Amounts(10, 8, 3, 2, 1, (0.05, 0.5, 1.0), 2, 225, 75, 2, 7)
