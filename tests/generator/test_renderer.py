"""The renderer draws who and what it is asked to."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from generator.training.performances import MIRROR, recordings, sample
from generator.training.regions import region_masks
from generator.training.renderer.person import GALLERY, draw_person, identity_vector
from protocol.blendshapes import ARKIT55, INDEX

pytestmark = pytest.mark.needs(module="scipy")
Draw = Callable[..., np.ndarray]


@pytest.fixture(scope="module")
def renderer(shared_data: Callable[[str], Path]):
    folder = shared_data("ict/ict_facekit.npz").parent.parent
    from generator.training.renderer.head_renderer import HeadRenderer

    return HeadRenderer(folder, 96)


@pytest.fixture
def draw(renderer) -> Draw:
    def drawn(person: int = 0, **curves: float) -> np.ndarray:
        renderer.wear(GALLERY[person])
        row = np.zeros(55, np.float32)
        for name, value in curves.items():
            row[INDEX[name]] = value
        return renderer.draw(row).astype(float)

    return drawn


@pytest.mark.needs(module="moderngl", renderer=True)
@pytest.mark.parametrize("curve", [name for name in ARKIT55 if name != "mouthClose"])
def test_every_curve_moves_something(draw: Draw, curve: str) -> None:
    value = 0.15 if curve.startswith("head") else 1.0
    assert np.abs(draw(**{curve: value}) - draw()).max() > 15


@pytest.mark.needs(module="moderngl", renderer=True)
def test_left_is_the_persons_left(draw: Draw) -> None:
    moved = np.abs(draw(eyeBlinkLeft=1.0) - draw()).sum(2)
    assert moved[:, 48:].sum() > 20 * moved[:, :48].sum()


@pytest.mark.needs(module="moderngl", renderer=True)
def test_yaw_turns_the_face_to_the_persons_right(draw: Draw) -> None:
    bright = lambda picture: np.average(np.arange(96), weights=(picture[55:70] @ [1, 0, -1]).clip(0).sum(0) + 1e-6)  # noqa: E731
    assert bright(draw(headYaw=0.17)) < bright(draw()) < bright(draw(headYaw=-0.17))


@pytest.mark.needs(module="moderngl", renderer=True)
def test_people_look_different(draw: Draw) -> None:
    faces = [draw(person) for person in range(len(GALLERY))]
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
