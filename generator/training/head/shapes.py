"""What is drawn, as plain geometry: where each mesh of a figure is when its head makes an expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Place = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""The rig's vertices (v, 3) and normals (v, 3) → this mesh's (n, 3), the head not turned."""


@dataclass(frozen=True)
class Shape:
    place: Place
    follow: np.ndarray  # (n,) how far it goes with the head's turn
    triangles: np.ndarray  # (f, 3)
    strand: np.ndarray | None = None  # (n, 2) place in the strand texture, for what is cut out by it
    lock: np.ndarray | None = None  # (n, 3) as in `cards.Cards`


def still(position: np.ndarray) -> Place:
    """A mesh no expression moves."""
    return lambda vertices, normals: position
