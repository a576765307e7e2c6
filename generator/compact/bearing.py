"""How one person bears themselves: `Geometry.points` once more, for one face and many frames, in numpy. torch takes
longer to load than all else that a first picture waits for, and longer for many small sums.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import ml_dtypes  # noqa: F401  # tells numpy of bfloat16, which weights are kept in
import numpy as np
from safetensors import SafetensorError, safe_open

from generator.checkpoint import CheckpointError
from generator.compact.camera import CENTRE_HEIGHT, DISTANCE, LANDMARKS, WEIGHTS, ZOOM
from generator.compact.card import DENOISER, IDENTITY
from generator.compact.pose import MEASURED, NECK, SHUT, SIDE, Pose, rotation

WITHIN = "expression.geometry."  # the denoiser's weights
LAYERS, ONCE = ("both.0", "both.2", "both.4"), ("rest", "who")
PARTS = ("moved.weight", *(f"{layer}.{part}" for layer in (*LAYERS, *ONCE) for part in ("weight", "bias")))

Landmarks = Mapping[str, np.ndarray]  # what the network knows of them: the weights of `Geometry`, float32, by PARTS


def read_landmarks(folder: Path) -> Landmarks:
    """Of a model's folder. Raises CheckpointError."""
    path = folder / DENOISER
    try:
        with safe_open(path, "np") as file:
            landmarks = {name: file.get_tensor(WITHIN + name).astype(np.float32) for name in PARTS}
        Bearing(landmarks, np.zeros(IDENTITY, np.float32)).at(np.zeros(WEIGHTS + 3, np.float32))
    except (SafetensorError, ValueError) as error:  # the latter of shapes that do not go together
        raise CheckpointError(f"{path} is damaged: {error}") from error
    return landmarks


class Bearing:
    """One person's; `identity` is their vector (512,)."""

    def __init__(self, landmarks: Landmarks, identity: np.ndarray) -> None:
        person = identity * np.float32(len(identity) ** 0.5)
        self._rest, self._who = (landmarks[f"{layer}.weight"] @ person + landmarks[f"{layer}.bias"] for layer in ONCE)
        self._moved = landmarks["moved.weight"]
        self._layers = [(landmarks[f"{layer}.weight"], landmarks[f"{layer}.bias"]) for layer in LAYERS]

    def at(self, curves: np.ndarray) -> Pose:
        """curves (55,) as in `Pose`."""
        turn, places = rotation(curves[WEIGHTS:]), self._in_space(curves[:WEIGHTS])
        turned = (places - NECK) @ turn.T + NECK
        zoom = ZOOM / (DISTANCE - turned[:, 2])
        seen = np.stack([turned[:, 0] * zoom, (CENTRE_HEIGHT - turned[:, 1]) * zoom], 1)
        pixels = (seen + 1) * (SIDE / 2) - 0.5
        ends = pixels[np.array(MEASURED)]
        sizes = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
        sizes[-1] += SHUT * sizes[-2]
        return Pose(curves, turn, pixels, sizes)

    def _in_space(self, weights: np.ndarray) -> np.ndarray:
        """(40, 3), cm, in the head's own space."""
        (first, start), (second, bias), (last, end) = self._layers
        hidden = _silu(_times(first, np.append(self._who, weights * 2)) + start)
        together = _times(last, _silu(_times(second, hidden) + bias)) + end
        return (self._rest + _times(self._moved, weights) + together).reshape(LANDMARKS, 3)


def _times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Not by BLAS: its threads would keep the network's from their cores."""
    return np.einsum("ij,j->i", matrix, vector)


def _silu(values: np.ndarray) -> np.ndarray:
    return values / (1 + np.exp(-values))
