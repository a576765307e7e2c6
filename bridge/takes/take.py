"""A take: one recorded performance of one face."""

from dataclasses import dataclass, field

import numpy as np

EYE_ROTATIONS = ("LeftEyeYaw", "LeftEyePitch", "LeftEyeRoll", "RightEyeYaw", "RightEyePitch", "RightEyeRoll")


class TakeError(ValueError):
    """A take that cannot be read or written, told in one sentence."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was left out, by its line in the file (the header is line 1), or by its frame, counted from 0."""

    line: int
    text: str
    unit: str = "line"

    def __str__(self) -> str:
        return f"{self.unit} {self.line}: {self.text}"


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A performance as it was recorded, frame by frame.

    times: float64 (N,), seconds from the first frame, strictly increasing, as uneven as they were recorded.
    timecodes: N strings as the file has them.
    curves: float32 (N, 55) in `protocol.blendshapes.ARKIT55` order; 52 weights, mostly 0..1, some phones go beyond;
        then head yaw (+ to the performer's right), pitch (+ down) and roll (+ to their left), radians.
    eyes: float32 (N, 6), radians, in `EYE_ROTATIONS` order; no model reads them, a take written back keeps them.
    problems: the rows that were left out.
    """

    name: str
    times: np.ndarray
    timecodes: tuple[str, ...]
    curves: np.ndarray
    eyes: np.ndarray
    problems: tuple[RowProblem, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.times)

    @property
    def interval(self) -> float:
        """The usual time between two frames in seconds; 1/60 for a take of one frame."""
        return float(np.median(np.diff(self.times))) if len(self) > 1 else 1 / 60

    @property
    def duration(self) -> float:
        """Seconds from the first frame's start to the last frame's end."""
        return float(self.times[-1]) + self.interval

    def time_of(self, number: int) -> float:
        """When frame `number` is due, in seconds, if the take goes round and round and frames are counted on."""
        rounds, frame = divmod(number, len(self))
        return rounds * self.duration + float(self.times[frame])

    def first(self, frames: int | None) -> "Take":
        """The same take cut to its first `frames` frames (None or 0: all of it)."""
        if not frames or frames >= len(self):
            return self
        end = slice(0, frames)
        return Take(self.name, self.times[end], self.timecodes[end], self.curves[end], self.eyes[end], self.problems)
