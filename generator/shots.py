"""Further pictures of a person, of whom the expression is known: what a model comes with beside one neutral face."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from generator.errors import Explained

SIDE, CURVES = 256, 55
QUALITY = 98


class ShotError(Explained):
    """A shot that cannot be read."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """curves (55,) float32, head angles in radians last; `file` is a WebP, RGBA, straight alpha, framed as the compact
    model draws.
    """

    curves: np.ndarray
    file: bytes

    @property
    def picture(self) -> np.ndarray:
        """uint8 (256, 256, 4). Raises ShotError."""
        try:
            with Image.open(io.BytesIO(self.file)) as image:
                picture = np.array(image.convert("RGBA"))
        except (UnidentifiedImageError, OSError, ValueError) as error:
            raise ShotError(f"no picture: {error}") from error
        if picture.shape != (SIDE, SIDE, 4):
            raise ShotError(f"a picture of {picture.shape[1]} × {picture.shape[0]}, not of {SIDE} × {SIDE}")
        return picture


def packed(picture: np.ndarray) -> bytes:
    """A picture (256, 256, 4) as a shot's file: a third of what it is without loss, and 1 of 255 beside it."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()
