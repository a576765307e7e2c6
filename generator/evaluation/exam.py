"""The still part: portraits and sweeps of single curves, whose truth is drawn once and then asked of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generator.evaluation import expression, leakage, people, quality, scripts
from generator.evaluation.contestants import Actor, Contestant
from generator.evaluation.expression import Expression
from generator.evaluation.leakage import Leakage
from generator.evaluation.people import Likeness
from generator.evaluation.quality import Quality
from generator.evaluation.scripts import Sweep
from generator.evaluation.study import Study
from generator.training.head.landmarks import Landmarks

THINNED = (
    0.0,
    0.5,
    1.0,
)  # which levels of a sweep, beside 0, a slow contestant draws: the first, a middle one, the last


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
    """What one contestant's stills are worth. `portraits` (people, k, s, s, 4): what was drawn, of the first people."""

    portraits: np.ndarray
    likeness: Likeness
    quality: Quality
    expression: Expression
    leakage: Leakage


def prepared(study: Study, landmarks: Landmarks) -> Exam:
    """Draws the truth."""
    portraits = scripts.portraits(study.amounts, study.recorded, study.seed)
    sweeps = scripts.sweeps(study.amounts, study.recorded, study.seed)
    true = np.stack(study.truth.several(study.actors, list(portraits)))
    swept = [swept_by(study.truth, study.actors[sweep.actor], sweep, 1) for sweep in sweeps]
    return Exam(portraits, true, sweeps, swept, landmarks)


def examined(study: Study, exam: Exam, contestant: Contestant) -> Marks:
    """A slow contestant sits for fewer people, and one thin sweep."""
    if contestant.slow:
        exam = _thinned(exam)
    count, sweeps = study.lengths.slow if contestant.slow else len(study.actors), exam.sweeps
    settle, actors = study.amounts.settle, study.actors[:count]
    if contestant.name == study.truth.name:
        portraits, swept = exam.true_portraits, list(exam.true_sweeps)
    else:
        portraits = np.stack([stills(contestant, *each, settle) for each in zip(actors, exam.portraits, strict=False)])
        swept = [swept_by(contestant, study.actors[sweep.actor], sweep, settle) for sweep in sweeps]
    drawn, true = _flat(portraits), _flat(exam.true_portraits[:count])
    curves, who = _flat(exam.portraits[:count]), exam.people(count)
    enrolled = np.stack([actor.embedding for actor in study.actors])
    return Marks(
        portraits,
        people.measure(contestant.name, drawn, who, enrolled, study.others, study.embed),
        quality.measure(contestant.name, drawn, true, curves, study.judge),
        Expression(
            contestant.name,
            expression.respond(sweeps, swept, exam.true_sweeps),
            expression.read(study.judge, drawn, true, curves),
        ),
        leakage.measure(
            contestant.name, [actor.person for actor in study.actors], sweeps, swept, exam.true_sweeps, exam.landmarks
        ),
    )


def stills(contestant: Contestant, actor: Actor, curves: np.ndarray, settle: int) -> np.ndarray:
    """Each row of `curves` (n, 55), held for `settle` frames by whoever remembers: (n, s, s, 4)."""
    if not contestant.remembers:
        return contestant.perform(actor, curves)
    return contestant.perform(actor, scripts.hold(curves, settle))[settle - 1 :: settle]


def swept_by(contestant: Contestant, actor: Actor, sweep: Sweep, settle: int) -> np.ndarray:
    """(52, l, s, s, 4). Who does not remember draws the base face once."""
    if contestant.remembers:
        return sweep.seen(contestant.perform(actor, sweep.stream(settle)), settle)
    rows, where = np.unique(sweep.curves.reshape(-1, 55), axis=0, return_inverse=True)
    pictures = contestant.perform(actor, rows)[where.ravel()]
    return pictures.reshape(*sweep.curves.shape[:2], *pictures.shape[1:])


def _thinned(exam: Exam) -> Exam:
    """The first sweep, without most of its levels."""
    sweep, levels = exam.sweeps[0], len(exam.sweeps[0].levels) - 1
    at = sorted({0, *(round(share * levels) or 1 for share in THINNED)})
    thin = replace(sweep, levels=sweep.levels[at], curves=sweep.curves[:, at])
    return replace(exam, sweeps=[thin], true_sweeps=[exam.true_sweeps[0][:, at]])


def _flat(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, *values.shape[2:])
