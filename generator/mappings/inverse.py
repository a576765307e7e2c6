"""FLAME → ARKit: the curves between 0 and 1 that a mapping turns into nearly the given FLAME values.

    minimise  ‖(x·A − y)·W‖² + PULL·‖x‖²   over   0 ≤ x ≤ 1

A is the mapping, y the FLAME values, W what each column counts. Without PULL, curves that the mapping hardly tells
apart could trade places from one frame to the next; with it there is one solution, and it moves by at most
‖change of y·W‖ / (2·√PULL): a still face stays still and a smooth movement stays smooth.
"""

import numpy as np

PULL = 0.02
COUNTS = np.concatenate([np.full(50, 1.0), np.full(2, 4.0), np.full(3, 10.0)])
"""W: a tenth of a radian of the jaw, or a quarter of a blink, is as far off as one standard deviation of expression."""
ROUNDS, HALVINGS, SLOPE = 60, 30, 1e-8


class BoundedInverse:
    """Solves the problem above for one mapping, each time anew: no memory of earlier frames."""

    def __init__(self, matrix: np.ndarray) -> None:
        """matrix: (52, 55), ARKIT52 × FLAME55. Curves whose row is zero stay 0."""
        self._curves = np.flatnonzero(np.abs(matrix).sum(axis=1))
        weighted = matrix[self._curves] * COUNTS
        self._size = len(matrix)
        self._toward = weighted * COUNTS
        self._curvature = weighted @ weighted.T + PULL * np.eye(len(self._curves))
        self._unbounded = np.linalg.inv(self._curvature)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """FLAME values (55,) → ARKit curves, float32 (52,) in 0..1."""
        curves = np.zeros(self._size, np.float32)
        curves[self._curves] = self._solve(self._toward @ values)
        return curves

    def _solve(self, pull: np.ndarray) -> np.ndarray:
        """Projected Newton (Bertsekas, SIAM J. Control 20(2), 1982): steps among the curves that no bound holds."""
        x = np.clip(self._unbounded @ pull, 0.0, 1.0)
        for _ in range(ROUNDS):
            slope = self._curvature @ x - pull
            free = np.flatnonzero(~(((x <= 0.0) & (slope > 0.0)) | ((x >= 1.0) & (slope < 0.0))))
            if not free.size or np.abs(slope[free]).max() <= SLOPE:
                break
            step = np.zeros_like(x)
            step[free] = np.linalg.solve(self._curvature[np.ix_(free, free)], slope[free])
            x = self._descend(x, step, slope)
        return x

    def _descend(self, x: np.ndarray, step: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """The longest of step, step/2, step/4 … that lowers the sum after being cut to the bounds."""
        for halving in range(HALVINGS):
            moved = np.clip(x - step * 0.5**halving, 0.0, 1.0) - x
            if moved @ (slope + 0.5 * (self._curvature @ moved)) < 0.0:
                return x + moved
        return x
