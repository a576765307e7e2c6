"""Where hair grows on a head and how far the scalp lies from its centre in each direction."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.spatial import KDTree

from generator.training.head.person import Beard, Hair

CENTRE = np.array([0.0, 4.0, -0.5])
AROUND, DOWN = 96, 64
# Height (cm, rest) of the lower edge of the hair by angle from the front, degrees.
EDGE_ANGLE = np.array([0.0, 14, 30, 42, 50, 58, 64, 70, 77, 84, 98, 106, 114, 128, 180])
EDGE_HEIGHT = np.array([9.2, 9.2, 9.0, 8.3, 7.4, 5.8, 4.4, 3.0, 2.6, 6.8, 7.0, 4.6, 0.0, -3.8, -5.2])
RECEDED = np.array([1.0, 1.3, 3.0, 4.0, 4.2, 3.6, 2.6, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])


class Scalp:
    """Distance from CENTRE to the skin by direction, for pushing hair off the head."""

    def __init__(self, skin: np.ndarray, rest: np.ndarray) -> None:
        """`skin` (n, 3) of the person, and the same vertices on the rig's own head."""
        self._skin, self._shift = KDTree(skin), rest - skin
        ears = (np.abs(skin[:, 0]) > 7.3) & (skin[:, 1] < 6.5)
        nose = (np.abs(skin[:, 0]) < 2.2) & (skin[:, 2] > 10.5)
        inside = np.linalg.norm(skin - CENTRE, axis=1) < 6.0
        relative = skin[~(ears | nose | inside)] - CENTRE
        length = np.linalg.norm(relative, axis=1)
        azimuth, elevation = np.meshgrid(np.linspace(-np.pi, np.pi, AROUND), np.linspace(-np.pi / 2, np.pi / 2, DOWN))
        distance, nearest = KDTree(relative / length[:, None]).query(_directions(azimuth, elevation), k=5)
        weight = 1 / (distance + 1e-3)
        radius = (length[nearest] * weight).sum(-1) / weight.sum(-1)
        wrapped = np.concatenate([radius[:, -5:-1], radius, radius[:, 1:5]], 1)
        self._radius = gaussian_filter(wrapped, 1.0, mode="nearest")[:, 4:-4]

    def radius(self, points: np.ndarray) -> np.ndarray:
        """(...,) how far the skin is from CENTRE in the direction of `points` (..., 3)."""
        x, y, z = np.moveaxis(points - CENTRE, -1, 0)
        column = (np.arctan2(x, z) / (2 * np.pi) + 0.5) * (AROUND - 1)
        row = (np.arctan2(y, np.hypot(x, z)) / np.pi + 0.5) * (DOWN - 1)
        c, r = np.minimum(column.astype(int), AROUND - 2), np.minimum(row.astype(int), DOWN - 2)
        u, v = column - c, row - r
        grid = self._radius
        low = grid[r, c] + (grid[r, c + 1] - grid[r, c]) * u
        return low + (grid[r + 1, c] + (grid[r + 1, c + 1] - grid[r + 1, c]) * u - low) * v

    def to_rest(self, points: np.ndarray) -> np.ndarray:
        """Where points (n, 3) near the skin would be on the rig's own head, in which hairlines are told."""
        distance, nearest = self._skin.query(points, k=4)
        weight = 1 / (np.asarray(distance) + 0.05)
        return points + (self._shift[nearest] * weight[..., None]).sum(1) / weight.sum(1, keepdims=True)

    def pressed(self, points: np.ndarray, height: np.ndarray) -> np.ndarray:
        """Points (..., 3) brought to `height` (...) above the skin where they are further off."""
        relative = points - CENTRE
        distance = np.linalg.norm(relative, axis=-1)
        return CENTRE + relative * (np.minimum(distance, self.radius(points) + height) / distance)[..., None]

    def roots(self, count: int) -> np.ndarray:
        """(count, 3) points evenly over the whole skin above the shoulders."""
        at = np.arange(count) + 0.5
        height, angle = 1 - 1.75 * at / count, np.pi * (1 + 5**0.5) * at
        across = np.sqrt(1 - height**2)
        direction = np.stack([across * np.sin(angle), height, across * np.cos(angle)], 1)
        return CENTRE + direction * self.radius(CENTRE + direction)[:, None]


def inside_hairline(rest: np.ndarray, hair: Hair) -> np.ndarray:
    """(n,) cm that points (n, 3) lie inside the edge of the hair, negative outside."""
    relative = rest - CENTRE
    angle = np.degrees(np.abs(np.arctan2(relative[:, 0], relative[:, 2])))
    edge = np.interp(angle, EDGE_ANGLE, EDGE_HEIGHT + RECEDED * hair.recede)
    inside = rest[:, 1] - edge
    crown = (
        10.2 * hair.bald
        - 1.5
        - np.hypot(relative[:, 0], (relative[:, 2] + 0.5) * 0.72)
        - 4.5 * np.clip((9.0 - rest[:, 1]) / 2.5, 0, 1)
    )
    return np.minimum(inside, -crown)


def coverage(rest: np.ndarray, hair: Hair, beard: Beard) -> np.ndarray:
    """(n, 2) how much hair grows at rest points: scalp, beard."""
    scalp = np.clip((inside_hairline(rest, hair) + 0.45) / 1.2, 0, 1) * in_scalp(rest)
    areas = beard_area(rest)
    grown = np.array([beard.moustache, beard.chin, beard.cheeks]) @ areas
    return np.stack([scalp, np.maximum(beard.stubble * areas.max(0), np.clip(1.4 * grown, 0, 1))], 1)


def in_scalp(rest: np.ndarray) -> np.ndarray:
    """(n,) whether hair of the head can grow at all: not on ears, not inside the head."""
    return ~_ear(rest) & (np.linalg.norm(rest - CENTRE, axis=1) > 6.0)


def beard_area(rest: np.ndarray) -> np.ndarray:
    """(3, n) where a moustache, a chin beard and cheek beards grow, 0..1."""
    x, y, z = rest.T
    ax = np.abs(x)
    step = lambda low, high, v: np.clip((v - low) / (high - low), 0, 1)  # noqa: E731
    lips = step(3.1, 2.5, ax) * np.exp(-(((y + 3.2) / 1.15) ** 2)) > 0.55
    moustache = np.exp(-(((y + 1.55) / 0.55) ** 2)) * step(3.2, 2.2, ax) * step(8.0, 9.0, z)
    ends = step(0.55, 0.2, np.abs(ax - 3.0)) * step(-4.5, -3.5, y) * step(-1.6, -2.2, y) * (z > 8)
    moustache = np.maximum(moustache, ends)
    chin = step(3.4, 2.6, ax) * step(-4.2, -5.0, y) * step(-9.6, -8.6, y) * step(4.0, 6.0, z)
    line = -0.2 - 3.3 * np.exp(-(((ax - 3.2) / 1.9) ** 2))
    cheeks = step(0.0, -1.0, y - line) * step(2.4, 3.2, ax) * step(-9.2, -8.2, y + 0.22 * (z - 4)) * step(-0.2, 1.0, z)
    sideburn = step(5.8, 6.6, ax) * step(2.6, 1.0, y) * step(1.5, 2.2, z) * step(5.5, 4.7, z) * step(-6.5, -5.5, y)
    grown = np.stack([moustache, chin, np.maximum(cheeks, sideburn)])
    return grown * ~lips * ~_ear(rest)


def _ear(rest: np.ndarray) -> np.ndarray:
    ax = np.abs(rest[:, 0])
    return (ax > 7.75) & (rest[:, 1] < 5.8) & (rest[:, 1] > -3.0) & (rest[:, 2] > -4.0)


def _directions(azimuth: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    across = np.cos(elevation)
    return np.stack([across * np.sin(azimuth), np.sin(elevation), across * np.cos(azimuth)], -1)
