"""What the chain works on: 55 curves and 6 eye rotations in one float64 array (61,), and the names they go by."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bridge.capture.sample import Sample
from bridge.takes import EYE_ROTATIONS
from protocol.blendshapes import ARKIT52, ARKIT55

CHANNELS = (*ARKIT55, *EYE_ROTATIONS)
COUNT = len(CHANNELS)
WEIGHTS = slice(0, len(ARKIT52))
HEAD = slice(len(ARKIT52), len(ARKIT55))
EYES = slice(len(ARKIT55), COUNT)
ROTATIONS = slice(len(ARKIT52), COUNT)

_BEGINNINGS = {
    "blink": ("eyeBlink",),
    "lids": ("eyeSquint", "eyeWide"),
    "gaze": ("eyeLook",),
    "brows": ("brow",),
    "jaw": ("jaw",),
    "mouth": ("mouth",),
    "cheeks": ("cheek",),
    "nose": ("nose",),
    "tongue": ("tongue",),
    "head": ("head",),
    "eyes": ("LeftEye", "RightEye"),
}
GROUPS: dict[str, tuple[int, ...]] = {"face": tuple(range(len(ARKIT52)))} | {
    group: tuple(place for place, name in enumerate(CHANNELS) if name.startswith(beginnings))
    for group, beginnings in _BEGINNINGS.items()
}
"""Group → its channels. `face` is all 52 weights, `head` and `eyes` are rotations; the others part the face."""

_LARGEST = float(np.finfo(np.float32).max)
_PLACES = {name.casefold(): place for place, name in enumerate(CHANNELS)}


def place_of(name: str) -> int | None:
    """Where a curve stands, whatever the case and underscores of its name; None for one that is not there."""
    return _PLACES.get(name.casefold().replace("_", ""))


def values_of(sample: Sample) -> np.ndarray:
    return np.concatenate([sample.curves, sample.eyes], dtype=np.float64)


def with_values(sample: Sample, values: np.ndarray, tracked: bool) -> Sample:
    """The sample with other values; what float32 cannot hold becomes the largest it can."""
    small = np.clip(values, -_LARGEST, _LARGEST).astype(np.float32)
    return replace(sample, curves=small[: EYES.start], eyes=small[EYES], tracked=tracked)


def spread(table: Mapping[str, float], rest: float = 0.0) -> np.ndarray:
    """Numbers by group and curve → read-only (61,). A group goes before the face, a curve before its group.

    The order of the table does not matter. KeyError for a name that is neither.
    """
    values = np.full(COUNT, rest)
    groups = sorted((name for name in table if name in GROUPS), key=lambda name: -len(GROUPS[name]))
    for name in groups:
        values[list(GROUPS[name])] = table[name]
    for name in table:
        if name not in GROUPS:
            place = place_of(name)
            if place is None:
                raise KeyError(name)
            values[place] = table[name]
    values.setflags(write=False)
    return values
