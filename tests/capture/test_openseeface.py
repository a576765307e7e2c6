"""OpenSeeFace packets to samples."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.openseeface import FACE, FEATURES, TABLE, OpenSeeFace
from bridge.capture.sample import RefusedPacketError, Sample
from protocol.blendshapes import ARKIT55, INDEX
from tests.capture.encoders.anything import spoilt
from tests.capture.encoders.openseeface import AHEAD, face

STILL = dict.fromkeys(FEATURES, 0.0)


def read(packet: bytes) -> Sample:
    (sample,) = OpenSeeFace().read(packet)
    return sample


def moved(sample: Sample) -> dict[str, float]:
    return {name: float(sample.curves[place]) for place, name in enumerate(ARKIT55) if sample.curves[place]}


def test_face_is_as_long_as_it_is_sent() -> None:
    assert FACE.itemsize == len(face()) == 1785


@pytest.mark.parametrize(
    ("features", "curves"),
    [
        ({"eye_l": -0.75}, {"eyeBlinkLeft": 0.75}),
        ({"eye_r": 0.5}, {"eyeWideRight": 0.5}),
        ({"eyebrow_updown_l": 0.5}, {"browOuterUpLeft": 0.5, "browInnerUp": 0.25}),
        ({"eyebrow_updown_r": -0.5}, {"browDownRight": 0.5}),
        ({"mouth_corner_updown_l": -0.5}, {"mouthSmileLeft": 0.5}),
        ({"mouth_corner_updown_r": 0.5}, {"mouthFrownRight": 0.5}),
        ({"mouth_open": 1.5}, {"jawOpen": 1.5}),
        ({"mouth_open": -0.5}, {}),
        ({"mouth_wide": -0.5}, {"mouthPucker": 0.5}),
        ({"mouth_wide": 0.5}, {"mouthStretchLeft": 0.5, "mouthStretchRight": 0.5}),
        ({"eyebrow_quirk_l": 1.0, "eyebrow_steepness_r": 1.0, "mouth_corner_inout_l": 1.0}, {}),
    ],
)
def test_features_move_curves(features: dict[str, float], curves: dict[str, float]) -> None:
    assert moved(read(face(features))) == curves


def test_shut_eye_blinks_even_if_its_feature_does_not() -> None:
    assert moved(read(face(opened=(0.25, 1.0)))) == {"eyeBlinkRight": 0.75}
    assert moved(read(face({"eye_r": -0.9}, opened=(0.25, 1.0)))) == {"eyeBlinkRight": pytest.approx(0.9)}


@pytest.mark.parametrize(
    ("euler", "angles"),
    [
        (AHEAD, (0, 0, 0)),
        ((-160.0, 0.0, 90.0), (0, 20, 0)),
        ((170.0, -15.0, 70.0), (15, -10, 20)),
        ((10.0, 5.0, -8.0), (-5, 10, 8)),
    ],
)
def test_head(euler: tuple[float, float, float], angles: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(np.degrees(read(face(euler=euler)).curves[52:]), angles, atol=1e-4)


def test_gaze_turns_the_eyes() -> None:
    sample = read(face(gaze=(0.1 * np.tan(0.2), 0.1 * np.tan(0.1), -0.1)))
    np.testing.assert_allclose(sample.eyes, (0.2, 0.1, 0, 0.2, 0.1, 0), atol=1e-4)
    curves = moved(sample)
    assert set(curves) == {"eyeLookOutRight", "eyeLookInLeft", "eyeLookDownLeft", "eyeLookDownRight"}
    assert curves["eyeLookInLeft"] == pytest.approx(0.32, abs=1e-3)


@pytest.mark.parametrize("gaze", [(0.0, 0.0, 0.0), (0.0, 0.0, 0.1), (1.0, 0.0, -0.1), (float("nan"), 0.0, -0.1)])
def test_gaze_that_cannot_be_is_none(gaze: tuple[float, float, float]) -> None:
    sample = read(face(gaze=gaze))
    assert not sample.eyes.any() and moved(sample) == {}


def test_faces_are_subjects_of_their_own() -> None:
    samples = OpenSeeFace().read(face({"mouth_open": 0.5}, 0) + face(number=7, fitted=False) + face(number=-2))
    assert [(sample.subject, sample.tracked) for sample in samples] == [("0", True), ("7", False), ("-2", True)]
    assert [moved(sample) for sample in samples] == [{"jawOpen": 0.5}, {}, {}]


def with_feature(value: float) -> bytes:
    return face()[:-4] + struct.pack("<f", value)


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"", "size"),
        (face()[:-1], "size"),
        (face() + b"\0", "size"),
        (face()[:1729], "size"),
        (face() * 37, "long"),
        (with_feature(float("nan")), "not a number"),
        (with_feature(float("inf")), "not a number"),
        (with_feature(1e30), "not a number"),
        (face(euler=(float("nan"), 0.0, 0.0)), "not a number"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(packet: bytes, reason: str) -> None:
    with pytest.raises(RefusedPacketError) as caught:
        OpenSeeFace().read(packet)
    assert caught.value.reason == reason


def test_table_names_what_there_is() -> None:
    assert {feature for feature, _, _ in TABLE} <= set(FEATURES)
    assert {curve for _, curve, _ in TABLE} <= set(ARKIT55[:52])
    assert INDEX["headYaw"] == 52


@given(spoilt(face(), face() * 3) | st.binary(min_size=1785, max_size=1785))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    try:
        samples = OpenSeeFace().read(packet)
    except RefusedPacketError as error:
        assert error.reason and str(error)
        return
    for sample in samples:
        assert np.isfinite(sample.curves).all() and np.isfinite(sample.eyes).all()


@given(st.fixed_dictionaries({name: st.floats(-1, 1, width=32) for name in FEATURES}))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_what_is_not_lost_comes_back(features: dict[str, float]) -> None:
    curves = read(face(features)).curves
    for below, above, feature in (
        ("eyeBlinkLeft", "eyeWideLeft", "eye_l"),
        ("browDownRight", "browOuterUpRight", "eyebrow_updown_r"),
        ("mouthSmileLeft", "mouthFrownLeft", "mouth_corner_updown_l"),
        ("mouthPucker", "mouthStretchLeft", "mouth_wide"),
    ):
        assert curves[INDEX[above]] - curves[INDEX[below]] == pytest.approx(features[feature], abs=1e-6)
