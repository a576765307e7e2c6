"""SMIRK (arXiv 2404.04104): the expression of a face in a picture, as FLAME's numbers.

Everything is as the Arc2Face demo does it, so that a picture gives the vector that the Expression Adapter sees there.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import nn

from generator.arc2face.weights import check_shapes, read_tensors
from generator.checkpoint import CheckpointError
from generator.face_landmarks import LandmarkFinder
from generator.mobilenet import FEATURES, MobileNetV3Minimal
from generator.smirk_crop import crop
from protocol.blendshapes import FLAME55

FILE = "SMIRK_em1.pt"
PREFIX = "smirk_encoder.expression_encoder."
"""The file also holds SMIRK's encoders of pose and shape and its picture generator; nothing here asks for those."""

JAW_ASIDE = 0.2
"""Radians that the jaw may turn either way about y and z."""


class ExpressionEncoder(nn.Module):
    """Faces (n, 3, 224, 224), 0..1 → (n, 55): 50 expression coefficients, 2 eyelids (0..1), 3 jaw angles (radians)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = MobileNetV3Minimal()
        self.expression_layers = nn.Sequential(nn.Linear(FEATURES, len(FLAME55)))

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        numbers = self.expression_layers(self.encoder(faces).mean(dim=(2, 3)))
        expression, eyelids, opening, aside = numbers.split((50, 2, 1, 2), dim=1)
        return torch.cat([expression, eyelids.clamp(0, 1), opening.relu(), aside.clamp(-JAW_ASIDE, JAW_ASIDE)], dim=1)


class ExpressionReader:
    """Reads expressions off pictures with the files of one folder."""

    def __init__(self, folder: Path) -> None:
        """CheckpointError if SMIRK_em1.pt is missing or not SMIRK's; the landmarker is loaded when first needed."""
        self._folder = folder
        self._encoder = _load(folder / FILE)
        self._finder: LandmarkFinder | None = None

    def read(self, picture: np.ndarray, landmarks: np.ndarray | None = None) -> np.ndarray:
        """uint8 (h, w, 3) RGB → float32 (55,) in FLAME55 order.

        `landmarks` (k, 2 or more), x and y in pixels, stand in for MediaPipe's 478, of which only the bounding box
        counts. PhotoError without a face, or with one too small to read; CheckpointError if landmarks have to be found
        and mediapipe or its file is missing.
        """
        face = crop(picture, self._landmarks(picture) if landmarks is None else landmarks)
        with torch.inference_mode():
            return self._encoder(_as_seen(face))[0].numpy()

    def _landmarks(self, picture: np.ndarray) -> np.ndarray:
        if self._finder is None:
            self._finder = LandmarkFinder(self._folder)
        return self._finder.find(picture)


def _as_seen(face: np.ndarray) -> torch.Tensor:
    """uint8 (224, 224, 3) RGB → float32 (1, 3, 224, 224).

    Blue comes first, although SMIRK was trained with red first: the demo hands RGB to a routine written for OpenCV's
    order, which swaps red and blue, and the published results came about that way.
    """
    return torch.from_numpy(face[..., ::-1].copy()).permute(2, 0, 1)[None].float() / 255.0


def _load(path: Path) -> ExpressionEncoder:
    if not path.is_file():
        raise CheckpointError(f"{path} is missing: docs/flame.md says where it comes from")
    encoder = ExpressionEncoder()
    expected = {PREFIX + name: tuple(tensor.shape) for name, tensor in encoder.state_dict().items()}
    tensors = {name: tensor for name, tensor in read_tensors(path) if name.startswith(PREFIX)}
    if not tensors:
        raise CheckpointError(f"{path} is not SMIRK's: it has no tensor whose name begins with {PREFIX}")
    check_shapes({name: tuple(tensor.shape) for name, tensor in tensors.items()}, expected, path)
    encoder.load_state_dict({name.removeprefix(PREFIX): tensor for name, tensor in tensors.items()})
    return encoder.eval().requires_grad_(False)
