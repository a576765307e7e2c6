"""The hair as one shell around a person's scalp: where it stands off, where it ends, how far it hangs.

The shell is a grid over azimuth (0 in front, + to the person's left) and height steps: first over the scalp from the
crown down to ear level, then, for long hair and headscarves, straight down. `edge` is the signed distance (cm, +
inside) to the hairline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from generator.training.renderer.person import Person

AROUND, SCALP_STEPS, FALL_STEPS = 128, 40, 20
CENTRE = np.array([0.0, 4.0, 0.5])
LOWEST = np.radians(-22.0)  # elevation at which the scalp part ends and the fall begins


@dataclass(frozen=True)
class Style:
    """Thickness on top and at the sides (cm), fall below the ears, how far the hairline comes down in front."""

    top: float
    side: float
    fall: float = 0.0
    fringe: float = 0.0
    slant: float = 0.0
    curl: float = 0.0
    cloth: float = 0.0


STYLES = {
    "buzz": Style(0.15, 0.12), "short": Style(1.1, 0.45), "parted": Style(1.7, 0.6, fringe=1.2, slant=0.22),
    "fringe": Style(1.3, 0.9, fall=4.0, fringe=2.6),
    "long": Style(1.3, 0.9, fall=16.0, fringe=0.4, slant=0.10), "curls": Style(2.8, 2.4, fall=3.5, fringe=0.5,
    curl=1.0), "cap": Style(1.0, 0.7, cloth=1.0),
    "headscarf": Style(0.9, 0.9, fall=16.0, fringe=1.3, cloth=2.0),
}  # fmt: skip


@dataclass(frozen=True)
class HairShell:
    position: np.ndarray  # (n, 3) rest pose, the person's own head
    normal: np.ndarray  # (n, 3)
    edge: np.ndarray  # (n,)
    triangles: np.ndarray  # (m, 3)
    style: Style


def hair_shell(person: Person, scalp: np.ndarray) -> HairShell | None:
    """The shell for `person` over the skin vertices `scalp` (v, 3), or None for a shaven head."""
    if person.style not in STYLES:
        return None
    style = STYLES[person.style]
    azimuth = np.linspace(-np.pi, np.pi, AROUND)
    elevation = np.linspace(np.pi / 2, LOWEST, SCALP_STEPS)
    direction = _directions(azimuth, elevation)
    radius = _scalp_radius(scalp, direction)
    position = CENTRE + direction * radius[..., None]
    edge = _edge(person, style, position, azimuth)
    position = position + direction * (_thickness(style, position, edge) + 0.05)[..., None]
    if style.fall:
        position, edge = _let_fall(style, position, edge, azimuth)
    return HairShell(
        position.reshape(-1, 3), _grid_normals(position), edge.ravel(), _grid_triangles(*edge.shape), style
    )


def _directions(azimuth: np.ndarray, elevation: np.ndarray) -> np.ndarray:
    a, e = np.meshgrid(azimuth, elevation)
    return np.stack([np.cos(e) * np.sin(a), np.sin(e), np.cos(e) * np.cos(a)], -1)


def _scalp_radius(scalp: np.ndarray, direction: np.ndarray) -> np.ndarray:
    ears = (np.abs(scalp[:, 0]) > 7.3) & (scalp[:, 1] < 6.0)
    relative = scalp[~ears] - CENTRE
    length = np.linalg.norm(relative, axis=1)
    distance, nearest = KDTree(relative / length[:, None]).query(direction.reshape(-1, 3), k=6)
    weight = 1 / (distance + 1e-3)
    radius = (length[nearest] * weight).sum(1) / weight.sum(1)
    return radius.reshape(direction.shape[:2])


def _edge(person: Person, style: Style, position: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    x, y = position[..., 0], position[..., 1]
    turn = np.abs(azimuth)[None, :]
    if style.cloth == 1.0:
        return y - (6.7 + 0.10 * position[..., 2] * 0.5)
    front = person.hairline - style.fringe + style.slant * x - 0.045 * x**2 * (style.fringe < 2)
    temple = np.interp(turn, np.radians([0, 38, 58, 74, 84, 100, 112, 180]), [0, 0, 2.0, 5.0, 6.8, 4.2, 13.0, 14.0])
    if style.fall > 8 or style.fringe > 2:
        temple = np.interp(turn, np.radians([0, 40, 56, 66, 180]), [0, 0.4, 5.5, 18.0, 18.0])
    if style.cloth == 2.0:
        temple = np.interp(turn, np.radians([0, 30, 55, 68, 180]), [0, 0.8, 6.0, 18.0, 18.0])
    return y - (front - temple)


def _thickness(style: Style, position: np.ndarray, edge: np.ndarray) -> np.ndarray:
    top = np.clip((position[..., 1] - 6.0) / 5.0, 0, 1)
    full = style.side + (style.top - style.side) * top
    ramp = np.clip((edge + 0.3) / (1.6 if not style.cloth else 0.7), 0, 1)
    return full * (0.15 + 0.85 * ramp * (2 - ramp))


def _let_fall(
    style: Style, position: np.ndarray, edge: np.ndarray, azimuth: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    last = position[-1]
    step = np.linspace(0, 1, FALL_STEPS + 1)[1:, None]
    fallen = np.repeat(last[None], FALL_STEPS, 0).copy()
    fallen[..., 1] -= style.fall * step
    widen = 1 + 0.06 * np.sin(step * np.pi) - (0.30 * step**1.5 if style.cloth else 0.0)
    fallen[..., [0, 2]] *= widen[..., None]
    open_front = np.abs(azimuth)[None, :] - np.radians(64.0)
    inside = np.minimum(open_front * 9.0, (1 - step) * style.fall + 0.2)
    return np.concatenate([position, fallen]), np.concatenate([edge, np.minimum(inside, 6.0)])


def _grid_normals(position: np.ndarray) -> np.ndarray:
    down, across = np.gradient(position, axis=0), np.gradient(position, axis=1)
    across[:, [0, -1]] = (position[:, 1] - position[:, -2])[:, None] / 2
    normal = np.cross(down, across)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9
    return normal.reshape(-1, 3)


def _grid_triangles(rows: int, columns: int) -> np.ndarray:
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]
    return np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)]).astype(
        np.int32
    )
