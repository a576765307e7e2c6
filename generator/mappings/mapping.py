"""What a mapping is, in memory: for each ARKit curve, how FLAME moves when the curve is 1."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.errors import Explained
from protocol.blendshapes import ARKIT52, FLAME55

SOURCE, TARGET = "arkit52", "flame55"
WIDTHS = {"expression": 50, "eyelids": 2, "jaw": 3, "gaze": 6}
"""The groups of a row, in order: FLAME55's three, then both eyes' rotation (left, right), axis-angle in radians."""
WIDTH = sum(WIDTHS.values())
NAME_MOST = 60  # characters: the name stands in a notice of at most 512 bytes
COLUMNS = (*FLAME55, *(f"gaze{side}{axis}" for side in ("Left", "Right") for axis in "XYZ"))


class MappingError(Explained):
    """A mapping that cannot be read, used or fitted; says which file and what was expected."""


@dataclass(frozen=True, slots=True, eq=False)
class BlendshapeMap:
    """A linear map from ARKit curves to FLAME, with where it comes from.

    curves: names out of `protocol.blendshapes.ARKIT52`, each at most once; one that is not here moves nothing.
    rows: float32 (len(curves), 61), what a curve of 1 adds: 50 expression coefficients (standard deviations),
        2 eyelids (0..1), 3 jaw angles and 6 eye angles (radians), named by `COLUMNS`.
    sources: what the numbers were made from, and by whom. licence: what one may do with them.
    MappingError for names that ARKit does not have, and for rows that do not fit or are not finite.
    """

    name: str
    curves: tuple[str, ...]
    rows: np.ndarray
    sources: str
    licence: str

    def __post_init__(self) -> None:
        _check_curves(self)
        _check_rows(self)

    def group(self, name: str) -> np.ndarray:
        """float32 (len(curves), k): the columns of "expression", "eyelids", "jaw" or "gaze"."""
        before = list(WIDTHS).index(name)
        start = sum(list(WIDTHS.values())[:before])
        return self.rows[:, start : start + WIDTHS[name]]

    def matrix(self) -> np.ndarray:
        """float32 (52, 55): ARKIT52 × FLAME55, a row of zeros for each curve that the mapping leaves out."""
        full = np.zeros((len(ARKIT52), len(FLAME55)), np.float32)
        full[[ARKIT52.index(curve) for curve in self.curves]] = self.rows[:, : len(FLAME55)]
        return full


def blinking_lids(curves: Sequence[str]) -> np.ndarray:
    """float32 (len(curves), 2): eyelids that follow eyeBlink, one to one."""
    blinks = ("eyeBlinkLeft", "eyeBlinkRight")
    return np.array([[float(curve == blink) for blink in blinks] for curve in curves], np.float32)


def _check_curves(mapping: BlendshapeMap) -> None:
    if not 0 < len(mapping.name) <= NAME_MOST or not mapping.name.isprintable():
        raise MappingError(f"a mapping's name has 1 to {NAME_MOST} printable characters, got {mapping.name[:80]!r}")
    unknown = [curve for curve in mapping.curves if curve not in ARKIT52]
    if unknown:
        raise MappingError(f"the mapping '{mapping.name}' has a row for {unknown[0]!r}, which is no ARKit curve")
    twice = [curve for curve in mapping.curves if mapping.curves.count(curve) > 1]
    if twice:
        raise MappingError(f"the mapping '{mapping.name}' has two rows for {twice[0]}")


def _check_rows(mapping: BlendshapeMap) -> None:
    expected = (len(mapping.curves), WIDTH)
    if mapping.rows.shape != expected:
        raise MappingError(f"the mapping '{mapping.name}' has rows of shape {mapping.rows.shape}, expected {expected}")
    broken = ~np.isfinite(mapping.rows).all(axis=1)
    if broken.any():
        curve = mapping.curves[int(np.argmax(broken))]
        raise MappingError(f"the mapping '{mapping.name}' has a NaN or infinite number in the row of {curve}")
