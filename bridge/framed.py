"""Pictures for the compact model's identity encoder: square, and framed as the model draws, for nothing aligns them."""

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

from bridge.errors import CommandError
from generator.compact.identity_encoder import SIDE, opaque

REFERENCE = 256
LOPSIDED = 1.02  # the longer side may be this much longer
FRAMING = (
    "the compact model knows synthetic people such as it draws, no photographs: give it square pictures of them framed "
    "as it draws, from the shoulders to a little above the hair, the face in the middle; any backdrop will do."
)


def framed_picture(path: Path) -> np.ndarray:
    """uint8 (side, side, 3) RGB, or (side, side, 4) with straight alpha. Raises CommandError."""
    try:
        with Image.open(path) as image:
            image = ImageOps.exif_transpose(image)
            pixels = np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    except FileNotFoundError:
        raise CommandError(f"there is no picture {path}") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise CommandError(f"{path} cannot be read as a picture: {error}") from None
    height, width = pixels.shape[:2]
    if max(height, width) > LOPSIDED * min(height, width):
        raise CommandError(f"{path} is {width} × {height} pixels, not square: {FRAMING}")
    if min(height, width) < SIDE:
        raise CommandError(f"{path} is {width} × {height} pixels: the compact model's encoder takes {SIDE} or more")
    return pixels


def framed_reference(picture: np.ndarray) -> np.ndarray:
    """uint8 (256, 256, 4) RGBA with straight alpha."""
    if picture.shape[2] == 3:
        picture = np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])
    return _resized(picture, REFERENCE)


def framed_thumbnail(picture: np.ndarray, side: int) -> np.ndarray:
    """uint8 (side, side, 3) RGB."""
    return _resized(opaque(picture), side)


def _resized(picture: np.ndarray, side: int) -> np.ndarray:
    """By area where it shrinks; colour is weighted by alpha, so that none seeps in from where nothing is seen."""
    if picture.shape[:2] == (side, side):
        return picture
    way = cv2.INTER_AREA if min(picture.shape[:2]) > side else cv2.INTER_CUBIC
    layers = picture.astype(np.float32)
    if picture.shape[2] == 3:
        return np.clip(np.rint(cv2.resize(layers, (side, side), interpolation=way)), 0, 255).astype(np.uint8)
    layers[..., :3] *= layers[..., 3:] / 255
    layers = cv2.resize(layers, (side, side), interpolation=way)
    layers[..., :3] *= 255 / np.maximum(layers[..., 3:], 1)
    return np.clip(np.rint(layers), 0, 255).astype(np.uint8)
