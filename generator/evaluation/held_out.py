"""Pictures of expressions that nothing was trained on, against their renders; and what the curves are worth to them."""

from __future__ import annotations

import numpy as np

from generator.evaluation.bound import autoencoded
from generator.evaluation.drawing import draw_each
from generator.evaluation.metrics import psnr
from generator.evaluation.result import Check, Section, Table
from generator.evaluation.study import Study
from generator.training.performances import sample
from generator.training.regions import region_masks
from generator.training.renderer.person import GALLERY

STREAM = 9  # of random numbers; training and its scores use 7 and 8
STEPS = (1, 2)
AREAS = ("whole", "mouth", "eyes")
TARGETS = {"whole": 31.0, "mouth": 31.0, "eyes": 30.0}
NEUTRAL_COSTS = 4.0  # dB


def measure(study: Study) -> Section:
    curves = [_expressions(study, number) for number in range(len(GALLERY))]
    truth = np.concatenate(study.truth.draw(zip(GALLERY, curves, strict=True)))
    who = [person.name for person in GALLERY for _ in range(study.amounts.held_out)]
    rows = np.concatenate(curves)
    masks = _areas(rows, truth.shape[1])
    neutral = np.concatenate([np.zeros_like(rows[:, :52]), rows[:, 52:]], 1)
    scores = {"autoencoder alone": _score(autoencoded(study.folder, study.card, truth), truth, masks)}
    for steps in STEPS:
        for label, given in ((_label(steps), rows), (f"{_label(steps)}, neutral curves given", neutral)):
            scores[label] = _score(draw_each(study.generator, who, given, study.seed, steps), truth, masks)
    means = tuple((label, *(float(score[area].mean()) for area in AREAS)) for label, score in scores.items())
    shipped = _label(study.generator.default_steps)
    return Section(
        f"Held-out expressions: {len(rows)} pictures, PSNR in dB",
        "Expressions mixed from the ends of the recordings, each drawn from fresh noise; "
        "mean of the pictures' PSNR against the renderer.",
        _checks(scores[shipped], scores[f"{shipped}, neutral curves given"], shipped),
        (Table("Mean", ("", *AREAS), means), _per_person(scores, np.array(who), shipped)),
    )


def _label(steps: int) -> str:
    return f"{steps} step{'s' * (steps > 1)}"


def _expressions(study: Study, number: int) -> np.ndarray:
    g = np.random.default_rng([STREAM, study.seed, number])
    return np.stack([sample(g, study.captures.held_out) for _ in range(study.amounts.held_out)])


def _areas(curves: np.ndarray, size: int) -> dict[str, np.ndarray]:
    mouth, eyes = region_masks(curves, size)
    return {"whole": np.ones_like(mouth), "mouth": mouth, "eyes": eyes}


def _score(drawn: np.ndarray, truth: np.ndarray, masks: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {area: psnr(drawn, truth, mask) for area, mask in masks.items()}


def _checks(given: dict[str, np.ndarray], neutral: dict[str, np.ndarray], label: str) -> tuple[Check, ...]:
    lost = float((given["whole"] - neutral["whole"]).mean())
    return (
        *(Check(f"PSNR {area}, {label}", float(given[area].mean()), TARGETS[area], "dB") for area in AREAS),
        Check(f"PSNR lost when neutral curves are given, {label}", lost, NEUTRAL_COSTS, "dB"),
    )


def _per_person(scores: dict[str, dict[str, np.ndarray]], who: np.ndarray, shipped: str) -> Table:
    rows = []
    for person in GALLERY:
        mine = who == person.name
        given, neutral = scores[shipped], scores[f"{shipped}, neutral curves given"]["whole"]
        means = [float(given[area][mine].mean()) for area in AREAS]
        bound = float(scores["autoencoder alone"]["whole"][mine].mean())
        rows.append((person.name, *means, bound, float((given["whole"] - neutral)[mine].mean())))
    return Table(f"By person, {shipped}", ("", *AREAS, "autoencoder", "lost when neutral"), tuple(rows))
