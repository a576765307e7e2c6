"""Contact sheets for the eye: truth over model, enlarged and labelled."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from generator.evaluation.drawing import draw_people, pixels, play
from generator.evaluation.poses import EYES, GAZES, NEUTRAL, POSES, TEETH
from generator.evaluation.result import Section
from generator.evaluation.study import Study
from generator.training.renderer.person import GALLERY

EYES_BAND, MOUTH_BAND, WHOLE = (0.24, 0.54), (0.56, 0.90), (0.0, 1.0)  # of the height
PEOPLE_A_SHEET, FRAMES_A_ROW, ROWS = 4, 8, 3
LABEL, HEADING = 110, 26  # pixels
INK, PAPER = (30, 30, 30), 245


def measure(study: Study) -> Section:
    pictures = {}
    for first in range(0, len(GALLERY), PEOPLE_A_SHEET):
        chosen = range(first, first + PEOPLE_A_SHEET)
        pictures[f"poses_{first // PEOPLE_A_SHEET + 1}"] = _sheet(study, {"neutral": NEUTRAL} | POSES, WHOLE, 2, chosen)
    everyone = range(len(GALLERY))
    pictures["winks"] = _sheet(study, EYES, EYES_BAND, 3, everyone)
    pictures["gazes"] = _sheet(study, GAZES, EYES_BAND, 3, everyone)
    pictures["teeth"] = _sheet(study, TEETH, MOUTH_BAND, 3, everyone)
    pictures["frames"] = _strip(study)
    return Section("Sheets", "Truth above, model below.", pictures=pictures)


def sheet(headings: Sequence[str], rows: Sequence[tuple[str, np.ndarray]], scale: int) -> np.ndarray:
    """Rows of (label, uint8 (n, h, w, 3)) under headings, `scale` times enlarged: one uint8 RGB picture."""
    tiles = [(label, [_enlarged(picture, scale) for picture in pictures]) for label, pictures in rows]
    height, width = tiles[0][1][0].shape[:2]
    lines = [_text_row([("", LABEL), *((heading, width) for heading in headings)], HEADING)]
    for label, row in tiles:
        lines.append(np.concatenate([_text_row([(label, LABEL)], height), *row], 1))
    return np.concatenate(lines, 0)


def _sheet(
    study: Study, poses: dict[str, np.ndarray], band: tuple[float, float], scale: int, chosen: range
) -> np.ndarray:
    curves, people = np.stack(list(poses.values())), [GALLERY[i] for i in chosen]
    truths = study.truth.draw((person, curves) for person in people)
    drawn = draw_people(study.generator, [person.name for person in people], curves, study.seed)
    cut = slice(*(round(part * drawn.shape[2]) for part in band))
    rows = []
    for person, truth, model in zip(people, truths, drawn, strict=True):
        rows += [(f"{person.name} truth", truth[:, cut]), ("model", model[:, cut])]
    return sheet(list(poses), rows, scale)


def _strip(study: Study) -> np.ndarray:
    """Consecutive frames from the liveliest part of the talk, the model as it streams."""
    talk, person, count = study.captures.talk, study.amounts.people[0], FRAMES_A_ROW * ROWS
    moves = np.abs(np.diff(talk[:, :52], axis=0)).sum(1)
    start = int(np.convolve(moves, np.ones(count - 1), "valid").argmax())
    truth = study.truth.draw([(person, talk)])[0]
    drawn = pixels(play(study.generator, [person.name], talk[: start + count], study.seed)[0])
    rows = []
    for at in range(start, start + count, FRAMES_A_ROW):
        shown = slice(at, at + FRAMES_A_ROW)
        rows += [(f"frame {at} truth", truth[shown]), ("model", drawn[shown])]
    return sheet([f"+{i}" for i in range(FRAMES_A_ROW)], rows, 2)


def _enlarged(picture: np.ndarray, scale: int) -> np.ndarray:
    return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)


def _text_row(cells: Sequence[tuple[str, int]], height: int) -> np.ndarray:
    row = np.full((height, sum(width for _, width in cells), 3), PAPER, np.uint8)
    left = 0
    for text, width in cells:
        for line, words in enumerate(text.split(" ") if width == LABEL else [text]):
            cv2.putText(row, words, (left + 4, 18 + 20 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)
        left += width
    return row
