"""A cap and a beanie, made to the measure of a head."""

from __future__ import annotations

import numpy as np

from generator.training.head.scalp import CENTRE, Scalp
from generator.training.head.solids import Solid, joined, sheet, tube

AROUND, UP = 72, 26
VISOR_TURN = np.radians(56.0)


def cap(scalp: Scalp) -> list[Solid]:
    """Crown with its button, and the visor."""
    ring, dome = _dome(scalp, CAP_RIM, 0.75, 0.9)
    top = float(dome.position[:, 1].max())
    button = tube(np.array([0.0, top, -0.6]) + np.array([[0.0, -0.3, 0.0], [0.0, 0.1, 0.0]]), 0.55)
    band = tube(ring * [1.012, 1, 1.012] + [0, 0.15, 0], 0.22, closed=True, around=6)
    return [joined([dome, button, band]), _visor(ring)]


def beanie(scalp: Scalp) -> list[Solid]:
    """Knitted crown, and its edge folded up."""
    _, dome = _dome(scalp, BEANIE_RIM, 0.75, 2.0)
    azimuth = np.linspace(-np.pi, np.pi, AROUND)
    rows = []
    for height, off in ((-0.1, 0.7), (0.0, 1.15), (0.5, 1.35), (1.6, 1.45), (2.6, 1.4), (3.0, 1.2), (3.1, 0.8)):
        rows.append(_ring(scalp, azimuth, BEANIE_RIM, height, off))
    position = np.stack(rows)
    uv = np.stack(np.broadcast_arrays(azimuth[None] * 9.0, np.linspace(0, 3.6, len(rows))[:, None]), -1)
    return [dome, sheet(position[::-1], uv[::-1])]


def CAP_RIM(azimuth: np.ndarray) -> np.ndarray:  # noqa: N802
    """Height (cm) of the cap's edge by angle from the front."""
    return 6.1 + 1.9 * np.cos(azimuth) + 0.3 * np.cos(2 * azimuth)


def BEANIE_RIM(azimuth: np.ndarray) -> np.ndarray:  # noqa: N802
    return 4.6 + 2.8 * np.cos(azimuth) + 0.6 * np.cos(2 * azimuth)


def _ring(scalp: Scalp, azimuth: np.ndarray, rim, height: float, off: float) -> np.ndarray:
    y = rim(azimuth) + height
    flat = np.stack([np.sin(azimuth), np.zeros_like(azimuth), np.cos(azimuth)], 1)
    reach = np.full(len(azimuth), 8.0)
    for _ in range(4):  # the elevation that reaches the height depends on the radius there
        point = CENTRE + flat * reach[:, None]
        point[:, 1] = y
        reach = np.sqrt(np.clip(scalp.radius(point) ** 2 - (y - CENTRE[1]) ** 2, 1.0, None))
    point = CENTRE + flat * (reach + off)[:, None]
    point[:, 1] = y
    return point


def _dome(scalp: Scalp, rim, off: float, slack: float) -> tuple[np.ndarray, Solid]:
    """The edge (AROUND, 3) and the sheet over the crown, which stands `slack` further off on top."""
    azimuth = np.linspace(-np.pi, np.pi, AROUND)
    edge = _ring(scalp, azimuth, rim, 0.0, off)
    low = edge - CENTRE
    start = np.arctan2(low[:, 1], np.hypot(low[:, 0], low[:, 2]))
    share = np.linspace(0, 1, UP)[:, None]
    elevation = start[None] + (np.pi / 2 - start[None]) * share
    across = np.cos(elevation)
    direction = np.stack([across * np.sin(azimuth), np.sin(elevation), across * np.cos(azimuth)], -1)
    reach = scalp.radius(CENTRE + direction) + off + slack * np.sin(share * np.pi * 0.5) ** 1.5
    position = CENTRE + direction * reach[..., None]
    position[0] = edge
    uv = np.stack(np.broadcast_arrays(azimuth[None] * 9.0, share * 14.0), -1)
    return edge[:-1], sheet(position[::-1], uv[::-1])


def _visor(ring: np.ndarray) -> Solid:
    angle = np.arctan2(ring[:, 0], ring[:, 2] - CENTRE[2])
    order = np.argsort(angle)
    order = order[np.abs(angle[order]) < VISOR_TURN]
    inner, turn = ring[order], angle[order]
    reach = np.cos(np.clip(turn / VISOR_TURN, -1, 1) * np.pi / 2)[None, :, None] ** 0.55
    share = np.linspace(0, 1, 9)[:, None, None]
    out = np.array([0.0, -0.20, 1.0])[None, None]
    sag = -0.030 * (inner[:, 0] ** 2)[None, :, None] * np.array([0.0, 1.0, 0.0]) * share * reach
    top = inner[None] + out * share * reach * 6.0 + sag + np.array([0, 0.12, 0])
    uv = np.stack(np.broadcast_arrays(inner[None, :, 0], share[..., 0] * 6.0), -1)
    under = sheet(top[::-1] - [0, 0.16, 0], uv[::-1])
    return joined([sheet(top, uv), under, tube(top[-1] - [0, 0.08, 0], 0.10, around=6)])
