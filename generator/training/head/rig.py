"""The ICT head rig as arrays: the meshes that are drawn, how ARKit curves move them, where normals come from.

Rest coordinates are the rig's own: centimetres, +x the person's left, +y up, +z out of the face.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse

from protocol.blendshapes import ARKIT52

MATERIALS = {
    "M_Face": "skin", "M_BackHead": "skin", "M_GumsTongue": "gums", "M_Teeth": "teeth", "M_ScleraLeft": "eyes",
    "M_ScleraRight": "eyes", "M_EyeLashes": "lashes", "M_EyeOcclusion": "lid_shade", "M_LacrimalFluid": "fluid",
}  # fmt: skip
PARTS = tuple(dict.fromkeys(MATERIALS.values()))
IDENTITY_MODES = 60
TEETH_BACK = 6.0  # molars behind would poke through the cheeks


@dataclass(frozen=True)
class Rig:
    """`v` vertices, split where the texture is; deltas are relative to `neutral`."""

    neutral: np.ndarray  # (v, 3)
    uv: np.ndarray  # (v, 2) the rig's own: the face in 0..1, the back of the head one tile to the right
    identity: np.ndarray  # (IDENTITY_MODES, v*3)
    expression: np.ndarray  # (52, v*3), ARKit order, turning eyes and tongue excluded
    triangles: dict[str, np.ndarray]  # part → (f, 3)
    vertices: dict[str, np.ndarray]  # part → vertex indices
    weld: np.ndarray  # (v,) the vertices that share a normal have the same number
    corner_sum: sparse.csr_matrix  # (welded, f) adds face normals up at each welded vertex

    @property
    def faces(self) -> np.ndarray:
        """All triangles (f, 3), part after part."""
        return np.concatenate([self.triangles[part] for part in PARTS])


def load_rig(folder: Path) -> Rig:
    """Reads `ict_facekit.npz`. FileNotFoundError says what is missing and where it was looked for."""
    path = folder / "ict_facekit.npz"
    if not path.exists():
        raise FileNotFoundError(f"the head rig is missing: {path} (training draws its own pictures from it)")
    data = np.load(path)
    quads, parts, source, texture = _kept(data)
    neutral = data["neutral"][source].astype(np.float32)
    triangles = {part: _triangles(quads[parts == part]) for part in PARTS}
    weld, corner_sum = _normal_sum(neutral, triangles)
    names = [str(name) for name in data["expr_names"]]
    return Rig(
        neutral=neutral,
        uv=data["uv"][texture].astype(np.float32),
        identity=data["ident"][:IDENTITY_MODES][:, source].astype(np.float32).reshape(IDENTITY_MODES, -1),
        expression=_arkit_deltas(data["expr"][:, source].astype(np.float32), names),
        triangles=triangles,
        vertices={part: np.unique(indices) for part, indices in triangles.items()},
        weld=weld,
        corner_sum=corner_sum,
    )


def normals(rig: Rig, vertices: np.ndarray) -> np.ndarray:
    """Smooth unit normals (v, 3), welded across texture seams and between face and back of head."""
    a, b, c = (vertices[column] for column in rig.faces.T)
    p, q = b - a, c - a
    flat = np.stack(
        [p[:, 1] * q[:, 2] - p[:, 2] * q[:, 1], p[:, 2] * q[:, 0] - p[:, 0] * q[:, 2],
         p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]], 1)  # fmt: skip
    summed = rig.corner_sum @ flat
    summed /= np.linalg.norm(summed, axis=1, keepdims=True) + 1e-9
    return summed[rig.weld]


def _kept(data: np.lib.npyio.NpzFile) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Quads (q, 4) into new vertices (-1 where a triangle ends early), their parts, each new vertex's old indices."""
    quads, texture, names = data["face_v"], data["face_vt"], data["mats"]
    corners = np.where(quads >= 0, quads, quads[:, :1])
    keep = np.isin(names, list(MATERIALS))
    keep &= ~((names == "M_Teeth") & (data["neutral"][corners].mean(1)[:, 2] < TEETH_BACK))
    quads, texture, names = quads[keep], texture[keep], names[keep]
    present = quads >= 0
    pairs, numbered = np.unique(np.stack([quads[present], texture[present]], 1), axis=0, return_inverse=True)
    renumbered = np.full(quads.shape, -1)
    renumbered[present] = numbered.ravel()
    return renumbered, np.array([MATERIALS[str(name)] for name in names]), pairs[:, 0], pairs[:, 1]


def _triangles(quads: np.ndarray) -> np.ndarray:
    halves = np.stack([quads[:, :3], quads[:, [0, 2, 3]]], 1).reshape(-1, 3)
    return halves[halves[:, 2] >= 0].astype(np.int32)


def _normal_sum(neutral: np.ndarray, triangles: dict[str, np.ndarray]) -> tuple[np.ndarray, sparse.csr_matrix]:
    part_of = np.zeros(len(neutral), np.int64)
    for code, part in enumerate(PARTS):
        part_of[triangles[part]] = code
    key = np.c_[np.round(neutral * 1e3).astype(np.int64), part_of]
    _, weld = np.unique(key, axis=0, return_inverse=True)
    weld = weld.ravel()
    faces = np.concatenate([triangles[part] for part in PARTS])
    rows, columns = weld[faces].ravel(), np.repeat(np.arange(len(faces)), 3)
    ones = np.ones(faces.size, np.float32)
    return weld, sparse.csr_matrix((ones, (rows, columns)), shape=(int(weld.max()) + 1, len(faces)))


def _rig_names(curve: str) -> list[str]:
    if curve in ("browInnerUp", "cheekPuff"):
        return [f"{curve}_L", f"{curve}_R"]
    if curve in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
        return [curve]
    return [curve.replace("Left", "_L").replace("Right", "_R")]


def _arkit_deltas(deltas: np.ndarray, names: list[str]) -> np.ndarray:
    out = np.zeros((52, *deltas.shape[1:]), np.float32)
    for index, curve in enumerate(ARKIT52):
        for name in _rig_names(curve):
            if name in names:
                out[index] += deltas[names.index(name)]
    return out.reshape(52, -1)
