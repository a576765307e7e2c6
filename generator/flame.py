"""FLAME (doi 10.1145/3130800.3130813): a mesh of a head for the 55 numbers of an expression.

The skinning is smplx's own. smplx's class FLAME is not used, as it unpickles the model and a landmark embedding itself.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch

from generator.checkpoint import CheckpointError
from generator.flame_file import EXPRESSIONS, JOINTS, read_flame
from protocol.blendshapes import FLAME55

SHAPE = EXPRESSIONS + 2
"""So many of the 55 numbers, expressions and eyelids, shape the surface; the last three turn the jaw."""
NECK, JAW = 1, 2


class Flame:
    """The mean head of a FLAME model that the user supplies."""

    def __init__(self, source: Path) -> None:
        """`source`: see `flame_file.read_flame`. CheckpointError if the files or smplx cannot be used."""
        try:
            from smplx.lbs import lbs
        except ImportError as error:
            raise CheckpointError(
                f"FLAME's mesh needs smplx, which cannot be imported ({error}): "
                "`python3 run.py setup flame` or `pip install facebridge[flame]`"
            ) from error
        arrays = read_flame(source)
        self.faces = arrays.faces
        """int32 (9976, 3)"""
        self.has_eyelids = arrays.has_eyelids
        """Without the eyelids' files, the two eyelid numbers move nothing."""
        self._skin: Callable[..., tuple[torch.Tensor, torch.Tensor]] = lbs
        self._template = torch.from_numpy(arrays.template)
        self._expressions = torch.from_numpy(arrays.expressions)
        self._poses = torch.from_numpy(arrays.poses).reshape(-1, arrays.poses.shape[-1]).T
        self._joints, self._weights, self._parents = map(
            torch.from_numpy, (arrays.joints, arrays.weights, arrays.parents)
        )

    def vertices(self, parameters: np.ndarray, head: np.ndarray | None = None) -> np.ndarray:
        """(n, 55) in FLAME55 order → float32 (n, 5023, 3): metres, x to the person's left, y up, z to the front.

        `head` (n, 3): yaw, pitch and roll in radians as in ARKIT55, turned at the neck.
        """
        if parameters.ndim != 2 or parameters.shape[1] != len(FLAME55):
            raise ValueError(f"expected rows of {len(FLAME55)} numbers, got the shape {parameters.shape}")
        numbers = torch.from_numpy(np.ascontiguousarray(parameters, dtype=np.float32))
        pose = torch.zeros(len(numbers), JOINTS, 3)
        pose[:, JAW] = numbers[:, SHAPE:]
        if head is not None:
            pose[:, NECK] = torch.from_numpy(np.stack([neck_turn(angles) for angles in head]))
        with torch.inference_mode():
            placed, _ = self._skin(
                numbers[:, :SHAPE], pose.flatten(1), self._template[None], self._expressions, self._poses, self._joints,
                self._parents, self._weights,
            )  # fmt: skip
        return placed.numpy()


def neck_turn(angles: np.ndarray) -> np.ndarray:
    """Yaw (+ to the person's right), pitch (+ down) and roll (+ towards their left shoulder), radians → the same turn
    as an axis times its angle, float32 (3,). Pitch comes first, roll last.
    """
    yaw, pitch, roll = (float(angle) for angle in angles)
    turns = ((0.0, 0.0, -roll), (0.0, -yaw, 0.0), (pitch, 0.0, 0.0))
    about_z, about_y, about_x = (cv2.Rodrigues(np.array(turn))[0] for turn in turns)
    return cv2.Rodrigues(about_z @ about_y @ about_x)[0].ravel().astype(np.float32)
