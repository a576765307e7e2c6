"""Curves read back from the pictures of a real capture: from the model's stream and from renders of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.evaluation.drawing import pixels, play
from generator.evaluation.metrics import correlations
from generator.evaluation.reader import CurveReader, learn
from generator.evaluation.result import Check, Section, Table
from generator.evaluation.study import Study
from generator.training.performances import sample
from generator.training.renderer.person import Person
from protocol.blendshapes import ARKIT52

TARGET = 0.95
MOVES = 0.03  # deviation from which on a curve counts as moving
READABLE = 0.5  # correlation on the truth below which the reader, not the model, fails
EVERY = 3  # frames of the second capture that are read; all are drawn
STREAM = 10  # of random numbers
ABOUT = (
    "Correlation with the performance of the curves read from renders (truth) and from the model's stream. No reader "
    "was taught on a frame it reads. Curves that hardly move are left out; those not readable from the truth, "
    f"< {READABLE:g}, have no ratio. In the mean a ratio counts as 1 at most, so that luck with one curve "
    "hides no loss in another."
)


@dataclass(frozen=True, slots=True)
class Capture:
    name: str
    curves: np.ndarray  # (t, 55), 30 frames a second
    every: int  # frame that is rendered and read


def measure(study: Study) -> Section:
    captures = (
        Capture("slate_3", study.captures.talk, 1),
        Capture("rom_3, held-out end", study.captures.motion[: study.amounts.motion], EVERY),
    )
    people = study.amounts.people
    readers = dict(zip(people, _readers(study, people), strict=True))
    tables, checks = [], []
    for capture in captures:
        truth, drawn = _read_both(study, capture, readers)
        moving = np.flatnonzero(capture.curves[:: capture.every, :52].std(0) > MOVES)
        checks.append(_check(capture, truth[moving], drawn[moving]))
        tables.append(_table(capture, moving, truth, drawn))
    taught = f"Means of {len(people)} people, a reader for each, taught on {sum(study.amounts.lesson)} renders. "
    return Section("Curves read back from a real capture", taught + ABOUT, tuple(checks), tuple(tables))


def _check(capture: Capture, truth: np.ndarray, drawn: np.ndarray) -> Check:
    readable = truth >= READABLE
    ratio = float(np.minimum(drawn[readable] / truth[readable], 1.0).mean())
    return Check(f"read back, model / truth, mean of {readable.sum()} curves, {capture.name}", ratio, TARGET)


def _readers(study: Study, people: tuple[Person, ...]) -> list[CurveReader]:
    """Taught on expressions of a head that does not turn, as in the captures."""
    recorded, mixed = study.amounts.lesson
    source = study.captures.lesson
    g = np.random.default_rng([STREAM, study.seed])
    rows = [source[g.choice(len(source), recorded, replace=False)], *(sample(g, source)[None] for _ in range(mixed))]
    curves = np.concatenate(rows)
    curves[:, 52:] = 0
    return [learn(pictures, curves) for pictures in study.truth.draw((person, curves) for person in people)]


def _read_both(study: Study, capture: Capture, readers: dict[Person, CurveReader]) -> tuple[np.ndarray, np.ndarray]:
    """Correlations (52,), means of the people: read from the truth, read from the model's stream."""
    shown = capture.curves[:: capture.every]
    truths = study.truth.draw((person, shown) for person in readers)
    streams = play(study.generator, [person.name for person in readers], capture.curves, study.seed)
    true, drawn = [], []
    for reader, truth, stream in zip(readers.values(), truths, streams, strict=True):
        for read, pictures in ((true, truth), (drawn, pixels(stream)[:: capture.every])):
            read.append(correlations(reader.read(pictures, shown[:, 52:]), shown[:, :52]))
    return np.mean(true, 0), np.mean(drawn, 0)


def _table(capture: Capture, moving: np.ndarray, truth: np.ndarray, drawn: np.ndarray) -> Table:
    rows = []
    for curve in moving:
        ratio = float(drawn[curve] / truth[curve]) if truth[curve] >= READABLE else "unreadable"
        rows.append((ARKIT52[curve], float(truth[curve]), float(drawn[curve]), ratio))
    means = float(truth[moving].mean()), float(drawn[moving].mean())
    rows.append(("mean of all", *means, means[1] / means[0]))
    return Table(capture.name, ("curve", "truth", "model", "ratio"), tuple(rows))
