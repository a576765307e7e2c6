"""What stands behind a person who is drawn without a backdrop: a colour, or nothing where the codec has alpha."""

from functools import lru_cache

import cv2
import numpy as np

TRANSPARENT = "transparent"
BAND = 8192  # pixels laid at once: all of a picture in one go spends most of its time on fresh memory
PLAIN = "#5e636c"
"""The grey of a photographer's paper, where nobody asked for a colour and the codec has no alpha."""


def in_force(wish: str, has_alpha: bool) -> str:
    """What a wish, "#rrggbb", "transparent" or "", comes to with a codec: a colour in small letters, or TRANSPARENT."""
    if wish not in ("", TRANSPARENT):
        return wish.lower()
    return TRANSPARENT if has_alpha else PLAIN


def on_backdrop(pixels: np.ndarray, colour: str = PLAIN) -> np.ndarray:
    """uint8 (h, w, 4) RGBA, straight alpha, on "#rrggbb" → (h, w, 3) RGB. Pictures without alpha stay as they are.

    Opaque pixels come out as they went in; the others are at most 1 off, for colour and backdrop are rounded apart.
    """
    if pixels.shape[-1] == 3:
        return pixels
    (height, width), shares = pixels.shape[:2], _shares(colour)
    laid, rows = np.empty((height, width, 3), np.uint8), max(1, BAND // width)
    for top in range(0, height, rows):
        band = np.ascontiguousarray(pixels[top : top + rows])
        person = cv2.cvtColor(band, cv2.COLOR_RGBA2mRGBA)
        behind = shares.take(band[..., 3]).view(np.uint8).reshape(band.shape)
        cv2.cvtColor(cv2.add(person, behind), cv2.COLOR_RGBA2RGB, dst=laid[top : top + rows])
    return laid


@lru_cache(maxsize=64)
def _shares(colour: str) -> np.ndarray:
    """How much of the backdrop shows at each alpha: (256,), each the four bytes r, g, b, 0, fetched as one number."""
    shares = np.zeros((256, 4), np.uint8)
    rgb = np.array(list(bytes.fromhex(colour.removeprefix("#"))))
    shares[:, :3] = np.round(rgb * (255 - np.arange(256)[:, None]) / 255)
    return shares.view(np.uint32).ravel()
