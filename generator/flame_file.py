"""FLAME's arrays from the files that its users get under its licence, checked.

A folder holds one of `MODELS`, as a pickle or as npz, and may hold l_eyelid.npy and r_eyelid.npy, the eyelids that
SMIRK adds to FLAME. Of the 400 shape directions, the first 300 make heads and the others expressions.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, is_zipfile

import numpy as np

from generator.array_pickle import SparseMatrix, read_arrays
from generator.checkpoint import CheckpointError
from generator.mappings.arrays import check_shape, read_array
from generator.mappings.mapping import MappingError

MODELS = ("generic_model", "FLAME_NEUTRAL", "flame2020", "flame2023", "flame2023_Open")
EYELIDS = ("l_eyelid.npy", "r_eyelid.npy")
VERTICES, FACES, JOINTS = 5023, 9976, 5
FIRST_EXPRESSION, EXPRESSIONS = 300, 50

SHAPES: dict[str, tuple[int, ...]] = {
    "v_template": (VERTICES, 3),
    "shapedirs": (VERTICES, 3, FIRST_EXPRESSION + EXPRESSIONS),
    "posedirs": (VERTICES, 3, 9 * (JOINTS - 1)),
    "J_regressor": (JOINTS, VERTICES),
    "weights": (VERTICES, JOINTS),
    "kintree_table": (2, JOINTS),
    "f": (FACES, 3),
}
"""What a file must hold; shape directions may be more."""


@dataclass(frozen=True, slots=True, eq=False)
class FlameArrays:
    """float32, metres. The joints are the root, the neck, the jaw and the two eyes."""

    template: np.ndarray
    """(5023, 3)"""
    expressions: np.ndarray
    """(5023, 3, 52): 50 expressions, then the left and the right eyelid, which are 0 without their files."""
    poses: np.ndarray
    """(5023, 3, 36): what turning a joint adds, by the 9 numbers of each rotation but the root's."""
    joints: np.ndarray
    """(5, 5023): the vertices' part in each joint's place."""
    weights: np.ndarray
    """(5023, 5): the joints' part in each vertex's motion."""
    parents: np.ndarray
    """int64 (5,): the joint that each hangs on; -1 for the root."""
    faces: np.ndarray
    """int32 (9976, 3): the vertices of each triangle, counter-clockwise seen from outside the head."""
    has_eyelids: bool


def read_flame(source: Path) -> FlameArrays:
    """From a folder, or from the model's own file. CheckpointError names file, array, what was expected and found."""
    path = _model_file(source)
    held = {name: _array(value, name, path) for name, value in _held(path).items() if name in SHAPES}
    missing = [name for name in SHAPES if name not in held]
    if missing:
        raise CheckpointError(f"{path} is not FLAME's: it lacks {', '.join(missing)}")
    expressions = held["shapedirs"][..., FIRST_EXPRESSION : FIRST_EXPRESSION + EXPRESSIONS]
    eyelids = _eyelids(path.parent)
    return FlameArrays(
        template=_floats(held["v_template"]),
        expressions=_floats(np.concatenate([expressions, eyelids], axis=2)),
        poses=_floats(held["posedirs"]),
        joints=_floats(held["J_regressor"]),
        weights=_floats(held["weights"]),
        parents=_parents(held["kintree_table"], path),
        faces=_faces(held["f"], path),
        has_eyelids=bool(eyelids.any()),
    )


def _model_file(source: Path) -> Path:
    if source.is_file():
        return source
    if not source.is_dir():
        raise CheckpointError(f"there is no folder {source}: docs/flame.md says what goes into it and where to get it")
    names = [f"{name}{suffix}" for name in MODELS for suffix in (".pkl", ".npz")]
    found = next((source / name for name in names if (source / name).is_file()), None)
    if found is None:
        known = ", ".join(f"{name}.pkl" for name in MODELS)
        raise CheckpointError(f"{source} holds no FLAME model ({known}, or .npz); docs/flame.md says where to get one")
    return found


def _held(path: Path) -> dict[str, Any]:
    if path.suffix != ".npz":
        return read_arrays(path)
    if not is_zipfile(path):
        raise CheckpointError(f"{path} is no .npz file")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files if name in SHAPES}
    except (OSError, ValueError, EOFError, RuntimeError, BadZipFile, zlib.error) as error:
        raise CheckpointError(f"{path} is damaged, or holds a pickled array: all must be plain and dense") from error


def _array(value: Any, name: str, path: Path) -> np.ndarray:
    """The numbers of an entry, float64, once they are known to be of the right shape, and finite."""
    if not isinstance(value, np.ndarray | SparseMatrix):
        raise CheckpointError(f"{path}: {name} is a {type(value).__name__}, expected an array of {_expected(name)}")
    if not _fits(value.shape, name):
        raise CheckpointError(f"{path}: {name} is {'×'.join(map(str, value.shape))}, expected {_expected(name)}")
    try:
        array = np.asarray(value.dense() if isinstance(value, SparseMatrix) else value, dtype=np.float64)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path}: {name} holds no numbers, or not those of its shape: {error}") from error
    if not np.isfinite(array).all():
        raise CheckpointError(f"{path}: {name} holds numbers that are not finite")
    return array


def _fits(found: tuple[int, ...], name: str) -> bool:
    expected = SHAPES[name]
    return found == expected or (name == "shapedirs" and found[:-1] == expected[:-1] and found[-1] > expected[-1])


def _expected(name: str) -> str:
    return "×".join(map(str, SHAPES[name])) + (" or more" if name == "shapedirs" else "")


def _parents(table: np.ndarray, path: Path) -> np.ndarray:
    """The first row names each joint's parent; the root's is a number without meaning."""
    parents = table[0].astype(np.int64)
    parents[0] = -1
    if (parents[1:] < 0).any() or (parents >= np.arange(JOINTS)).any():
        raise CheckpointError(f"{path}: kintree_table makes no tree: its first row is {table[0].tolist()}")
    return parents


def _faces(faces: np.ndarray, path: Path) -> np.ndarray:
    if faces.min() < 0 or faces.max() >= VERTICES:
        raise CheckpointError(
            f"{path}: f names the vertices {faces.min():.0f} to {faces.max():.0f}; there are {VERTICES}"
        )
    return faces.astype(np.int32)


def _eyelids(folder: Path) -> np.ndarray:
    """(5023, 3, 2), left and right; zeros unless both files are there."""
    paths = [folder / name for name in EYELIDS]
    if not all(path.is_file() for path in paths):
        return np.zeros((VERTICES, 3, 2))
    return np.stack([_eyelid(path) for path in paths], axis=-1)


def _eyelid(path: Path) -> np.ndarray:
    try:
        return check_shape(path, read_array(path), VERTICES, 3)
    except MappingError as error:
        raise CheckpointError(str(error)) from error


def _floats(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, dtype=np.float32)
