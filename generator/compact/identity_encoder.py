"""Who is in a picture: the identity encoder of the compact model, from the one ONNX file that others can load as well.

The file holds `input` (n, 3, 112, 112), RGB in -1..1, and `embedding` (n, 512) of unit length: what insightface's
ArcFaceONNX expects. It knows synthetic people such as the compact model draws, framed as it draws, no photographs.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import cv2
import numpy as np

from generator.errors import Explained

FILE = "identity_encoder.onnx"
SIDE, WIDTH = 112, 512
BATCH = 32
PLAIN = (92, 99, 107)  # sRGB: what lies behind transparent pictures


class IdentityEncoderError(Explained):
    """An identity encoder that is missing or damaged, or a picture it cannot take."""


class IdentityEncoder:
    """The encoder in a model's folder. Threads 0 takes all cores. Raises IdentityEncoderError."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        import openvino as ov

        path = folder / FILE
        if not path.is_file():
            raise IdentityEncoderError(f"{folder} has no {FILE}, so nobody can be enrolled for this model")
        self.name = encoder_name(path)
        settings = {"INFERENCE_PRECISION_HINT": "f32"} | ({"INFERENCE_NUM_THREADS": threads} if threads else {})
        try:
            self._network = ov.Core().compile_model(path, "CPU", settings)
        except RuntimeError as error:
            raise IdentityEncoderError(f"{path} is damaged: {str(error).splitlines()[0]}") from None

    def embed(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 (n, side, side, 3) RGB or (n, side, side, 4) with straight alpha, framed as the compact model draws
        → (n, 512) float32 of unit length. Raises IdentityEncoderError.
        """
        if pictures.ndim != 4 or pictures.dtype != np.uint8 or pictures.shape[3] not in (3, 4):
            found = f"{pictures.dtype} {pictures.shape}"
            raise IdentityEncoderError(f"pictures to embed are uint8 (n, side, side, 3 or 4), not {found}")
        shrunk = [shrink(opaque(picture)) for picture in pictures]
        parts = [self._run(np.stack(shrunk[at : at + BATCH])) for at in range(0, len(shrunk), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, WIDTH), np.float32)

    def _run(self, pictures: np.ndarray) -> np.ndarray:
        batch = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2), np.float32) / 127.5 - 1
        return np.array(self._network(batch)[0])


def encoder_name(path: Path) -> str:
    """What identities made with it are marked with: another training is another encoder."""
    return f"compact-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def opaque(picture: np.ndarray, backdrop: tuple[int, int, int] = PLAIN) -> np.ndarray:
    """uint8 (h, w, 3), or (h, w, 4) with straight alpha → uint8 (h, w, 3) on the backdrop."""
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.rint(picture[..., :3] * alpha + (1 - alpha) * np.array(backdrop, np.float32)).astype(np.uint8)


def shrink(picture: np.ndarray) -> np.ndarray:
    """uint8 (side, side, c) → uint8 (112, 112, c), by area."""
    if picture.shape[:2] == (SIDE, SIDE):
        return picture
    smaller = min(picture.shape[:2]) > SIDE
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
