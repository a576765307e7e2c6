"""Arrays out of files that others made, checked before anything is done with them."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from generator.mappings.mapping import MappingError


def read_array(path: Path) -> np.ndarray:
    """The real numbers of a .npy file; pickled ones are refused, as reading them runs code. MappingError."""
    try:
        with path.open("rb") as file:
            return _real(path, np.lib.format.read_array(file, allow_pickle=False))
    except FileNotFoundError:
        raise MappingError(f"{path} is missing") from None
    except OSError as error:
        raise MappingError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, EOFError, MemoryError) as error:
        raise _unreadable(path, error, "no whole .npy file", "numpy.save") from None


def read_archive(path: Path) -> dict[str, np.ndarray]:
    """The arrays of real numbers in a .npz file, by name. MappingError."""
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):  # numpy would take it for a pickle
                raise MappingError(f"{path} is no .npz file; save it with numpy.savez")
            with np.load(file, allow_pickle=False) as archive:
                return {name: _real(path, archive[name], name) for name in archive.files}
    except FileNotFoundError:
        raise MappingError(f"{path} is missing") from None
    except OSError as error:
        raise MappingError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, EOFError, MemoryError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise _unreadable(path, error, "no whole .npz file", "numpy.savez") from None


def check_shape(path: Path, array: np.ndarray, rows: int, columns: int, what: str = "") -> np.ndarray:
    """float32 (rows, columns); MappingError naming the file for another shape or a number that is not finite."""
    if array.shape != (rows, columns):
        raise MappingError(f"{path}: {what}has the shape {array.shape}, expected ({rows}, {columns})")
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    finite = np.isfinite(numbers).all(axis=1)
    if not finite.all():
        raise MappingError(f"{path}: {what}holds a NaN or infinite number in row {int(np.argmin(finite))}")
    return numbers


def _real(path: Path, array: np.ndarray, name: str = "") -> np.ndarray:
    if array.dtype.kind not in "fiu":
        raise MappingError(f"{path}: {name or 'it'} holds {array.dtype}, expected real numbers")
    return array


def _unreadable(path: Path, error: Exception, otherwise: str, saver: str) -> MappingError:
    if isinstance(error, MappingError):
        return error
    if "allow_pickle" in str(error):
        return MappingError(f"{path} holds pickled objects; save plain numbers with {saver}")
    return MappingError(f"{path} is {otherwise}; save it anew with {saver}")
