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


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Curves of the basis `source` in, of the basis `target` out; `notice` says what is lost and what to do, or ""."""

    source: str
    target: str
    notice: str
    change: Callable[[np.ndarray], np.ndarray]

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """float32 (k,) in `source`'s order → float32 (m,) in `target`'s. ValueError for another length."""
        if values.shape != (len(BASES[self.source]),):
            raise ValueError(f"{self.source} has {len(BASES[self.source])} curves, got the shape {values.shape}")
        return self.change(np.asarray(values, np.float32))


def passage(source: str, target: str, mapping: BlendshapeMap) -> Passage:
    """The way between two of `protocol.blendshapes.BASES`; ARKit's need no mapping between them. MappingError."""
    for basis in (source, target):
        if basis not in BASES:
            raise MappingError(f"unknown basis {basis!r}; there are {', '.join(BASES)}")
    if source == target:
        return Passage(source, target, "", np.asarray)
    if target == "flame55":
        return Passage(source, target, notice.to_flame(source, mapping), partial(_to_flame, mapping.matrix()))
    if source == "flame55":
        inverse = BoundedInverse(mapping.matrix())
        return Passage(source, target, notice.to_arkit(mapping), lambda values: _sized(inverse(values), target))
    return Passage(source, target, notice.between_arkit(source), partial(_sized, target=target))


def _to_flame(matrix: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.clip(values[: len(ARKIT52)] @ matrix, LEAST, MOST)


def _sized(values: np.ndarray, target: str) -> np.ndarray:
    """The curves that both have, zeros for the others: ARKIT55 is ARKIT52 with the head's angles after it."""
    sized = np.zeros(len(BASES[target]), np.float32)
    count = min(len(sized), len(values))
    sized[:count] = values[:count]
    return sized
