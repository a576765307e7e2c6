"""The published MediaPipe→FLAME matrices, read as they are (github.com/PeizhiYan/mediapipe-blendshapes-to-flame).

Each turns a row of 52 MediaPipe scores into FLAME's numbers: bs2exp.npy (52, 100 or 50) into expression, bs2jaw.npy
(52, 3) into the jaw, bs2eye.npy (52, 6) into the eyes. Row 0 is `_neutral`, which is no movement and which no capture
sends; the others are ARKit's names in alphabetical order, without tongueOut. The matrices know no eyelids: those follow
eyeBlink, one to one.
"""

from pathlib import Path

import numpy as np

from generator.mappings.arrays import check_finite, read_array
from generator.mappings.mapping import WIDTHS, BlendshapeMap, MappingError
from protocol.blendshapes import ARKIT52

PUBLISHED = ("bs2exp.npy", "bs2jaw.npy", "bs2eye.npy")
MEDIAPIPE = ("_neutral", *sorted(name for name in ARKIT52 if name != "tongueOut"))
"""The 52 rows in order."""
SOURCES = (
    "Peizhi Yan's mediapipe-blendshapes-to-flame: MediaPipe scores and FLAME fits of NeRSemble, IMAvatar and own recordings"
)
LICENCE = "research and education only; no commercial use without rights of your own"


def read_published(folder: Path) -> BlendshapeMap:
    """The three matrices of a folder as one mapping. MappingError names the file and what was expected."""
    expression = _read(folder / "bs2exp.npy", WIDTHS["expression"], "100 or 50")[:, : WIDTHS["expression"]]
    jaw = _read(folder / "bs2jaw.npy", WIDTHS["jaw"], "3")
    gaze = _read(folder / "bs2eye.npy", WIDTHS["gaze"], "6")
    rows = np.concatenate([expression, _eyelids(), jaw, gaze], axis=1)
    return BlendshapeMap("MediaPipe to FLAME", MEDIAPIPE[1:], rows[1:], SOURCES, LICENCE)


def _read(path: Path, least: int, widths: str) -> np.ndarray:
    array = read_array(path)
    if array.ndim != 2 or len(array) != len(MEDIAPIPE) or str(array.shape[1]) not in widths.split(" or "):
        raise MappingError(f"{path} has the shape {array.shape}, expected {len(MEDIAPIPE)} rows of {widths}")
    return check_finite(path, array[:, :least])


def _eyelids() -> np.ndarray:
    eyelids = np.zeros((len(MEDIAPIPE), WIDTHS["eyelids"]), np.float32)
    for column, curve in enumerate(("eyeBlinkLeft", "eyeBlinkRight")):
        eyelids[MEDIAPIPE.index(curve), column] = 1.0
    return eyelids
