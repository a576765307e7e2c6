"""Thumbnails as a camera might have taken them: on any backdrop, a little off, in other colours, soft or grainy."""

from __future__ import annotations

import cv2
import numpy as np

from generator.compact.identity_encoder import PLAIN

SHIFT, SCALE, GAIN, WARMTH, GAMMA, GRAIN = 3.5, 0.05, 0.12, 0.05, 0.12, 5.0  # pixels, ratios, levels of 255
LEVELS = np.linspace(0, 1, 256, dtype=np.float32)[:, None]


def photographed(g: np.random.Generator, premultiplied: np.ndarray, mirrored: bool) -> np.ndarray:
    """uint8 (h, w, 4) → uint8 (h, w, 3) RGB on a backdrop and with flaws drawn at random."""
    layers = _moved(g, premultiplied, mirrored)
    picture = _on(layers, _backdrop(g, len(layers)))
    if g.uniform() < 0.4:
        picture = cv2.GaussianBlur(picture, (0, 0), g.uniform(0.3, 0.8))
    picture = cv2.LUT(picture, _colours(g)[None])
    if g.uniform() < 0.4:
        grain = g.uniform(0, GRAIN) * g.standard_normal(picture.shape, np.float32)
        picture = np.clip(picture + grain, 0, 255).astype(np.uint8)
    return picture


def on_plain(premultiplied: np.ndarray) -> np.ndarray:
    """uint8 (…, h, w, 4) → uint8 (…, h, w, 3) RGB on the plain backdrop."""
    return _on(premultiplied, np.array(PLAIN, np.uint8))


def _on(layers: np.ndarray, backdrop: np.ndarray) -> np.ndarray:
    shown = (255 - layers[..., 3:]).astype(np.uint16) * backdrop
    return np.minimum(layers[..., :3] + (shown + 127) // 255, 255).astype(np.uint8)


def _moved(g: np.random.Generator, layers: np.ndarray, mirrored: bool) -> np.ndarray:
    scale, middle = 1 + SCALE * g.uniform(-1, 1), (len(layers) - 1) / 2
    across = -scale if mirrored else scale
    x, y = middle + SHIFT * g.uniform(-1, 1, 2)
    matrix = np.array([[across, 0, x - across * middle], [0, scale, y - scale * middle]])
    return cv2.warpAffine(layers, matrix, layers.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)


def _backdrop(g: np.random.Generator, side: int) -> np.ndarray:
    """A colour, or four running into each other: uint8 (side, side, 3)."""
    corners = g.uniform(0, 255, (2, 2, 3)) if g.uniform() < 0.5 else np.broadcast_to(g.uniform(0, 255, 3), (2, 2, 3))
    if g.uniform() < 0.6:  # muted, as most are
        corners = corners.mean(2, keepdims=True) * 0.8 + corners * 0.2
    return cv2.resize(corners.astype(np.float32), (side, side)).astype(np.uint8)


def _colours(g: np.random.Generator) -> np.ndarray:
    """uint8 (256, 3): what becomes of every level of red, green and blue."""
    warmth = WARMTH * g.uniform(-1, 1)
    gain = (1 + GAIN * g.uniform(-1, 1)) * np.array([1 + warmth, 1, 1 - warmth])
    return np.clip(255 * (LEVELS * gain) ** (1 + GAMMA * g.uniform(-1, 1)), 0, 255).astype(np.uint8)
