"""What a person's own pictures show beyond what the network draws: hairs, pores, a beard, teeth, an ear-ring.

The network draws the face of each picture, too, and what that leaves out is kept. It is laid over every later drawing:
moved to where the face went, and left away where the two drawings show different things. All pictures here are uint8
(side, side, 4); drawings have their colours multiplied by alpha, and 128 in what is `beyond` them is nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np

SIDE = 128  # pixels that drawings are compared in
NOTHING: Any = (128.0,) * 4  # a colour, which OpenCV takes for a picture of it
ALIKE = 25.0  # of 255: drawings that differ by more show different things
ASIDE = np.ones((5, 5), np.uint8)  # pixels by which hair may lie elsewhere and be the same
STRETCHED = 0.25  # a pixel's share of its neighbour's distance before, of which it is a streak
EDGE = 60.0  # of alpha, softened: what is farther out than this is no hair of the head drawn
SPECK = 0.05  # alpha below it is nothing, and so near 1 all: or a light backdrop shows specks, and a dark one holes
UNCHANGED = 240.0  # what `MATTE` multiplies by, where that is once
NEAR = 5, 5  # pixels about a clear one whose colour it has
FOREIGN, SHARE = 40.0, 0.02  # of 255, and of the pixels: what differs by so much is no face but clothes or a backdrop

Box = tuple[slice, slice]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One drawing of a picture's face, SIDE pixels wide, and what the picture shows `beyond` it, of any size."""

    small: np.ndarray
    beyond: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """A view, moved by a `flow` (n, n, 2); what it tells of each place, `weight` (n, n) 0..1, and its `rank` > 0 among
    others that tell of the same place. Outside its box it tells nothing.

    What is `stiff` (n, n) 0..1, as hair, goes with the head alone: there the view's drawing takes the place of the new
    one, so that nothing is drawn twice where they differ by a pixel.
    """

    view: View
    flow: np.ndarray
    weight: np.ndarray
    stiff: np.ndarray
    rank: float = 1.0
    box: Box = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "box", tuple(_reach(self.weight.max(along)) for along in (1, 0)))

    def within(self, side: int) -> Box:
        """The box in a picture of another size."""
        scale = side // len(self.weight)
        rows, columns = (slice(part.start * scale, part.stop * scale) for part in self.box)
        return rows, columns


def _reach(weights: np.ndarray) -> slice:
    """From the first to the last that is not nothing; never empty."""
    there = np.flatnonzero(weights > 0)
    return slice(int(there[0]), int(there[-1]) + 1) if len(there) else slice(0, 1)


def laid_over(drawing: np.ndarray, glances: Sequence[Glance]) -> np.ndarray:
    """A drawing with what its person's own pictures show beside it."""
    drawn, small = drawing.copy(), resized(drawing, SIDE)
    seen = [_moved(glance.view.small, glance) for glance in glances]
    stiff = [cv2.resize(glance.stiff, (SIDE, SIDE))[glance.within(SIDE)] for glance in glances]
    shares = _shares(small, seen, stiff, glances)
    for view, firm, glance, share in zip(seen, stiff, glances, shares, strict=True):
        at, where = glance.within(SIDE), glance.within(len(drawn))
        more, less = _weighed(view, small[at], share[at] * firm)
        shifted = _changed(drawn[where], _enlarged(more, drawn[where]), _enlarged(less, drawn[where]))
        share = _enlarged(share[at], shifted)
        drawn[where] = _changed(shifted, *_weighed(_moved(glance.view.beyond, glance), NOTHING, share))
    return drawn


def _shares(
    small: np.ndarray, seen: Sequence[np.ndarray], stiff: Sequence[np.ndarray], glances: Sequence[Glance]
) -> np.ndarray:
    """0..1, (glances, SIDE, SIDE): how much of each is laid over."""
    near, fits = _near(small), np.zeros((len(glances), SIDE, SIDE), np.float32)
    for fit, view, firm, glance in zip(fits, seen, stiff, glances, strict=True):
        at = glance.within(SIDE)
        fit[at] = near[at] * _tells(glance)[at] * _fits(small[at], view, firm)
    ranked = np.square(fits * np.array([glance.rank for glance in glances], np.float32)[:, None, None])
    return fits * (ranked / (ranked.sum(0) + 1e-9))


def _tells(glance: Glance) -> np.ndarray:
    return cv2.resize(glance.weight * _whole(glance.flow), (SIDE, SIDE))


def _fits(small: np.ndarray, seen: np.ndarray, stiff: np.ndarray) -> np.ndarray:
    """0..1: where a drawing shows what was seen; for what is `stiff`, nearly where."""
    exactly = _fading(cv2.absdiff(small, seen))
    least, most = cv2.erode(seen, ASIDE), cv2.dilate(seen, ASIDE)
    nearly = _fading(cv2.max(cv2.subtract(least, small), cv2.subtract(small, most)))
    return exactly + stiff * (nearly - exactly)


def _weighed(to: np.ndarray, since: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A share, 0..1, of what is more in one picture than in the other, and of what is less."""
    weights = cv2.merge([(share * 255 + 0.5).astype(np.uint8)] * 4)
    more, less = cv2.subtract(to, since), cv2.subtract(since, to)
    return cv2.multiply(more, weights, scale=1 / 255), cv2.multiply(less, weights, scale=1 / 255)


def _changed(drawn: np.ndarray, more: np.ndarray, less: np.ndarray) -> np.ndarray:
    return cv2.subtract(cv2.add(drawn, more), less)


def _moved(picture: np.ndarray, glance: Glance) -> np.ndarray:
    """The part of a picture, moved by the glance's flow, that lies in its box."""
    rows, columns = (np.arange(part.start, part.stop, dtype=np.float32) for part in glance.within(len(picture)))
    flow = glance.flow[glance.box] * np.float32(len(picture) / len(glance.flow))
    across, down = cv2.split(cv2.resize(flow, (len(columns), len(rows))))
    across += columns
    down += rows[:, None]
    return cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _enlarged(layer: np.ndarray, to: np.ndarray) -> np.ndarray:
    return cv2.resize(layer, (to.shape[1], to.shape[0]))


def _fading(apart: np.ndarray) -> np.ndarray:
    """0..1: where two drawings (h, w, 4) show the same."""
    red, green, blue, alpha = cv2.split(apart)
    most = cv2.max(cv2.max(red, green), cv2.max(blue, alpha))
    return (1.5 - cv2.GaussianBlur(most.astype(np.float32), (0, 0), 1.0) / ALIKE).clip(0, 1)


def _whole(flow: np.ndarray) -> np.ndarray:
    """0..1: where a picture is not drawn out to streaks, by the least stretch of the flow's Jacobian."""
    (xx, yx), (xy, yy) = (
        cv2.split(cv2.Sobel(flow, cv2.CV_32F, along, 1 - along, ksize=1, scale=0.5)) for along in (1, 0)
    )
    xx, yy = xx + 1, yy + 1
    square, twist = xx * xx + xy * xy + yx * yx + yy * yy, xx * yy - xy * yx
    least = np.sqrt(np.maximum(square - np.sqrt(np.maximum(square * square - 4 * twist * twist, 0)), 0) / 2)
    return (least / STRETCHED - 1).clip(0, 1).astype(np.float32)


def _near(small: np.ndarray) -> np.ndarray:
    """0..1: on the person drawn, and as far beside as a hair may stand out."""
    alpha = np.ascontiguousarray(small[..., 3], np.float32)
    return (cv2.GaussianBlur(alpha, (0, 0), 3.0) / EDGE).clip(0, 1)


def matted(drawing: np.ndarray) -> np.ndarray:
    """As the network draws it, with what is nearly nothing as nothing, and what is nearly whole as whole."""
    alpha = cv2.merge([cv2.extractChannel(drawing, 3)] * 4)
    return cv2.multiply(cv2.min(drawing, alpha), cv2.LUT(alpha, MATTE), scale=1 / UNCHANGED)


def beyond(picture: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """What a picture shows that its drawing does not."""
    return (picture.astype(np.int16) - drawn + 128).clip(0, 255).astype(np.uint8)


def multiplied(picture: np.ndarray, side: int) -> np.ndarray:
    """(h, w, 3), or (h, w, 4) with straight alpha → (side, side, 4), multiplied."""
    if picture.shape[2] == 3:
        picture = np.concatenate([picture, np.full_like(picture[..., :1], 255)], 2)
    return resized(cv2.cvtColor(picture, cv2.COLOR_RGBA2mRGBA), side)


def resized(layers: np.ndarray, side: int) -> np.ndarray:
    return layers if len(layers) == side else cv2.resize(layers, (side, side), interpolation=cv2.INTER_AREA)


def straight(layers: np.ndarray) -> np.ndarray:
    """(h, w, 4), multiplied → alpha straight; in range whatever was added. What is clear has the colour of what is
    near, or an engine that filters its textures would find black beside a hair.
    """
    *colours, alpha = cv2.split(layers)
    layers = cv2.merge([*(cv2.min(colour, alpha) for colour in colours), alpha])
    near, shown = (cv2.cvtColor(each, cv2.COLOR_mRGBA2RGBA) for each in (cv2.blur(layers, NEAR), layers))
    near[..., 3] = 0
    return cv2.copyTo(near, cv2.inRange(alpha, (0,), (0,)), shown)


def foreign(picture: np.ndarray, drawn: np.ndarray) -> bool:
    """Whether a picture shows what no drawing of its person does: other clothes, a cap, a backdrop."""
    apart = np.abs(cv2.GaussianBlur(picture.astype(np.float32) - drawn, (0, 0), len(picture) / 32)).max(2)
    return float((apart > FOREIGN).mean()) > SHARE


def _matte() -> np.ndarray:
    """(256,) uint8: what each alpha, and the colour below it, is multiplied by."""
    alpha = np.arange(256) / 255
    wished = ((alpha - SPECK) / (1 - 2 * SPECK)).clip(0, 1)
    times = UNCHANGED * wished / alpha.clip(1 / 255)
    return np.where(wished < 1, times.round(), np.ceil(times)).astype(np.uint8)


MATTE = _matte()
