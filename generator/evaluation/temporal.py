"""A real talking clip through the stream, with and without latent reuse: error, lag and flicker together."""

from __future__ import annotations

import numpy as np

from generator.evaluation.drawing import pixels, play, reusing
from generator.evaluation.metrics import flicker, lag, psnr
from generator.evaluation.result import Section, Table
from generator.evaluation.study import Study
from generator.training.renderer.camera import HALF_WIDTH, project

FACE, FACE_SIZE = np.array([[0.0, 0.6, 9.0]]), (6.9, 8.2)  # cm: between the ears, from hairline to chin


def measure(study: Study) -> Section:
    clip, people = study.captures.talk, study.amounts.people
    truths = study.truth.draw((person, clip) for person in people)
    mask = face_mask(clip, truths[0].shape[1])
    own = study.generator.reuse_floor
    rows = []
    for floor in (None, *sorted({*study.amounts.floors, own})):
        with reusing(study.generator, floor):
            streams = play(study.generator, [person.name for person in people], clip, study.seed)
        figures = [_figures(pixels(s), truth, mask) for s, truth in zip(streams, truths, strict=True)]
        rows.append((_label(floor, own), *(float(np.mean(values)) for values in zip(*figures, strict=True))))
    return Section(
        f"Time: {len(clip)} frames of talking at 30 a second",
        f"Means of {len(people)} people. Lag: frames by which the change follows the truth's. "
        "Flicker: mean |change - true change| in levels of 255.",
        tables=(Table("Latent reuse from noise level …", ("", "face PSNR", "lag", "flicker"), tuple(rows)),),
    )


def face_mask(curves: np.ndarray, size: int) -> np.ndarray:
    """bool (n, size, size): the face without backdrop and most of the hair; it follows the head."""
    centre = np.concatenate([project(FACE, row[52:55]) for row in curves])
    axis = (np.arange(size) + 0.5) / size * 2 - 1
    across = np.abs(axis - centre[:, :1]) < FACE_SIZE[0] / HALF_WIDTH
    down = np.abs(-axis - centre[:, 1:]) < FACE_SIZE[1] / HALF_WIDTH
    return down[:, :, None] & across[:, None, :]


def _figures(drawn: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> tuple[float, float, float]:
    return float(psnr(drawn, truth, mask).mean()), lag(drawn, truth), flicker(drawn, truth, mask)


def _label(floor: int | None, own: int) -> str:
    if floor is None:
        return "no reuse"
    return f"{floor} (the model's own)" if floor == own else str(floor)
