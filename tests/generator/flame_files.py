"""Files in the form of FLAME's licensed ones: right names, shapes and pickling, invented numbers.

The head is an egg with a nose, whose jaw opens, whose lids close and whose expressions are bumps.
"""

from __future__ import annotations

import io
import pickle
import struct
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import csc_matrix
from scipy.spatial import ConvexHull

from generator.flame_file import FACES, FIRST_EXPRESSION, JOINTS, VERTICES

DIRECTIONS = 400
NOSE, LEFT_EYE, RIGHT_EYE, CHIN = (0.0, -0.01, 0.1), (0.032, 0.03, 0.085), (-0.032, 0.03, 0.085), (0.0, -0.09, 0.075)


NAMES_OF_THEN = {
    "numpy._core.multiarray": "numpy.core.multiarray",
    "scipy.sparse._csc": "scipy.sparse.csc",
    "builtins": "__builtin__",
    "copyreg": "copy_reg",
}


class Ch:
    """As chumpy's class of that name: its numbers under `x`, and things beside them that nobody needs."""

    __module__ = "chumpy.ch"

    def __init__(self, x: np.ndarray) -> None:
        self.__dict__.update(x=x, _dirty_vars={"x"}, _itr=None, _depends_on_deps={})


@cache
def flame_arrays() -> dict[str, Any]:
    """What the licensed pickle holds, by its names. Nobody may change them."""
    template, faces = _egg()
    random = np.random.default_rng(3)
    return {
        "v_template": template,
        "f": faces.astype(np.uint32),
        "shapedirs": _directions(template, random).astype(np.float32),
        "posedirs": random.normal(0, 1e-4, (VERTICES, 3, 9 * (JOINTS - 1))),
        "J_regressor": _joints(template),
        "weights": _weights(template),
        "kintree_table": np.array([[2**32 - 1, 0, 1, 1, 1], [0, 1, 2, 3, 4]], np.uint32),
        "bs_style": "lbs",
    }


def eyelids() -> tuple[np.ndarray, np.ndarray]:
    """float32 (5023, 3), left and right: what a closed lid adds to the template."""
    template = flame_arrays()["v_template"]
    down = np.array([0.0, -0.02, 0.0])
    left, right = ((_bump(template, eye, 0.015)[:, None] * down).astype(np.float32) for eye in (LEFT_EYE, RIGHT_EYE))
    return left, right


def write_flame(
    folder: Path, name: str = "generic_model.pkl", lids: bool = True, changed: Mapping[str, Any] = MappingProxyType({})
) -> Path:
    """A folder as a user fills it; `changed` arrays take the place of the right ones, None leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {key: value for key, value in (flame_arrays() | dict(changed)).items() if value is not None}
    if name.endswith(".npz"):
        dense = {key: value.toarray() if isinstance(value, csc_matrix) else value for key, value in arrays.items()}
        np.savez(folder / name, **dense)
    else:
        (folder / name).write_bytes(python_2_pickle(arrays))
    for lid, array in zip(("l_eyelid.npy", "r_eyelid.npy"), eyelids(), strict=True) if lids else ():
        np.save(folder / lid, array)
    return folder


def python_2_pickle(arrays: dict[str, Any]) -> bytes:
    """As the licensed files are written, with shapedirs as a chumpy array."""
    file = io.BytesIO()
    _Python2Pickler(file, protocol=2).dump({k: Ch(v) if k == "shapedirs" else v for k, v in arrays.items()})
    return file.getvalue()


_PythonPickler: Any = vars(pickle)["_Pickler"]  # the one written in C cannot be taught


class _Python2Pickler(_PythonPickler):
    """Writes text and bytes alike as Python 2's strings, and everything under its name of then."""

    dispatch: ClassVar[dict[type, Any]] = dict(_PythonPickler.dispatch)

    def save_string(self, text: str | bytes) -> None:
        data = text.encode("latin1") if isinstance(text, str) else text
        self.write(pickle.BINSTRING + struct.pack("<i", len(data)) + data)
        self.memoize(text)

    def save_global(self, obj: Any, name: str | None = None) -> None:
        module = NAMES_OF_THEN.get(obj.__module__, obj.__module__)
        self.write(f"c{module}\n{name or obj.__name__}\n".encode())
        self.memoize(obj)

    dispatch[str] = dispatch[bytes] = save_string
    dispatch[types.FunctionType] = save_global


def _egg() -> tuple[np.ndarray, np.ndarray]:
    """Vertices (5023, 3) in metres and faces (9976, 3), outwards; open at the bottom, where FLAME's neck ends."""
    height = 1 - (np.arange(VERTICES) + 0.5) * 2 / VERTICES
    angle = np.arange(VERTICES) * np.pi * (3 - 5**0.5)
    ball = np.stack([np.sqrt(1 - height**2) * np.cos(angle), height, np.sqrt(1 - height**2) * np.sin(angle)], axis=1)
    faces = ConvexHull(ball).simplices
    corners = ball[faces]
    inwards = np.einsum(
        "fi,fi->f", np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), corners[:, 0]
    )
    faces[inwards < 0] = faces[inwards < 0][:, ::-1]
    faces = faces[np.argsort(-corners[:, :, 1].mean(axis=1))][:FACES]
    egg = ball * (0.075, 0.12, 0.095)
    egg[:, 2] += 0.025 * _bump(egg, NOSE, 0.014) + 0.012 * _bump(egg, CHIN, 0.02)
    egg[:, 2] -= 0.008 * (_bump(egg, LEFT_EYE, 0.015) + _bump(egg, RIGHT_EYE, 0.015))
    return egg, faces


def _bump(points: np.ndarray, centre: tuple[float, float, float], radius: float) -> np.ndarray:
    """(k,): 1 at the centre, falling off as a bell."""
    return np.exp(-((points - centre) ** 2).sum(axis=1) / (2 * radius**2))


def _directions(template: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(5023, 3, DIRECTIONS): each moves the surface around a point of the face one way."""
    directions = np.zeros((VERTICES, 3, DIRECTIONS))
    for direction in range(FIRST_EXPRESSION, DIRECTIONS):
        centre = template[random.choice(np.flatnonzero(template[:, 2] > 0.05))]
        directions[:, :, direction] = _bump(template, tuple(centre), 0.02)[:, None] * random.normal(0, 0.004, 3)
    return directions


def _joints(template: np.ndarray) -> csc_matrix:
    """(5, 5023): the root, the neck and the jaw in the middle of rings, the eyes where the lids are."""
    _, y, z = template.T
    rings = [y < -0.11, abs(y + 0.09) < 0.01, (abs(y + 0.02) < 0.01) & (abs(z) < 0.03)]
    eyes = [np.linalg.norm(template - eye, axis=1) < 0.02 for eye in (LEFT_EYE, RIGHT_EYE)]
    parts = np.stack([*rings, *eyes]).astype(np.float64)
    return csc_matrix(parts / parts.sum(axis=1, keepdims=True))


def _weights(template: np.ndarray) -> np.ndarray:
    """(5023, 5): the bottom stays, the rest turns with the neck, the chin and below with the jaw."""
    turning = np.clip((template[:, 1] + 0.115) / 0.03, 0, 1)
    jaw = turning * np.clip((-0.045 - template[:, 1]) / 0.02, 0, 1) * np.clip(template[:, 2] / 0.03, 0, 1)
    weights = np.zeros((VERTICES, JOINTS))
    weights[:, 0], weights[:, 1], weights[:, 2] = 1 - turning, turning - jaw, jaw
    return weights
