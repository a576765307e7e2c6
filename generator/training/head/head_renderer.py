"""Draws one person at a time into RGBA pictures.

The process that draws must never import torch: Mesa's software OpenGL and torch each bring their own LLVM, and the two
crash in one process.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from generator.training.head import gl
from generator.training.head.appearance import Appearance
from generator.training.head.atlas import SkinAtlas
from generator.training.head.expression import Poser
from generator.training.head.figure import Figure
from generator.training.head.person import Person
from generator.training.head.rig import load_rig
from generator.training.head.shadows import ShadowMap

SUPERSAMPLING = 1.5


class HeadRenderer:
    """`data` holds the rig (`ict/`); pictures are `size`² pixels. `wear` chooses who is drawn and how."""

    def __init__(self, data: Path, size: int = 256) -> None:
        self.size, side = size, round(size * SUPERSAMPLING)
        self.rig = load_rig(data / "ict")
        self.gl = gl.create_context()
        self.poser = Poser(self.rig)
        self.atlas, self.shadows = SkinAtlas(self.gl, self.rig), ShadowMap(self.gl)
        self.figure = Figure(self.gl, self.rig, self.poser, self.atlas, self.shadows)
        self.target = self.gl.framebuffer(
            [self.gl.renderbuffer((side, side), 4)], self.gl.depth_renderbuffer((side, side))
        )
        self.appearance = Appearance()

    def wear(self, person: Person, appearance: Appearance | None = None) -> None:
        """Makes `person` the one that is drawn from now on. For the same person as before it takes next to no time."""
        self.appearance = appearance or Appearance()
        self.figure.wear(person, self.appearance)

    def draw(self, curves: np.ndarray) -> np.ndarray:
        """Curves (55,): 52 ARKit, then head yaw, pitch, roll (see `turns.head_turn`) → uint8 (size, size, 4) RGBA.

        Alpha is straight: 255 everywhere unless the backdrop is transparent.
        """
        self.figure.pose(np.asarray(curves, np.float64))
        self.figure.paint(self.target)
        return self._backed(self._read())

    def _read(self) -> np.ndarray:
        """float (size, size, 4), premultiplied, 0..255."""
        side = round(self.size * SUPERSAMPLING)
        picture = np.frombuffer(self.target.read(components=4), np.uint8).reshape(side, side, 4)[::-1]
        return cv2.resize(picture, (self.size, self.size), interpolation=cv2.INTER_AREA)

    def _backed(self, premultiplied: np.ndarray) -> np.ndarray:
        picture = premultiplied.astype(np.float32)
        alpha = picture[..., 3:]
        backdrop = self.appearance.backdrop
        if backdrop is None:
            picture[..., :3] *= 255.0 / np.maximum(alpha, 1.0)
        else:
            screen = np.power(np.clip(backdrop, 0, 1), 1 / 2.2).astype(np.float32)
            picture[..., :3] += screen * (255.0 - alpha)
            picture[..., 3] = 255.0
        return (picture + 0.5).clip(0, 255).astype(np.uint8)
