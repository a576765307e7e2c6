"""Arrays from .npy files that others made, checked before anything is done with them."""

from pathlib import Path

import numpy as np

from generator.mappings.mapping import MappingError


def read_array(path: Path) -> np.ndarray:
    """The array of real numbers in a .npy file; pickled ones are refused, as reading them runs code. MappingError."""
    try:
        with path.open("rb") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
    except FileNotFoundError:
        raise MappingError(f"{path} is missing") from None
    except OSError as error:
        raise MappingError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, EOFError) as error:
        kind = "holds pickled objects, not numbers" if "allow_pickle" in str(error) else "is no whole .npy file"
        raise MappingError(f"{path} {kind}; save plain floats with numpy.save") from None
    if array.dtype.kind not in "fiu":
        raise MappingError(f"{path} holds {array.dtype}, expected real numbers")
    return array


def check_shape(path: Path, array: np.ndarray, rows: int, columns: int, what: str = "") -> np.ndarray:
    """float32 (rows, columns); MappingError naming the file for another shape or a number that is not finite."""
    if array.shape != (rows, columns):
        raise MappingError(f"{path}: {what}has the shape {array.shape}, expected ({rows}, {columns})")
    return check_finite(path, array, what)


def check_finite(path: Path, array: np.ndarray, what: str = "") -> np.ndarray:
    """float32, the same shape; MappingError naming the row of the first number that is not finite in float32."""
    with np.errstate(over="ignore"):
        numbers = array.astype(np.float32)
    finite = np.isfinite(numbers).reshape(len(numbers), -1).all(axis=1)
    if not finite.all():
        raise MappingError(f"{path}: {what}holds a NaN or infinite number in row {int(np.argmin(finite))}")
    return numbers
