"""OpenSeeFace (webcam tracker): 1785 bytes a face, little-endian, a picture's faces one after the other, UDP 11573.

    f64 time | i32 face | f32 width, height | f32 right, left eye open | u8 fitted | f32 error | 4 f32 quaternion
    | 3 f32 Euler angles, degrees | 3 f32 translation | 68 f32 confidence | 68 × 2 f32 points | 70 × 3 f32 points
    | 14 f32 features

A face that could not be fitted in space is tracking lost. Each face is a subject of its own, named by its number.
Features run from -1 to 1 about the median of what the tracker has seen so far. They are far fewer than ARKit's curves:

    feature                       below 0              above 0
    eye_l, eye_r                  eyeBlink             eyeWide          also: eyeBlink is at least 1 - eye open
    eyebrow_updown_l, _r          browDown             browOuterUp      browInnerUp is the mean of both sides
    mouth_corner_updown_l, _r     mouthSmile           mouthFrown       the tracker measures them downwards
    mouth_open                                         jawOpen
    mouth_wide                    mouthPucker          mouthStretch, both sides

and the gaze, pupil against eyeball, makes the eyeLook curves as a phone's do. Lost: how steep and how quirked the brows
are, mouth_corner_inout, and everything the tracker does not measure (cheeks, nose, tongue, lips rolled or pressed).

The Euler angles are those of OpenCV with rows for columns: a face that looks into the camera is near (±180, 0, 90), x
grows as it turns down, y falls as it turns to the performer's right, z falls as it leans to their left shoulder (found
by running the tracker's own fit on a turned head). The fit leaves some degrees of its own: calibrate. Senders that
imitate the tracker and begin at (0, 0, 0) are taken as they are.
"""

import numpy as np

from bridge.capture.sample import RefusedPacketError, Sample
from bridge.takes import EYE_ROTATIONS
from protocol.blendshapes import ARKIT55, INDEX

FACE = np.dtype(
    [
        ("time", "<f8"), ("face", "<i4"), ("size", "<f4", 2), ("open", "<f4", 2), ("fitted", "u1"), ("error", "<f4"),
        ("quaternion", "<f4", 4), ("euler", "<f4", 3), ("translation", "<f4", 3), ("confidence", "<f4", 68),
        ("points", "<f4", (68, 2)), ("points3d", "<f4", (70, 3)), ("features", "<f4", 14),
    ]
)  # fmt: skip
FEATURES: tuple[str, ...] = (
    "eye_l", "eye_r", "eyebrow_steepness_l", "eyebrow_updown_l", "eyebrow_quirk_l", "eyebrow_steepness_r",
    "eyebrow_updown_r", "eyebrow_quirk_r", "mouth_corner_updown_l", "mouth_corner_inout_l", "mouth_corner_updown_r",
    "mouth_corner_inout_r", "mouth_open", "mouth_wide",
)  # fmt: skip
WITHOUT_FEATURES = FACE.itemsize - 4 * len(FEATURES)
MOST_FACES = 36
GREATEST = 1e6
WIDEST_GAZE = np.radians(45.0)
LOOK_SLOPES = {"In": 1.6, "Out": 1.7, "Down": 1.64, "Up": 2.3}

TABLE: tuple[tuple[str, str, float], ...] = (
    ("eye_l", "eyeBlinkLeft", -1.0), ("eye_l", "eyeWideLeft", 1.0),
    ("eye_r", "eyeBlinkRight", -1.0), ("eye_r", "eyeWideRight", 1.0),
    ("eyebrow_updown_l", "browDownLeft", -1.0), ("eyebrow_updown_l", "browOuterUpLeft", 1.0),
    ("eyebrow_updown_r", "browDownRight", -1.0), ("eyebrow_updown_r", "browOuterUpRight", 1.0),
    ("eyebrow_updown_l", "browInnerUp", 0.5), ("eyebrow_updown_r", "browInnerUp", 0.5),
    ("mouth_corner_updown_l", "mouthSmileLeft", -1.0), ("mouth_corner_updown_l", "mouthFrownLeft", 1.0),
    ("mouth_corner_updown_r", "mouthSmileRight", -1.0), ("mouth_corner_updown_r", "mouthFrownRight", 1.0),
    ("mouth_open", "jawOpen", 1.0), ("mouth_wide", "mouthPucker", -1.0),
    ("mouth_wide", "mouthStretchLeft", 1.0), ("mouth_wide", "mouthStretchRight", 1.0),
)  # fmt: skip
"""(feature, curve, weight): the curve grows by the weight times the feature, where that is above 0."""


_SOURCES = np.array([FEATURES.index(feature) for feature, _, _ in TABLE])
_WEIGHTS = np.array([weight for _, _, weight in TABLE], np.float32)
_TARGETS = np.array([[name == curve for name in ARKIT55] for _, curve, _ in TABLE], np.float32)
_BLINKS = [INDEX["eyeBlinkRight"], INDEX["eyeBlinkLeft"]]


class OpenSeeFace:
    """Datagrams of OpenSeeFace → samples, one a face; `read` as in `bridge.capture.sample.Decoder`."""

    def read(self, packet: bytes) -> list[Sample]:
        count, rest = divmod(len(packet), FACE.itemsize)
        if rest or not count:
            raise RefusedPacketError("size", _misfit(len(packet)))
        if count > MOST_FACES:
            raise RefusedPacketError("long", f"{count} faces; a datagram holds {MOST_FACES} at most")
        return _samples(np.frombuffer(packet, FACE))


def _misfit(size: int) -> str:
    if size and size % WITHOUT_FEATURES == 0:
        return f"{size} bytes, as OpenSeeFace sent them before it had features; a newer one is needed"
    return f"{size} bytes; OpenSeeFace sends {FACE.itemsize} for each face"


def _samples(faces: np.ndarray) -> list[Sample]:
    fitted = faces["fitted"] != 0
    used = np.hstack([faces["open"], faces["euler"], faces["features"]]) * 1.0
    used[~fitted] = 0.0
    sound = (np.abs(used) < GREATEST).all(axis=1)
    if not sound.all():
        number = faces["face"][int(np.argmin(sound))]
        raise RefusedPacketError("not a number", f"face {number} holds a NaN, or a value beyond all reason")
    eyes = gaze(faces["points3d"].astype(np.float64)) * fitted[:, None]
    curves = np.maximum(used[:, 5:][:, _SOURCES] * _WEIGHTS, 0.0) @ _TARGETS
    curves[:, _BLINKS] = np.maximum(curves[:, _BLINKS], 1.0 - used[:, :2])
    curves[:, INDEX["headYaw"] :] = np.radians(head_angles(used[:, 2:5]))
    _look(eyes, curves)
    curves *= fitted[:, None]
    rows = zip(curves.astype(np.float32), eyes.astype(np.float32), fitted.tolist(), faces["face"].tolist(), strict=True)
    return [Sample(face, look, tracked=seen, subject=str(number)) for face, look, seen, number in rows]


def head_angles(euler: np.ndarray) -> np.ndarray:
    """The tracker's Euler angles (N, 3) → yaw, pitch, roll with the signs of the curves; degrees all."""
    ahead = np.where(np.abs(euler[:, :1]) > 90, (180.0, 0.0, 90.0), 0.0)
    x, y, z = ((euler - ahead + 180) % 360 - 180).T
    return np.stack([-y, x, -z], axis=1)


def gaze(points: np.ndarray) -> np.ndarray:
    """Points (N, 70, 3) → eye rotations (N, 6) in `EYE_ROTATIONS` order, radians.

    The line from eyeball to pupil: x to the performer's right, y down, z into the picture. An eye that looks further
    than eyes can has not been seen: it looks ahead.
    """
    eyes = np.zeros((len(points), len(EYE_ROTATIONS)))
    for start, pupil, ball in ((0, 67, 69), (3, 66, 68)):
        with np.errstate(invalid="ignore", over="ignore"):
            x, y, z = (points[:, pupil] - points[:, ball]).T
            turn = np.stack([np.arctan2(x, -z), np.arctan2(y, -z)], axis=1)
            seen = (z < -1e-6) & (np.abs(turn) < WIDEST_GAZE).all(axis=1)
        eyes[:, start : start + 2] = np.where(seen[:, None], turn, 0.0)
    return eyes


def _look(eyes: np.ndarray, curves: np.ndarray) -> None:
    """Writes the eyeLook curves of the eyes' rotations."""
    for side, start, inward in (("Left", 0, 1.0), ("Right", 3, -1.0)):
        yaw, pitch = inward * eyes[:, start], eyes[:, start + 1]
        for look, angle in (("In", yaw), ("Out", -yaw), ("Down", pitch), ("Up", -pitch)):
            curves[:, INDEX[f"eyeLook{look}{side}"]] = LOOK_SLOPES[look] * np.maximum(angle, 0.0)
