"""The motion between two frames is where the rig's own vertices go."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from generator.training.head.appearance import Appearance
from generator.training.head.camera import project
from generator.training.head.expression import Poser
from generator.training.head.gallery import GALLERY
from generator.training.head.rig import load_rig, normals
from generator.training.head.shape import body
from generator.training.head.studio import Studio
from generator.training.head.turns import follow, placed
from protocol.blendshapes import INDEX

pytestmark = [pytest.mark.needs(module="scipy"), pytest.mark.needs(module="moderngl", renderer=True)]
SIZE = 128
PERSON = replace(GALLERY[9], beard=replace(GALLERY[9].beard, length=0.3))


@pytest.fixture(scope="module")
def data(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ict/ict_facekit.npz").parent.parent


@pytest.fixture(scope="module")
def studio(data: Path) -> Iterator[Studio]:
    with Studio(data, SIZE) as opened:
        yield opened


def posed(**curves: float) -> np.ndarray:
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def test_nothing_moves_between_the_same_frames(studio: Studio) -> None:
    flow = studio.flow(PERSON, Appearance(), posed(jawOpen=0.3), posed(jawOpen=0.3))
    assert np.abs(flow.motion).max() < 1e-3
    assert not flow.hidden.any()
    assert 0.3 < flow.figure.mean() < 0.9


def test_the_skin_moves_as_its_vertices_do(studio: Studio, data: Path) -> None:
    first, second = posed(), posed(jawOpen=0.5, browInnerUp=0.8, headYaw=0.15, headPitch=-0.1)
    flow = studio.flow(PERSON, Appearance(), first, second)
    rig = load_rig(data / "ict")
    poser, base, weight = Poser(rig), body(rig, PERSON), follow(rig.neutral)
    start, end = (placed(poser.pose(base, row), weight, row[52:55]) for row in (first, second))
    there, later = ((project(points) * [1, -1] + 1) * SIZE / 2 for points in (start, end))
    facing = normals(rig, poser.pose(base, first))[:, 2] > 0.75
    face = [i for i in rig.vertices["skin"] if facing[i] and rig.neutral[i, 2] > 8 and rig.neutral[i, 1] > -1.0]
    expected = (later - there)[face]
    column, row = np.floor(there[face]).astype(int).T
    assert np.abs(expected).max() > 2
    assert np.percentile(np.abs(flow.motion[row, column] - expected).max(1), 95) < 0.25


def test_what_comes_in_front_hides(studio: Studio) -> None:
    flow = studio.flow(PERSON, Appearance(), posed(), posed(headYaw=0.5))
    backdrop_behind = flow.hidden & ~flow.figure
    assert backdrop_behind.any()
    assert (flow.hidden & flow.figure).any()
    assert flow.hidden[flow.figure].mean() < 0.35


def test_flow_takes_one_frame_to_the_other(studio: Studio) -> None:
    """The first frame looked up where the second one's points come from is the second, but for what is hidden."""
    a, b = posed(), posed(headYaw=0.06, mouthSmileLeft=0.5, mouthSmileRight=0.5)
    one, two = studio.draw([(PERSON, Appearance(), np.stack([a, b]))])[0].astype(float)
    back = studio.flow(PERSON, Appearance(), b, a)
    row, column = np.mgrid[:SIZE, :SIZE]
    x = np.rint(column + back.motion[..., 0]).astype(int).clip(0, SIZE - 1)
    y = np.rint(row + back.motion[..., 1]).astype(int).clip(0, SIZE - 1)
    inner = back.figure & ~back.hidden
    assert np.abs(one[y, x] - two)[inner].mean() < 0.7 * np.abs(one - two)[inner].mean()
