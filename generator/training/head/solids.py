"""Plain meshes that accessories are made of: tubes along a path, sheets over a grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Solid:
    """`uv` runs along (x) and across (y), in centimetres where it is a weave."""

    position: np.ndarray  # (v, 3)
    normal: np.ndarray  # (v, 3)
    uv: np.ndarray  # (v, 2)
    triangles: np.ndarray  # (f, 3)


def tube(path: np.ndarray, radius: np.ndarray | float, closed: bool = False, around: int = 10) -> Solid:
    """A round tube along `path` (n, 3); `radius` one for all or (n,)."""
    path = np.concatenate([path, path[:1]]) if closed else path
    tangent = np.gradient(path, axis=0)
    if closed:
        tangent[0] = tangent[-1] = path[1] - path[-2]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    side = np.cross(tangent, [0.13, 0.97, 0.21])
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    other = np.cross(tangent, side)
    angle = np.linspace(0, 2 * np.pi, around + 1)
    normal = side[:, None] * np.cos(angle)[None, :, None] + other[:, None] * np.sin(angle)[None, :, None]
    size = np.broadcast_to(np.resize(np.atleast_1d(radius), len(path)), len(path))[:, None, None]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    uv = np.stack(np.broadcast_arrays(along[:, None], (angle * np.mean(radius))[None]), -1)
    return Solid((path[:, None] + normal * size).reshape(-1, 3), normal.reshape(-1, 3), uv.reshape(-1, 2),
                 grid_triangles(len(path), around + 1))  # fmt: skip


def sheet(position: np.ndarray, uv: np.ndarray) -> Solid:
    """A grid of points (r, c, 3), its normals from its own slopes."""
    normal = np.cross(np.gradient(position, axis=1), np.gradient(position, axis=0))
    normal /= np.linalg.norm(normal, axis=2, keepdims=True) + 1e-9
    rows, columns = position.shape[:2]
    return Solid(position.reshape(-1, 3), normal.reshape(-1, 3), uv.reshape(-1, 2), grid_triangles(rows, columns))


def joined(solids: list[Solid]) -> Solid:
    starts = np.cumsum([0] + [len(solid.position) for solid in solids[:-1]])
    return Solid(
        np.concatenate([s.position for s in solids]), np.concatenate([s.normal for s in solids]),
        np.concatenate([s.uv for s in solids]),
        np.concatenate([s.triangles + start for s, start in zip(solids, starts, strict=True)]),
    )  # fmt: skip


def grid_triangles(rows: int, columns: int) -> np.ndarray:
    first = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)[None]).ravel()
    quad = [first, first + columns, first + 1, first + 1, first + columns, first + columns + 1]
    return np.stack(quad, 1).reshape(-1, 3).astype(np.int32)
