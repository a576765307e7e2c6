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


class OpenSeeFace:
    """Datagrams of OpenSeeFace → samples, one a face; `read` as in `bridge.capture.sample.Decoder`."""

    def read(self, packet: bytes) -> list[Sample]:
        count, rest = divmod(len(packet), FACE.itemsize)
        if rest or not count:
            raise RefusedPacketError("size", _misfit(len(packet)))
        if count > MOST_FACES:
            raise RefusedPacketError("long", f"{count} faces; a datagram holds {MOST_FACES} at most")
        return [_sample(face) for face in np.frombuffer(packet, FACE)]


def _misfit(size: int) -> str:
    if size and size % WITHOUT_FEATURES == 0:
        return f"{size} bytes, as OpenSeeFace sent them before it had features; a newer one is needed"
    return f"{size} bytes; OpenSeeFace sends {FACE.itemsize} for each face"


def _sample(face: np.void) -> Sample:
    subject = str(face["face"])
    curves, eyes = np.zeros(len(ARKIT55), np.float32), np.zeros(len(EYE_ROTATIONS), np.float32)
    if not face["fitted"]:
        return Sample(curves, eyes, tracked=False, subject=subject)
    used = np.concatenate([face["open"], face["euler"], face["features"]])
    if not np.isfinite(used).all() or np.abs(used).max() > 1e6:
        raise RefusedPacketError("not a number", f"face {subject} holds a NaN, or a value beyond all reason")
    features = dict(zip(FEATURES, face["features"].tolist(), strict=True))
    for feature, curve, weight in TABLE:
        curves[INDEX[curve]] += max(0.0, weight * features[feature])
    for side, openness in zip(("Right", "Left"), face["open"].tolist(), strict=True):
        blink = INDEX[f"eyeBlink{side}"]
        curves[blink] = max(curves[blink], 1.0 - openness)
    curves[INDEX["headYaw"] :] = np.radians(head_angles(*face["euler"].tolist()))
    _look(face["points3d"], curves, eyes)
    return Sample(curves, eyes, subject=subject)


def head_angles(x: float, y: float, z: float) -> tuple[float, float, float]:
    """The tracker's Euler angles → yaw, pitch, roll with the signs of the curves; degrees all."""
    if abs(x) > 90:
        x, z = x - 180, z - 90
    return -_wrapped(y), _wrapped(x), -_wrapped(z)


def _wrapped(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def _look(points: np.ndarray, curves: np.ndarray, eyes: np.ndarray) -> None:
    """Pupil against eyeball, x to the performer's right, y and z turned round on their way → eyes and eyeLook curves.

    An eye that looks further than eyes can has not been seen: it looks ahead.
    """
    for side, pupil, ball, out, start in (("Right", 66, 68, 1.0, 3), ("Left", 67, 69, -1.0, 0)):
        x, y, z = np.nan_to_num((points[pupil] - points[ball]).astype(np.float64), posinf=0.0, neginf=0.0)
        if z >= -1e-6:
            continue
        yaw, pitch = np.arctan2(x, -z), np.arctan2(y, -z)
        if max(abs(yaw), abs(pitch)) > WIDEST_GAZE:
            continue
        eyes[start : start + 2] = yaw, pitch
        for look, angle in (("Out", out * yaw), ("In", -out * yaw), ("Down", pitch), ("Up", -pitch)):
            curves[INDEX[f"eyeLook{look}{side}"]] = LOOK_SLOPES[look] * max(0.0, angle)
