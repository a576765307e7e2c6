"""The renderer draws who and what it is asked to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from generator.evaluation.truth import Truth
from generator.training.performances import MIRROR, recordings, sample
from generator.training.regions import region_masks
from generator.training.renderer.person import GALLERY, draw_person, identity_vector
from protocol.blendshapes import ARKIT55, INDEX

pytestmark = pytest.mark.needs(module="scipy")
drawing = pytest.mark.needs(module="moderngl", renderer=True)
SIZE = 96
CURVES = [name for name in ARKIT55 if name != "mouthClose"]  # which means nothing on a closed jaw


@pytest.fixture(scope="module")
def truth(shared_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Truth]:
    folder = shared_data("ict/ict_facekit.npz").parent.parent
    with Truth(folder, tmp_path_factory.mktemp("truth"), SIZE, workers=1) as renderer:
        yield renderer


def posed(**curves: float) -> np.ndarray:
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def drawn(truth: Truth, *rows: np.ndarray) -> np.ndarray:
    """float (n, SIZE, SIZE, 3) of the first of the gallery."""
    return truth.draw([(GALLERY[0], np.stack(rows))])[0].astype(float)


@drawing
def test_every_curve_moves_something(truth: Truth) -> None:
    rows = [posed(**{name: 0.15 if name.startswith("head") else 1.0}) for name in CURVES]
    neutral, *moved = drawn(truth, posed(), *rows)
    still = [name for name, picture in zip(CURVES, moved, strict=True) if np.abs(picture - neutral).max() < 15]
    assert still == []


@drawing
def test_left_is_the_persons_left(truth: Truth) -> None:
    neutral, wink = drawn(truth, posed(), posed(eyeBlinkLeft=1.0))
    moved = np.abs(wink - neutral).sum(2)
    assert moved[:, SIZE // 2 :].sum() > 20 * moved[:, : SIZE // 2].sum()


@drawing
def test_yaw_turns_the_face_to_the_persons_right(truth: Truth) -> None:
    left, ahead, right = drawn(truth, *(posed(headYaw=yaw) for yaw in (-0.17, 0.0, 0.17)))
    assert _lips(right) < _lips(ahead) < _lips(left)


def _lips(picture: np.ndarray) -> float:
    """The column of what is redder than the skin, in the lower face."""
    lower = picture[55:75]
    redness = (lower[..., 0] / (lower.sum(2) + 1) - 0.5).clip(0)
    return float(np.average(np.arange(SIZE), weights=redness.sum(0) + 1e-9))


@drawing
def test_people_look_different(truth: Truth) -> None:
    faces = [faces[0].astype(float) for faces in truth.draw([(person, posed()[None]) for person in GALLERY])]
    assert min(np.abs(a - b).mean() for i, a in enumerate(faces) for b in faces[:i]) > 8


def test_identity_vectors_are_unit_and_apart() -> None:
    vectors = np.stack([identity_vector(person) for person in (*GALLERY, draw_person(1), draw_person(2))])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (vectors @ vectors.T - np.eye(len(vectors))).max() < 0.98


def test_a_sampled_expression_is_one_a_face_can_make(shared_data: Callable[[str], Path]) -> None:
    recorded = recordings(shared_data("captures/rom_3.csv").parent, held_out=False)
    g = np.random.default_rng(0)
    rows = np.stack([sample(g, recorded) for _ in range(500)])
    assert rows[:, :52].min() >= -0.1
    assert rows[:, :52].max() <= 1.1001
    assert np.abs(rows[:, 52:]).max() <= np.radians(10) + 1e-6
    assert (rows[:, :52].max(0) > 0.3).all()


def test_mirroring_twice_changes_nothing() -> None:
    assert np.array_equal(MIRROR[MIRROR], np.arange(55))


def test_regions_follow_the_head() -> None:
    rows = np.zeros((2, 55), np.float32)
    rows[1, INDEX["headYaw"]] = 0.17
    mouth, eyes = region_masks(rows, 128)
    centre = [np.argwhere(mask)[:, 1].mean() for mask in mouth]
    assert centre[1] < centre[0] - 3
    assert not (mouth & eyes).any()
