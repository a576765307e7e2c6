"""The shadow map: how far the key light gets, seen from the light."""

from __future__ import annotations

import moderngl
import numpy as np

from generator.training.head.gl import set_uniform

RADIUS = 19.0  # cm around the origin that can cast and catch shadows
SIDE = 448


class ShadowMap:
    def __init__(self, context: moderngl.Context) -> None:
        self.depth = context.depth_texture((SIDE, SIDE))
        self.depth.compare_func = "<="
        self.depth.repeat_x = self.depth.repeat_y = False
        self.depth.filter = moderngl.LINEAR, moderngl.LINEAR
        self.target = context.framebuffer(depth_attachment=self.depth)

    def settings(self, direction: np.ndarray) -> dict[str, object]:
        """Uniforms for light coming from `direction` (3,)."""
        return {"shadow_axes": axes(direction), "shadow_radius": RADIUS, "shadow_texel": 1.0 / SIDE}

    def apply(self, made: moderngl.Program, direction: np.ndarray) -> None:
        for name, value in self.settings(direction).items():
            set_uniform(made, name, value)


def axes(direction: np.ndarray) -> np.ndarray:
    """(3, 3) rows: right, up, towards the light."""
    towards = np.asarray(direction, float) / np.linalg.norm(direction)
    right = np.cross([0.0, 1.0, 0.0] if abs(towards[1]) < 0.95 else [0.0, 0.0, -1.0], towards)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(towards, right), towards])
