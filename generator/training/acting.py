"""What the people in training pictures do: expressions, head turns up to 30 degrees, and where the light comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from generator.compact.ranges import AZIMUTHS, ELEVATIONS, PORTRAIT_LIGHT
from generator.training.performances import (
    MIRROR,
    brows_and_gaze,
    look,
    one_sided,
    recorded_row,
    single,
    sparse,
    tiny,
)
from protocol.blendshapes import INDEX

TURN = np.radians([30.0, 20.0, 20.0])  # yaw, pitch, roll
FAINT = ("cheekPuff", "mouthPucker", "mouthFrownLeft", "mouthFrownRight", "browDownLeft", "browDownRight",
         "browInnerUp", "tongueOut", "noseSneerLeft", "noseSneerRight", "jawForward")  # fmt: skip
"""Curves that change few pixels, or all of them a little: shown more often."""
SLIGHT = ("eyeSquintLeft", "eyeSquintRight", "mouthRollLower", "mouthRollUpper", "mouthDimpleLeft", "mouthDimpleRight",
          "mouthPressLeft", "mouthPressRight", "eyeLookInLeft", "eyeLookOutLeft", "tongueOut")  # fmt: skip
"""Curves that change least for who has learned the others: pairs that differ by one of them are shown more often."""


def act(g: np.random.Generator, recorded: np.ndarray) -> np.ndarray:
    """One expression (55,) float32 with its head turn, drawn from the mixture; `recorded` (n, 55) real rows."""
    kinds: list[tuple[float, Callable[[], np.ndarray]]] = [
        (0.30, lambda: recorded_row(g, recorded)), (0.17, lambda: one_sided(g)), (0.10, lambda: brows_and_gaze(g)),
        (0.20, lambda: single(g)), (0.15, lambda: sparse(g)), (0.06, lambda: tiny(g)), (0.02, neutral),
    ]  # fmt: skip
    chances = np.cumsum([chance for chance, _ in kinds])
    curves = kinds[int(np.searchsorted(chances, g.uniform() * chances[-1]))][1]()
    if g.uniform() < 0.3:
        look(curves, g.normal(0, 0.45), g.normal(0, 0.35))
    if g.uniform() < 0.10:
        curves[[INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]] = g.beta(1.2, 0.8)
    if g.uniform() < 0.15:
        curves[INDEX[str(g.choice(FAINT))]] = g.uniform(0.2, 1.1)
    curves[52:] = head(g)
    return curves.astype(np.float32)


def sitting(g: np.random.Generator, recorded: np.ndarray) -> Iterator[tuple[np.ndarray, tuple[float, float, float]]]:
    """What somebody does, portrait after portrait, and where the light comes from. In threes with one light and turn of
    the head: a face, the same but for a curve, and quite another.
    """
    while True:
        curves, direction = act(g, recorded), light(g)
        yield curves, direction
        yield altered(g, curves), direction
        yield np.r_[act(g, recorded)[:52], curves[52:]], direction


def altered(g: np.random.Generator, curves: np.ndarray) -> np.ndarray:
    """The same face (55,) but for one curve, now and then with its twin on the other side: the head's turn stays. What
    differs between the pictures of both is what the curve does.
    """
    out, chosen = curves.copy(), int(g.integers(52))
    out[chosen] = g.uniform(0.35, 1.1) if curves[chosen] < 0.3 else g.uniform(0, 0.15)
    if g.uniform() < 0.25:
        out[MIRROR[chosen]] = out[chosen]
    return out


def head(g: np.random.Generator) -> np.ndarray:
    """Yaw, pitch, roll in radians: half of them near the front, half anywhere within the range."""
    if g.uniform() < 0.5:
        return np.clip(g.normal(0, 0.25, 3), -1, 1) * TURN
    return g.uniform(-1.05, 1.05, 3) * TURN


def light(g: np.random.Generator) -> tuple[float, float, float]:
    """A unit vector from the head to the key light: from the portrait's own place, or anywhere in front."""
    if g.uniform() < 0.3:
        return PORTRAIT_LIGHT
    side, height = np.radians([g.uniform(*AZIMUTHS), g.uniform(*ELEVATIONS)])
    across = np.cos(height)
    return float(across * np.sin(side)), float(np.sin(height)), float(across * np.cos(side))


def neutral() -> np.ndarray:
    return np.zeros(55, np.float32)
