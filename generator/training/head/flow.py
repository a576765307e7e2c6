"""Optical flow between two frames of one person, from the rig itself."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.camera import FAR, NEAR
from generator.training.head.figure import Figure
from generator.training.head.rig import normals
from generator.training.head.shapes import Shape

NEARER = 0.5 / (FAR - NEAR)  # half a centimetre in front hides a point
NOTHING_DRAWN = 2.0  # the depth written where no figure is


@dataclass(frozen=True)
class Flow:
    """From the first frame to the second, at the first frame's pixels."""

    motion: np.ndarray  # float32 (size, size, 2): pixels to the right, pixels down; 0 on the backdrop
    figure: np.ndarray  # bool (size, size): the figure, not the backdrop
    hidden: np.ndarray  # bool (size, size): not to be seen in the second frame, behind something or out of it


class FlowRenderer:
    """Pictures are `size`² pixels; the figure wears what was last put on it."""

    def __init__(self, figure: Figure, size: int) -> None:
        self.figure, self.size, self._gl = figure, size, figure.gl
        self._program = gl.program(self._gl, "flow", "flow")
        self._motion = self._gl.texture((size, size), 4, dtype="f4")
        self._target = self._gl.framebuffer([self._motion], self._gl.depth_renderbuffer((size, size)))

    def between(self, first: np.ndarray, second: np.ndarray) -> Flow:
        """Curves (55,) of both frames, as for `HeadRenderer.draw`."""
        there, moved = self._frame(first, second), self._frame(second, second)
        figure = there[..., 3] < 1.5
        motion = np.where(figure[..., None], there[..., :2], 0.0).astype(np.float32)
        return Flow(motion, figure, self._hidden(motion, figure, there[..., 2], moved))

    def _hidden(self, motion: np.ndarray, figure: np.ndarray, depth: np.ndarray, moved: np.ndarray) -> np.ndarray:
        row, column = np.mgrid[: self.size, : self.size]
        x, y = np.rint(column + motion[..., 0]).astype(int), np.rint(row + motion[..., 1]).astype(int)
        outside = (x < 0) | (y < 0) | (x >= self.size) | (y >= self.size)
        x, y = x.clip(0, self.size - 1), y.clip(0, self.size - 1)
        front = np.where(moved[..., 3] < 1.5, moved[..., 2], NOTHING_DRAWN)[y, x]
        return outside | np.where(figure, front < depth - NEARER, front < NOTHING_DRAWN)

    def _frame(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """float (size, size, 4): motion x, y (pixels, down), depth in the second frame, 1 on the figure."""
        figure = self.figure
        poses = [figure.poser.pose(figure.base, np.asarray(curves, np.float64)) for curves in (first, second)]
        slopes = [normals(figure.rig, vertices) for vertices in poses]
        gl.set_uniform(self._program, "head_angles", first[52:55])
        gl.set_uniform(self._program, "later_angles", second[52:55])
        gl.set_uniform(self._program, "half_size", self.size / 2)
        self._gl.enable_only(moderngl.DEPTH_TEST)
        self._target.use()
        self._target.clear(0.0, 0.0, 0.0, NOTHING_DRAWN, depth=1.0)
        figure.hairdo.texture.use(0)
        self._program["strand_map"] = 0
        for shape in figure.shapes():
            self._draw(shape, *(shape.place(v, n) for v, n in zip(poses, slopes, strict=True)))
        return np.frombuffer(self._motion.read(), np.float32).reshape(self.size, self.size, 4)[::-1]

    def _draw(self, shape: Shape, position: np.ndarray, later: np.ndarray) -> None:
        gl.set_uniform(self._program, "cut_out", float(shape.strand is not None))
        empty = np.zeros((len(position), 3))
        mesh = gl.vertex_array(self._gl, self._program, {
            "position": position, "later": later, "follow": shape.follow,
            "strand": empty[:, :2] if shape.strand is None else shape.strand,
            "lock": empty if shape.lock is None else shape.lock,
        }, shape.triangles)  # fmt: skip
        mesh.render()
        mesh.release()
