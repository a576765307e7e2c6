"""Where what a face shows came from: known beforehand, and true of the rig's own heads."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from generator.checkpoint import CheckpointError, model_folder
from generator.compact.card import DENOISER, read_card, read_identities
from generator.compact.flow import EYES, MOUTH, SIDE, Motion, turned
from generator.compact.geometry import load_geometry
from generator.training.head.appearance import Appearance
from generator.training.head.landmarks import NAMES
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from generator.training.portraits import HELD_OUT
from protocol.blendshapes import INDEX

FOLDER = model_folder("compact")
LEFT_CORNER = NAMES.index("left_mouth_corner")


@pytest.fixture(scope="module")
def motion() -> Motion:
    person = read_identities(FOLDER, read_card(FOLDER))["Amara"]
    return Motion(load_geometry(FOLDER), torch.from_numpy(person.embedding))


def posed(**curves: float) -> np.ndarray:
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def taken(flow: np.ndarray, x: float, y: float) -> np.ndarray:
    return cv2.remap(flow, np.full((1, 1), x, np.float32), np.full((1, 1), y, np.float32), cv2.INTER_LINEAR)[0, 0]


def test_a_model_that_lacks_its_geometry_or_is_cut_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / DENOISER
    path.write_bytes((FOLDER / DENOISER).read_bytes()[:100_000])
    with pytest.raises(CheckpointError, match=r"denoiser.safetensors is damaged"):
        load_geometry(tmp_path)
    save_file({"odd": np.zeros(1, np.float32)}, path)
    with pytest.raises(CheckpointError, match=r"is damaged: File does not contain tensor expression.geometry.rest"):
        load_geometry(tmp_path)


def test_a_neutral_face_comes_from_where_it_is(motion: Motion) -> None:
    assert np.abs(motion.at(posed())[0]).max() < 1e-5


def test_a_corner_of_a_mouth_comes_from_where_it_was_however_the_head_is_turned(motion: Motion) -> None:
    rest = motion._landmarks(posed())[LEFT_CORNER]
    for curves in (posed(mouthSmileLeft=1), posed(mouthSmileLeft=1, headYaw=0.4, headPitch=-0.2, headRoll=0.3)):
        there = motion._landmarks(curves)[LEFT_CORNER]
        missed = there + taken(motion.at(curves)[0], *there) - rest
        assert np.abs(missed).max() < 0.25 * np.abs(there - rest).max()


def test_a_slight_smile_moves_a_little_and_nothing_far_away(motion: Motion) -> None:
    whole, slight = (motion.at(posed(mouthSmileLeft=value))[0] for value in (1, 0.05))
    assert 0.02 < np.abs(slight).max() / np.abs(whole).max() < 0.12
    assert np.abs(whole[: SIDE // 4]).max() < 0.1


def test_a_picture_tells_nothing_of_an_eye_that_closes_and_all_of_the_other(motion: Motion) -> None:
    pupils = motion._rest[[NAMES.index("left_eye_pupil"), NAMES.index("right_eye_pupil")]].astype(int)
    for curves in (posed(eyeBlinkLeft=1), posed(eyeBlinkLeft=1, headYaw=0.02)):
        left, right = (motion.at(curves)[1][y, x] for x, y in pupils)
        assert left < 0.05 and right > 0.95
    assert motion.at(posed(browInnerUp=1, cheekPuff=0.2, jawOpen=0.05))[1].min() > 0.9


def test_a_picture_tells_nothing_of_a_mouth_that_opens_or_grows_wide(motion: Motion) -> None:
    for curves in (posed(jawOpen=1), posed(mouthStretchLeft=1, mouthStretchRight=1), posed(mouthPucker=1)):
        x, y = motion._landmarks(curves)[NAMES.index("mouth_upper_inner")].astype(int)
        told = motion.at(curves)[1]
        assert told[y, x] < 0.7 and told[SIDE // 4, SIDE // 2] > 0.9


def test_the_landmarks_of_eyes_and_mouth_are_those_of_the_rig() -> None:
    parts = "eye_inner", "eye_outer", "eye_upper", "eye_lower", "eye_pupil"
    assert tuple(tuple(NAMES.index(f"{side}_{part}") for part in parts) for side in ("left", "right")) == EYES
    lips = "mouth_upper", "mouth_upper_inner", "mouth_lower_inner", "mouth_lower", "left_mouth_corner"
    assert tuple(NAMES.index(name) for name in (*lips, "right_mouth_corner")) == MOUTH


def test_a_turned_head_leaves_the_shoulders_where_they_are() -> None:
    flow = turned(np.array([0.4, 0.0, 0.0], np.float32))
    assert np.abs(flow[-6:]).max() < 1
    assert np.abs(flow[SIDE // 2, SIDE // 2, 0]) > 6


@pytest.mark.needs(renderer=True)
@pytest.mark.parametrize("angles", [(0.3, 0.0, 0.0), (-0.2, 0.2, 0.1), (0.0, -0.2, -0.25)])
def test_the_flow_of_a_turned_head_is_the_rigs(
    shared_data: Callable[[str], Path], motion: Motion, angles: tuple[float, float, float]
) -> None:
    """Of a stranger's face, from brows to chin: it halves what is between two true pictures, or better."""
    curves = posed(headYaw=angles[0], headPitch=angles[1], headRoll=angles[2])
    with Studio(shared_data("ict/ict_facekit.npz").parents[1], SIDE) as studio:
        job = draw_person(HELD_OUT + 31), Appearance(backdrop=None), np.stack([posed(), curves])
        neutral, found = studio.draw([job])[0][..., :3].astype(np.float32)
    flow, pixels = turned(np.array(angles, np.float32)), np.arange(SIDE, dtype=np.float32)
    moved = cv2.remap(neutral, flow[..., 0] + pixels, flow[..., 1] + pixels[:, None], cv2.INTER_LINEAR)
    face = (slice(40, 80), slice(46, 82))
    still, after = (np.abs(cv2.GaussianBlur(p, (0, 0), 1.0) - cv2.GaussianBlur(found, (0, 0), 1.0))[face].mean()
                    for p in (neutral, moved))  # fmt: skip
    assert after < 0.6 * still
