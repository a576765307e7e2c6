"""What a person wears in a picture: the garment over the rig's shoulders, and accessories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.appearance import Accessories
from generator.training.head.expression import Poser
from generator.training.head.headwear import BEANIE_RIM, CAP_RIM, beanie, cap
from generator.training.head.rig import Rig
from generator.training.head.scalp import CENTRE, Scalp
from generator.training.head.shapes import Shape, still
from generator.training.head.solids import Solid, joined
from generator.training.head.trinkets import ear_rings, find_lobes, glasses, scarf
from generator.training.head.turns import follow

WORN = 0.5  # an amount above this is worn


@dataclass(frozen=True)
class Piece:
    drawn: moderngl.VertexArray
    casting: moderngl.VertexArray
    settings: dict[str, Any]
    lens: bool
    shape: Shape


class Wardrobe:
    def __init__(self, context: moderngl.Context, shadow: moderngl.Program, rig: Rig, poser: Poser) -> None:
        self._context, self._shadow, self._rig, self._poser = context, shadow, rig, poser
        self.program = gl.program(context, "thing", "thing")
        self._lobes = find_lobes(rig)
        self._pieces: list[Piece] = []

    def wear(self, worn: Accessories, base: np.ndarray, scalp: Scalp) -> None:
        """Puts on what `worn` asks for, fitted to the person `base` (v, 3)."""
        self._pieces = []
        if worn.cap > WORN:
            crown, visor = cap(scalp)
            self._add(joined([crown, visor]), worn.cap_colour, weave=0.6)
        if worn.beanie > WORN:
            self._add(joined(beanie(scalp)), worn.beanie_colour, weave=1.6)
        if worn.scarf > WORN:
            self._add(scarf(), worn.scarf_colour, weave=2.2, hangs=True)
        if worn.ear_rings > WORN:
            self._add(ear_rings((base[self._lobes[0]], base[self._lobes[1]])), worn.metal, metal=1.0)
        if worn.glasses > WORN:
            frame, lenses = glasses(*self._glasses_fit(base))
            self._add(frame, worn.frame, metal=0.25)
            self._add(lenses, worn.frame, lens=True)

    def render(self, lenses: bool) -> None:
        for piece in self._pieces:
            if piece.lens == lenses:
                for name, value in piece.settings.items():
                    gl.set_uniform(self.program, name, value)
                piece.drawn.render()

    def shapes(self) -> list[Shape]:
        return [piece.shape for piece in self._pieces if not piece.lens]

    def cast(self) -> None:
        for piece in self._pieces:
            if not piece.lens:
                piece.casting.render()

    def _add(self, solid: Solid, colour: tuple[float, float, float], weave: float = 0.0, metal: float = 0.0,
             lens: bool = False, hangs: bool = False) -> None:  # fmt: skip
        weight = 0.8 * follow(solid.position) if hangs else np.ones(len(solid.position))
        arrays = {"position": solid.position, "normal": solid.normal, "uv": solid.uv, "follow": weight}
        self._pieces.append(Piece(
            gl.vertex_array(self._context, self.program, arrays, solid.triangles),
            gl.vertex_array(self._context, self._shadow, arrays, solid.triangles),
            {"thing_colour": colour, "weave": weave, "metal": metal, "lens": float(lens)}, lens,
            Shape(still(solid.position), weight, solid.triangles),
        ))  # fmt: skip

    def _glasses_fit(self, base: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], float, float]:
        left, right = (self._poser.eye_centre(base, side) for side in ("Left", "Right"))
        skin = base[self._rig.vertices["skin"]]
        bridge = skin[(np.abs(skin[:, 0]) < 0.6) & (np.abs(skin[:, 1] - left[1] - 0.2) < 0.6), 2].max(initial=10.5)
        temples = np.abs(skin[(np.abs(skin[:, 1] - left[1]) < 1.5) & (np.abs(skin[:, 2] - 3.5) < 1.5), 0])
        return (left, right), max(bridge + 0.25, left[2] + 3.0), float(temples.max(initial=7.2)) + 0.2


def covered(worn: Accessories) -> bool:
    """Whether there is a hat on the hair."""
    return max(worn.cap, worn.beanie) > WORN


def under_headwear(worn: Accessories, points: np.ndarray) -> np.ndarray:
    """(...,) how far (cm) points (..., 3) are above the edge of a cap or a beanie; far below where there is none."""
    relative = points - CENTRE
    azimuth = np.arctan2(relative[..., 0], relative[..., 2])
    above = np.full(points.shape[:-1], -99.0)
    for amount, rim in ((worn.cap, CAP_RIM), (worn.beanie, BEANIE_RIM)):
        if amount > WORN:
            above = np.maximum(above, points[..., 1] - rim(azimuth))
    return above
