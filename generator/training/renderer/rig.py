"""The ICT head rig as arrays: which meshes to keep, how ARKit curves move them, where normals come from.

Rest coordinates are the rig's own: centimetres, +x the person's left, +y up, +z out of the face.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.csgraph import connected_components

from protocol.blendshapes import ARKIT52, INDEX

FACE, SCALP, GUMS, TEETH, EYEBALL, LASHES = range(6)
MATERIALS = {
    "M_Face": FACE, "M_BackHead": SCALP, "M_GumsTongue": GUMS, "M_Teeth": TEETH,
    "M_ScleraLeft": EYEBALL, "M_ScleraRight": EYEBALL, "M_EyeLashes": LASHES,
}  # fmt: skip
IDENTITY_MODES = 40
BUST_BOTTOM = -13.5  # below lies the shoulder cut, out of the picture
TEETH_BACK = 6.0  # molars behind would poke through the cheeks
LEFT_EYE = np.array([3.116, 3.602, 7.982], np.float32)
EYE_SCALE, EYE_SETBACK = 0.975, np.array([0.0, 0.0, 0.07], np.float32)  # else the cornea pokes through closed lids
LOOK_SIDE, LOOK_UP, LOOK_DOWN = np.radians([32.0, 24.0, 26.0])  # gaze at a look curve of 1


@dataclass(frozen=True)
class Rig:
    """Meshes kept for drawing. `v` vertices, `f` triangles; deltas are relative to `neutral`."""

    neutral: np.ndarray  # (v, 3)
    identity: np.ndarray  # (IDENTITY_MODES, v*3)
    expression: np.ndarray  # (52, v*3), ARKit order, eye rotation and tongue excluded
    material: np.ndarray  # (v,) one of the constants above
    solid: np.ndarray  # (f, 3) everything opaque
    lashes: np.ndarray  # (f, 3) drawn last, with alpha
    weld: np.ndarray  # (v,) vertices that share a normal
    corner_sum: sparse.csr_matrix  # (welded, 3f) adds face normals up at each welded vertex
    eyes: tuple[np.ndarray, np.ndarray]  # vertex indices, left and right
    tongue: np.ndarray  # vertex indices


def load_rig(folder: Path) -> Rig:
    """Reads `ict_facekit.npz`. FileNotFoundError says what is missing and where it was looked for."""
    path = folder / "ict_facekit.npz"
    if not path.exists():
        raise FileNotFoundError(f"the head rig is missing: {path} (training draws its own pictures from it)")
    data = np.load(path)
    quads, names = _kept_faces(data)
    used = np.unique(quads[quads >= 0])
    renumber = np.full(len(data["neutral"]), -1)
    renumber[used] = np.arange(len(used))
    quads = np.where(quads >= 0, renumber[quads], -1)
    neutral = data["neutral"][used].astype(np.float32)
    material = np.zeros(len(used), np.float32)
    for name, code in MATERIALS.items():
        material[np.unique(quads[names == name])] = code
    inside = np.isin(names, ("M_Face", "M_BackHead"), invert=True)
    quads, names = (
        quads[np.argsort(inside, kind="stable")],
        names[np.argsort(inside, kind="stable")],
    )  # skin first hides the rest
    solid, lashes = _triangles(quads[names != "M_EyeLashes"]), _triangles(quads[names == "M_EyeLashes"])
    weld, corner_sum = _normal_sum(neutral, material, np.concatenate([solid, lashes]))
    ball = material == EYEBALL
    return Rig(
        neutral=neutral,
        identity=data["ident"][:IDENTITY_MODES, used].astype(np.float32).reshape(IDENTITY_MODES, -1),
        expression=_arkit_deltas(data["expr"][:, used].astype(np.float32), list(data["expr_names"])),
        material=material, solid=solid, lashes=lashes, weld=weld, corner_sum=corner_sum,
        eyes=(np.flatnonzero(ball & (neutral[:, 0] > 0)), np.flatnonzero(ball & (neutral[:, 0] < 0))),
        tongue=_tongue(neutral, material, solid),
    )  # fmt: skip


def pose(rig: Rig, base: np.ndarray, curves: np.ndarray) -> np.ndarray:
    """Vertices (v, 3) of the person `base` (v, 3) making the first 52 of `curves`; the head is not turned."""
    weights = np.asarray(curves[:52], np.float32).copy()
    close, jaw = INDEX["mouthClose"], INDEX["jawOpen"]
    weights[close] = min(weights[close], max(weights[jaw], 0.0))  # it only means something on an open jaw
    vertices = base + (weights @ rig.expression).reshape(-1, 3)
    _put_tongue_out(rig, vertices, float(weights[INDEX["tongueOut"]]))
    for side, indices in zip(("Left", "Right"), rig.eyes, strict=True):
        _turn_eye(rig, vertices, base, indices, weights, side)
    return vertices


def normals(rig: Rig, vertices: np.ndarray) -> np.ndarray:
    """Smooth unit normals (v, 3), welded across the seam between face and back of head."""
    faces = np.concatenate([rig.solid, rig.lashes])
    corner = vertices[faces]
    flat = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    summed = rig.corner_sum @ flat
    summed /= np.linalg.norm(summed, axis=1, keepdims=True) + 1e-9
    return summed[rig.weld]


def _kept_faces(data: np.lib.npyio.NpzFile) -> tuple[np.ndarray, np.ndarray]:
    quads, names, neutral = data["face_v"], data["mats"], data["neutral"]
    corners = np.where(quads >= 0, quads, quads[:, :1])
    centre = neutral[corners].mean(1)
    keep = np.isin(names, list(MATERIALS)) & (centre[:, 1] > BUST_BOTTOM)
    keep &= ~((names == "M_Teeth") & (centre[:, 2] < TEETH_BACK))
    keep &= ~((names == "M_BackHead") & (centre[:, 2] < -4.5))  # behind the hair, never seen within a 10 degree turn
    return quads[keep], names[keep]


def _triangles(quads: np.ndarray) -> np.ndarray:
    halves = np.stack([quads[:, :3], quads[:, [0, 2, 3]]], 1).reshape(-1, 3)
    return halves[halves[:, 2] >= 0].astype(np.int32)


def _normal_sum(neutral: np.ndarray, material: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, sparse.csr_matrix]:
    skin = material <= SCALP
    key = np.c_[np.round(neutral * 1e3).astype(np.int64), np.where(skin, 0, material).astype(np.int64)]
    _, weld = np.unique(key, axis=0, return_inverse=True)
    weld = weld.ravel()
    count = len(faces)
    rows = weld[faces].ravel()
    columns = np.repeat(np.arange(count), 3)
    matrix = sparse.csr_matrix((np.ones(3 * count, np.float32), (rows, columns)), shape=(weld.max() + 1, count))
    return weld, matrix


def _rig_names(curve: str) -> list[str]:
    if curve in ("browInnerUp", "cheekPuff"):
        return [f"{curve}_L", f"{curve}_R"]
    if curve in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
        return [curve]
    return [curve.replace("Left", "_L").replace("Right", "_R")]


def _arkit_deltas(deltas: np.ndarray, names: list[str]) -> np.ndarray:
    out = np.zeros((52, deltas.shape[1], 3), np.float32)
    for i, curve in enumerate(ARKIT52):
        for name in _rig_names(curve):
            if name in names:
                out[i] += deltas[names.index(name)]
    return out.reshape(52, -1)


def _tongue(neutral: np.ndarray, material: np.ndarray, solid: np.ndarray) -> np.ndarray:
    edges = (np.ones(3 * len(solid)), (solid.ravel(), solid[:, [1, 2, 0]].ravel()))
    count = len(neutral)
    _, label = connected_components(sparse.csr_matrix(edges, shape=(count, count)), directed=False)
    gums = np.flatnonzero(material == GUMS)
    largest = max(np.unique(label[gums]), key=lambda part: int((label[gums] == part).sum()))
    inside = gums[label[gums] == largest]
    x, y, z = neutral[inside].T
    return inside[(z < 9.85 - 0.45 * x**2) & (np.abs(x) < 2.0) & (y < -2.6) & (y > -4.7)]


def _put_tongue_out(rig: Rig, vertices: np.ndarray, amount: float) -> None:
    if amount <= 0:
        return
    reach = np.clip((rig.neutral[rig.tongue, 2] - 5.5) / 4.5, 0, 1)[:, None] ** 1.3
    vertices[rig.tongue] += amount * reach * np.array([0.0, -0.9, 3.4], np.float32)


def _turn_eye(
    rig: Rig, vertices: np.ndarray, base: np.ndarray, indices: np.ndarray, curves: np.ndarray, side: str
) -> None:
    look = {way: float(curves[INDEX[f"eyeLook{way}{side}"]]) for way in ("In", "Out", "Up", "Down")}
    outward = 1.0 if side == "Left" else -1.0
    yaw = (look["Out"] - look["In"]) * LOOK_SIDE * outward
    pitch = look["Down"] * LOOK_DOWN - look["Up"] * LOOK_UP
    centre = LEFT_EYE * [outward, 1, 1] + (base[indices] - rig.neutral[indices]).mean(0)
    turn = (yaw_matrix(yaw) @ pitch_matrix(pitch)).astype(np.float32)
    vertices[indices] = ((base[indices] - centre) * EYE_SCALE) @ turn.T + centre - EYE_SETBACK


def yaw_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def pitch_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def roll_matrix(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
