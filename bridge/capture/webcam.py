"""A camera, or a video file, read by MediaPipe's face landmarker.

Its scores are called as ARKit's curves, without tongueOut and with `_neutral` before them, and are taken by name. They
are 0 to 1, left and right are the performer's, as long as the picture is not mirrored. The head comes from the facial
transformation matrix, which moves the landmarks of a face at rest into a room with the camera at its origin: x to the
picture's right, y up, z out of the picture, so that of a face that looks into the camera x is to the performer's left
(`turn_before_camera`). Eyes have no angles of their own there; what they do is in the eyeLook curves.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from bridge.capture.beat import Beat
from bridge.capture.rotation import turn_before_camera
from bridge.capture.sample import Sample
from bridge.capture.spelling import number, place_of
from bridge.errors import CommandError
from protocol.blendshapes import ARKIT55

MODEL = "face_landmarker.task"
NEUTRAL = "_neutral"
USUAL_RATE = 30.0
PATIENCE = 30  # pictures a camera may miss in a row
HOW = f"`facebridge models pull smirk` fetches it, or name yours with webcam:file=PATH/{MODEL}"

Scores = Iterable[tuple[str, float]]
Finder = Callable[[np.ndarray, int], tuple[Scores, np.ndarray | None] | None]
"""A picture, uint8 (h, w, 3) RGB, and its time in ms, above that of the one before → scores by name and the matrix,
float (4, 4); None where there is no face."""


def landmarks_to_sample(scores: Scores, matrix: np.ndarray | None) -> Sample:
    """What the landmarker says of a face, as a sample; without a matrix the head is straight."""
    curves, oddities = np.zeros(len(ARKIT55), np.float32), set[str]()
    for name, score in scores:
        place, value = place_of(name), number(score)
        if place is not None and value == value:
            curves[place] = value
        elif name != NEUTRAL:
            oddities.add("unknown curve" if place is None else "bad value")
    if matrix is not None:
        turn = turn_before_camera(matrix)
        curves[-3:] = turn or (0.0, 0.0, 0.0)
        oddities |= set() if turn else {"bad rotation"}
    return Sample(curves, np.zeros(6, np.float32), oddities=tuple(sorted(oddities)))


class Webcam:
    """A player: the camera's pictures as they come, or those of a `video` at its own pace.

    `file` is the landmarker's model, where it is not among the weights that `facebridge models pull` fetches.
    `find` stands in for the landmarker.
    """

    def __init__(
        self, camera: int = 0, file: Path | None = None, video: Path | None = None, find: Finder | None = None
    ) -> None:
        """CommandError if a part is missing: mediapipe, its model, the camera or the video."""
        self._find = find or landmarker(file or usual_model())
        self._what = f"camera {camera}" if video is None else str(video)
        self._live = video is None
        self._pictures = cv2.VideoCapture(camera) if video is None else cv2.VideoCapture(str(video))
        if not self._pictures.isOpened():
            raise CommandError(_no_camera(camera) if video is None else f"{video} cannot be read as a video")
        self._beat = Beat()

    def frames(self) -> Iterator[Sample]:
        """CommandError when the camera stops giving pictures; a video just ends."""
        self._beat.start()
        last = -1
        try:
            for moment, picture in self._pictures_in_time():
                last = max(last + 1, int(moment * 1000))
                found = self._find(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), last)
                yield _no_face() if found is None else landmarks_to_sample(*found)
        finally:
            self._pictures.release()

    def stop(self) -> None:
        self._beat.stop()

    def _pictures_in_time(self) -> Iterator[tuple[float, np.ndarray]]:
        """Each with its seconds since the start."""
        rate = self._pictures.get(cv2.CAP_PROP_FPS)
        rate = rate if 1.0 <= rate <= 1000.0 else USUAL_RATE
        shown = missed = 0
        while self._beat.wait(0.0 if self._live else shown / rate):
            there, picture = self._pictures.read()
            if there:
                yield self._beat.seconds if self._live else shown / rate, np.asarray(picture)
                shown, missed = shown + 1, 0
            elif not self._live:
                return
            else:
                missed += 1
                self._bear(missed)

    def _bear(self, missed: int) -> None:
        if missed > PATIENCE:
            raise CommandError(f"{self._what} gives no more pictures: is it still plugged in?")
        self._beat.wait(self._beat.seconds + 1 / USUAL_RATE)


def usual_model() -> Path:
    """Where `facebridge models pull` puts the landmarker. CommandError if it is not there."""
    from bridge.commands.models import home
    from generator.arc2face.layout import folders

    path = folders(home()).models / "smirk" / MODEL
    if not path.is_file():
        raise CommandError(f"webcam needs MediaPipe's {MODEL}, and {path} is not there: {HOW}")
    return path


def landmarker(model: Path) -> Finder:
    """MediaPipe's face landmarker, for one face. CommandError if it or its model is missing or unfit."""
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
        tool = FaceLandmarker.create_from_options(options)
    except (RuntimeError, ValueError) as error:
        raise CommandError(f"{model} is not what mediapipe takes for a face landmarker: {error}") from None

    def find(picture: np.ndarray, milliseconds: int) -> tuple[Scores, np.ndarray | None] | None:
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        return told(tool.detect_for_video(image, milliseconds))

    return find


def told(result: Any) -> tuple[Scores, np.ndarray | None] | None:
    """MediaPipe's FaceLandmarkerResult → scores and matrix of its first face."""
    if not result.face_blendshapes:
        return None
    matrices = result.facial_transformation_matrixes
    scores = [(score.category_name, score.score) for score in result.face_blendshapes[0]]
    return scores, np.asarray(matrices[0]) if len(matrices) else None


def _no_face() -> Sample:
    return Sample(np.zeros(len(ARKIT55), np.float32), np.zeros(6, np.float32), tracked=False)


def _no_camera(camera: int) -> str:
    return (
        f"camera {camera} cannot be opened: it is not there, another program has it, or this one may not use it "
        "(system settings, privacy, camera); webcam:camera=1 takes the next one"
    )
