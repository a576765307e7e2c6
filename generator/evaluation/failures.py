"""The worst frames: where the face is furthest from the truth, and where its expression is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from generator.evaluation import sheets
from generator.evaluation.quality import psnr
from generator.evaluation.regressor import on_grey, upright
from generator.evaluation.report import Table
from generator.evaluation.stage import Actor
from protocol.blendshapes import ARKIT52

COUNT, COLUMNS = 20, 5
TOLD = 3  # of the strongest curves
TILE = 200


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One drawn frame beside its truth, RGBA (s, s, 4); `psnr` of the face, `aed` of all curves read from it."""

    actor: Actor
    where: str  # "slate_3, frame 12"
    curves: np.ndarray
    drawn: np.ndarray
    truth: np.ndarray
    psnr: float
    aed: float


def worst(shots: Sequence[Shot], count: int = COUNT) -> list[Shot]:
    """Half of them those of least PSNR, the others those of greatest AED; of faces nearly alike only the worst one."""
    by_psnr = sorted(shots, key=lambda shot: shot.psnr)
    by_aed = sorted(shots, key=lambda shot: -shot.aed)
    chosen: list[Shot] = []
    for ranked, until in ((by_psnr, count // 2), (by_aed, count)):
        for shot in ranked:
            if len(chosen) < until and not any(_alike(shot, other) for other in chosen):
                chosen.append(shot)
    return chosen


def face_psnr(drawn: np.ndarray, truth: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """(n,) dB of RGBA pictures (n, s, s, 4) that perform `curves` (n, 55): the upright face alone, on grey."""
    pairs = zip(drawn, truth, curves, strict=True)
    return np.array([psnr(*(upright(on_grey(one), row[52:]) for one in pair)) for *pair, row in pairs])


def failure_table(shots: Sequence[Shot]) -> Table:
    rows = tuple(
        (str(number), shot.actor.name, shot.where, shot.psnr, shot.aed, conditions(shot))
        for number, shot in enumerate(shots, 1)
    )
    return Table("", ("", "who", "where", "PSNR, dB", "AED", "conditions"), rows)


def failure_sheet(shots: Sequence[Shot]) -> Image.Image:
    """Rows of drawn, true, and difference."""
    rows = []
    for at in range(0, len(shots), COLUMNS):
        part = shots[at : at + COLUMNS]
        rows += [
            sheets.Row(f"{at + 1} to {at + len(part)}", [shot.drawn for shot in part]),
            sheets.Row("truth", [shot.truth for shot in part], close=True),
            sheets.Row("difference, 4 x", [sheets.difference(shot.drawn, shot.truth) for shot in part], close=True),
        ]
    return sheets.sheet([""] * COLUMNS, rows, TILE)


def conditions(shot: Shot) -> str:
    """The strongest curves, the head's turn, and the light where it is not the usual one."""
    strongest = np.argsort(-np.abs(shot.curves[:52]))[:TOLD]
    told = [f"{ARKIT52[i]} {shot.curves[i]:.2f}" for i in strongest if abs(shot.curves[i]) >= 0.05]
    turns = zip(("yaw", "pitch", "roll"), np.degrees(shot.curves[52:]), strict=True)
    told += [f"{name} {angle:.0f}°" for name, angle in turns if abs(angle) >= 3]
    return ", ".join(told) or "neutral"


def _alike(one: Shot, other: Shot) -> bool:
    """The same person making nearly the same face."""
    return one.actor.name == other.actor.name and float(np.abs(one.curves - other.curves).max()) < 0.15
