"""Takes as numpy archives: `names` (k,), `curves` (n, k), `times` (n,) s, `timecodes` (n,), `eyes` (n, 6) radians.

An archive of others needs `curves`, with `names` unless they are ARKit's 52 or 55 in `protocol.blendshapes` order, and
`times` or `fps`; eyes and timecodes may be missing. Nothing in it is ever unpickled.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from bridge.takes.from_rows import USUAL_RATE, evenly, take_of
from bridge.takes.take import EYE_ROTATIONS, Take, TakeError
from protocol.blendshapes import ARKIT52, ARKIT55

DAMAGE = (OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError)
ARRAYS = ("curves", "names", "times", "fps", "timecodes", "eyes")
LARGEST = 2 * 2**30  # bytes of an array: some nine hours at 240 frames a second


def read_npz(path: str | Path) -> Take:
    """Read an archive. Raises TakeError."""
    path = Path(path)
    arrays = _arrays(path)
    if "curves" not in arrays:
        raise TakeError(f"{path} has no array called curves")
    curves = arrays["curves"]
    names = _names(path, arrays.get("names"), curves)
    if curves.ndim == 2 and "eyes" in arrays:
        eyes = arrays["eyes"]
        if eyes.shape != (len(curves), len(EYE_ROTATIONS)) or eyes.dtype.kind not in "fiu":
            raise TakeError(f"{path}: eyes is {eyes.dtype} {list(eyes.shape)}, not numbers {[len(curves), 6]}")
        curves, names = np.concatenate([curves, eyes], axis=1), [*names, *EYE_ROTATIONS]
    rate = arrays["fps"].item() if arrays.get("fps", np.zeros(2)).size == 1 else USUAL_RATE
    times = arrays["times"] if "times" in arrays else evenly(path, len(curves) if curves.ndim else 0, rate)
    codes = arrays.get("timecodes", np.empty(0)).astype(str).ravel().tolist()
    return take_of(path, names, curves, times, codes)


def write_npz(take: Take, path: str | Path) -> None:
    """Write a take, everything of it but what was left out of it. Raises TakeError."""
    if not (np.isfinite(take.curves).all() and np.isfinite(take.eyes).all()):
        raise TakeError(f"{take.name} holds a NaN or infinite value")
    names, codes = np.array(ARKIT55), np.array(take.timecodes)
    try:
        with Path(path).open("wb") as file:
            np.savez_compressed(
                file, names=names, curves=take.curves, eyes=take.eyes, times=take.times, timecodes=codes
            )
    except OSError as error:
        raise TakeError(f"cannot write {path}: {error.strerror or error}") from None


def _arrays(path: Path) -> dict[str, np.ndarray]:
    """The arrays that are ours, each read only once its size is known."""
    try:
        with zipfile.ZipFile(path) as archive:
            held = {name.removesuffix(".npy") for name in archive.namelist()}
            return {name: _array(path, archive, name) for name in ARRAYS if name in held}
    except FileNotFoundError:
        raise TakeError(f"there is no take at {path}") from None
    except TakeError:
        raise
    except (*DAMAGE, zipfile.BadZipFile, zlib.error) as error:
        raise TakeError(f"{path} cannot be read as a numpy archive: {error}") from None


def _array(path: Path, archive: zipfile.ZipFile, name: str) -> np.ndarray:
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(file)
    size = int(np.prod([int(side) for side in shape], dtype=object)) * dtype.itemsize
    if size > LARGEST or size > member.file_size:
        raise TakeError(f"{path}: {name} claims {size} bytes, {list(shape)}, and cannot be that large")
    if dtype.hasobject:
        raise TakeError(f"{path}: {name} holds Python objects, which are not read")
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _names(path: Path, names: np.ndarray | None, curves: np.ndarray) -> list[str]:
    if names is not None:
        if names.ndim != 1 or names.dtype.kind != "U":
            raise TakeError(f"{path}: names is {names.dtype} {list(names.shape)}, not a list of texts")
        return names.tolist()
    width = curves.shape[1] if curves.ndim == 2 else 0
    known = {len(ARKIT52): ARKIT52, len(ARKIT55): ARKIT55}
    if width not in known:
        raise TakeError(f"{path} has no names, and curves of {list(curves.shape)} is neither (n, 52) nor (n, 55)")
    return list(known[width])
