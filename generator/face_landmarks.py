"""MediaPipe's 478 landmarks of a face, from the user's own `face_landmarker.task`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from generator.checkpoint import CheckpointError
from generator.photo import PhotoError

FILE = "face_landmarker.task"
CONFIDENCE = 0.1
"""As low as SMIRK asks, of the face and of the landmarks: a doubtful face is better than none."""

NO_FACE = "no face is found in the picture: take one where a single face is large, lit and looks towards the camera"


class LandmarkFinder:
    """Finds the landmarks of one face in a picture."""

    def __init__(self, folder: Path) -> None:
        """CheckpointError if mediapipe or the file is missing, or if mediapipe does not take the file."""
        self._finder = _open(folder / FILE)

    def find(self, picture: np.ndarray) -> np.ndarray:
        """uint8 (h, w, 3) RGB → float64 (478, 2), x and y in pixels. PhotoError without a face."""
        import mediapipe

        height, width = picture.shape[:2]
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        faces = self._finder.detect(image).face_landmarks
        if not faces:
            raise PhotoError(NO_FACE)
        return np.array([(point.x * width, point.y * height) for point in faces[0]], dtype=np.float64)


def _open(path: Path) -> Any:
    try:
        from mediapipe.tasks.python import BaseOptions
        from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions
    except ImportError as error:
        raise CheckpointError(
            f"reading a face off a picture needs mediapipe, which cannot be imported ({error}): "
            "`python3 run.py setup smirk` or `pip install facebridge[smirk]`"
        ) from error
    if not path.is_file():
        raise CheckpointError(f"{path} is missing: docs/flame.md says where it comes from")
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_buffer=path.read_bytes()),
        num_faces=1,
        min_face_detection_confidence=CONFIDENCE,
        min_face_presence_confidence=CONFIDENCE,
    )
    try:
        return FaceLandmarker.create_from_options(options)
    except (RuntimeError, ValueError) as error:
        raise CheckpointError(f"{path} is not what mediapipe takes for a face landmarker: {error}") from error
