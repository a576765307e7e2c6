"""Draws one person making one expression: (person, arkit55 curves) → uint8 picture. Needs moderngl and an EGL or
native GL driver.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import cv2
import moderngl
import numpy as np

from generator.training.renderer import camera
from generator.training.renderer import rig as rigs
from generator.training.renderer.hair import HairShell, hair_shell
from generator.training.renderer.person import Person
from protocol.blendshapes import INDEX

SHADERS = Path(__file__).parent / "shaders"
SUPERSAMPLING = 2
KEY_DIRECTION = np.array([-0.50, 0.42, 0.76]) / np.linalg.norm([-0.50, 0.42, 0.76])


class HeadRenderer:
    """Holds the GL context; use from one thread. `wear` a person, then `draw` expressions."""

    def __init__(self, data: Path, size: int = 128) -> None:
        self.rig = rigs.load_rig(data / "ict")
        self.size = size
        self.gl = _context()
        self._head = self._program("head.vert", "head.frag")
        self._hair = self._program("hair.vert", "hair.frag")
        backdrop = self.gl.program((SHADERS / "backdrop.vert").read_text(), (SHADERS / "backdrop.frag").read_text())
        corners = self.gl.buffer(np.array([-1, -1, 1, -1, -1, 1, 1, 1], "f4").tobytes())
        self._backdrop = self.gl.vertex_array(backdrop, [(corners, "2f", "position")])
        self._position, self._normal = (self.gl.buffer(reserve=self.rig.neutral.nbytes) for _ in range(2))
        self._solid, self._lashes = self._head_array(self.rig.solid), self._head_array(self.rig.lashes)
        side = size * SUPERSAMPLING
        self._target = self.gl.framebuffer(
            [self.gl.renderbuffer((side, side), 4)], self.gl.depth_renderbuffer((side, side))
        )
        self._shell: moderngl.VertexArray | None = None

    def wear(self, person: Person) -> None:
        """Makes `person` the one that is drawn from now on."""
        shape = np.array(person.shape, np.float32)
        self.base = self.rig.neutral + (shape @ self.rig.identity[: len(shape)]).reshape(-1, 3)
        shell = hair_shell(person, self.base[self.rig.material <= rigs.SCALP])
        self._shell = self._hair_array(shell) if shell else None
        for name, value in _appearance(person).items():
            _set(self._head, name, value)
        if shell:
            for name, value in {
                "hair_colour": person.hair,
                "cloth_colour": person.cloth,
                "cloth": shell.style.cloth,
                "curl": shell.style.curl,
            }.items():
                _set(self._hair, name, value)

    def draw(self, curves: np.ndarray) -> np.ndarray:
        """Curves (55,): 52 ARKit, then head yaw, pitch, roll (see `camera.head_turn`) → uint8 (size, size, 3) RGB."""
        vertices = rigs.pose(self.rig, self.base, curves)
        self._position.write(vertices.astype("f4").tobytes())
        self._normal.write(rigs.normals(self.rig, vertices).astype("f4").tobytes())
        turn = camera.head_turn(curves[52:55])
        for program in (self._head, self._hair):
            _set(program, "turn", turn.T.ravel())
        for name, value in _expression_lines(curves).items():
            _set(self._head, name, value)
        self._paint()
        return self._read()

    def _paint(self) -> None:
        self._target.use()
        self._target.clear(depth=1.0)
        self.gl.disable(moderngl.BLEND | moderngl.DEPTH_TEST)
        self._backdrop.render(moderngl.TRIANGLE_STRIP)
        self.gl.enable(moderngl.DEPTH_TEST)
        if self._shell:
            self._shell.render()
        self.gl.enable(moderngl.CULL_FACE)
        self._solid.render()
        self.gl.disable(moderngl.CULL_FACE)
        self.gl.enable(moderngl.BLEND)
        self.gl.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA
        self._lashes.render()

    def _read(self) -> np.ndarray:
        side = self.size * SUPERSAMPLING
        picture = np.frombuffer(self._target.read(components=3), np.uint8).reshape(side, side, 3)[::-1]
        return cv2.resize(picture, (self.size, self.size), interpolation=cv2.INTER_AREA)

    def _program(self, vertex: str, fragment: str) -> moderngl.Program:
        source = (SHADERS / "common.glsl").read_text() + (SHADERS / fragment).read_text()
        program = self.gl.program((SHADERS / vertex).read_text(), source)
        settings = {
            "pivot": camera.PIVOT, "camera_distance": camera.DISTANCE, "half_width": camera.HALF_WIDTH,
            "centre_height": camera.CENTRE_HEIGHT, "key_direction": KEY_DIRECTION,
        }  # fmt: skip
        for name, value in settings.items():
            _set(program, name, value)
        for side, name in ((1, "left_eye"), (-1, "right_eye")):
            _set(program, name, rigs.LEFT_EYE * [side, 1, 1])
        return program

    def _head_array(self, triangles: np.ndarray) -> moderngl.VertexArray:
        rest = self.gl.buffer(self.rig.neutral.astype("f4").tobytes())
        material = self.gl.buffer(self.rig.material.astype("f4").tobytes())
        content = [
            (self._position, "3f", "position"),
            (self._normal, "3f", "normal"),
            (rest, "3f", "rest"),
            (material, "1f", "material"),
        ]
        return self.gl.vertex_array(self._head, content, self.gl.buffer(triangles.astype("i4").tobytes()))

    def _hair_array(self, shell: HairShell) -> moderngl.VertexArray:
        content = [(self.gl.buffer(values.astype("f4").tobytes()), kind, name) for values, kind, name in
                   ((shell.position, "3f", "position"), (shell.normal, "3f", "normal"), (shell.edge, "1f",
                   "edge"))]  # fmt: skip
        return self.gl.vertex_array(self._hair, content, self.gl.buffer(shell.triangles.astype("i4").tobytes()))


def _context() -> moderngl.Context:
    settings: Any = {"backend": "egl"} if sys.platform == "linux" else {}
    return moderngl.create_context(standalone=True, require=330, **settings)


def _set(program: moderngl.Program, name: str, value: Any) -> None:
    if name in program:  # the compiler drops what a shader does not use
        uniform: Any = program[name]
        uniform.value = tuple(float(v) for v in value) if np.ndim(value) else float(value)


def _appearance(person: Person) -> dict[str, Any]:
    plain = ("redness", "stubble", "beard", "freckles", "blush", "liner", "shadow", "age", "hairline", "brow_density",
             "brow_thickness", "brow_height", "brow_arch", "pupil", "iris")  # fmt: skip
    brow = np.array(person.hair) * 0.5 + person.skin * 0.04
    hidden = person.style in ("bald", "cap", "headscarf")
    return {name: getattr(person, name) for name in plain} | {
        "skin": person.skin, "lips": person.lips, "hair_colour": person.hair, "brow_colour": brow, "gloss_amount":
        person.gloss, "patches": (*person.patches[:2], 0.0, 0.0), "mottle": 0.06 + 0.10 * person.age, "scalp_hair":
        0.0 if hidden else 1.0,
    }  # fmt: skip


def _expression_lines(curves: np.ndarray) -> dict[str, float]:
    value = lambda *names: float(np.clip(np.mean([curves[INDEX[n]] for n in names]), 0, 1))  # noqa: E731
    return {
        "brow_lines": value("browInnerUp", "browOuterUpLeft", "browOuterUpRight"),
        "frown_lines": value("browDownLeft", "browDownRight"),
        "smile_lines": value("mouthSmileLeft", "mouthSmileRight"),
    }
