"""How strongly the model answers each pose: the change of its picture projected on the change of the truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.evaluation.bound import autoencoded
from generator.evaluation.drawing import draw_people
from generator.evaluation.metrics import coarse, cosine, gain
from generator.evaluation.poses import NEUTRAL, POSES
from generator.evaluation.result import Check, Section, Table
from generator.evaluation.study import Study
from generator.training.renderer.person import GALLERY

TARGET = 0.8
OTHER_WINK = {"wink left": "wink right", "wink right": "wink left"}
ABOUT = (
    "Gain 1: the picture changes as strongly as the truth; 0.5: half as strongly. Lost detail costs gain too: the "
    "coarse gain, on pictures four times smaller, tells a muted expression from a soft picture, and the autoencoder's "
    "gain is the bound that softness sets. Cosine: how much of the change has the right direction. Means over the 12."
)
NAMES = [person.name for person in GALLERY]


def measure(study: Study) -> Section:
    tables: list[Table] = []
    checks: list[Check] = []
    for strength in study.amounts.strengths:
        truth, drawn, bound = _changes(study, strength)
        gains = _each(gain, drawn, truth)
        coarse_gains = _each(gain, coarse(drawn), coarse(truth))
        tables.append(_by_pose(strength, gains, _each(cosine, drawn, truth), coarse_gains, _each(gain, bound, truth)))
        if strength == 1.0:
            tables += [_by_person(gains), _leaks(drawn, truth)]
            checks = [Check(f"gain {pose}", float(gains[:, i].mean()), TARGET) for i, pose in enumerate(POSES)]
    return Section(
        "Response to poses",
        ABOUT,
        tuple(checks),
        tuple(tables),
    )


def _changes(study: Study, strength: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Picture less neutral picture of truth, model and autoencoder: float32 (people, poses, size, size, 3) each."""
    curves = np.stack([NEUTRAL, *(curves * strength for curves in POSES.values())])
    truth = np.stack(study.truth.draw((person, curves) for person in GALLERY))
    drawn = draw_people(study.generator, NAMES, curves, study.seed)
    bound = autoencoded(study.folder, study.card, np.concatenate(truth)).reshape(truth.shape)
    truth, drawn, bound = (p[:, 1:].astype(np.float32) - p[:, :1] for p in (truth, drawn, bound))
    return truth, drawn, bound


def _each(measured: Callable[[np.ndarray, np.ndarray], float], drawn: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(people, poses): one number for every change."""
    return np.array([[measured(*pair) for pair in zip(*row, strict=True)] for row in zip(drawn, truth, strict=True)])


def _by_pose(strength: float, gains: np.ndarray, *others: np.ndarray) -> Table:
    """`others`: cosine, coarse gain, the autoencoder's gain."""
    rows = []
    for i, name in enumerate(POSES):
        weakest = int(gains[:, i].argmin())
        means = [float(other[:, i].mean()) for other in others]
        rows.append((name, float(gains[:, i].mean()), float(gains[weakest, i]), NAMES[weakest], *means))
    rows.append(("mean", float(gains.mean()), float(gains.min()), "", *(float(other.mean()) for other in others)))
    columns = ("pose", "gain", "least", "on", "cosine", "coarse gain", "autoencoder's gain")
    return Table(f"Poses at strength {strength:g}", columns, tuple(rows))


def _by_person(gains: np.ndarray) -> Table:
    rows = tuple((name, *map(float, row)) for name, row in zip(NAMES, gains, strict=True))
    return Table("Gain by person", ("", *POSES), rows)


def _leaks(drawn: np.ndarray, truth: np.ndarray) -> Table:
    """How far the eye that should stay open closes with the other one: its change, projected on its own wink."""
    order, rows = list(POSES), []
    for wink, other in OTHER_WINK.items():
        changes = zip(drawn[:, order.index(wink)], truth[:, order.index(other)], strict=True)
        leaks = [gain(*pair) for pair in changes]
        rows.append((wink, float(np.mean(leaks)), float(np.max(leaks))))
    return Table(
        "Does the other eye wink along? (0: not at all, 1: as if it were meant)", ("pose", "mean", "worst"), tuple(rows)
    )
