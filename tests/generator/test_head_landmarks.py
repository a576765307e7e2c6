"""Landmarks lie where the renderer draws what they name."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.training.head.appearance import Appearance
from generator.training.head.gallery import GALLERY
from generator.training.head.landmarks import NAMES, REGIONS, Landmarks, boxes, masks
from generator.training.head.rig import load_rig
from generator.training.head.studio import Studio
from generator.training.portraits import Casting, render_portraits
from protocol.blendshapes import INDEX

pytestmark = [pytest.mark.needs(module="scipy")]
GRETA = replace(GALLERY[6], eyes=replace(GALLERY[6].eyes, pupil=0.3))  # pale irises
POSES = ({}, {"eyeLookOutLeft": 0.6, "eyeLookInRight": 0.6}, {"eyeLookUpLeft": 0.5, "eyeLookUpRight": 0.5},
         {"headYaw": 0.4}, {"headYaw": -0.3, "headPitch": 0.2, "headRoll": 0.3})  # fmt: skip


@pytest.fixture(scope="module")
def data(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ict/ict_facekit.npz").parent.parent


@pytest.fixture(scope="module")
def finder(data: Path) -> Iterator[Landmarks]:
    yield Landmarks(load_rig(data / "ict"))


def posed(**curves: float) -> np.ndarray:
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


@pytest.mark.needs(module="moderngl", renderer=True)
def test_pupils_and_open_mouths_are_drawn_where_they_are_found(data: Path, finder: Landmarks) -> None:
    rows = np.stack([posed(eyeWideLeft=0.6, eyeWideRight=0.6, jawOpen=0.8, **pose) for pose in POSES])
    with Studio(data, 256) as studio:
        pictures = studio.draw([(GRETA, Appearance(), rows)])[0][..., :3].astype(float).sum(-1)
    for picture, row in zip(pictures, rows, strict=True):
        found = dict(zip(NAMES, finder.points(GRETA, row), strict=True))
        for side in ("left", "right"):
            at = found[f"{side}_eye_pupil"]
            assert np.linalg.norm(darkest(picture, at) - at) < 1.8
        within = np.linspace(found["mouth_upper_inner"], found["mouth_lower_inner"], 20)
        above = found["mouth_upper"] - [0, 4]
        column, row_below = within.astype(int).T
        assert picture[row_below, column].min() < 0.4 * picture[int(above[1]), int(above[0])]


def test_regions_hold_their_landmarks_at_any_size(finder: Landmarks) -> None:
    row = posed(headYaw=0.3, headRoll=0.2, jawOpen=0.5)
    points = finder.points(GALLERY[0], row)
    found = masks(points)
    assert tuple(found) == REGIONS
    for name, (x, y) in zip(NAMES, points, strict=True):
        assert found[next(region for region in REGIONS if region.split("_")[-1] in name and region[:4] in name)][
            int(y), int(x)
        ]
    np.testing.assert_allclose(finder.points(GALLERY[0], row, 128), points / 2, atol=1e-3)
    np.testing.assert_allclose(boxes(points / 2, 128)["mouth"], finder.regions(GALLERY[0], row)["mouth"] / 2, atol=1e-3)


def test_curves_move_their_own_region_only(finder: Landmarks) -> None:
    still, moved = finder.points(GALLERY[1], posed()), finder.points(GALLERY[1], posed(browOuterUpLeft=1.0))
    shift = dict(zip(NAMES, np.linalg.norm(moved - still, axis=1), strict=True))
    assert shift["left_brow_outer"] > 4
    assert shift["right_brow_outer"] < 0.3 and shift["mouth_lower"] < 0.3


def test_who_draws_portraits_notes_where_the_features_are(data: Path, finder: Landmarks, tmp_path: Path) -> None:
    portraits = render_portraits(data, tmp_path, Casting(groups=1, plain=1, dressed=0, favour=1, size=64), workers=1)
    for row in (3, 7):
        points = finder.points(GALLERY[row], portraits.curves[row], 64)
        np.testing.assert_allclose(portraits.landmarks[row], points, atol=0.04)
    assert portraits.people.tolist() == list(range(12))
    assert (portraits.pictures[..., :3] <= portraits.pictures[..., 3:]).all()  # premultiplied
    assert portraits.pictures[:, 32, 32, 3].min() == 255 and portraits.pictures[:, 0, 0, 3].max() < 255


def darkest(picture: np.ndarray, at: np.ndarray, reach: int = 6) -> np.ndarray:
    """Middle of the darkest pixels within `reach` of `at`."""
    left, top = (at - reach).astype(int)
    window = picture[top : top + 2 * reach + 1, left : left + 2 * reach + 1]
    rows, columns = np.nonzero(window < window.min() + 0.15 * (np.median(window) - window.min()))
    return np.array([left + columns.mean() + 0.5, top + rows.mean() + 0.5])
