"""Which of a person's pictures tell what of a face as it stands."""

import cv2
import numpy as np
import pytest

from generator.checkpoint import model_folder
from generator.compact.bearing import Bearing, read_landmarks
from generator.compact.card import read_card, read_identities
from generator.compact.glances import Album
from generator.compact.pose import EYES, Pose
from generator.evaluation.poses import posed
from generator.training.head.landmarks import NAMES

FOLDER = model_folder("compact")
NEUTRAL, OPEN, WIDE, WIDEST, CLOSED, LEFT, FAR_LEFT = range(7)
OPENED = (0.15, 0.4, 0.8)
SHOTS = *(posed(jawOpen=value) for value in OPENED), posed(eyeBlink=1), posed(headYaw=0.2), posed(headYaw=0.45)


@pytest.fixture(scope="module")
def bearing() -> Bearing:
    person = read_identities(FOLDER, read_card(FOLDER))["Amara"]
    return Bearing(read_landmarks(FOLDER), person.embedding)


@pytest.fixture(scope="module")
def album(bearing: Bearing) -> Album:
    poses = tuple(bearing.at(curves) for curves in (posed(), *SHOTS))
    return Album(tuple(np.zeros((256, 256, 4), np.uint8) for _ in poses), poses)


def told(album: Album, pose: Pose) -> dict[int, tuple[np.ndarray, float]]:
    return {each.number: (each.part, each.rank) for each in album.telling(pose)}


def at(part: np.ndarray, pose: Pose, name: str) -> float:
    x, y = (np.full((1, 1), place) for place in pose.places[NAMES.index(name)])
    return float(cv2.remap(part, x, y, cv2.INTER_LINEAR)[0, 0])


def test_a_neutral_face_is_told_by_its_picture_alone(album: Album, bearing: Bearing) -> None:
    found = told(album, bearing.at(posed()))
    assert found.pop(NEUTRAL)[0].min() == 1
    assert all(part.max() < 0.3 for part, _ in found.values())


def test_pictures_are_for_what_they_have_otherwise(album: Album) -> None:
    mouth, eyes = (len(EYES),), (0, 1)
    assert album.kinds == {(): [NEUTRAL, LEFT, FAR_LEFT], mouth: [OPEN, WIDE, WIDEST], eyes: [CLOSED]}


@pytest.mark.parametrize(("opened", "teller"), [(0.15, OPEN), (0.4, WIDE), (0.8, WIDEST)])
def test_an_open_mouth_is_told_by_the_picture_that_is_as_open(
    album: Album, bearing: Bearing, opened: float, teller: int
) -> None:
    pose = bearing.at(posed(jawOpen=opened, browInnerUp=0.5))
    found = told(album, pose)
    assert {number for number, (part, rank) in found.items() if part.max() * rank > 0.25} == {NEUTRAL, teller}
    assert (
        at(found[teller][0], pose, "mouth_upper_inner") > 0.95 and at(found[teller][0], pose, "left_eye_pupil") < 0.01
    )
    assert at(found[NEUTRAL][0], pose, "nose_bridge") == 1
    assert found[teller][1] == 1 > found[NEUTRAL][1]  # of cheeks and chin both tell


def test_closed_eyes_are_told_by_closed_ones_however_the_head_is_turned(album: Album, bearing: Bearing) -> None:
    for curves in (posed(eyeBlink=1), posed(eyeBlink=1, headYaw=0.2)):
        pose = bearing.at(curves)
        best = max(told(album, pose).items(), key=lambda each: at(each[1][0], pose, "left_eye_pupil"))
        assert best[0] == CLOSED


def test_a_turned_head_is_told_by_who_is_turned_as_far_and_by_two_in_between(album: Album, bearing: Bearing) -> None:
    def whole(yaw: float) -> dict[int, float]:
        found = told(album, bearing.at(posed(headYaw=yaw)))
        return {number: rank for number, (part, rank) in found.items() if part[0, 0] == 1}

    assert set(whole(0.2)) == {LEFT} and set(whole(0.7)) == {FAR_LEFT}
    between = whole(0.1)
    assert set(between) == {NEUTRAL, LEFT} and min(between.values()) > 0.9 * max(between.values())


def test_who_has_one_picture_is_told_by_it_whatever_they_do(bearing: Bearing) -> None:
    one = Album((np.zeros((256, 256, 4), np.uint8),), (bearing.at(posed()),))
    pose = bearing.at(posed(jawOpen=0.8, headYaw=-0.5))
    (only,) = one.telling(pose)
    assert only.number == NEUTRAL and only.rank > 0 and only.near < 0.01
    assert at(only.part, pose, "mouth_upper_inner") < 0.05 and only.part[0, 0] == 1


def test_hair_is_relied_on_near_a_picture(album: Album, bearing: Bearing) -> None:
    (still,) = [each.near for each in album.telling(bearing.at(posed())) if each.number == NEUTRAL]
    (turned,) = [each.near for each in album.telling(bearing.at(posed(headYaw=0.5))) if each.number == FAR_LEFT]
    (tilted,) = [each.near for each in album.telling(bearing.at(posed(headRoll=0.3))) if each.number == NEUTRAL]
    assert still == tilted == 1 and 0.9 < turned < 1


@pytest.mark.parametrize("place", ["mouth_upper_inner", "jaw_chin", "left_eye_pupil", "nose_bridge"])
def test_no_picture_comes_or_goes_at_once(album: Album, bearing: Bearing, place: str) -> None:
    steps = [bearing.at(posed(jawOpen=value, eyeBlink=value, headYaw=value / 2)) for value in np.linspace(0, 1, 201)]
    shares = np.zeros((len(steps), len(album.poses)))
    for row, pose in zip(shares, steps, strict=True):
        fits = {number: (at(part, pose, place), rank) for number, (part, rank) in told(album, pose).items()}
        ranked = sum((fit * rank) ** 2 for fit, rank in fits.values()) + 1e-9
        for number, (fit, rank) in fits.items():
            row[number] = fit * (fit * rank) ** 2 / ranked
    assert np.abs(np.diff(shares, axis=0)).max() < 0.35
    assert np.ptp(shares, axis=0).max() > 0.9


def test_of_two_mouths_that_are_as_open_the_nearer_expression_ranks_first(bearing: Bearing) -> None:
    poses = tuple(bearing.at(curves) for curves in (posed(), posed(jawOpen=0.4), posed(jawOpen=0.42, mouthFrown=0.2)))
    two = Album(tuple(np.zeros((256, 256, 4), np.uint8) for _ in poses), poses)
    for number, pose in enumerate(poses[1:], 1):
        ranks = {each.number: each.rank for each in two.telling(pose)}
        assert ranks[number] == 1 and ranks.get(3 - number, 0.0) < 0.5


def test_a_mouth_is_told_by_who_has_it_parted_and_not_by_who_has_it_as_high(album: Album, bearing: Bearing) -> None:
    closed = bearing.at(posed(jawOpen=0.4, mouthClose=0.4))
    assert all(part.max() < 0.1 for number, (part, _) in told(album, closed).items() if number in (WIDE, WIDEST))


def test_a_picture_of_a_mouth_tells_of_chin_and_cheeks_and_only_if_it_is_nearer_than_the_neutral_face(
    album: Album, bearing: Bearing
) -> None:
    pose = bearing.at(posed(jawOpen=0.4))
    assert at(told(album, pose)[WIDE][0], pose, "left_cheek_lower") > 0.9
    slight = bearing.at(posed(jawOpen=0.05))
    assert max([part.max() for number, (part, _) in told(album, slight).items() if number == OPEN], default=0) < 0.7


def test_a_hint_of_a_smile_is_told_by_the_neutral_face(bearing: Bearing) -> None:
    poses = bearing.at(posed()), bearing.at(posed(mouthSmile=0.6))
    smiling = Album(tuple(np.zeros((256, 256, 4), np.uint8) for _ in poses), poses)
    told_of_a_hint, told_of_most = (told(smiling, bearing.at(posed(mouthSmile=value))) for value in (0.15, 0.45))
    assert 1 not in told_of_a_hint or told_of_a_hint[1][0].max() < 0.05
    assert told_of_most[1][0].max() > 0.5
