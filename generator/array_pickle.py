"""Arrays out of a pickle, without letting it run anything.

FLAME's licensed files are pickles of Python 2 with numpy arrays, a sparse matrix of scipy and arrays of the package
chumpy. Only these are let in, the last two as plain stand-ins that need neither package; whatever else a pickle names
is refused before it is looked for.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from generator.checkpoint import CheckpointError


class SparseMatrix:
    """scipy's csc or csr matrix, by what it keeps of itself."""

    by_column = True
    _state: Mapping[str, Any] = {}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._state = dict(state)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self._state.get("_shape", ()))

    def dense(self) -> np.ndarray:
        """The full array, float64. KeyError, IndexError or ValueError if its parts do not fit each other."""
        state, full = self._state, np.zeros(self.shape)
        outer = np.repeat(np.arange(len(state["indptr"]) - 1), np.diff(state["indptr"]))
        rows, columns = (state["indices"], outer) if self.by_column else (outer, state["indices"])
        np.add.at(full, (rows, columns), state["data"])
        return full


class RowMatrix(SparseMatrix):
    by_column = False


class ChumpyArray:
    """An array of chumpy; `numbers` is None if it is an expression of others, as no array that FLAME needs is."""

    numbers: Any = None

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.numbers = dict(state).get("x")


_SPARSE = {"csc_matrix": SparseMatrix, "csc_array": SparseMatrix, "csr_matrix": RowMatrix, "csr_array": RowMatrix}


def _as_bytes(text: str, encoding: str) -> bytes:
    """How Python 3 writes bytes for Python 2; of all codecs, a pickle only ever means this one."""
    if encoding != "latin1":
        raise ValueError(f"bytes in the encoding {encoding!r}")
    return text.encode("latin1")


_REBUILT = object().__reduce_ex__(0)[0]  # what a pickle calls to make an object is private: an object names its own
_PLAIN = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy", "_reconstruct"): np.zeros(1).__reduce_ex__(2)[0],
    ("numpy", "_frombuffer"): np.zeros(1).__reduce_ex__(5)[0],
    ("numpy", "scalar"): np.float64(0).__reduce__()[0],
    ("_codecs", "encode"): _as_bytes,
    ("copy_reg", "_reconstructor"): _REBUILT,
    ("copyreg", "_reconstructor"): _REBUILT,
    ("__builtin__", "object"): object,
    ("builtins", "object"): object,
    ("__builtin__", "set"): set,
    ("builtins", "set"): set,
}
"""By the package and the name: numpy, scipy and Python have moved these between their modules over the years."""


def read_arrays(path: Path) -> dict[str, Any]:
    """Name → numpy array or SparseMatrix, and whatever else stands between them. Raises CheckpointError."""
    try:
        with path.open("rb") as file:
            held = _Unpickler(file, path).load()
    except CheckpointError:
        raise
    except OSError as error:
        raise CheckpointError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # a damaged pickle fails in whatever way its bytes happen to say
        raise CheckpointError(f"{path} is damaged, or no pickle: {str(error) or type(error).__name__}") from error
    if not isinstance(held, dict):
        raise CheckpointError(f"{path} holds a {type(held).__name__}, not arrays by name")
    return {str(name): _plain(value) for name, value in held.items()}


def _plain(value: Any) -> Any:
    return value.numbers if isinstance(value, ChumpyArray) and value.numbers is not None else value


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, path: Path) -> None:
        super().__init__(file, encoding="latin1")  # how numpy's bytes of Python 2 survive
        self._path = path

    def find_class(self, module: str, name: str) -> Any:
        package = module.partition(".")[0]
        if package == "chumpy":
            return ChumpyArray
        found = _SPARSE.get(name) if package == "scipy" else _PLAIN.get((package, name))
        if found is None:
            raise CheckpointError(
                f"{self._path} asks for {module}.{name}, which a file of arrays has no need of: it is not read; "
                "get it from where it is published"
            )
        return found
