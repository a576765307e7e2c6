"""Ambient occlusion of the rig: how much of the sky each vertex sees, by drawing depths from all around."""

from __future__ import annotations

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.shadows import RADIUS, axes

VIEWS, SIDE, BIAS = 40, 256, 0.012  # bias in units of RADIUS


def occlusion(context: moderngl.Context, vertices: np.ndarray, normals: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """(v,) 0 hidden .. 1 open for a mesh whose triangles `solid` (f, 3) block the light."""
    made = gl.program(context, "shadow", "shadow")
    depth = context.depth_texture((SIDE, SIDE))
    target = context.framebuffer(depth_attachment=depth)
    mesh = gl.vertex_array(context, made, {"position": vertices, "follow": np.zeros(len(vertices))}, solid)
    gl.set_uniform(made, "shadow_radius", RADIUS)
    context.enable_only(moderngl.DEPTH_TEST)
    seen, possible = np.zeros(len(vertices)), np.full(len(vertices), 1e-6)
    for direction in _sphere(VIEWS):
        gl.set_uniform(made, "shadow_axes", axes(direction))
        target.use()
        target.clear(depth=1.0)
        mesh.render()
        map_ = np.frombuffer(depth.read(alignment=4), np.float32).reshape(SIDE, SIDE)
        facing = np.clip(normals @ direction, 0, None)
        seen += facing * _visible(map_, vertices + 0.05 * normals, direction)
        possible += facing
    return (seen / possible).astype(np.float32)


def _visible(depth: np.ndarray, points: np.ndarray, direction: np.ndarray) -> np.ndarray:
    q = points @ axes(direction).T / RADIUS
    column, row = (np.clip((q[:, i] * 0.5 + 0.5) * SIDE, 0, SIDE - 1).astype(int) for i in (0, 1))
    return (0.5 - q[:, 2] * 0.5 - BIAS) < depth[row, column]


def _sphere(count: int) -> np.ndarray:
    """(count, 3) evenly spread unit vectors; few come from below."""
    at = np.arange(count) + 0.5
    height = 1 - 1.7 * at / count
    angle = np.pi * (1 + 5**0.5) * at
    across = np.sqrt(1 - height**2)
    return np.stack([across * np.cos(angle), height, across * np.sin(angle)], 1)
