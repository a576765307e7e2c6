"""A shirt: the skin of the shoulders, lifted off it and drawn as cloth up to a collar."""

from __future__ import annotations

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.rig import Rig
from generator.training.head.shapes import Shape
from generator.training.head.turns import follow

STIFF = 0.8  # cloth goes less far with the head than skin


class Garment:
    def __init__(self, context: moderngl.Context, rig: Rig) -> None:
        self.program = gl.program(context, "garment", "garment")
        triangles = rig.triangles["skin"]
        low = triangles[rig.neutral[triangles, 1].min(1) < -5.0]
        self._used, renumbered = np.unique(low, return_inverse=True)
        self._triangles = renumbered.reshape(-1, 3).astype(np.int32)
        self._rest, self._follow = rig.neutral[self._used], STIFF * follow(rig.neutral[self._used])
        self._position, self._normal = (context.buffer(reserve=len(self._used) * 12) for _ in range(2))
        arrays = {"position": self._position, "normal": self._normal, "rest": self._rest, "follow": self._follow}
        self._drawn = gl.vertex_array(context, self.program, arrays, self._triangles)

    def pose(self, vertices: np.ndarray, normals: np.ndarray) -> None:
        self._position.write(self.place(vertices, normals).astype("f4").tobytes())
        self._normal.write(normals[self._used].astype("f4").tobytes())

    def render(self) -> None:
        self._drawn.render()

    def place(self, vertices: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """(n, 3) the lifted skin; the rig's narrow bust is widened to shoulders that leave the picture."""
        low = np.clip((-10.0 - self._rest[:, 1]) / 4.0, 0.0, 1.0)
        lifted = vertices[self._used] + normals[self._used] * (0.30 + 0.25 * low)[:, None]
        lifted[:, 0] *= 1.0 + 0.30 * low * low
        return lifted

    def shape(self) -> Shape:
        return Shape(self.place, self._follow, self._triangles)
