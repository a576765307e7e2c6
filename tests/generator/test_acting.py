"""What people in training pictures do is what faces can do."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from generator.compact.ranges import CURVE_RANGE, TURN_RANGE
from generator.training.acting import act, light, sitting
from generator.training.performances import MIRROR, recordings


def test_an_expression_is_one_that_the_model_is_held_to(shared_data: Callable[[str], Path]) -> None:
    recorded = recordings(shared_data("captures/rom_3.csv").parent, held_out=False)
    g = np.random.default_rng(0)
    rows = np.stack([act(g, recorded) for _ in range(500)])
    assert CURVE_RANGE[0] <= rows[:, :52].min() and rows[:, :52].max() <= CURVE_RANGE[1]
    assert (np.abs(rows[:, 52:]) <= TURN_RANGE + np.radians(0.6)).all()
    assert (rows[:, :52].max(0) > 0.3).all()


def test_portraits_come_in_threes_that_differ_by_what_the_face_does(shared_data: Callable[[str], Path]) -> None:
    recorded = recordings(shared_data("captures/rom_3.csv").parent, held_out=False)
    scenes, shown = list(islice(sitting(np.random.default_rng(0), recorded), 600)), set[int]()
    for (one, first), (other, second), (third, last) in zip(scenes[::3], scenes[1::3], scenes[2::3], strict=True):
        moved = np.flatnonzero(one != other)
        shown |= set(moved.tolist())
        assert first == second == last and np.array_equal(one[52:], third[52:])
        assert moved.max() < 52 and (len(moved) == 1 or list(MIRROR[moved]) == list(moved[::-1]))
        assert np.abs(one - other).max() > 0.04
        assert third.dtype == np.float32
    assert len(shown) == 52


def test_lights_have_length_one_and_come_from_before_the_face() -> None:
    g = np.random.default_rng(0)
    lights = np.array([light(g) for _ in range(100)])
    assert np.allclose(np.linalg.norm(lights, axis=1), 1, atol=0.02)
    assert (lights[:, 2] > 0).all() and lights[:, 0].min() < -0.5 < 0.5 < lights[:, 0].max()


def test_mirroring_twice_changes_nothing() -> None:
    assert np.array_equal(MIRROR[MIRROR], np.arange(55))
