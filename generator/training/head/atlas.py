"""A person's skin, painted once into textures: colour with gloss, and relief."""

from __future__ import annotations

from typing import Any

import cv2
import moderngl
import numpy as np
from scipy.ndimage import distance_transform_edt

from generator.training.head import gl
from generator.training.head.colours import hair_colour, tissue
from generator.training.head.facial_hair import beard_colour, paint_beard, paint_brows, paint_scalp
from generator.training.head.person import Person
from generator.training.head.rig import Rig
from generator.training.head.strokes import SkinSurface, StrokePainter

WIDTH, HEIGHT = 1024, 512


class Seams:
    """Carries the painting a little over the borders of its islands, so that filtering finds no gaps."""

    def __init__(self, rig: Rig) -> None:
        covered = np.zeros((HEIGHT, WIDTH), np.uint8)
        corners = rig.uv[rig.triangles["skin"]] * [WIDTH / 2, HEIGHT] - 0.5
        for triangle in np.round(corners).astype(np.int32):
            cv2.fillConvexPoly(covered, triangle, 1)
        eroded = cv2.erode(covered, np.ones((3, 3), np.uint8))
        found: Any = distance_transform_edt(eroded == 0, return_indices=True)
        distance, nearest = found
        self._to = np.flatnonzero((distance > 0) & (distance < 7))
        self._from = (nearest[0] * WIDTH + nearest[1]).ravel()[self._to]

    def close(self, texture: moderngl.Texture) -> None:
        pixels = np.frombuffer(texture.read(), np.uint32).copy()
        pixels[self._to] = pixels[self._from]
        texture.write(pixels.tobytes())


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
        self._strokes, self._surface = StrokePainter(context), SkinSurface(rig)
        self._seams = Seams(rig)
        self._mesh = context.vertex_array(self._paint, content, triangles)

    def paint(self, person: Person, coverage: np.ndarray) -> None:
        """`coverage` (v, 2): how much hair grows on the scalp and of the beard at each vertex, 0..1."""
        self._coverage.write(np.ascontiguousarray(coverage, np.float32).tobytes())
        for name, value in _pigments(person).items():
            gl.set_uniform(self._paint, name, value)
        self._context.enable_only(moderngl.NOTHING)
        self._target.use()
        ground = np.sqrt(tissue(person.skin.melanin, 0.3 * person.skin.haemoglobin))
        self._target.clear(float(ground[0]), float(ground[1]), float(ground[2]), 0.5)  # seams blend into it
        self._mesh.render()
        paint_scalp(person, self._surface, self._strokes)
        paint_beard(person, self._surface, self._strokes)
        paint_brows(person, self._surface, self._strokes)
        self._seams.close(self.albedo)
        for texture in (self.albedo, self.relief):
            texture.build_mipmaps(max_level=4)


def _pigments(person: Person) -> dict[str, Any]:
    skin, hair, paint = person.skin, person.hair, person.make_up
    plain = ("melanin", "haemoglobin", "sallow", "redness", "freckles", "moles", "mottle", "gloss")
    return {name: getattr(skin, name) for name in plain} | {
        "who": skin.pattern, "woman": person.woman, "age": person.wear,
        "hair_colour": hair_colour(hair.dark, hair.red, hair.grey),
        "scalp_shade": min(hair.density, 1.0),
        "beard_colour": beard_colour(person), "liner": paint.liner, "blush": paint.blush,
        "shadow_amount": paint.shadow, "shadow_colour": paint.shadow_colour, "lipstick_amount": paint.lipstick,
        "lipstick": paint.lipstick_colour,
    }  # fmt: skip
