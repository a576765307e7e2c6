"""Beards that stand off the skin: locks that go where the skin under their roots goes."""

from __future__ import annotations

import moderngl
import numpy as np
from scipy.spatial import KDTree

from generator.training.head import gl
from generator.training.head.cards import cards
from generator.training.head.facial_hair import beard_direction, beard_strength
from generator.training.head.growth import STEPS, Locks
from generator.training.head.person import Person
from generator.training.head.shapes import Shape
from generator.training.head.strokes import SkinSurface

SHORTEST = 0.8  # cm; shorter beards are painted
COUNT = 1500


class BeardCards:
    """Drawn with the program of the hair; holds nothing while the person has no long beard."""

    def __init__(self, context: moderngl.Context, program: moderngl.Program, shadow: moderngl.Program) -> None:
        self._context, self._program, self._shadow = context, program, shadow
        self._shapes: list[Shape] = []
        self._drawn: moderngl.VertexArray | None = None
        self._casting: moderngl.VertexArray | None = None

    def wear(self, person: Person, surface: SkinSurface, base: np.ndarray, skin: np.ndarray) -> None:
        """`base` (v, 3) is the person at rest, `skin` the indices of its skin."""
        self._drawn = self._casting = None
        self._shapes = []
        if person.beard.length < SHORTEST:
            return
        g = np.random.default_rng(13)
        density = beard_strength(surface.middle, person.beard)
        roots = surface.scatter(int(COUNT * min(float(density.max(initial=0.0)), 1.0)), density, g)
        if not len(roots.rest):
            return
        length = person.beard.length * g.uniform(0.6, 1.1, len(roots.rest)) * (0.45 + 0.55 * (roots.rest[:, 1] < -2.8))
        locks = _locks(roots.rest, roots.normal, length, g)
        ribbons = cards(locks, seed=14)
        nearest = skin[KDTree(base[skin]).query(roots.rest + self._shape_shift(base, surface, roots.triangle))[1]]
        shift = self._shape_shift(base, surface, roots.triangle)
        self._rest = ribbons.position + np.repeat(shift - base[nearest], 2 * STEPS, 0)
        self._root = np.repeat(nearest, 2 * STEPS)
        self._position = self._context.buffer(reserve=len(self._rest) * 12)
        weight = np.ones(len(self._rest))
        arrays = ribbons.arrays() | {"position": self._position, "follow": weight}
        self._shapes = [Shape(self._place, weight, ribbons.triangles, ribbons.strand, ribbons.lock)]
        self._drawn = gl.vertex_array(self._context, self._program, arrays, ribbons.triangles)
        self._casting = gl.vertex_array(self._context, self._shadow, arrays, ribbons.triangles)

    def pose(self, vertices: np.ndarray) -> None:
        if self._drawn:
            self._position.write(self._place(vertices, vertices).astype("f4").tobytes())

    def shapes(self) -> list[Shape]:
        return self._shapes

    def _place(self, vertices: np.ndarray, normals: np.ndarray) -> np.ndarray:
        return self._rest + vertices[self._root]

    def render(self) -> None:
        if self._drawn:
            self._drawn.render()

    def cast(self) -> None:
        if self._casting:
            self._casting.render()

    @staticmethod
    def _shape_shift(base: np.ndarray, surface: SkinSurface, triangle: np.ndarray) -> np.ndarray:
        """(n, 3) how the person's shape moves places on `triangle` from the rig's neutral."""
        return (base[surface.triangles[triangle]] - surface.corner[triangle]).mean(1)


def _locks(roots: np.ndarray, normal: np.ndarray, length: np.ndarray, g: np.random.Generator) -> Locks:
    heading = beard_direction(roots, normal) + 0.40 * normal + 0.2 * g.normal(size=roots.shape)
    point, points = roots + 0.02 * normal, []
    for _ in range(STEPS):
        points.append(point)
        heading = heading + np.array([0.0, -0.10, 0.0]) + 0.14 * g.normal(size=roots.shape)
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        point = point + heading * (length / (STEPS - 1))[:, None]
    path = np.stack(points, 1)
    outward = np.broadcast_to(normal[:, None], path.shape)
    return Locks(path, outward, g.uniform(size=len(roots)), g.uniform(0.22, 0.42, len(roots)), np.zeros(len(roots)))
