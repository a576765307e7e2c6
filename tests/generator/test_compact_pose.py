"""Where one person's features are, and which of these two poses have alike."""

from dataclasses import replace

import pytest

from generator.checkpoint import model_folder
from generator.compact.bearing import Bearing, read_landmarks
from generator.compact.card import read_card, read_identities
from generator.compact.pose import CHEEKS, EYES, FEATURES, MOUTH, alike, area, as_open, face
from generator.evaluation.poses import posed
from generator.training.head.landmarks import NAMES

FOLDER = model_folder("compact")
UPPER_LIP = NAMES.index("mouth_upper_inner")


@pytest.fixture(scope="module")
def bearing() -> Bearing:
    return Bearing(read_landmarks(FOLDER), read_identities(FOLDER, read_card(FOLDER))["Amara"].embedding)


def test_an_eye_that_closes_is_another_and_the_other_stays(bearing: Bearing) -> None:
    rest = [bearing.at(posed())]
    for curves in (posed(eyeBlinkLeft=1), posed(eyeBlinkLeft=1, headYaw=0.02)):
        left, right, mouth = alike(bearing.at(curves), rest)[0]
        assert left < 0.05 and right > 0.95 and mouth > 0.95
    assert alike(bearing.at(posed(browInnerUp=1, cheekPuff=0.2, jawOpen=0.05)), rest).min() > 0.9


def test_a_mouth_that_opens_or_grows_wide_or_shows_its_tongue_is_another(bearing: Bearing) -> None:
    rest, opened = bearing.at(posed()), bearing.at(posed(jawOpen=0.4))
    smile = posed(mouthSmile=0.9, mouthUpperUp=0.35, mouthLowerDown=0.3)
    for curves in (posed(jawOpen=1), posed(mouthStretch=1), posed(mouthPucker=1), smile, posed(tongueOut=0.5)):
        assert alike(bearing.at(curves), [rest])[0, -1] < 0.7
    assert alike(bearing.at(posed(jawOpen=0.4, tongueOut=0.5)), [opened])[0, -1] == 0
    assert alike(bearing.at(posed(jawOpen=0.42)), [rest, opened])[:, -1].tolist() == [0, 1]


def test_a_feature_and_the_face_are_where_they_are_seen(bearing: Bearing) -> None:
    for curves in (posed(), posed(jawOpen=0.8), posed(headYaw=0.4, headRoll=0.2)):
        pose = bearing.at(curves)
        x, y = pose.places[UPPER_LIP].astype(int)
        assert area(pose, MOUTH)[y, x] > 0.9 and face(pose)[y, x] > 0.99
        assert area(pose, EYES[0])[y, x] < 0.01 and face(pose)[2].max() < 0.01


def test_the_landmarks_of_eyes_mouth_and_cheeks_are_those_of_the_rig() -> None:
    parts = "eye_inner", "eye_outer", "eye_upper", "eye_lower", "eye_pupil"
    assert tuple(tuple(NAMES.index(f"{side}_{part}") for part in parts) for side in ("left", "right")) == EYES
    lips = "mouth_upper", "mouth_upper_inner", "mouth_lower_inner", "mouth_lower", "left_mouth_corner"
    assert tuple(NAMES.index(name) for name in (*lips, "right_mouth_corner")) == MOUTH
    assert (*EYES, MOUTH) == FEATURES
    assert {NAMES[number].split("_")[-2] for number in CHEEKS} == {"jaw", "nose", "cheek"}


def test_lips_are_another_by_their_curves_alone(bearing: Bearing) -> None:
    rest = bearing.at(posed())
    assert alike(replace(rest, curves=posed(mouthRollUpper=1, mouthRollLower=1)), [rest])[0, -1] < 0.3
    for only_carried in (posed(browInnerUp=1), posed(mouthFrownLeft=1), posed(mouthLeft=1)):
        assert alike(replace(rest, curves=only_carried), [rest])[0, -1] == 1


def test_lips_are_as_open_until_they_part_by_more_than_a_little(bearing: Bearing) -> None:
    rest = bearing.at(posed())
    slight, wide = (as_open(bearing.at(posed(jawOpen=value)), [rest])[0] for value in (0.03, 0.4))
    assert slight > 0.9 and wide == 0
