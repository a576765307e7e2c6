"""FLAME parameters of a tracked video, as people keep them: a .npz of one row a frame."""

from pathlib import Path

import numpy as np

from generator.mappings.arrays import check_shape, read_archive
from generator.mappings.mapping import WIDTHS, MappingError

NEEDED = ("expression", "jaw")


def read_parameters(path: Path) -> dict[str, np.ndarray]:
    """`expression` (n, 50) and `jaw` (n, 3), and `eyelids` (n, 2) and `gaze` (n, 6) if they are there; all float32.

    Of more than 50 coefficients the first 50 are taken; other arrays are left out. MappingError names what is wrong.
    """
    arrays = read_archive(path)
    missing = [name for name in NEEDED if name not in arrays]
    if missing:
        raise MappingError(f"{path} lacks the array {missing[0]!r}; it has {', '.join(arrays) or 'none'}")
    expression, width = arrays["expression"], WIDTHS["expression"]
    if expression.ndim != 2 or expression.shape[1] < width or not len(expression):
        raise MappingError(f"{path}: expression has the shape {expression.shape}, expected rows of {width} or more")
    arrays["expression"] = expression[:, :width]
    found = {name: columns for name, columns in WIDTHS.items() if name in arrays}
    return {name: check_shape(path, arrays[name], len(expression), k, f"{name} ") for name, k in found.items()}
