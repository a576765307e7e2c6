"""A mirrored portrait is a whole portrait: its curves, light and landmarks say what is to be seen in it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from generator.compact.autoencoder import Autoencoder
from generator.training.autoencoder_stage import as_tensor, encoded
from generator.training.backings import backed, backings
from generator.training.head.landmarks import NAMES
from generator.training.latents import write_latents
from generator.training.mirrored import mirrored_curves, mirrored_points, twice
from generator.training.portraits import Portraits
from generator.training.prints import Prints
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


def test_everybody_is_there_twice() -> None:
    g, count = np.random.default_rng(0), 6
    once = Portraits(
        g.integers(0, 255, (count, 8, 8, 4), np.uint8), g.uniform(0, 1, (count, 55)),
        g.uniform(0, 8, (count, len(NAMES), 2)), g.normal(size=(count, 3)), np.arange(3).repeat(2),
        np.arange(count) % 2 > 0, g.normal(size=(3, 5)),
    )  # fmt: skip
    both = twice(once)
    assert both.people.tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert both.lights[count:, 0] == pytest.approx(-both.lights[:count, 0])
    assert len(both.traits) == 6 and (both.dressed[:count] == both.dressed[count:]).all()
    assert len(both.curves) == len(both.landmarks) == 2 * count

    rows = np.array([1, count + 4, 2, count + 1])
    expected = np.stack([once.pictures[1], once.pictures[4, :, ::-1], once.pictures[2], once.pictures[1, :, ::-1]])
    found = Prints(once.pictures).take(rows).permute(0, 2, 3, 1) * 255
    assert (found.round().numpy() == expected).all()


def test_latents_are_of_what_their_names_say(tmp_path: Path) -> None:
    torch.manual_seed(0)
    g, model = np.random.default_rng(1), Autoencoder().requires_grad_(False)
    once = Portraits(
        g.integers(0, 255, (3, 64, 64, 4), np.uint8), np.zeros((3, 55)), np.zeros((3, len(NAMES), 2)),
        np.zeros((3, 3)), np.arange(3), np.zeros(3, bool), np.zeros((3, 1)),
    )  # fmt: skip
    write_latents(model, once, Prints(once.pictures), tmp_path, "train", mirrored=True)
    plain = as_tensor(once.pictures)
    for name, pictures in (
        ("train", plain),
        ("train_mirrored", plain.flip(3)),
        ("train_backed", backed(plain, once.people)),
    ):
        expected = encoded(model, pictures).float()
        assert torch.allclose(torch.from_numpy(np.load(tmp_path / f"{name}.npy")).float(), expected, atol=5e-3)
    assert (backed(plain, once.people)[:, 3] == 1).all()
    assert not torch.allclose(backings(once.people, 8)[0], backings(once.people, 8)[1])
