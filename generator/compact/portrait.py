"""What a person's own picture shows beyond what the network draws: hairs, pores, a beard, an ear-ring.

The network draws the face of the picture, too, and what that leaves out is kept. It is laid over every later drawing:
moved to where the face went, and left away where the two drawings show different things, as an open mouth. All pictures
here are float32 (side, side, 4), 0..255, colours multiplied by alpha.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from generator.compact.flow import SIDE

ALIKE = 25.0  # of 255: drawings that differ by more show different things
STRETCHED = 0.25  # a pixel's share of its neighbour's distance before, of which it is a streak
EDGE = 60.0  # of alpha, softened: what is farther out than this is no hair of the head drawn
FOREIGN, SHARE = 40.0, 0.02  # of 255, and of the pixels: what differs by so much is no face but clothes or a backdrop


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One drawing of the picture's face, SIDE pixels wide, and what the picture shows `beyond` it, of any size."""

    small: np.ndarray
    beyond: np.ndarray


def laid_over(drawn: np.ndarray, seen: View, flow: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """What is `seen` in the picture over another drawing, moved by its `flow`. `weight` (SIDE, SIDE) 0..1."""
    small, side = resized(drawn, SIDE), len(drawn)
    fits = weight * _alike(small, _moved(seen.small, flow)) * _near(small) * _whole(flow)
    return drawn + cv2.resize(fits, (side, side))[..., None] * _moved(seen.beyond, flow)


def _moved(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    side = len(picture)
    across, down = cv2.split(cv2.resize(flow * np.float32(side / len(flow)), (side, side)))
    pixels = np.arange(side, dtype=np.float32)
    across += pixels
    down += pixels[:, None]
    return cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """0..1: where two drawings show the same."""
    apart = cv2.GaussianBlur(cv2.absdiff(one, other).max(2), (0, 0), 1.0)
    return (1.5 - apart / ALIKE).clip(0, 1)


def _whole(flow: np.ndarray) -> np.ndarray:
    """0..1: where a picture is not drawn out to streaks, by the least stretch of the flow's Jacobian."""
    (xy, xx), (yy, yx) = (np.gradient(flow[..., i]) for i in (0, 1))
    xx, yy = xx + 1, yy + 1
    square, twist = xx * xx + xy * xy + yx * yx + yy * yy, xx * yy - xy * yx
    least = np.sqrt(np.maximum(square - np.sqrt(np.maximum(square * square - 4 * twist * twist, 0)), 0) / 2)
    return (least / STRETCHED - 1).clip(0, 1).astype(np.float32)


def _near(small: np.ndarray) -> np.ndarray:
    """0..1: on the person drawn, and as far beside as a hair may stand out."""
    return (cv2.GaussianBlur(small[..., 3], (0, 0), 3.0) / EDGE).clip(0, 1)


def multiplied(picture: np.ndarray, side: int) -> np.ndarray:
    """uint8 (h, w, 3), or (h, w, 4) with straight alpha → float32 (side, side, 4), multiplied."""
    if picture.shape[2] == 3:
        picture = np.concatenate([picture, np.full_like(picture[..., :1], 255)], 2)
    return resized(cv2.cvtColor(picture, cv2.COLOR_RGBA2mRGBA).astype(np.float32), side)


def resized(layers: np.ndarray, side: int) -> np.ndarray:
    return layers if len(layers) == side else cv2.resize(layers, (side, side), interpolation=cv2.INTER_AREA)


def straight(layers: np.ndarray) -> np.ndarray:
    """float32 (h, w, 4), multiplied → uint8, alpha straight; in range whatever was added."""
    picture = (layers.clip(0, 255) + 0.5).astype(np.uint8)
    np.minimum(picture[..., :3], picture[..., 3:], out=picture[..., :3])
    return cv2.cvtColor(picture, cv2.COLOR_mRGBA2RGBA)


def foreign(picture: np.ndarray, drawn: np.ndarray) -> bool:
    """Whether a picture shows what no drawing of its person does: other clothes, a cap, a backdrop."""
    apart = np.abs(cv2.GaussianBlur(picture - drawn, (0, 0), len(picture) / 32)).max(2)
    return float((apart > FOREIGN).mean()) > SHARE
