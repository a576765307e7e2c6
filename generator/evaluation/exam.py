"""The still part: portraits and sweeps of single curves, whose truth is drawn once and then asked of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generator.evaluation import expression, leakage, people, quality, scripts
from generator.evaluation.contestants import Contestant, Take
from generator.evaluation.expression import Expression, Readings
from generator.evaluation.leakage import Leakage
from generator.evaluation.people import Likeness
from generator.evaluation.quality import Quality
from generator.evaluation.scripts import Sweep
from generator.evaluation.stage import Actor
from generator.evaluation.study import Study
from generator.training.head.landmarks import Landmarks

PARTS = 4  # streams that the 52 curves of a sweep are shared out to
THINNED = (0.0, 1.0)  # which levels of a sweep, beside 0, a slow contestant draws: the first and the last


@dataclass(frozen=True, slots=True, eq=False)
class Exam:
    """`portraits` (people, k, 55) and their truth (people, k, s, s, 4); `sweeps` and theirs, (52, l, s, s, 4) each."""

    portraits: np.ndarray
    true_portraits: np.ndarray
    sweeps: Sequence[Sweep]
    true_sweeps: Sequence[np.ndarray]
    landmarks: Landmarks

    def people(self, count: int) -> np.ndarray:
        """Who is to be seen in the portraits of the first `count` people: (count * k,)."""
        return np.repeat(np.arange(count), self.portraits.shape[1])


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """What one contestant's stills are worth. `portraits` (people, k, s, s, 4): what was drawn, of the first people.
    `expression` and `leakage` are None for who did not sweep.
    """

    portraits: np.ndarray
    likeness: Likeness
    quality: Quality
    readings: Readings
    expression: Expression | None
    leakage: Leakage | None


def prepared(study: Study, landmarks: Landmarks) -> Exam:
    """Draws the truth."""
    portraits = scripts.portraits(study.amounts, study.recorded, study.seed)
    sweeps = scripts.sweeps(study.amounts, study.recorded, study.seed)
    true = stills(study.truth, list(zip(study.actors, portraits, strict=True)), 1)
    return Exam(portraits, true, sweeps, swept_by(study.truth, study.actors, sweeps, 1), landmarks)


def examined(study: Study, exam: Exam, contestant: Contestant) -> Marks:
    """A slow contestant sits for fewer people, and for one thin sweep or none."""
    if contestant.slow:
        exam = _thinned(exam, study.lengths.slow_sweeps)
    count, settle = study.lengths.slow if contestant.slow else len(study.actors), study.amounts.settle
    if contestant.name == study.truth.name:
        portraits, swept = exam.true_portraits, list(exam.true_sweeps)
    else:
        portraits = stills(contestant, list(zip(study.actors[:count], exam.portraits, strict=False)), settle)
        swept = swept_by(contestant, study.actors, exam.sweeps, settle)
    drawn, true = _flat(portraits), _flat(exam.true_portraits[:count])
    curves, who = _flat(exam.portraits[:count]), exam.people(count)
    enrolled = np.stack([actor.embedding for actor in study.actors])
    readings = expression.read(study.judge, drawn, true, curves)
    return Marks(
        portraits,
        people.measure(contestant.name, drawn, who, enrolled, study.others, study.embed),
        quality.measure(contestant.name, drawn, true, curves, study.judge),
        readings,
        *_of_sweeps(study, exam, contestant.name, swept, readings),
    )


def _of_sweeps(
    study: Study, exam: Exam, name: str, swept: Sequence[np.ndarray], readings: Readings
) -> tuple[Expression, Leakage] | tuple[None, None]:
    if not swept:
        return None, None
    someone = [actor.person for actor in study.actors]
    return (
        Expression(name, expression.respond(exam.sweeps, swept, exam.true_sweeps), readings),
        leakage.measure(name, someone, exam.sweeps, swept, exam.true_sweeps, exam.landmarks),
    )


def stills(contestant: Contestant, takes: Sequence[Take], settle: int) -> np.ndarray:
    """Each row of the takes' curves (n, 55), held for `settle` frames by whoever remembers: (takes, n, s, s, 4)."""
    frames = settle if contestant.remembers else 1
    held = [(actor, scripts.hold(curves, frames)) for actor, curves in takes]
    return np.stack(contestant.several(held))[:, frames - 1 :: frames]


def swept_by(contestant: Contestant, actors: Sequence[Actor], sweeps: Sequence[Sweep], settle: int) -> list[np.ndarray]:
    """(52, l, s, s, 4) of each sweep. Who does not remember has nothing that settles."""
    frames = settle if contestant.remembers else 1
    parts = [(actors[sweep.actor], part) for sweep in sweeps for part in np.split(sweep.stream(frames), PARTS)]
    drawn = contestant.several(parts)
    whole = [np.concatenate(drawn[at : at + PARTS]) for at in range(0, len(drawn), PARTS)]
    return [sweep.seen(pictures, frames) for sweep, pictures in zip(sweeps, whole, strict=True)]


def _thinned(exam: Exam, count: int) -> Exam:
    """The first `count` sweeps, with no level between the first and the last."""
    levels = len(exam.sweeps[0].levels) - 1
    at = sorted({0, *(round(share * levels) or 1 for share in THINNED)})
    thin = [replace(sweep, levels=sweep.levels[at], curves=sweep.curves[:, at]) for sweep in exam.sweeps[:count]]
    return replace(exam, sweeps=thin, true_sweeps=[pictures[:, at] for pictures in exam.true_sweeps[:count]])


def _flat(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, *values.shape[2:])
