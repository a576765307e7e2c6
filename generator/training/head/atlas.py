"""A person's skin, painted once into textures: colour with gloss, and relief."""

from __future__ import annotations

from typing import Any

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.colours import hair_colour, tissue
from generator.training.head.person import Person
from generator.training.head.rig import Rig

WIDTH, HEIGHT = 2048, 1024


class SkinAtlas:
    """`albedo` (square roots of linear colours, gloss in alpha) and `relief` of the person painted last."""

    def __init__(self, context: moderngl.Context, rig: Rig) -> None:
        self._context = context
        self._paint = gl.program(context, "paint", "paint")
        self.albedo, self.relief = (context.texture((WIDTH, HEIGHT), 4) for _ in range(2))
        for texture in (self.albedo, self.relief):
            texture.filter = moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR
        self._target = context.framebuffer([self.albedo, self.relief])
        self._coverage = context.buffer(reserve=len(rig.neutral) * 8)
        content = [
            (gl.floats(context, rig.neutral), "3f", "rest"),
            (gl.floats(context, rig.uv), "2f", "uv"),
            (self._coverage, "2f", "coverage"),
        ]
        triangles = context.buffer(rig.triangles["skin"].tobytes())
        self._mesh = context.vertex_array(self._paint, content, triangles)

    def paint(self, person: Person, coverage: np.ndarray) -> None:
        """`coverage` (v, 2): how much hair grows on the scalp and of the beard at each vertex, 0..1."""
        self._coverage.write(np.ascontiguousarray(coverage, np.float32).tobytes())
        for name, value in _pigments(person).items():
            gl.set_uniform(self._paint, name, value)
        self._context.enable_only(moderngl.NOTHING)
        self._target.use()
        ground = np.sqrt(tissue(person.skin.melanin, 0.3 * person.skin.haemoglobin))
        self._target.clear(*ground.tolist(), 0.5)  # seams blend into it
        self._mesh.render()
        for texture in (self.albedo, self.relief):
            texture.build_mipmaps(max_level=4)


def _pigments(person: Person) -> dict[str, Any]:
    skin, hair, paint = person.skin, person.hair, person.make_up
    colour = hair_colour(hair.dark, hair.red, hair.grey)
    plain = ("melanin", "haemoglobin", "sallow", "redness", "freckles", "moles", "mottle", "gloss")
    return {name: getattr(skin, name) for name in plain} | {
        "who": skin.pattern, "age": person.wear, "hair_colour": colour, "scalp_shade": min(hair.density, 1.0),
        "beard_colour": colour, "stubble": person.beard.stubble, "liner": paint.liner, "blush": paint.blush,
        "shadow_amount": paint.shadow, "shadow_colour": paint.shadow_colour, "lipstick_amount": paint.lipstick,
        "lipstick": paint.lipstick_colour,
    }  # fmt: skip
