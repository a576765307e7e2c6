"""From one curve basis to another: what a stream sends, as the model expects it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from generator.mappings import notice
from generator.mappings.files import load_map
from generator.mappings.inverse import BoundedInverse
from generator.mappings.mapping import BlendshapeMap, MappingError
from protocol.blendshapes import ARKIT52, BASES

__all__ = ["BlendshapeMap", "MappingError", "Passage", "load_map", "passage"]

LEAST = np.array([-np.inf] * 50 + [0.0] * 3 + [-0.2] * 2, np.float32)
MOST = np.array([np.inf] * 50 + [1.0] * 2 + [np.inf] + [0.2] * 2, np.float32)
"""What the Expression Adapter has seen of FLAME55: eyelids 0..1, a jaw that opens (x ≥ 0) and turns at most 0.2 rad."""

HEADLESS = "head turns are ignored, as the model takes ARKit curves without a head"


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Curves of the basis `source` in, of the basis `target` out; `notice` says what is lost and what to do, or ""."""

    source: str
    target: str
    notice: str
    _change: Callable[[np.ndarray], np.ndarray]

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """float32 (k,) in `source`'s order → float32 (m,) in `target`'s. ValueError for another length."""
        if values.shape != (len(BASES[self.source]),):
            raise ValueError(f"{self.source} has {len(BASES[self.source])} curves, got the shape {values.shape}")
        return self._change(values)


def passage(source: str, target: str, mapping: BlendshapeMap) -> Passage:
    """The way between two of `protocol.blendshapes.BASES`; ARKit bases need no mapping between them."""
    for basis in (source, target):
        if basis not in BASES:
            raise MappingError(f"unknown basis {basis!r}; there are {', '.join(BASES)}")
    if source == target:
        return Passage(source, target, "", _unchanged)
    size = len(BASES[target])
    if target == "flame55":
        return Passage(source, target, notice.to_flame(source, mapping), partial(_to_flame, mapping.matrix()))
    if source == "flame55":
        inverse = BoundedInverse(mapping.matrix())
        return Passage(source, target, notice.to_arkit(mapping), lambda values: _fitted(inverse(values), size))
    return Passage(source, target, HEADLESS if target == "arkit52" else "", partial(_fitted, size=size))


def _unchanged(values: np.ndarray) -> np.ndarray:
    return values


def _to_flame(matrix: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.clip(values[: len(ARKIT52)] @ matrix, LEAST, MOST)


def _fitted(values: np.ndarray, size: int) -> np.ndarray:
    """The first `size` curves, zeros for those that are missing: ARKIT55 is ARKIT52 with the head's angles after it."""
    fitted = np.zeros(size, np.float32)
    count = min(size, len(values))
    fitted[:count] = values[:count]
    return fitted
