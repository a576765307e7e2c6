"""The film of a performance: the face large, beside the strip of curves that drive it. 1280 by 720."""

import cv2
import numpy as np

from bridge.film import enlarge
from bridge.received import ReceivedPicture
from bridge.strip import (
    BACKGROUND,
    BRIGHT,
    DIM,
    FAINT,
    HAIRLINE,
    HEIGHT,
    LEFT,
    RIGHT,
    VALUES,
    CurveStrip,
    write,
    write_right,
)
from bridge.takes import Take

WIDE, HIGH = 1280, 720
FACE_X, STRIP_X, TOP = 48, 600, 102
HEAD_LINE, FOOT_LINE, PROGRESS = TOP - 24, TOP + HEIGHT + 42, HIGH - 34


class Stage:
    """Draws one film frame for each picture of a take."""

    def __init__(self, take: Take, identity: str) -> None:
        self.take = take
        self._strip = CurveStrip(take)
        self._still = _still_parts(take, identity)

    def draw(self, picture: ReceivedPicture, rate: float) -> np.ndarray:
        """The frame, uint8 (720, 1280, 3) RGB. `picture.sequence` is the take's frame; `rate` pictures per second."""
        image = self._still.copy()
        face = enlarge(picture.pixels, HEIGHT)
        if len(face) > HEIGHT:
            face = cv2.resize(face, (HEIGHT, HEIGHT), interpolation=cv2.INTER_AREA)
        image[TOP : TOP + HEIGHT, FACE_X : FACE_X + HEIGHT] = face
        image[TOP : TOP + HEIGHT, STRIP_X : STRIP_X + VALUES] = self._strip.draw(picture.sequence)
        write(image, picture.timecode, FACE_X, FOOT_LINE, 22, BRIGHT)
        self._figures(image, picture, rate)
        _progress(image, self.take.times[picture.sequence] / self.take.times[-1] if len(self.take) > 1 else 1.0)
        return image

    def _figures(self, image: np.ndarray, picture: ReceivedPicture, rate: float) -> None:
        x = FACE_X + HEIGHT
        for value, unit in ((picture.dropped, "dropped"), (picture.latency.total, "ms"), (rate, "fps")):
            x = write_right(image, unit, x, FOOT_LINE, 16, DIM) - 5
            x = write_right(image, f"{value:.0f}", x, FOOT_LINE, 16, BRIGHT) - 22


def _still_parts(take: Take, identity: str) -> np.ndarray:
    image = np.full((HIGH, WIDE, 3), BACKGROUND, np.uint8)
    write(image, identity, FACE_X, HEAD_LINE, 30, BRIGHT, bold=True)
    write_right(image, "facebridge", FACE_X + HEIGHT, HEAD_LINE, 16, DIM)
    write(image, take.name.replace("_", " "), STRIP_X, HEAD_LINE, 16, DIM)
    x = STRIP_X + VALUES
    for word, colour in (("right", RIGHT), ("left", LEFT), ("both", BRIGHT)):
        x = write_right(image, word, x, HEAD_LINE, 14, DIM)
        cv2.line(image, (x - 25, HEAD_LINE - 5), (x - 9, HEAD_LINE - 5), colour, 2, cv2.LINE_AA)
        x -= 44
    return image


def _progress(image: np.ndarray, part: float) -> None:
    right = WIDE - FACE_X
    cv2.line(image, (FACE_X, PROGRESS), (right, PROGRESS), HAIRLINE, 2)
    cv2.line(image, (FACE_X, PROGRESS), (FACE_X + round(part * (right - FACE_X)), PROGRESS), FAINT, 2)
