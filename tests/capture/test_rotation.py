"""Signs of turned heads, each worked out from where the turn takes the face."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.rotation import STILL, hung_on, turn_before_camera, turn_in_unity, unit

ANGLES = st.floats(-1.4, 1.4)
Axis = tuple[float, float, float]


def about(axis: Axis, angle: float) -> np.ndarray:
    """Rodrigues' formula: float64 (3, 3)."""
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross


def quaternion(axis: Axis, angle: float) -> tuple[float, float, float, float]:
    x, y, z = (part * math.sin(angle / 2) for part in axis)
    return x, y, z, math.cos(angle / 2)


def turned(vector: Axis, rotation: tuple[float, float, float, float]) -> np.ndarray:
    """The vector turned by a quaternion, the long way: q v q*."""
    x, y, z, w = rotation
    back = (-x, -y, -z, w)
    return np.array(hung_on(back, hung_on((*vector, 0.0), rotation))[:3])


UP, AHEAD = (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def test_unity_signs_follow_the_face() -> None:
    # Unity: +x is the right of whoever looks along +z.
    right = quaternion(UP, 0.3)
    assert turned(AHEAD, right)[0] > 0.2
    assert turn_in_unity(right) == pytest.approx((0.3, 0.0, 0.0))
    down = quaternion((1.0, 0.0, 0.0), 0.3)
    assert turned(AHEAD, down)[1] < -0.2
    assert turn_in_unity(down) == pytest.approx((0.0, 0.3, 0.0))
    to_left_shoulder = quaternion(AHEAD, 0.3)
    assert turned(UP, to_left_shoulder)[0] < -0.2
    assert turn_in_unity(to_left_shoulder) == pytest.approx((0.0, 0.0, 0.3))


def test_signs_before_a_camera_follow_the_face() -> None:
    # The face looks along +z into the camera: +x is the performer's left.
    left = about(UP, 0.3)
    assert (left @ AHEAD)[0] > 0.2
    assert turn_before_camera(left) == pytest.approx((-0.3, 0.0, 0.0))
    down = about((1.0, 0.0, 0.0), 0.3)
    assert (down @ AHEAD)[1] < -0.2
    assert turn_before_camera(down) == pytest.approx((0.0, 0.3, 0.0))
    to_right_shoulder = about(AHEAD, 0.3)
    assert (to_right_shoulder @ UP)[0] < -0.2
    assert turn_before_camera(to_right_shoulder) == pytest.approx((0.0, 0.0, -0.3))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(ANGLES, ANGLES, ANGLES, st.floats(0.01, 100))
def test_a_turn_of_all_three_comes_apart(yaw: float, pitch: float, roll: float, scale: float) -> None:
    rolled = hung_on(quaternion(AHEAD, roll), quaternion((1.0, 0.0, 0.0), pitch))
    assert turn_in_unity(hung_on(rolled, quaternion(UP, yaw))) == pytest.approx((yaw, pitch, roll), abs=1e-6)
    matrix = about(UP, -yaw) @ about((1.0, 0.0, 0.0), pitch) @ about(AHEAD, -roll)
    assert turn_before_camera(scale * matrix) == pytest.approx((yaw, pitch, roll), abs=1e-6)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.tuples(*[st.floats()] * 4))
def test_any_four_numbers_are_a_rotation_or_none(numbers: tuple[float, float, float, float]) -> None:
    rotation = unit(*numbers)
    assert rotation is None or np.isfinite(turn_in_unity(rotation)).all()


def test_what_is_no_rotation_is_none() -> None:
    assert unit(0.0, 0.0, 0.0, 0.0) is None
    assert unit(math.nan, 0.0, 0.0, 1.0) is None
    assert turn_before_camera(np.zeros((4, 4))) is None
    assert turn_before_camera(np.full((4, 4), math.inf)) is None
    assert turn_in_unity(STILL) == (0.0, 0.0, 0.0)
