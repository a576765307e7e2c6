"""What drives a FLAME mesh, frame by frame: a take brought to FLAME's curves, or a file of FLAME's parameters."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bridge.takes import Take
from generator.blendshape_map import BlendshapeMap, passage
from generator.errors import Explained
from generator.mappings.arrays import check_shape, read_array
from generator.mappings.parameters import read_parameters
from protocol.blendshapes import ARKIT52, FLAME55


class ParametersError(Explained):
    """A file of FLAME parameters that cannot be used."""


@dataclass(frozen=True, slots=True, eq=False)
class FlameFrames:
    """n frames of one performance."""

    name: str
    times: np.ndarray
    """float64 (n,), seconds from the first frame, rising."""
    labels: tuple[str, ...]
    """The timecode of each frame, or its number."""
    parameters: np.ndarray
    """float32 (n, 55) in FLAME55 order."""
    head: np.ndarray
    """float32 (n, 3): yaw, pitch and roll in radians, as in ARKIT55."""
    duration: float
    """Seconds to the last frame's end."""
    notice: str = ""
    """What of the performance FLAME does not show, in a sentence, or ""."""

    def at(self, rate: float) -> np.ndarray:
        """The frame that is shown at each of a film's frames, int (m,): the newest one by then."""
        count = max(1, round(self.duration * rate))
        shown = np.arange(count) / rate + 1e-6  # times of 1/30 s and 2/60 s are the same time
        return np.maximum(np.searchsorted(self.times, shown, side="right") - 1, 0)


def frames_of_take(take: Take, mapping: BlendshapeMap) -> FlameFrames:
    """The head turns as recorded; the rest goes through the mapping."""
    to_flame = passage("arkit52", "flame55", mapping)
    faces, head = take.curves[:, : len(ARKIT52)], take.curves[:, len(ARKIT52) :]
    parameters = np.stack([to_flame(face) for face in faces])
    return FlameFrames(take.name, take.times, take.timecodes, parameters, head, take.duration, to_flame.notice)


def read_flame_frames(path: Path, rate: float, first: int | None = None) -> FlameFrames:
    """A .npy of (n, 55) or (55,) numbers, or a .npz with `expression` (n, 50), `jaw` (n, 3) and perhaps `eyelids`
    (n, 2): a row for each frame at `rate` frames a second, or for the `first` ones. Raises an explained error.
    """
    parameters = (_from_arrays(path) if path.suffix.lower() == ".npz" else _from_array(path))[:first]
    count = len(parameters)
    labels = tuple(f"frame {frame}" for frame in range(count))
    head = np.zeros((count, 3), np.float32)
    return FlameFrames(path.stem, np.arange(count) / rate, labels, parameters, head, count / rate)


def _from_arrays(path: Path) -> np.ndarray:
    arrays = read_parameters(path)
    eyelids = arrays.get("eyelids", np.zeros((len(arrays["jaw"]), 2), np.float32))
    return np.concatenate([arrays["expression"], eyelids, arrays["jaw"]], axis=1)


def _from_array(path: Path) -> np.ndarray:
    rows = np.atleast_2d(read_array(path))
    if rows.ndim != 2 or rows.shape[1] != len(FLAME55) or not len(rows):
        raise ParametersError(f"{path} has the shape {rows.shape}, expected rows of {len(FLAME55)} numbers")
    return check_shape(path, rows, len(rows), len(FLAME55))
