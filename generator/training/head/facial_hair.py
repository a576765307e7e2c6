"""Which short hairs grow on a face and which way: brows, and the beard's roots."""

from __future__ import annotations

import numpy as np

from generator.training.head.colours import hair_colour
from generator.training.head.person import Beard, Brows, Person
from generator.training.head.scalp import beard_area, in_scalp, inside_hairline
from generator.training.head.strokes import SkinSurface, StrokePainter

Strokes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def paint_brows(person: Person, surface: SkinSurface, painter: StrokePainter) -> None:
    g = np.random.default_rng(11)
    brows = person.brows
    along, off, half = brow_place(surface.middle, brows)
    density = np.exp(-((off / (0.75 * half + 0.02)) ** 2)) * np.clip((along + 0.12) / 0.22, 0, 1)
    density *= (along < 1.12) * (surface.middle[:, 2] > 6)
    roots = surface.scatter(int(1250 * brows.density * (0.4 + brows.thickness)), density, g)
    along, off, half = brow_place(roots.rest, brows)
    keep = np.abs(off) < half * 1.05
    tips = _brow_direction(roots.rest, along, off / half) * (0.62 - 0.25 * np.clip(along, 0, 1))[:, None]
    tips *= np.where(keep & (along > -0.06) & (along < 1.06), g.uniform(0.7, 1.1, len(keep)), 0.0)[:, None]
    width = 0.042 * g.uniform(0.7, 1.2, len(keep))
    painter.paint(surface, roots, tips, width, _shades(_brow_colour(person), len(keep), g))


def paint_beard(person: Person, surface: SkinSurface, painter: StrokePainter) -> None:
    g = np.random.default_rng(12)
    beard = person.beard
    density = np.clip(beard_strength(surface.middle, beard) * 1.6, 0, 1) * (surface.middle[:, 2] < 13)
    roots = surface.scatter(int(70.0 * float((density * surface.area).sum())), density, g)
    direction = beard_direction(roots.rest, roots.normal)
    length = min(beard.length, 0.75) * g.uniform(0.35, 0.9, len(direction))
    colour = _shades(beard_colour(person), len(direction), g)
    painter.paint(surface, roots, direction * length[:, None], 0.023 + 0 * length, colour)


def paint_scalp(person: Person, surface: SkinSurface, painter: StrokePainter) -> None:
    """Cropped hair where it is short, and the first fine hairs along every hairline."""
    g = np.random.default_rng(15)
    hair = person.hair
    inside = inside_hairline(surface.middle, hair)
    cropped = max(hair.top, hair.side) < 1.5
    within = 40.0 if cropped else 2.2
    density = np.clip((inside + (0.5 if cropped else 0.1)) / 1.4, 0, 1) * (inside < within)
    density *= in_scalp(surface.middle) * hair.density
    roots = surface.scatter(int(34.0 * float((density * surface.area).sum())), density, g)
    way = roots.rest - np.array([0.0, 12.5, -5.0]) + 0.8 * g.normal(size=roots.rest.shape)
    way *= 1.0 if cropped else -1.0  # longer hair is combed back from its edge
    way -= (way * roots.normal).sum(1, keepdims=True) * roots.normal
    way *= (g.uniform(0.25, 0.5, len(way)) * (1.0 if cropped else 1.7) / (np.linalg.norm(way, axis=1) + 1e-9))[:, None]
    colour = hair_colour(hair.dark, hair.red, hair.grey)
    painter.paint(surface, roots, way, 0.034 + 0 * way[:, 0], _shades(colour, len(way), g))


def brow_place(rest: np.ndarray, brows: Brows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Along the brow (0 inner .. 1 outer end), height off its middle (cm), half its height there (cm)."""
    along = (np.abs(rest[:, 0]) - 1.05) / (3.6 + 0.9 * brows.length)
    a = np.clip(along, 0, 1)
    middle = 5.30 + brows.height + brows.arch * 1.35 * a * (1.5 - a) - 0.40 * a * a
    half = (0.17 + 0.34 * brows.thickness) * np.clip(0.72 + 2.4 * a, 0, 1)
    half *= 1 - 0.68 * np.clip((a - 0.25) / 0.75, 0, 1)
    return along, rest[:, 1] - middle, half


def beard_strength(rest: np.ndarray, beard: Beard) -> np.ndarray:
    moustache, chin, cheeks = beard_area(rest)
    return np.maximum(np.maximum(beard.moustache * moustache, beard.chin * chin), beard.cheeks * cheeks)


def beard_direction(rest: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """(n, 3) unit, along the skin: a moustache parts to the sides, the rest grows down."""
    x, y, _ = rest.T
    lip = np.exp(-(((y + 1.6) / 0.7) ** 2)) * (np.abs(x) < 3.2)
    way = np.stack([np.sign(x) * (0.10 + 1.0 * lip), -1.0 + 0.25 * lip, 0.15 + 0 * x], 1)
    way -= (way * normal).sum(1, keepdims=True) * normal
    return way / (np.linalg.norm(way, axis=1, keepdims=True) + 1e-9)


def beard_colour(person: Person) -> np.ndarray:
    hair = person.hair
    return hair_colour(min(hair.dark + 0.08, 1.0), min(hair.red + 0.12, 1.0), hair.grey)


def _brow_colour(person: Person) -> np.ndarray:
    hair = person.hair
    return hair_colour(min(0.26 + 0.74 * hair.dark, 1.0), hair.red * 0.7, 0.75 * hair.grey)


def _brow_direction(rest: np.ndarray, along: np.ndarray, off: np.ndarray) -> np.ndarray:
    """(n, 3): upright at the inner end, outwards further on; the upper hairs lean down, the lower ones up."""
    angle = np.radians(np.interp(along, [-0.1, 0.08, 0.3, 0.65, 1.0], [80, 62, 32, 8, -24]) - 22 * off)
    return np.stack([np.sign(rest[:, 0]) * np.cos(angle), np.sin(angle), -0.25 * np.cos(angle)], 1)


def _shades(colour: np.ndarray, count: int, g: np.random.Generator) -> np.ndarray:
    return colour[None] * g.uniform(0.55, 1.25, (count, 1))
