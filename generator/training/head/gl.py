"""OpenGL without a window: one context, programs from the files in shaders/, uniforms by name."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import moderngl
import numpy as np

from generator.training.head import camera, turns

SHADERS = Path(__file__).parent / "shaders"
INCLUDE = re.compile(r'#include "([\w.]+)"')


def create_context() -> moderngl.Context:
    settings: Any = {"backend": "egl"} if sys.platform == "linux" else {}
    context = moderngl.create_context(standalone=True, require=330, **settings)
    context.gc_mode = "auto"  # else every head of hair stays in memory
    return context


def source(name: str) -> str:
    """The text of a shader file, its includes put in."""
    return INCLUDE.sub(lambda match: source(match[1]), (SHADERS / name).read_text(encoding="utf-8"))


def program(context: moderngl.Context, vertex: str, fragment: str) -> moderngl.Program:
    made = context.program(source(f"{vertex}.vert"), source(f"{fragment}.frag"))
    fixed = {
        "camera_distance": camera.DISTANCE, "half_width": camera.HALF_WIDTH, "centre_height": camera.CENTRE_HEIGHT,
        "focus_depth": camera.FOCUS_DEPTH, "near": camera.NEAR, "far": camera.FAR, "pivot": turns.PIVOT,
    }  # fmt: skip
    for name, value in fixed.items():
        set_uniform(made, name, value)
    return made


def set_uniform(made: moderngl.Program, name: str, value: Any) -> None:
    """Numbers, vectors and (row-major) matrices; a name the compiler dropped is passed over."""
    if name not in made:
        return
    uniform: Any = made[name]
    array = np.asarray(value, np.float64)
    uniform.value = tuple(array.T.ravel().tolist()) if array.ndim else float(array)


def vertex_array(
    context: moderngl.Context, made: moderngl.Program, arrays: dict[str, moderngl.Buffer | np.ndarray],
    triangles: np.ndarray,
) -> moderngl.VertexArray:  # fmt: skip
    """Arrays (v,) or (v, k) by attribute name; a buffer holds three floats a vertex. Names not in use are dropped."""
    content = []
    for name, values in arrays.items():
        if name not in made:
            continue
        width = 3 if isinstance(values, moderngl.Buffer) else int(np.prod(values.shape[1:], initial=1))
        buffer = values if isinstance(values, moderngl.Buffer) else floats(context, values)
        content.append((buffer, f"{width}f", name))
    return context.vertex_array(made, content, context.buffer(np.ascontiguousarray(triangles, np.int32).tobytes()))


def blend(context: moderngl.Context, alpha: tuple[int, int]) -> None:
    """Colours mixed by the new alpha; `alpha` says how the old and the new alpha are."""
    function: Any = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, *alpha)
    context.enable(moderngl.BLEND)
    context.blend_func = function


def floats(context: moderngl.Context, values: np.ndarray) -> moderngl.Buffer:
    return context.buffer(np.ascontiguousarray(values, np.float32).tobytes())
