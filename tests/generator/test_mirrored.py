"""A mirrored portrait is a whole portrait: its curves, light and landmarks say what is to be seen in it."""

from pathlib import Path

import numpy as np
import pytest

from generator.training.head.landmarks import NAMES
from generator.training.mirrored import mirrored_curves, mirrored_points, write_mirrored
from generator.training.portraits import open_portraits
from protocol.blendshapes import INDEX


def test_curves_change_sides_and_turns_turn_round() -> None:
    curves = np.zeros((1, 55), np.float32)
    curves[0, [INDEX["mouthSmileLeft"], INDEX["jawOpen"], 52, 53, 54]] = 0.7, 0.4, 0.1, 0.2, 0.3
    turned = mirrored_curves(curves)
    assert turned[0, INDEX["mouthSmileRight"]] == np.float32(0.7) and turned[0, INDEX["mouthSmileLeft"]] == 0
    assert turned[0, INDEX["jawOpen"]] == np.float32(0.4)
    assert turned[0, 52:] == pytest.approx([-0.1, 0.2, -0.3])
    assert (mirrored_curves(turned) == curves).all()


def test_landmarks_keep_the_persons_own_sides() -> None:
    points = np.random.default_rng(0).uniform(0, 256, (3, len(NAMES), 2)).astype(np.float32)
    turned = mirrored_points(points, 256)
    left, right = NAMES.index("left_brow_outer"), NAMES.index("right_brow_outer")
    assert turned[:, left, 0] == pytest.approx(256 - points[:, right, 0])
    assert (turned[:, left, 1] == points[:, right, 1]).all()
    assert mirrored_points(turned, 256) == pytest.approx(points, abs=1e-4)


def test_everybody_is_there_twice(tmp_path: Path) -> None:
    source, g, count = tmp_path / "train", np.random.default_rng(0), 6
    source.mkdir()
    arrays = {
        "pictures": g.integers(0, 255, (count, 8, 8, 4), np.uint8), "curves": g.uniform(0, 1, (count, 55)),
        "lights": g.normal(size=(count, 3)), "people": np.arange(3).repeat(2), "dressed": np.arange(count) % 2 > 0,
        "traits": g.normal(size=(3, 5)), "landmarks": g.uniform(0, 8, (count, len(NAMES), 2)),
        "starts": np.array([0, count]), "done": np.ones(1, bool),
    }  # fmt: skip
    for name, array in arrays.items():
        np.save(source / f"{name}.npy", array)
    write_mirrored(source, tmp_path / "twice")
    twice = open_portraits(tmp_path / "twice")
    assert (twice.pictures[:count] == arrays["pictures"]).all()
    assert (twice.pictures[count:] == arrays["pictures"][:, :, ::-1]).all()
    assert twice.people.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert twice.lights[count:, 0] == pytest.approx(-twice.lights[:count, 0])
    assert len(twice.traits) == 6 and (twice.dressed[:count] == twice.dressed[count:]).all()
