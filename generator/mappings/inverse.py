"""FLAME → ARKit: the curves between 0 and 1 that a mapping turns into nearly the given FLAME values.

    minimise  ‖(x·A − y)·W‖² + PULL·‖x‖²   over   0 ≤ x ≤ 1

A is the mapping, y the FLAME values, W what each column counts. Without PULL, curves that the mapping hardly tells
apart could trade places from one frame to the next. With it there is one solution, and x moves by at most
‖change of y·W‖ / (2·√PULL): a still face stays still and a smooth movement stays smooth.
"""

import numpy as np

PULL = 0.1
"""A curve worth less than about √PULL deviations stays near 0; the bundled jaw and lids lose 0.6 % by it."""
COUNTS = np.concatenate([np.full(50, 1.0), np.full(2, 4.0), np.full(3, 10.0)])
"""W: a tenth of a radian of the jaw, or a quarter of a blink, is as far off as one standard deviation of expression."""
EXCHANGES, DESCENTS, HALVINGS = 15, 60, 30
FLAT = 1e-9  # a slope that is rounding


class BoundedInverse:
    """Solves the problem above for one mapping, each frame anew: nothing is remembered of earlier ones."""

    def __init__(self, matrix: np.ndarray) -> None:
        """matrix: (52, 55), ARKIT52 × FLAME55. Curves whose row is zero stay 0."""
        self._curves = np.flatnonzero(matrix.any(axis=1))
        weighted = matrix[self._curves] * COUNTS
        self._size = len(matrix)
        self._toward = weighted * COUNTS
        self._curvature = weighted @ weighted.T + PULL * np.eye(len(self._curves))
        self._unbounded = np.linalg.inv(self._curvature)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """FLAME values (55,), finite → ARKit curves, float32 (52,) in 0..1."""
        curves = np.zeros(self._size, np.float32)
        curves[self._curves] = self._solve(self._toward @ values)
        return curves

    def _solve(self, pull: np.ndarray) -> np.ndarray:
        """Minimise ½·x·C·x − pull·x over the box, C the curvature."""
        x, solved = self._exchange(pull)
        return x if solved else self._descend(np.clip(x, 0.0, 1.0), pull)

    def _exchange(self, pull: np.ndarray) -> tuple[np.ndarray, bool]:
        """Guess which curves are at a bound, solve for the others, correct the guess; quick, but it may go in circles.

        The primal-dual active set method (Hintermüller, Ito & Kunisch, SIAM J. Optimization 13(3), 2002).
        """
        x = self._unbounded @ pull
        low, high = x < 0.0, x > 1.0
        for _ in range(EXCHANGES):
            free = np.flatnonzero(~(low | high))
            x = high.astype(float)
            x[free] -= self._newton(free, self._curvature @ x - pull)
            slope = self._curvature @ x - pull
            lower = np.where(low, slope >= -FLAT, x < 0.0)
            higher = np.where(high, slope <= FLAT, x > 1.0)
            if (lower == low).all() and (higher == high).all():
                return x, True
            low, high = lower, higher
        return x, False

    def _descend(self, x: np.ndarray, pull: np.ndarray) -> np.ndarray:
        """Newton steps that only ever go down; slower and sure (Bertsekas, SIAM J. Control 20(2), 1982)."""
        for _ in range(DESCENTS):
            slope = self._curvature @ x - pull
            free = np.flatnonzero(~(((x <= 0.0) & (slope > 0.0)) | ((x >= 1.0) & (slope < 0.0))))
            if not free.size or np.abs(slope[free]).max() <= FLAT:
                break
            step = np.zeros_like(x)
            step[free] = self._newton(free, slope)
            x = self._lower(x, step, slope)
        return x

    def _newton(self, free: np.ndarray, slope: np.ndarray) -> np.ndarray:
        return np.linalg.solve(self._curvature[np.ix_(free, free)], slope[free])

    def _lower(self, x: np.ndarray, step: np.ndarray, slope: np.ndarray) -> np.ndarray:
        """The longest of step, step/2, step/4 … that leads lower once it is cut to the bounds."""
        for halving in range(HALVINGS):
            moved = np.clip(x - step * 0.5**halving, 0.0, 1.0) - x
            if moved @ (slope + 0.5 * (self._curvature @ moved)) < 0.0:
                return x + moved
        return x
