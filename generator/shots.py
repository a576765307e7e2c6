"""Further pictures of a person, of which the expression is known: what they come with beside one neutral face.

In a safetensors file: curves    float32 (shots, 55)
                       shot N    uint8, from 0: a file, see `Shot`
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from generator.errors import Explained

SIDE, WIDTH = 256, 55
CURVES, SHOT = "curves", "shot {}"
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


def tensors_of(shots: Sequence[Shot]) -> dict[str, np.ndarray]:
    """For a file; nothing for none."""
    files = {SHOT.format(number): np.frombuffer(shot.file, np.uint8) for number, shot in enumerate(shots)}
    return {CURVES: np.stack([shot.curves for shot in shots])} | files if shots else {}


def belongs(key: str) -> bool:
    """Whether a tensor of that key is one of shots."""
    return key == CURVES or key.startswith(SHOT.format(""))


def shots_in(held: Mapping[str, np.ndarray], name: str, before: str = "") -> tuple[Shot, ...]:
    """Those of a person, whose keys have something `before` them. Raises ShotError for what is none; a picture is read
    when it is wanted.
    """
    curves = held.get(before + CURVES, np.zeros((0, WIDTH), np.float32))
    files = [held.get(before + SHOT.format(number)) for number in range(len(curves))]
    if curves.shape[1:] != (WIDTH,) or curves.dtype != np.float32 or not np.isfinite(curves).all():
        raise ShotError(f"the curves of {name!r} must be finite float32 (shots, {WIDTH})")
    if any(file is None or file.dtype != np.uint8 or file.ndim != 1 for file in files):
        raise ShotError(f"{name!r} lacks a shot")
    return tuple(Shot(row, file.tobytes()) for row, file in zip(curves, files, strict=True) if file is not None)


def packed(picture: np.ndarray) -> bytes:
    """A picture (256, 256, 4) as a shot's file: a third of what it is without loss, and 1 of 255 beside it."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()
