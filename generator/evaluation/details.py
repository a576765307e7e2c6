"""Small things the eye looks for: the colour of the irises as they turn, and teeth that are more than a white bar."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from generator.evaluation.drawing import draw_people
from generator.evaluation.poses import GAZES, TEETH
from generator.evaluation.result import Section, Table
from generator.evaluation.study import Study
from generator.training.regions import region_masks
from generator.training.renderer.person import GALLERY

MARKER = (0.0, 0.6, 0.0)  # an iris of this colour differs from everybody's
VISIBLE = 24  # levels by which a pixel must change with the iris's colour to belong to it


def measure(study: Study) -> Section:
    return Section(
        "Details",
        "Iris: distance of mean colours (CIELAB ΔE; 2 is just noticeable side by side) over the pixels "
        "that the renderer fills with iris. "
        "Teeth: gradient energy around the mouth, model over truth; 1 is as crisp.",
        tables=(_irises(study), _teeth(study)),
    )


def _irises(study: Study) -> Table:
    curves = np.stack(list(GAZES.values()))
    marked = [replace(person, iris=MARKER) for person in GALLERY]
    both = study.truth.draw((person, curves) for person in (*GALLERY, *marked))
    truth, other = (np.stack(part) for part in (both[: len(GALLERY)], both[len(GALLERY) :]))
    iris = np.abs(truth.astype(int) - other).max(-1) > VISIBLE
    drawn = _drawn(study, curves)
    rows = [
        (person.name, *(_colour_error(*pictures) for pictures in zip(drawn[n], truth[n], iris[n], strict=True)))
        for n, person in enumerate(GALLERY)
    ]
    means = np.nanmean(np.array([row[1:] for row in rows], np.float64), 0)
    return Table("Iris colour error, ΔE", ("", *GAZES), (*rows, ("mean", *map(float, means))))


def _teeth(study: Study) -> Table:
    curves = np.stack(list(TEETH.values()))
    truth = np.stack(study.truth.draw((person, curves) for person in GALLERY))
    mouth = region_masks(curves, truth.shape[2])[0]
    ratio = _energy(_drawn(study, curves), mouth) / _energy(truth, mouth)
    rows = [(name, float(ratio[:, i].mean()), float(ratio[:, i].min())) for i, name in enumerate(TEETH)]
    return Table("Crispness of the open mouth", ("pose", "mean", "least"), tuple(rows))


def _drawn(study: Study, curves: np.ndarray) -> np.ndarray:
    """uint8 (people, poses, size, size, 3)."""
    return draw_people(study.generator, [person.name for person in GALLERY], curves, study.seed)


def _colour_error(drawn: np.ndarray, truth: np.ndarray, where: np.ndarray) -> float:
    """NaN where no iris is to be seen."""
    if not where.any():
        return float("nan")
    means = [picture[where].mean(0, dtype=np.float32) / 255 for picture in (drawn, truth)]
    first, second = (cv2.cvtColor(mean.reshape(1, 1, 3), cv2.COLOR_RGB2LAB) for mean in means)
    return float(np.linalg.norm(first - second))


def _energy(pictures: np.ndarray, where: np.ndarray) -> np.ndarray:
    """(people, poses) mean squared gradient inside `where` (poses, size, size)."""
    down, across = np.gradient(pictures.astype(np.float32), axis=(2, 3))
    return ((down**2 + across**2).mean(-1) * where).sum((2, 3)) / where.sum((1, 2))
