"""What is performed to be judged: portraits, sweeps of single curves, a long performance. Curves only, no pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.evaluation.amounts import Amounts
from generator.training.acting import TURN, act
from protocol.blendshapes import ARKIT52, INDEX

CALM = ("eyeBlinkLeft", "eyeBlinkRight", "mouthClose")  # would hide what other curves do
EASE, HOLD, BREAK = 8, 6, 75  # frames: to the neutral face, on it, and of one piece of a recording


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """Every curve alone, from a base face through all levels. `levels` (l,) begin with 0."""

    actor: int  # whose, in the order of the actors
    base: int  # 0 is the neutral face
    levels: np.ndarray
    curves: np.ndarray  # (52, l, 55)

    def stream(self, settle: int) -> np.ndarray:
        """(52 * (settle + l - 1), 55) in the order performed: the base of each curve is held for `settle` frames."""
        held = np.repeat(self.curves[:, :1], settle - 1, axis=1)
        return np.concatenate([held, self.curves], 1).reshape(-1, 55)

    def seen(self, pictures: np.ndarray, settle: int) -> np.ndarray:
        """The pictures of `stream` as (52, l, h, w, c), without those that only settle."""
        return pictures.reshape(len(self.curves), settle - 1 + len(self.levels), *pictures.shape[1:])[:, settle - 1 :]


def portraits(amounts: Amounts, recorded: np.ndarray, seed: int) -> np.ndarray:
    """(people, portraits, 55): expressions and turns of the training's kind, from `recorded` rows held out."""
    g = np.random.default_rng([21, seed])
    return np.stack([[act(g, recorded) for _ in range(amounts.portraits)] for _ in range(amounts.people)])


def sweeps(amounts: Amounts, recorded: np.ndarray, seed: int) -> list[Sweep]:
    """Of the first `amounts.swept` actors; with one base each, they take turns at the bases."""
    g = np.random.default_rng([22, seed])
    levels = np.array([0.0, *amounts.levels])
    turns = [
        (actor, (actor + b) % max(amounts.bases, 2)) for actor in range(amounts.swept) for b in range(amounts.bases)
    ]
    return [Sweep(actor, base, levels, swept(base_face(g, recorded, base), levels)) for actor, base in turns]


def base_face(g: np.random.Generator, recorded: np.ndarray, base: int) -> np.ndarray:
    """(55,): the neutral face, or the middle of a performance with the head turned and the eyes open."""
    if base == 0:
        return np.zeros(55, np.float32)
    face = recorded[g.integers(len(recorded))].clip(0, 1) * 0.7
    face[[INDEX[name] for name in CALM]] = 0.0
    face[52:] = g.uniform(-0.6, 0.6, 3) * TURN
    return face.astype(np.float32)


def swept(base: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """(52, l, 55): from `base`, each curve at each level. mouthClose, which only closes an open jaw, has one."""
    curves = np.tile(base, (52, len(levels), 1))
    curves[INDEX["mouthClose"], :, INDEX["jawOpen"]] = 1.0
    for index in range(len(ARKIT52)):
        curves[index, :, index] = levels
    return curves.astype(np.float32)


def hold(curves: np.ndarray, frames: int) -> np.ndarray:
    """Every row (n, 55) for a number of frames: (n * frames, 55). Their last pictures: `[frames - 1 :: frames]`."""
    return np.repeat(curves, frames, axis=0)


def long_performance(amounts: Amounts, recorded: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(stream, 55) pieces of recordings with turning heads, and the frames to look at.

    Before each look the face comes back to the neutral one, so that all looks should show the same picture.
    """
    g = np.random.default_rng([23, seed])
    count = amounts.stream // amounts.look
    pieces = [_piece(g, recorded, amounts.look) for _ in range(count)]
    return np.concatenate(pieces).astype(np.float32), np.arange(1, count + 1) * amounts.look - 1


def _piece(g: np.random.Generator, recorded: np.ndarray, frames: int) -> np.ndarray:
    """`frames` of performance, cut every `BREAK`, that end on the neutral face."""
    cuts = [_excerpt(g, recorded, BREAK) for _ in range(-(-frames // BREAK))]
    piece = np.concatenate(cuts)[:frames]
    piece[-HOLD - EASE : -HOLD] *= np.linspace(1, 0, EASE, endpoint=False)[:, None]
    piece[-HOLD:] = 0.0
    return piece


def _excerpt(g: np.random.Generator, recorded: np.ndarray, frames: int) -> np.ndarray:
    start = g.integers(max(len(recorded) - frames, 1))
    curves = recorded[start : start + frames].copy()
    ends = g.uniform(-0.7, 0.7, (2, 3)) * TURN
    curves[:, 52:] = ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, len(curves))[:, None]
    return curves
