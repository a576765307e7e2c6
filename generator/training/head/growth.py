"""Grows locks of hair: from roots on the scalp along the comb, then with their weight, pushed off the head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from generator.training.head.person import Hair
from generator.training.head.scalp import CENTRE, Scalp, inside_hairline

STEPS = 15
STEP_AT = np.linspace(0, 1, STEPS) ** 1.5  # closer where the hair bends, at the roots
ROOTS = 4200  # tried over the whole head; about a third grow
CROWN = np.array([0.0, 12.5, -5.0])
TIE, BUN = np.array([0.0, 7.5, -9.8]), np.array([0.0, 14.0, -5.2])  # where a tail hangs from, where a bun sits
TRESSES = 130
SHORTEST = 0.7  # cm; shorter hair is only painted


@dataclass(frozen=True)
class Locks:
    points: np.ndarray  # (n, STEPS, 3) from root to tip, at the shares STEP_AT of the length
    outward: np.ndarray  # (n, STEPS, 3) away from the head, unit
    layer: np.ndarray  # (n,) 0 innermost .. 1 outermost
    width: np.ndarray  # (n,) cm
    fade: np.ndarray  # (n,) cm over which the roots are thin: at the edge of hair that is combed back

    @property
    def length(self) -> np.ndarray:
        """(n,) cm."""
        return np.linalg.norm(np.diff(self.points, axis=1), axis=2).sum(1)

    @property
    def steps(self) -> np.ndarray:
        return STEP_AT


def grow(hair: Hair, scalp: Scalp, under_hat: Callable[[np.ndarray], np.ndarray], seed: int) -> Locks | None:
    """The locks of a cut, or None where it is too short to stand up.

    `under_hat`: how far (cm) points (..., 3) are inside a hat.
    """
    g = np.random.default_rng(seed)
    roots = scalp.roots(ROOTS)
    inside = inside_hairline(scalp.to_rest(roots), hair)
    length = _lengths(hair, roots, g)
    inside = inside + g.normal(size=ROOTS) * 0.5
    sparse = np.clip(14.0 / (length + 7.0), 0.55, 1.0)  # long locks overlap
    sparse += (1 - sparse) * np.clip(1.5 - inside / 2, 0, 1)  # at the edge they are narrow
    keep = (
        (inside > 0.0)
        & (g.uniform(size=ROOTS) < hair.density * sparse)
        & (length > SHORTEST)
        & (under_hat(roots) < 1.5)
    )
    roots, length, inside = roots[keep], length[keep], inside[keep]
    if not len(roots):
        return None
    layer = g.uniform(size=len(roots))
    comb = _comb(hair, roots, inside, g)
    points = _trace(hair, scalp, roots, comb, length, layer, inside, g)
    points = _clumped(points, length, hair, g)
    pressed = scalp.pressed(points, 0.1 + 0.3 * layer[:, None])
    points = np.where(under_hat(points)[..., None] > -0.4, pressed, points)
    clear = ~_on_forehead(points, hair)
    points, layer, inside = points[clear], layer[clear], inside[clear]
    locks = [(points, layer)]
    if hair.gathered > 0.5:
        tail = _tail(hair, g)
        locks.append((tail, g.uniform(size=len(tail))))
    points, layer = np.concatenate([p for p, _ in locks]), np.concatenate([which for _, which in locks])
    outermost = np.argsort(-layer)  # drawn first, they hide the others, which then cost little
    points, layer = points[outermost], layer[outermost]
    outward = points - CENTRE
    outward[..., 1] *= np.where(outward[..., 1] < -3, 0.25, 1.0)  # beside the neck: away from it, not down
    outward /= np.linalg.norm(outward, axis=2, keepdims=True)
    thin = np.clip(np.concatenate([inside, np.full(len(points) - len(inside), 9.0)])[outermost] / 2.6, 0, 1)
    width = 0.50 + 0.3 * g.uniform(size=len(points)) + 0.2 * hair.curl + 0.008 * max(hair.side, hair.back)
    fade = 1.0 * g.uniform(size=len(points)) * (1 - thin) * (1 - hair.fringe) * min(hair.top / 8, 1)
    return Locks(points, outward, layer, width * (0.45 + 0.55 * thin), fade)


def _lengths(hair: Hair, roots: np.ndarray, g: np.random.Generator) -> np.ndarray:
    """(n,) by height and side: top, side, back, and the fringe in front."""
    top = np.clip((roots[:, 1] - 8.0) / 3.0, 0, 1)
    behind = np.clip((-roots[:, 2] - 1.0) / 4.0, 0, 1)
    low = hair.side + (hair.back - hair.side) * behind
    front = np.clip((roots[:, 2] - 5.0) / 3.0, 0, 1) * hair.fringe
    length = low + (hair.top - low) * top
    length += (np.maximum(5.5, 0.4 * length) - length) * front
    return length * g.uniform(0.82, 1.0, len(roots))


def _comb(hair: Hair, roots: np.ndarray, inside: np.ndarray, g: np.random.Generator) -> np.ndarray:
    """(n, 3) unit directions the hair leaves its roots in, along the scalp."""
    normal = _unit(roots - CENTRE)
    away = _unit(roots - CROWN)
    aside = np.sign(roots[:, :1] - hair.part + 1e-3) * np.array([1.0, 0.0, 0.0]) + np.array([0.0, -0.2, 0.1])
    on_top = np.clip((roots[:, 1:2] - 8.5) / 2.5, 0, 1)
    parted = np.clip(abs(hair.part) * 0.6 + np.clip((hair.top - 8) / 6, 0, 1), 0, 1)
    direction = away + (aside - away) * on_top * parted
    upper = np.clip((roots[:, 2:3] + 4) / 6, 0, 1) * (roots[:, 1:2] > 3)
    direction += hair.swept * 2.2 * np.array([0.0, 0.25, -1.0]) * upper
    in_front = np.clip(roots[:, 2:3] / 4, 0, 1) * np.clip(1 - inside[:, None] / 3.5, 0, 1) * (1 - hair.fringe)
    direction += in_front * np.clip((roots[:, 1:2] - 4) / 3, 0, 1) * np.array([0.0, 1.0, -2.6])
    direction += hair.gathered * 6.0 * _unit(_tie(hair) - roots)
    fringe = hair.fringe * np.clip((roots[:, 2:3] - 4.0) / 3.0, 0, 1)
    direction += fringe * (np.array([0.0, -1.2, 1.6]) + 0.35 * aside)
    direction += 0.22 * (1 - hair.gathered) * g.normal(size=roots.shape)
    direction -= (direction * normal).sum(1, keepdims=True) * normal
    return _unit(direction)


def _trace(
    hair: Hair, scalp: Scalp, roots: np.ndarray, comb: np.ndarray, length: np.ndarray, layer: np.ndarray,
    inside: np.ndarray, g: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """(n, STEPS, 3): each step goes on as before, drawn by comb and weight, and is pushed off the head."""
    count = len(roots)
    stand = hair.lift * (1 - hair.gathered)
    point, heading = roots.copy(), _unit(comb + 1.5 * stand * _unit(roots - CENTRE))
    points = [point]
    edge = np.clip(inside / 2.0, 0.12, 1)
    height = (0.08 + (0.25 + 1.5 * stand) * layer * np.minimum(length / 6, 1)) * edge
    side = np.where(np.abs(roots[:, 0] - hair.part) < 0.05, 1.0, np.sign(roots[:, 0] - hair.part * (roots[:, 1] > 8)))
    fringe = hair.fringe * np.clip((roots[:, 2] - 5.0) / 2.0, 0, 1)
    waves = np.arctan2(roots[:, 0], roots[:, 2]) * 9 + roots[:, 1]  # neighbours wave together, curls do not
    phase = g.uniform(0, 2 * np.pi, count) if hair.curl > 0.6 else waves
    heavy = np.clip(0.5 * length, 2.5, 7.0)[:, None]  # cm after which the weight takes over
    springy = 1 - 0.9 * np.clip(hair.curl * stand * 1.4, 0, 1)
    steady = 0.35 + 0.06 * np.minimum(length, 8)[:, None] + 0.3 * hair.gathered
    for index in range(1, STEPS):
        gone, step = STEP_AT[index] * length[:, None], (STEP_AT[index] - STEP_AT[index - 1]) * length[:, None]
        weight = np.clip(gone / heavy, 0.15, 1.4) * (1 - hair.gathered) * springy
        aim = comb * np.clip(1.2 - gone / 8, 0.1, 1) + 1.4 * weight * np.array([0.0, -1.0, 0.0])
        aim += hair.gathered * 3 * _unit(_tie(hair) - point)
        aim += stand * np.clip(hair.curl - 0.4, 0, 1) * 2.0 * _unit(roots - CENTRE)
        heading = _unit(heading + steady * aim + 0.10 * (1 - hair.gathered) * g.normal(size=roots.shape))
        tied = hair.gathered * (np.linalg.norm(_tie(hair) - point, axis=1, keepdims=True) < 1.2) > 0.5
        point = point + heading * np.where(tied, 0.02 * step, step)
        point = _off_the_face(_off_the_head(point, scalp, height * min(index / 3, 1) + 0.05, gone[:, 0]), side, fringe)
        points.append(point)
    return _curled(np.stack(points, 1), hair, phase, length)


def _off_the_head(point: np.ndarray, scalp: Scalp, height: np.ndarray, gone: np.ndarray) -> np.ndarray:
    relative = point - CENTRE
    distance = np.linalg.norm(relative, axis=1)
    wanted = np.where(point[:, 1] > -5.0, scalp.radius(point) + height, 0.0)
    ear = np.exp(-(((point[:, 1] - 2.0) / 3.5) ** 2) - (((point[:, 2] + 0.2) / 2.6) ** 2)) * (np.abs(point[:, 0]) > 5)
    wanted = wanted + 1.15 * ear * (wanted > 0) * np.clip((gone - 4.0) / 4.0, 0, 1)  # long hair lies over the ears
    point = CENTRE + relative * (np.maximum(distance, wanted) / np.maximum(distance, 1e-6))[:, None]
    across = point[:, [0, 2]] - [0.0, -1.5]
    wide = np.linalg.norm(across, axis=1)
    neck = np.where(point[:, 1] < -3.0, 6.3 + height + 0.35 * np.clip(-9 - point[:, 1], 0, 6), 0.0)
    neck *= gone > 5.0  # cropped hair lies on it
    point[:, [0, 2]] = [0.0, -1.5] + across * (np.maximum(wide, neck) / np.maximum(wide, 1e-6))[:, None]
    return point


def _off_the_face(point: np.ndarray, side: np.ndarray, fringe: np.ndarray) -> np.ndarray:
    """Hair that is no fringe hangs beside the face, like a curtain."""
    x, y, z = point.T
    wide = np.interp(y, [-9.0, -4.0, 2.0, 5.0, 7.5], [6.3, 7.0, 7.4, 6.6, 0.0])
    inward = np.clip((z - 2.0) / 2.0, 0, 1) * (1 - fringe) * np.clip(wide - np.abs(x), 0, None)
    point[:, 0] += 0.6 * inward * np.where(np.abs(x) > 0.8, np.sign(x), side)
    point[:, 2] -= 0.25 * inward
    return point


def _clumped(points: np.ndarray, length: np.ndarray, hair: Hair, g: np.random.Generator) -> np.ndarray:
    """Long hair draws together in tresses towards its ends, as far as it is free and not curly."""
    if len(points) <= TRESSES:
        return points
    leaders = points[g.choice(len(points), TRESSES, replace=False)]
    _, nearest = KDTree(_both_sides(leaders)).query(_both_sides(points))
    loose = np.clip((length - 5.0) / 8.0, 0, 1) * (1 - hair.gathered) * (1 - 0.7 * hair.curl)
    share = 0.62 * loose[:, None] * np.clip((STEP_AT * length[:, None] - 6.0) / 12.0, 0, 1)
    return points + (leaders[nearest] - points) * share[..., None]


def _both_sides(points: np.ndarray) -> np.ndarray:
    """(n, 3) roots, those of hair that ends left and right of the head kept apart."""
    return points[:, 0] + 12.0 * np.sign(points[:, -1, :1]) * np.array([1.0, 0.0, 0.0])


def _on_forehead(points: np.ndarray, hair: Hair) -> np.ndarray:
    """(n,) stray locks that hang into a face without a fringe."""
    x, y, z = np.moveaxis(points, -1, 0)
    over = (y < 7.8) & (np.abs(x) < 5.2) & (z > 6.5)
    return over.any(1) & (hair.fringe < 0.15) & (hair.curl < 0.6)


def _curled(points: np.ndarray, hair: Hair, phase: np.ndarray, length: np.ndarray) -> np.ndarray:
    if hair.curl <= 0:
        return points
    t = STEP_AT[None] * length[:, None]
    heading = _unit(np.gradient(points, axis=1))
    one = _unit(np.cross(heading, [0.31, 0.2, 0.93]))
    other = np.cross(heading, one)
    turn = 2 * np.pi * t / (5.5 - 2.4 * hair.curl) + phase[:, None]
    size = 0.75 * hair.curl * np.clip(t / 2.5, 0, 1)
    return points + (size * np.cos(turn))[..., None] * one + (size * np.sin(turn))[..., None] * other


def _tail(hair: Hair, g: np.random.Generator, count: int = 260) -> np.ndarray:
    """(count, STEPS, 3): a short tail is wound into a bun, a long one hangs."""
    t = np.linspace(0, 1, STEPS)[None, :, None]
    spread = g.normal(size=(count, 1, 3)) * [0.7, 0.7, 0.5]
    hang = _hangs(hair)
    down = np.concatenate([0 * t, -hair.tail * t**1.4, -1.6 * np.sin(t * 2.2)], 2)
    down = down + spread * (0.35 + 1.3 * np.sin(t * 2.6))
    angle = g.uniform(0, 2 * np.pi, (count, 1, 1)) + t * 4.0
    tilt = g.uniform(-1, 1, (count, 1, 1))
    ring = np.sqrt(np.clip(1 - tilt**2, 0, 1)) * 2.1
    wound = np.concatenate([ring * np.cos(angle), ring * np.sin(angle) + 1.6, 1.9 * tilt - 0.6 + 0 * t], 2)
    return _tie(hair) + wound + (down - wound) * hang


def _hangs(hair: Hair) -> float:
    return float(np.clip((hair.tail - 3) / 5, 0, 1))


def _tie(hair: Hair) -> np.ndarray:
    return BUN + (TIE - BUN) * _hangs(hair)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)
