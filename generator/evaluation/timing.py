"""How a stream moves: smoothness, the rig's own motion, flicker, and frames of lag, each beside the truth's own.

Figures that are ratios are the stream's own value over the truth's, in the same performance: 1 moves as the truth does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from generator.evaluation import regressor
from generator.evaluation.contestants import Contestant, Truth
from generator.evaluation.lag import Agreement, agreement, coarse, lag
from generator.evaluation.poses import STEPS
from generator.evaluation.stage import Actor
from generator.training.head.studio import Studio

if TYPE_CHECKING:  # it opens OpenGL
    from generator.training.head.flow import Flow

REST, HOLD = 2, 8  # frames before a step, and on each side of it
THERE = 0.9  # the share of a step's change that counts as arrived
UNREST = 0.002  # no tracker sends the same curves twice, which whoever remembers might wait for
BACKDROP = 92  # levels of the grey that figures are measured on

Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]  # RGBA (n, s, s, 4) twice → (n,)
Reader = Callable[[np.ndarray], np.ndarray]  # RGBA (n, s, s, 4) → curves (n, 52)


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """One actor's take with its truth: curves (n, 55), pictures (n, s, s, 4), motion from each frame to the next."""

    name: str
    actor: Actor
    curves: np.ndarray
    truth: np.ndarray
    flows: tuple[Flow, ...]

    @property
    def label(self) -> str:
        return f"{self.actor.name} in {self.name}"


@dataclass(frozen=True, slots=True)
class Moving:
    """One contestant in one performance. Distances as measured, not as ratios."""

    tlp: float
    warp: float  # squared levels
    flicker: float  # levels
    agreement: Agreement
    aed: float  # of curves read from the pictures; NaN without a reader


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """One contestant in time. NaN where nothing moves."""

    name: str
    tlp_ratio: float
    warp_ratio: float
    flicker: float
    lag_talk_frames: float
    lag_step_frames: float  # the worst of all steps
    aed: float
    shares: dict[str, np.ndarray]  # step → (1 + HOLD,), mean of there and back


def stage_performance(name: str, actor: Actor, curves: np.ndarray, studio: Studio, workers: int) -> Performance:
    """Draws the truth and its motion."""
    truth, worn = Truth(studio).perform(actor, curves), replace(actor.appearance, backdrop=None)

    def flow(at: int) -> Flow:
        return studio.flow(actor.person, worn, curves[at], curves[at + 1])

    with ThreadPoolExecutor(workers) as several:  # each waits for one of the studio's processes
        return Performance(name, actor, curves, truth, tuple(several.map(flow, range(len(curves) - 1))))


def movement(drawn: np.ndarray, performance: Performance, distance: Distance, read: Reader | None = None) -> Moving:
    """Measures RGBA pictures (n, s, s, 4) of a performance against its truth."""
    flat, true = on_grey(drawn), on_grey(performance.truth)
    return Moving(
        float(distance(drawn[:-1], drawn[1:]).mean()),
        warp_error(flat, performance.flows),
        flicker(flat, true, performance.flows),
        agreement(flat, true),
        float(np.abs(read(drawn) - read(performance.truth))[:, :52].mean()) if read else float("nan"),
    )


def flicker(drawn: np.ndarray, truth: np.ndarray, flows: Sequence[Flow]) -> float:
    """Change nobody made: mean |drawn change - true change| on the figure, in levels."""
    apart = ((d - t)[flow.figure] for d, t, flow in zip(_changes(drawn), _changes(truth), flows, strict=True))
    return float(np.mean([np.abs(one).mean() for one in apart]))


def warp_error(pictures: np.ndarray, flows: Sequence[Flow]) -> float:
    """Mean squared difference between each frame and the next one carried back along the motion, on what of the figure
    is to be seen in both (Lai et al. 2018, arXiv 1808.00449, section 4.3): levels squared.
    """
    errors, counts = 0.0, 0
    for frame, later, flow in zip(pictures[:-1], pictures[1:], flows, strict=True):
        seen = flow.figure & ~flow.hidden
        errors += float(np.square(carried_back(later, flow) - frame).mean(-1)[seen].sum(dtype=np.float64))
        counts += int(seen.sum())
    return errors / max(counts, 1)


def carried_back(later: np.ndarray, flow: Flow) -> np.ndarray:
    """The later frame as seen from the earlier one's pixels."""
    row, column = np.mgrid[: later.shape[0], : later.shape[1]].astype(np.float32)
    return cv2.remap(later, column + flow.motion[..., 0], row + flow.motion[..., 1], cv2.INTER_CUBIC)


def step_shares(contestant: Contestant, actors: Sequence[Actor], pose: np.ndarray) -> list[np.ndarray]:
    """For each actor (2, 1 + HOLD): how much of a step to `pose` (55,), and back, is there: before, at the step's own
    frame, after. All of the change is what the contestant itself shows in a stream that starts with the pose.
    """
    there_and_back = np.repeat([pose * 0, pose, pose * 0], (REST, HOLD, HOLD), axis=0).astype(np.float32)
    if contestant.remembers:
        there_and_back[:, :52] += np.random.default_rng(0).normal(0, UNREST, (len(there_and_back), 52))
    takes = [pose[None] * 0, pose[None], there_and_back]
    drawn = [on_grey(pictures) for pictures in contestant.several([(a, take) for a in actors for take in takes])]
    return [_shares(*drawn[at : at + 3]) for at in range(0, len(drawn), 3)]


def _shares(rest: np.ndarray, posed: np.ndarray, stream: np.ndarray) -> np.ndarray:
    wanted = coarse(posed[0] - rest[0])
    if not wanted.any():
        return np.full((2, 1 + HOLD), np.nan)
    moved = coarse(stream - rest[0])[REST - 1 :]
    shares = (moved * wanted).sum((1, 2, 3)) / np.square(wanted).sum()
    return np.stack([shares[: 1 + HOLD], 1 - shares[HOLD:]])


def arrival(shares: np.ndarray) -> float:
    """The first frame, 0 the step's own, at which the share (1 + HOLD,) is there; HOLD if never, NaN without change."""
    if np.isnan(shares).all():
        return float("nan")
    there = np.flatnonzero(shares[1:] >= THERE)
    return float(there[0]) if len(there) else float(HOLD)


def judge(
    contestant: Contestant,
    performances: Sequence[Performance],
    truths: Sequence[Moving],
    distance: Distance,
    read: Reader | None = None,
) -> tuple[Timing, list[np.ndarray]]:
    """One contestant in all performances, and what it drew; a slow one steps as one actor alone. `truths`: `movement`
    of the truth itself in each.
    """
    known = isinstance(contestant, Truth)
    takes = [(one.actor, one.curves) for one in performances]
    drawn = [one.truth for one in performances] if known else contestant.several(takes)
    found = [movement(*each, distance, read) for each in zip(drawn, performances, strict=True)]
    actors = list({one.actor.name: one.actor for one in performances}.values())[: 1 if contestant.slow else None]
    steps = {name: step_shares(contestant, actors, pose) for name, pose in STEPS.items()}
    late = [arrival(way) for shares in steps.values() for both in shares for way in both]
    return Timing(
        contestant.name,
        _ratio([one.tlp for one in found], [one.tlp for one in truths]),
        _ratio([one.warp for one in found], [one.warp for one in truths]),
        float(np.mean([one.flicker for one in found])),
        lag([one.agreement for one in found]),
        max((one for one in late if one == one), default=float("nan")),
        float(np.mean([one.aed for one in found])),
        {name: np.mean(shares, axis=(0, 1)) for name, shares in steps.items()},
    ), drawn


def on_grey(pictures: np.ndarray) -> np.ndarray:
    """uint8 RGBA (…, 4), straight alpha → float32 RGB (…, 3) on a plain grey, 0..255."""
    return regressor.on_grey(pictures, BACKDROP / 255) * np.float32(255)


def _changes(pictures: np.ndarray) -> Iterator[np.ndarray]:
    return (later - frame for frame, later in pairwise(pictures))


def _ratio(own: Sequence[float], true: Sequence[float]) -> float:
    return float(np.sum(own) / np.sum(true))
