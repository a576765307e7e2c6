"""A mapping out of paired rows: what a capture sent, and what a tracker found in FLAME for the same frames.

Ridge regression, for each FLAME number y and the curves x with their means taken off:

    minimise  mean over rows of (x·r − y)²  +  ridge·‖r‖²

The means are left out, as a face at rest is another number for every tracker, and a curve of 0 has to move nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from generator.mappings.mapping import WIDTHS, BlendshapeMap, MappingError, blinking_lids
from protocol.blendshapes import ARKIT52

RIDGE = 1e-4
"""A curve whose standard deviation is √ridge (0.01) is believed half, one of 0.1 to 99 %."""
STILL = 0.01
"""A curve whose whole range is below this never moved: it keeps out of the regression."""


@dataclass(frozen=True, slots=True)
class Residual:
    """How far a group is off, root mean square in its unit: the data's own movement, and what the fit leaves of it."""

    group: str
    movement: float
    left: float

    @property
    def explained(self) -> float:
        """The share of the variance that the mapping gives back, 0..1."""
        return 1.0 - (self.left / self.movement) ** 2 if self.movement > 0.0 else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted mapping, how well each group fits, and the curves that never moved."""

    mapping: BlendshapeMap
    residuals: tuple[Residual, ...]
    still: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What the fitted mapping's manifest says of it."""

    name: str
    sources: str
    licence: str


def fit_map(curves: np.ndarray, flame: Mapping[str, np.ndarray], card: Card, ridge: float = RIDGE) -> Fit:
    """Fit each group of `flame` (`expression`, `jaw`, `eyelids`, `gaze`: (n, k)) to curves (n, 52) in ARKIT52 order.

    Groups that are not there are zero, but the eyelids, which then follow eyeBlink. MappingError where nothing moves.
    """
    moved = np.ptp(curves, axis=0) >= STILL
    if not moved.any():
        raise MappingError(f"none of the take's curves moves by {STILL} or more, so there is nothing to fit")
    groups = {name: np.zeros((len(ARKIT52), width), np.float32) for name, width in WIDTHS.items()}
    groups["eyelids"] = blinking_lids(ARKIT52)
    driving = _centred(curves[:, moved])
    residuals = []
    for name in (name for name in WIDTHS if name in flame):
        target = _centred(flame[name])
        rows = _regress(driving, target, ridge)
        groups[name] = np.zeros_like(groups[name])
        groups[name][moved] = rows
        residuals.append(Residual(name, _rms(target), _rms(target - driving @ rows)))
    rows = np.concatenate([groups[name] for name in WIDTHS], axis=1)
    mapping = BlendshapeMap(card.name, ARKIT52, rows, card.sources, card.licence)
    still = tuple(name for name, moves in zip(ARKIT52, moved, strict=True) if not moves)
    return Fit(mapping, tuple(residuals), still)


def _regress(driving: np.ndarray, target: np.ndarray, ridge: float) -> np.ndarray:
    count = len(driving)
    covariance = driving.T @ driving / count + ridge * np.eye(driving.shape[1])
    return np.linalg.solve(covariance, driving.T @ target / count)


def _centred(values: np.ndarray) -> np.ndarray:
    return values - values.mean(axis=0, dtype=np.float64)


def _rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(values**2)))
