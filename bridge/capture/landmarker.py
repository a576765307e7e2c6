"""MediaPipe's face landmarker: pictures in, scores by name and a matrix out. It is an extra, and its model a file."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bridge.errors import CommandError

MODEL = "face_landmarker.task"
HOW = f"`facebridge models pull smirk` fetches it, or name yours with webcam:file=PATH/{MODEL}"

Scores = Iterable[tuple[str, float]]
Found = tuple[Scores, np.ndarray | None]
"""Scores 0 to 1 by name, and the facial transformation matrix, float (4, 4)."""

Finder = Callable[[np.ndarray, int], Found | None]
"""A picture, uint8 (h, w, 3) RGB, and its time in ms, above that of the one before; None where there is no face."""


class Landmarker:
    """A `Finder`, for one face. Close it: mediapipe cannot do it by itself while Python is ending."""

    def __init__(self, model: Path) -> None:
        """CommandError if mediapipe or its model is missing, or unfit."""
        try:
            import mediapipe
            from mediapipe.tasks.python import BaseOptions
            from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode
        except (ImportError, OSError) as error:
            raise CommandError(
                f"webcam needs mediapipe, which cannot be imported ({error}): `python3 run.py setup smirk`"
            ) from None
        if not model.is_file():
            raise CommandError(f"there is no {model}: {HOW}")
        options = FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=model.read_bytes()),
            running_mode=RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        try:
            self._tool = FaceLandmarker.create_from_options(options)
        except (RuntimeError, ValueError) as error:
            raise CommandError(f"{model} is not what mediapipe takes for a face landmarker: {error}") from None
        self._mediapipe = mediapipe

    def __call__(self, picture: np.ndarray, milliseconds: int) -> Found | None:
        form = self._mediapipe.ImageFormat.SRGB
        image = self._mediapipe.Image(image_format=form, data=np.ascontiguousarray(picture))
        return told(self._tool.detect_for_video(image, milliseconds))

    def close(self) -> None:
        self._tool.close()


def usual_model() -> Path:
    """Where `facebridge models pull` puts the model. CommandError if it is not there."""
    from bridge.commands.models import home
    from generator.arc2face.layout import folders

    path = folders(home()).models / "smirk" / MODEL
    if not path.is_file():
        raise CommandError(f"webcam needs MediaPipe's {MODEL}, and {path} is not there: {HOW}")
    return path


def told(result: Any) -> Found | None:
    """MediaPipe's FaceLandmarkerResult → scores and matrix of its first face."""
    if not result.face_blendshapes:
        return None
    matrices = result.facial_transformation_matrixes
    scores = [(score.category_name, score.score) for score in result.face_blendshapes[0]]
    return scores, np.asarray(matrices[0]) if len(matrices) else None
