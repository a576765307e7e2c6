"""A camera, or a video file, read by MediaPipe's face landmarker.

Its scores are called as ARKit's curves, without tongueOut and with `_neutral` before them, and are taken by name. They
are 0 to 1; left and right are the performer's, as long as the picture is not mirrored. The head comes from the facial
transformation matrix, which moves the landmarks of a face at rest into a room with the camera at its origin: x to the
picture's right, y up, z out of the picture, so that of a face that looks into the camera x is to the performer's left
(`turn_before_camera`). Eyes have no angles of their own there; what they do is in the eyeLook curves.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import cv2
import numpy as np

from bridge.capture.beat import Beat
from bridge.capture.landmarker import Finder, Landmarker, Scores, usual_model
from bridge.capture.rotation import turn_before_camera
from bridge.capture.sample import Sample
from bridge.capture.spelling import number, place_of
from bridge.errors import CommandError
from protocol.blendshapes import ARKIT55

NEUTRAL = "_neutral"
USUAL_RATE = 30.0
PATIENCE = 30  # pictures a camera may miss in a row


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
        """CommandError if a part is missing: the camera or the video, mediapipe, its model."""
        self._beat, self._end = Beat(), ExitStack()
        self._camera = camera if video is None else None
        self._pictures = _opened(camera if video is None else str(video))
        if not self._pictures.isOpened():
            raise CommandError(_no_camera(camera) if video is None else f"{video} cannot be read as a video")
        self._pictures.set(cv2.CAP_PROP_BUFFERSIZE, 1)  # of a camera that is faster than we are, the newest
        self._end.callback(self._pictures.release)
        self._find = find or self._landmarker(file)

    def frames(self) -> Iterator[Sample]:
        """CommandError when the camera stops giving pictures; a video just ends. Only once: it closes everything."""
        self._beat.start()
        last = -1
        with self._end:
            for moment, picture in self._pictures_in_time():
                last = max(last + 1, int(moment * 1000))
                found = self._find(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), last)
                yield _no_face() if found is None else landmarks_to_sample(*found)

    def stop(self) -> None:
        self._beat.stop()

    def _landmarker(self, file: Path | None) -> Landmarker:
        landmarker = Landmarker(file or usual_model())
        self._end.callback(landmarker.close)
        return landmarker

    def _pictures_in_time(self) -> Iterator[tuple[float, np.ndarray]]:
        """Each with its seconds since the start."""
        live = self._camera is not None
        rate = self._pictures.get(cv2.CAP_PROP_FPS)
        rate = rate if 1.0 <= rate <= 1000.0 else USUAL_RATE
        shown = missed = 0
        while self._beat.wait(0.0 if live else shown / rate):
            there, picture = self._pictures.read()
            if there:
                yield self._beat.seconds if live else shown / rate, np.asarray(picture)
                shown, missed = shown + 1, 0
            elif not live:
                return
            else:
                missed += 1
                self._bear(missed)

    def _bear(self, missed: int) -> None:
        if missed > PATIENCE:
            raise CommandError(f"camera {self._camera} gives no more pictures: is it still plugged in?")
        self._beat.wait(self._beat.seconds + 1 / USUAL_RATE)


def _opened(source: int | str) -> cv2.VideoCapture:
    """OpenCV's warnings of what it tried in vain would only stand before our own sentence."""
    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    try:
        return cv2.VideoCapture(source)
    finally:
        cv2.utils.logging.setLogLevel(before)


def _no_face() -> Sample:
    return Sample(np.zeros(len(ARKIT55), np.float32), np.zeros(6, np.float32), tracked=False)


def _no_camera(camera: int) -> str:
    return (
        f"camera {camera} cannot be opened: it is not there, another program has it, or this one may not use it "
        f"(system settings, privacy, camera); webcam:camera={camera + 1} takes the next one"
    )
