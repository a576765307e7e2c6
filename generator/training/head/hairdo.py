"""A person's hair as drawn: locks grown once, ribbons on the graphics card."""

from __future__ import annotations

from collections.abc import Callable

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.cards import TEXTURE, Cards, cards, strand_texture
from generator.training.head.growth import STEPS, grow
from generator.training.head.person import Hair
from generator.training.head.scalp import Scalp
from generator.training.head.shapes import Shape, still
from generator.training.head.turns import follow


class Hairdo:
    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self.program = gl.program(context, "hair", "hair")
        self.texture = context.texture((TEXTURE, TEXTURE), 4, strand_texture().tobytes())
        self.texture.build_mipmaps(max_level=3)
        self.texture.filter = moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR
        self._shapes: list[Shape] = []
        self._drawn: moderngl.VertexArray | None = None
        self._casting: moderngl.VertexArray | None = None

    def wear(
        self, hair: Hair, scalp: Scalp, shadow: moderngl.Program, under_hat: Callable[[np.ndarray], np.ndarray]
    ) -> None:
        """`under_hat`: how far (cm) points (..., 3) are inside a hat."""
        locks = grow(hair, scalp, under_hat, seed=1)
        for array in (self._drawn, self._casting):
            if array:
                array.release()
        self._drawn = self._casting = None
        self._shapes = []
        if locks:
            ribbons = cards(locks, seed=2)
            weight = _follow(ribbons)
            arrays = ribbons.arrays() | {"follow": weight}
            self._shapes = [Shape(still(ribbons.position), weight, ribbons.triangles, ribbons.strand, ribbons.lock)]
            self._drawn = gl.vertex_array(self._context, self.program, arrays, ribbons.triangles)
            self._casting = gl.vertex_array(self._context, shadow, arrays, _every(ribbons.triangles, 3))

    def shapes(self) -> list[Shape]:
        return self._shapes

    def render(self) -> None:
        if self._drawn:
            self._drawn.render()

    def cast(self) -> None:
        if self._casting:
            self._casting.render()


def _every(triangles: np.ndarray, nth: int) -> np.ndarray:
    """The triangles of every nth lock: enough for a soft shadow."""
    each = 2 * (STEPS - 1)
    return triangles.reshape(-1, each, 3)[::nth].reshape(-1, 3)


def _follow(ribbons: Cards) -> np.ndarray:
    """(v,) hair goes with the head; only what lies on the shoulders stays behind."""
    hanging = ribbons.position.copy()
    hanging[:, 1] = np.where(hanging[:, 1] < -4, -4 + 0.55 * (hanging[:, 1] + 4), hanging[:, 1])
    hanging[:, 2] = np.maximum(hanging[:, 2], 0.0)
    return follow(hanging)
