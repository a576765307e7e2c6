"""Where what a face shows came from: known beforehand, and true of the rig's own heads."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from generator.checkpoint import model_folder
from generator.compact.bearing import Bearing, read_landmarks
from generator.compact.card import read_card, read_identities
from generator.compact.flow import flows, follows, turned
from generator.compact.pose import SIDE, rotation
from generator.training.head.appearance import Appearance
from generator.training.head.landmarks import NAMES
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from generator.training.portraits import HELD_OUT
from protocol.blendshapes import INDEX

FOLDER = model_folder("compact")
LEFT_CORNER = NAMES.index("left_mouth_corner")


@pytest.fixture(scope="module")
def bearing() -> Bearing:
    person = read_identities(FOLDER, read_card(FOLDER))["Amara"]
    return Bearing(read_landmarks(FOLDER), person.embedding)


def posed(**curves: float) -> np.ndarray:
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def taken(flow: np.ndarray, x: float, y: float) -> np.ndarray:
    return cv2.remap(flow, np.full((1, 1), x, np.float32), np.full((1, 1), y, np.float32), cv2.INTER_LINEAR)[0, 0]


def test_a_face_comes_from_where_it_is(bearing: Bearing) -> None:
    smiling = posed(mouthSmileLeft=1, headYaw=0.3)
    for curves in (posed(), smiling):
        assert np.abs(flows(bearing.at(curves), [bearing.at(curves)])[0]).max() < 1e-5


@pytest.mark.parametrize("then", [posed(), posed(jawOpen=0.4), posed(headYaw=-0.2, headPitch=0.1)])
def test_a_corner_of_a_mouth_comes_from_where_it_was_however_the_head_is_turned(
    bearing: Bearing, then: np.ndarray
) -> None:
    before = bearing.at(then)
    for curves in (posed(mouthSmileLeft=1), posed(mouthSmileLeft=1, headYaw=0.4, headPitch=-0.2, headRoll=0.3)):
        now = bearing.at(curves)
        place, was = now.places[LEFT_CORNER], before.places[LEFT_CORNER]
        missed = place + taken(flows(now, [before])[0], *place) - was
        assert np.abs(missed).max() < 0.25 * np.abs(place - was).max()


def test_many_flows_at_once_are_each_of_them(bearing: Bearing) -> None:
    now, thens = bearing.at(posed(jawOpen=0.5, headYaw=0.2)), [bearing.at(posed()), bearing.at(posed(headYaw=-0.3))]
    thens.append(bearing.at(posed(jawOpen=0.4)))
    for flow, then in zip(flows(now, thens), thens, strict=True):
        assert np.array_equal(flow, flows(now, [then])[0])


def test_a_slight_smile_moves_a_little_and_nothing_far_away(bearing: Bearing) -> None:
    rest = bearing.at(posed())
    whole, slight = (flows(bearing.at(posed(mouthSmileLeft=value)), [rest])[0] for value in (1, 0.05))
    assert 0.02 < np.abs(slight).max() / np.abs(whole).max() < 0.12
    assert np.abs(whole[: SIDE // 4]).max() < 0.05


def test_a_turned_head_leaves_the_shoulders_where_they_are() -> None:
    flow = turned(rotation(np.array([0.4, 0.0, 0.0])), np.eye(3, dtype=np.float32))
    assert np.abs(flow[-3:]).max() < 0.6
    assert np.abs(flow[SIDE // 2, SIDE // 2, 0]) > 3
    assert follows()[-1].max() < 0.05 and follows()[: SIDE // 2].min() == 1


@pytest.mark.needs(renderer=True)
@pytest.mark.parametrize("angles", [(0.3, 0.0, 0.0), (-0.2, 0.2, 0.1), (0.0, -0.2, -0.25)])
def test_the_flow_of_a_turned_head_is_the_rigs(
    shared_data: Callable[[str], Path], angles: tuple[float, float, float]
) -> None:
    """Of a stranger's face, from brows to chin: it halves what is between two true pictures, or better."""
    curves = posed(headYaw=angles[0], headPitch=angles[1], headRoll=angles[2])
    side = 2 * SIDE
    with Studio(shared_data("ict/ict_facekit.npz").parents[1], side) as studio:
        job = draw_person(HELD_OUT + 31), Appearance(backdrop=None), np.stack([posed(), curves])
        neutral, found = studio.draw([job])[0][..., :3].astype(np.float32)
    flow = cv2.resize(turned(rotation(np.array(angles)), np.eye(3, dtype=np.float32)) * 2, (side, side))
    pixels = np.arange(side, dtype=np.float32)
    moved = cv2.remap(neutral, flow[..., 0] + pixels, flow[..., 1] + pixels[:, None], cv2.INTER_LINEAR)
    face = (slice(40, 80), slice(46, 82))
    still, after = (np.abs(cv2.GaussianBlur(p, (0, 0), 1.0) - cv2.GaussianBlur(found, (0, 0), 1.0))[face].mean()
                    for p in (neutral, moved))  # fmt: skip
    assert after < 0.6 * still
