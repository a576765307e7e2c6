"""The published MediaPipe→FLAME matrices, read as they are (github.com/PeizhiYan/mediapipe-blendshapes-to-flame).

Each turns a row of 52 MediaPipe scores into FLAME's numbers: bs2exp.npy into 100 expression coefficients, of which
the first 50 are taken, bs2jaw.npy into the jaw, bs2eye.npy into the eyes. Row 0 is `_neutral`, which is no movement
and which no capture sends; the others are ARKit's names in alphabetical order, without tongueOut. The matrices know no
eyelids: those follow eyeBlink, one to one.
"""

from pathlib import Path

import numpy as np

from generator.mappings.arrays import check_shape, read_array
from generator.mappings.mapping import WIDTHS, BlendshapeMap, blinking_lids
from protocol.blendshapes import ARKIT52

PUBLISHED = {"bs2exp.npy": 100, "bs2jaw.npy": 3, "bs2eye.npy": 6}
"""The files and how many numbers a row of theirs has."""
MEDIAPIPE = ("_neutral", *sorted(name for name in ARKIT52 if name != "tongueOut"))
"""The 52 rows in order."""
SOURCES = (
    "mediapipe-blendshapes-to-flame by Peizhi Yan, from MediaPipe scores and FLAME fits of NeRSemble, IMAvatar and "
    "videos of their own"
)
LICENCE = "research and education only, as the data behind it; no commercial use without rights of your own"


def read_published(folder: Path) -> BlendshapeMap:
    """The three matrices of a folder as one mapping. MappingError names the file and what was expected."""
    expression, jaw, gaze = (_read(folder / name, columns) for name, columns in PUBLISHED.items())
    curves = MEDIAPIPE[1:]
    rows = np.concatenate([expression[:, : WIDTHS["expression"]], blinking_lids(curves), jaw, gaze], axis=1)
    return BlendshapeMap("MediaPipe to FLAME", curves, rows, SOURCES, LICENCE)


def _read(path: Path, columns: int) -> np.ndarray:
    """Without the row of `_neutral`."""
    return check_shape(path, read_array(path), len(MEDIAPIPE), columns)[1:]
