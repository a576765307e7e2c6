"""Rotations of a head or an eye as the angles that every model reads: yaw, pitch, roll."""

import math

import numpy as np

Turn = tuple[float, float, float]
"""Yaw (+ to the performer's right), pitch (+ down), roll (+ to their left shoulder), radians."""


Quaternion = tuple[float, float, float, float]
"""x, y, z, w."""

STILL: Quaternion = (0.0, 0.0, 0.0, 1.0)


def unit(x: float, y: float, z: float, w: float) -> Quaternion | None:
    """The quaternion at length 1; None if it is no rotation (length 0, NaN, infinite)."""
    length = math.sqrt(x * x + y * y + z * z + w * w)
    return (x / length, y / length, z / length, w / length) if 1e-6 < length < math.inf else None


def hung_on(child: Quaternion, parent: Quaternion) -> Quaternion:
    """The turn of a bone that hangs on another one, seen from where that one hangs: parent times child."""
    x, y, z, w = child
    a, b, c, d = parent
    return (
        d * x + a * w + b * z - c * y,
        d * y - a * z + b * w + c * x,
        d * z + a * y - b * x + c * w,
        d * w - a * x - b * y - c * z,
    )


def turn_in_unity(rotation: Quaternion) -> Turn:
    """A quaternion of length 1 in Unity's axes → Turn.

    Unity is left-handed: x to the right, y up, z ahead of whoever stands there, and angles grow clockwise as seen from
    the tip of the axis. So a turn about y goes from ahead to the right, about x from ahead to down, about z from up
    to the left: the signs are those of `Turn` as they stand. The order is Unity's too: roll, then pitch, then yaw.
    """
    x, y, z, w = rotation
    yaw = math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y))
    pitch = math.asin(min(1.0, max(-1.0, 2 * (w * x - y * z))))
    roll = math.atan2(2 * (x * y + w * z), 1 - 2 * (x * x + z * z))
    return yaw, pitch, roll


def turn_before_camera(matrix: np.ndarray) -> Turn | None:
    """A rotation, float (3, 3) or larger, of a face before a camera → Turn; None if it is no rotation.

    The axes are right-handed and the face's own while it looks into the camera: x to the performer's left, y up, z out
    of the face, as ARKit, SceneKit and MediaPipe have it. A turn about y goes from ahead to the left and one about z
    from up to the right, both against `Turn`; a turn about x goes down. A common scale of the columns does no harm.
    """
    rotation = np.asarray(matrix, np.float64)[:3, :3]
    lengths = np.linalg.norm(rotation, axis=0) if np.isfinite(rotation).all() else np.zeros(3)
    if not (lengths > 1e-6).all():
        return None
    rotation = rotation / lengths
    yaw = math.atan2(rotation[0, 2], rotation[2, 2])
    pitch = math.asin(min(1.0, max(-1.0, -rotation[1, 2])))
    roll = math.atan2(rotation[1, 0], rotation[1, 1])
    return -yaw, pitch, -roll
