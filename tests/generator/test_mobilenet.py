"""The backbone against timm's own, by figures that timm 1.0.31 gave for the same seeded weights and images."""

import hashlib

import numpy as np
import pytest
import torch

from generator.mobilenet import FEATURES, MobileNetV3Minimal, SameConv2d
from tests.generator.smirk_file import seeded

NAMES_AND_SHAPES = "dafbf3a65b7f92ca3d8f98ea03f5e7028d9c903e63345ea4e6a3be3864bfcf08"
"""SHA-256 of timm's state dict, a line `name [shape]` for each tensor in the order of names."""


def shapes_of(module: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


@pytest.fixture(scope="module")
def network() -> MobileNetV3Minimal:
    network = MobileNetV3Minimal().eval()
    network.load_state_dict(seeded(shapes_of(network)))
    return network


def features(network: MobileNetV3Minimal, height: int, width: int) -> torch.Tensor:
    images = np.random.default_rng(1).random((2, 3, height, width), dtype=np.float32)
    with torch.inference_mode():
        return network(torch.from_numpy(images))


def test_names_and_shapes_are_timms(network: MobileNetV3Minimal) -> None:
    shapes = shapes_of(network)
    assert len(shapes) == 276 and sum(int(np.prod(shape)) for shape in shapes.values()) == 1_437_654
    text = "\n".join(f"{name} {list(shape)}" for name, shape in sorted(shapes.items()))
    assert hashlib.sha256(text.encode()).hexdigest() == NAMES_AND_SHAPES


@pytest.mark.parametrize(
    ("size", "map_size", "first", "last", "mean"),
    [
        (
            (224, 224),
            (7, 7),
            [0.0, 0.0, 0.939639, 0.0, 0.031002, 0.01107, 0.024333, 0.857542],
            [0.316328, 0.0, 0.111344, 0.0],
            0.491126,
        ),
        (
            (97, 130),
            (4, 5),
            [0.0, 0.0, 0.736687, 0.012798, 0.043174, 0.012219, 0.181846, 0.627212],
            [0.351653, 0.026228, 0.153867, 0.0],
            0.396895,
        ),
    ],
)
def test_features_are_timms(
    network: MobileNetV3Minimal,
    size: tuple[int, int],
    map_size: tuple[int, int],
    first: list[float],
    last: list[float],
    mean: float,
) -> None:
    found = features(network, *size)
    pooled = found.mean(dim=(2, 3))
    assert found.shape == (2, FEATURES, *map_size)
    assert torch.allclose(pooled[0, :8], torch.tensor(first), atol=1e-5)
    assert torch.allclose(pooled[1, -4:], torch.tensor(last), atol=1e-5)
    assert pooled.mean().item() == pytest.approx(mean, abs=1e-5)


def test_the_statistics_of_the_norms_are_used_as_they_are(network: MobileNetV3Minimal) -> None:
    with torch.inference_mode():
        images = torch.from_numpy(np.random.default_rng(1).random((2, 3, 224, 224), dtype=np.float32))
        assert torch.allclose(network(images[:1]), network(images)[:1], atol=1e-5)


def test_an_even_picture_is_padded_to_the_right_and_the_bottom_alone() -> None:
    convolution = SameConv2d(1, 1, 3, stride=2, bias=False)
    with torch.inference_mode():
        convolution.weight.fill_(1.0)
        found = convolution(torch.ones(1, 1, 4, 5))
    # Four rows: rows 0-2, then 2, 3 and a zero. Five columns: a zero, 0 and 1; 1-3; 3, 4 and a zero.
    assert found[0, 0].tolist() == [[6.0, 9.0, 6.0], [4.0, 6.0, 4.0]]
