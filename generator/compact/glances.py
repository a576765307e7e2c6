"""Which of a person's pictures tell what of a face as it stands: the neutral one of all that has not changed, others of
a mouth as open as theirs, a head turned their way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from generator.compact.camera import WEIGHTS
from generator.compact.pose import AROUND, FEATURES, SIDE, Pose, alike, area, as_open

TURN, FACE = 0.1, 0.15  # radians, and of all curves together: at this distance a picture tells less by e
LEAST = 0.13  # of what the best picture of a kind tells: others that tell less are left away
BEHIND = 0.3  # the rank of a picture of all of a face, where one of a feature tells, too
FAR = 0.2  # radians of yaw and pitch: from a picture that is turned as far a head's flow is less to be relied on by e


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """By which picture what is told, 0..1 (SIDE, SIDE), with which rank, see `Glance`; `near`: 1 if its head is turned
    as the face's, 0 far off.
    """

    number: int
    part: np.ndarray
    rank: float
    near: float


@dataclass(frozen=True, slots=True, eq=False)
class Album:
    """A person's pictures, uint8 (256, 256, 4), multiplied, and their poses; the first is a neutral face. Others that
    look the same way tell of those FEATURES alone that they have otherwise: these are their `kinds`.
    """

    pictures: tuple[np.ndarray, ...]
    poses: tuple[Pose, ...]
    kinds: dict[tuple[int, ...], list[int]] = field(init=False)

    def __post_init__(self) -> None:
        kinds: dict[tuple[int, ...], list[int]] = {}
        for number, pose in enumerate(self.poses):
            kinds.setdefault(_features(self.poses[0], pose), []).append(number)
        object.__setattr__(self, "kinds", kinds)

    def telling(self, now: Pose) -> list[Told]:
        """What each picture tells of a pose, if anything: none of a feature if the neutral face is nearer to it."""
        fits, parted = alike(now, self.poses), as_open(now, self.poses)
        far, found = self._distances(now), []
        for features, numbers in self.kinds.items():
            if features:
                fits[numbers] *= np.exp(np.minimum(far[0] - far[numbers], 0))[:, None]
                fits[numbers, -1] = np.minimum(fits[numbers, -1], parted[numbers])
            as_now = fits[numbers][:, list(features)].max(1) if features else np.ones(len(numbers))
            ranks = _ranks(far[numbers], as_now) * (1 if features else BEHIND)
            telling = [(n, float(rank)) for n, rank in zip(numbers, ranks, strict=True) if rank > 0]
            found += [Told(n, _told(now, features, fits[n]), rank, _near(now, self.poses[n])) for n, rank in telling]
        return found

    def _distances(self, now: Pose) -> np.ndarray:
        apart = now.curves - np.array([pose.curves for pose in self.poses])
        return np.square(apart[:, WEIGHTS:] / TURN).sum(1) + np.square(apart[:, :WEIGHTS] / FACE).sum(1)


def _ranks(far: np.ndarray, as_now: np.ndarray) -> np.ndarray:
    """1 for the best of a kind, by their distances and by how far they fit, 0 for those to leave away."""
    tells = np.log(np.maximum(as_now, 1e-9)) - far
    best = int(tells.argmax())
    return np.where((as_now > 0) & (tells - tells[best] > np.log(LEAST)), np.exp(far[best] - far).clip(max=1), 0)


def _near(now: Pose, pose: Pose) -> float:
    return float(np.exp(-np.square((now.angles - pose.angles)[:2] / FAR).sum()))  # a roll moves all as it is


def _features(neutral: Pose, pose: Pose) -> tuple[int, ...]:
    """Which of the FEATURES a picture is for; a turned head, and the first, for all of the face."""
    if not np.array_equal(neutral.turn, pose.turn):
        return ()
    return tuple(np.flatnonzero(alike(neutral, [pose])[0] < 1).tolist())


def _told(now: Pose, features: tuple[int, ...], fits: np.ndarray) -> np.ndarray:
    """Of these features as far as they fit, or of all but what does not."""
    if features:
        return np.maximum.reduce([float(fits[feature]) * area(now, AROUND[feature]) for feature in features])
    other = [(1 - fit) * area(now, FEATURES[feature]) for feature, fit in enumerate(fits) if fit < 1]
    return 1 - np.minimum(sum(other, np.zeros((SIDE, SIDE), np.float32)), 1)
