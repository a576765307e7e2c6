"""Whether the face does what it is asked to: every curve alone, and all of them together in portraits.

Two readings of a picture, because each is blind to something. *Response* (the figure `curve_r`): in a sweep of one
curve, the change of the picture against its own base, projected on the change that the truth shows at a curve of 1;
0 nothing, 1 all of it. It reads all 52, faint ones too, but only what it is told to look for. *Judge*: a network
trained on renders reads every curve from any picture, and is as blind to faint curves as its own r on true pictures
says. Neither is a reading of the model by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from generator.evaluation.regressor import Judge, on_grey
from generator.evaluation.scripts import Sweep
from protocol.blendshapes import ARKIT52

COARSE = 64  # pixels a side: a line that moves by its own width must still count as having moved
ABOUT = (
    "r of a curve: correlation of the value asked for with the response of the picture, over all levels, base faces "
    "and people. The response is the picture's change against the same stream's base face, at 64² pixels, projected on "
    "the true change at a curve of 1: 0 is none of it, 1 all. The truth's own r is the ceiling: pixels are no straight "
    "line of a curve. On one face: the least r of any single face, however strong its response is. Gain: the response "
    "at 1, the truth's being 1, its mean and from the weakest face to the strongest. Monotone: the share of steps "
    "between levels at which the response grows. The judge is a network trained on renders that reads all curves from "
    "any picture; its r on true pictures of the same people says which curves it can see at all. AED: mean difference "
    "of its readings of drawn and true picture, all 52 curves."
)


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """What sweeps showed: drawn and true response (sweeps, 52, l) at `levels` (l,), the first of which is 0."""

    levels: np.ndarray
    drawn: np.ndarray
    true: np.ndarray

    @property
    def r(self) -> np.ndarray:
        """(52,) the response's correlation with the value asked for."""
        return _correlations(self.drawn, self.levels)

    @property
    def ceiling(self) -> np.ndarray:
        """(52,) the truth's."""
        return _correlations(self.true, self.levels)

    @property
    def on_one_face(self) -> np.ndarray:
        """(52,) the least r of any sweep alone: whether a face follows, however strongly."""
        return np.min([_correlations(sweep[None], self.levels) for sweep in self.drawn], axis=0)

    @property
    def gains(self) -> np.ndarray:
        """(sweeps, 52) response at the highest level, the truth's being 1."""
        return self.drawn[..., -1]

    @property
    def gain(self) -> np.ndarray:
        """(52,) the mean of `gains`."""
        return self.gains.mean(0)

    @property
    def curve(self) -> np.ndarray:
        """(52, l) mean response at every level."""
        return self.drawn.mean(0)

    @property
    def true_curve(self) -> np.ndarray:
        return self.true.mean(0)

    @property
    def monotone(self) -> np.ndarray:
        """(52,) share of steps, 0..1, that the mean response grows by."""
        return (np.diff(self.curve, axis=1) > 0).mean(1)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What the judge read from n drawn and n true pictures (n, 55) of performed `curves` (n, 55)."""

    curves: np.ndarray
    drawn: np.ndarray
    true: np.ndarray

    @property
    def aed(self) -> float:
        return float(self.differences.mean())

    @property
    def differences(self) -> np.ndarray:
        """(n,) AED of every picture."""
        return np.abs(self.drawn - self.true)[:, :52].mean(1)

    @property
    def r(self) -> np.ndarray:
        """(55,) correlation with what was performed; 0 for what stands still."""
        return correlations(self.drawn, self.curves)

    @property
    def ceiling(self) -> np.ndarray:
        return correlations(self.true, self.curves)

    @property
    def turn_error(self) -> float:
        """Mean difference in degrees of yaw, pitch and roll, read from drawn and true pictures."""
        return float(np.degrees(np.abs(self.drawn - self.true)[:, 52:].mean()))


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """One contestant's."""

    name: str
    responses: Responses
    readings: Readings

    @property
    def curve_r(self) -> dict[str, float]:
        return dict(zip(ARKIT52, map(float, self.responses.r), strict=True))

    @property
    def curve_r_mean(self) -> float:
        return float(self.responses.r.mean())

    @property
    def curve_r_min(self) -> float:
        return float(self.responses.r.min())

    @property
    def rows(self) -> list[tuple[str | float, ...]]:
        """As COLUMNS; worst r first."""
        r, read = self.responses, self.readings
        least, most = r.gains.min(0), r.gains.max(0)
        columns = (r.r, r.ceiling, r.on_one_face, r.gain, least, most, r.monotone, read.r, read.ceiling)
        rows = [(name, *(float(column[at]) for column in columns)) for at, name in enumerate(ARKIT52)]
        return sorted(rows, key=lambda row: row[1])


COLUMNS = (
    "curve", "r", "r of truth", "on one face", "gain", "least", "most", "monotone", "judge's r", "judge's r on truth",
)  # fmt: skip


def respond(sweeps: Sequence[Sweep], drawn: Sequence[np.ndarray], true: Sequence[np.ndarray]) -> Responses:
    """`drawn`, `true`: for each sweep uint8 (52, l, size, size, 4), see `Sweep.seen`."""
    pairs = [_responses(*each) for each in zip(drawn, true, strict=True)]
    return Responses(sweeps[0].levels, np.stack([a for a, _ in pairs]), np.stack([b for _, b in pairs]))


def read(judge: Judge, drawn: np.ndarray, true: np.ndarray, curves: np.ndarray) -> Readings:
    """Of uint8 pictures (n, size, size, 4) that perform `curves` (n, 55)."""
    return Readings(curves, judge.read(drawn), judge.read(true))


def correlations(read: np.ndarray, performed: np.ndarray) -> np.ndarray:
    """(k,) Pearson correlation of each column of two (n, k) arrays; 0 where one of them stands still."""
    a, b = (values - values.mean(0) for values in (read.astype(np.float64), performed.astype(np.float64)))
    size = np.sqrt(np.square(a).sum(0) * np.square(b).sum(0))
    return np.where(size > 1e-12, (a * b).sum(0) / np.maximum(size, 1e-12), 0.0)


def coarse(pictures: np.ndarray) -> np.ndarray:
    """uint8 (n, size, size, 4) → float32 (n, COARSE, COARSE, 3) on grey, means of blocks, 0..1."""
    return np.stack([cv2.resize(on_grey(p), (COARSE, COARSE), interpolation=cv2.INTER_AREA) for p in pictures])


def _responses(drawn: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Projections (52, l) of one sweep's drawn and true changes on the whole true change."""
    rows = [_projected(coarse(d), coarse(t)) for d, t in zip(drawn, true, strict=True)]
    return np.stack([a for a, _ in rows]), np.stack([b for _, b in rows])


def _projected(drawn: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    changes = [(pictures - pictures[0]).reshape(len(pictures), -1) for pictures in (drawn, true)]
    whole = changes[1][-1]
    drawn, true = (change @ whole / max(float(whole @ whole), 1e-12) for change in changes)
    return drawn, true


def _correlations(responses: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """(52,) over all sweeps and levels of (sweeps, 52, l)."""
    flat = responses.transpose(0, 2, 1).reshape(-1, responses.shape[1])
    return correlations(flat, np.tile(levels, len(responses))[:, None].repeat(flat.shape[1], 1))
