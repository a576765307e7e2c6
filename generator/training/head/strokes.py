"""Short hairs painted into the skin atlas one by one: brows, and the roots of beards."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.rig import Rig

POINTS = 4  # along a stroke


@dataclass(frozen=True)
class Roots:
    """Random places on the skin."""

    triangle: np.ndarray  # (n,) among the skin's
    rest: np.ndarray  # (n, 3)
    normal: np.ndarray  # (n, 3)
    uv: np.ndarray  # (n, 2)


class SkinSurface:
    """The skin's triangles at rest: places on it, and how centimetres there lie in the atlas."""

    def __init__(self, rig: Rig) -> None:
        self.triangles = rig.triangles["skin"]
        self.corner, self.uv = rig.neutral[self.triangles], rig.uv[self.triangles]
        self.middle = self.corner.mean(1)
        flat = np.cross(self.corner[:, 1] - self.corner[:, 0], self.corner[:, 2] - self.corner[:, 0])
        self.area = np.linalg.norm(flat, axis=1) / 2
        self.normal = flat / (2 * self.area[:, None] + 1e-9)

    def scatter(self, count: int, density: np.ndarray, g: np.random.Generator) -> Roots:
        """`count` places, by `density` (f,) per triangle."""
        odds = self.area * density
        if odds.sum() <= 0:
            count, odds = 0, np.ones(len(odds))
        chosen = g.choice(len(odds), size=count, p=odds / odds.sum())
        u, v = g.uniform(size=(2, count))
        u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
        share = np.stack([1 - u - v, u, v], 1)[..., None]
        rest, uv = (self.corner[chosen] * share).sum(1), (self.uv[chosen] * share).sum(1)
        return Roots(chosen, rest, self.normal[chosen], uv)

    def to_atlas(self, triangle: np.ndarray, offset: np.ndarray) -> np.ndarray:
        """Offsets (n, k, 3) in cm from places on `triangle` (n,) → (n, k, 2) in the rig's texture coordinates."""
        corner, uv = self.corner[triangle], self.uv[triangle]
        edges = np.stack([corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]], 2)
        steps = np.stack([uv[:, 1] - uv[:, 0], uv[:, 2] - uv[:, 0]], 2)
        return np.einsum("nij,nkj->nki", steps @ np.linalg.pinv(edges), offset)


class StrokePainter:
    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._program = gl.program(context, "stroke", "stroke")

    def paint(
        self, surface: SkinSurface, roots: Roots, tips: np.ndarray, width: np.ndarray, colour: np.ndarray
    ) -> None:
        """Hairs from `roots` to offsets `tips` (n, 3), `width` (n,) cm, `colour` (n, 3), into the bound target."""
        count = len(roots.rest)
        if not count:
            return
        t = np.linspace(0, 1, POINTS)
        bend = -0.15 * roots.normal + np.array([0.0, -0.05, 0.0])
        path = tips[:, None] * t[None, :, None] + (bend[:, None] * (t * t)[None, :, None])
        side = np.cross(tips, roots.normal)
        side *= (0.5 * width / (np.linalg.norm(side, axis=1) + 1e-9))[:, None]
        both = np.stack([path - side[:, None], path + side[:, None]], 2).reshape(count, -1, 3)
        uv = roots.uv[:, None] + surface.to_atlas(roots.triangle, both)
        across = np.tile([-1.0, 1.0], (count, POINTS)).reshape(count, -1)
        along = np.repeat(t, 2)[None] + np.zeros((count, 1))
        arrays = {"uv": uv.reshape(-1, 2), "place": np.stack([across, along], -1).reshape(-1, 2),
                  "tint": np.repeat(colour, 2 * POINTS, 0)}  # fmt: skip
        first = (np.arange(count)[:, None] * 2 * POINTS + 2 * np.arange(POINTS - 1)).ravel()
        triangles = np.stack([first, first + 1, first + 2, first + 1, first + 3, first + 2], 1).reshape(-1, 3)
        mesh = gl.vertex_array(self._context, self._program, arrays, triangles)
        self._context.enable_only(moderngl.NOTHING)
        gl.blend(self._context, (moderngl.ZERO, moderngl.ONE))
        mesh.render()
        mesh.release()
