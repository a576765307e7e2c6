"""What else moves when one curve does: change by region of the face, drawn against true, and micro-movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.evaluation.expression import coarse
from generator.evaluation.scripts import Sweep
from generator.training.head.landmarks import REGIONS, Landmarks
from generator.training.head.person import Person
from protocol.blendshapes import ARKIT52

PLACES = (*REGIONS, "rest")
MICRO = 0.05
OWN, OTHER = (
    0.25,
    0.02,
)  # of the largest true change at 1: pixels from the first on belong to a curve; to the second, not
STILL = 0.1  # a region with less than this share of the most moved one's change should stand still
ABOUT = (
    "Mean change of the picture in each region when one curve goes from 0 to 1, in levels of 255, drawn and true. A "
    "region should stand still where the truth changes by less than a tenth of what it does in its most moved region; "
    "the leak is the most drawn change of any such region, as a share of the true change in the most moved. Micro: the "
    "response (see above) to a curve of 0.05, and the drawn change of the pixels that belong to the curve (a quarter "
    "of the largest true change at 1 or more) and of those that have nothing to do with it (2 % or less)."
)


@dataclass(frozen=True, slots=True, eq=False)
class Leakage:
    """One contestant's, means of all sweeps. Matrices are (52, regions) in levels of 255, columns as `PLACES`."""

    name: str
    drawn: np.ndarray
    true: np.ndarray
    micro_response: np.ndarray  # (52,) at 0.05, the truth's at 1 being 1
    micro_own: np.ndarray  # (52,) drawn change in levels at 0.05 where the curve belongs
    micro_other: np.ndarray  # (52,) and where it does not
    micro_true: np.ndarray  # (52,) the truth's own response at 0.05

    @property
    def leak(self) -> np.ndarray:
        """(52,) most drawn change of a region that stands still in truth, as a share of the true one's most moved."""
        most = self.true.max(1)
        still = self.true < STILL * most[:, None]
        return (self.drawn * still).max(1) / np.maximum(most, 1e-6)

    @property
    def micro_visible(self) -> np.ndarray:
        """(52,) bool: 0.05 shows, at least half as much as in truth, and more where it belongs than elsewhere."""
        return (self.micro_response > self.micro_true / 2) & (self.micro_own > self.micro_other)

    @property
    def rows(self) -> list[tuple[str, str, float, float, float, float]]:
        """Curve, its most moved region, leak, response at 0.05, drawn change where it belongs and elsewhere."""
        where = [PLACES[int(place)] for place in self.true.argmax(1)]
        columns = (self.leak, self.micro_response, self.micro_own, self.micro_other)
        return [(name, where[at], *(float(c[at]) for c in columns)) for at, name in enumerate(ARKIT52)]  # pyright: ignore


COLUMNS = ("curve", "moves most", "leak", "response at 0.05", "change there", "change elsewhere")


def measure(
    name: str,
    people: Sequence[Person],
    sweeps: Sequence[Sweep],
    drawn: Sequence[np.ndarray],
    true: Sequence[np.ndarray],
    landmarks: Landmarks,
) -> Leakage:
    """`people`: the actors; `drawn`, `true`: for each sweep uint8 (52, l, size, size, 4), see `Sweep.seen`."""
    found = [
        _sweep(sweep, d, t, masks(landmarks, people[sweep.actor], sweep))
        for sweep, d, t in zip(sweeps, drawn, true, strict=True)
    ]
    return Leakage(name, *(np.mean(column, 0) for column in zip(*found, strict=True)))


def masks(landmarks: Landmarks, person: Person, sweep: Sweep, size: int = 64) -> np.ndarray:
    """(c, regions, size, size) float: where regions are before and after the curve moved; `rest` is what is left."""
    out = np.zeros((len(sweep.curves), len(PLACES), size, size), np.float32)
    axis = np.arange(size) + 0.5
    for curve in range(len(out)):
        boxes = [landmarks.regions(person, sweep.curves[curve, at], size) for at in (0, -1)]
        for place, region in enumerate(REGIONS):
            for left, upper, right, lower in (box[region] for box in boxes):
                inside = ((axis > upper) & (axis < lower))[:, None] & ((axis > left) & (axis < right))
                out[curve, place] = np.maximum(out[curve, place], inside)
        out[curve, -1] = 1 - out[curve, :-1].max(0)
    return out


Found = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _sweep(sweep: Sweep, drawn: np.ndarray, true: np.ndarray, regions: np.ndarray) -> Found:
    micro = int(np.abs(sweep.levels - MICRO).argmin())
    rows = [_curve(d[[0, micro, -1]], t[[0, micro, -1]], r) for d, t, r in zip(drawn, true, regions, strict=True)]
    a, b, c, d, e, f = (np.stack(column) for column in zip(*rows, strict=True))
    return a, b, c, d, e, f


def _curve(drawn: np.ndarray, true: np.ndarray, regions: np.ndarray) -> tuple[np.ndarray | float, ...]:
    """Of one curve's pictures at 0, `MICRO` and 1, (3, size, size, 4)."""
    small, real = (coarse(pictures) * 255 for pictures in (drawn, true))
    faint, full = small[1] - small[0], small[2] - small[0]
    true_faint, true_full = real[1] - real[0], real[2] - real[0]
    strength = np.abs(true_full).mean(-1)
    own, other = strength >= OWN * strength.max(), strength <= OTHER * strength.max()
    response = float((faint * true_full).sum() / max(float(np.square(true_full).sum()), 1e-12))
    true_response = float((true_faint * true_full).sum() / max(float(np.square(true_full).sum()), 1e-12))
    size = np.abs(faint).mean(-1)
    return (
        _by_region(full, regions), _by_region(true_full, regions), response, float(size[own].mean()),
        _mean(size, other), true_response,
    )  # fmt: skip


def _by_region(change: np.ndarray, regions: np.ndarray) -> np.ndarray:
    """Mean |change| (regions,)."""
    return (np.abs(change).mean(-1) * regions).sum((1, 2)) / np.maximum(regions.sum((1, 2)), 1)


def _mean(values: np.ndarray, where: np.ndarray) -> float:
    return float(values[where].mean()) if where.any() else 0.0
