"""A portrait bent by its landmarks, and a denoiser that sees it or not."""

import torch

from generator.compact.denoiser import new_denoiser
from generator.compact.geometry import spots
from generator.compact.warp import bent

SIDE = 64


def scattered(count: int = 40) -> torch.Tensor:
    """Landmarks (1, count, 2) over the face, in -1..1."""
    g = torch.Generator().manual_seed(0)
    return (torch.rand(1, count, 2, generator=g) - 0.5) * 1.2


def place(picture: torch.Tensor) -> torch.Tensor:
    """Where the one spot of a picture (h, w) is, in -1..1, y up."""
    middle = (torch.arange(SIDE) + 0.5) / (SIDE / 2) - 1
    share = picture / picture.sum()
    return torch.stack([(share.sum(0) * middle).sum(), -(share.sum(1) * middle).sum()])


def test_landmarks_where_they_are_wanted_change_nothing():
    picture = torch.nn.functional.avg_pool2d(torch.rand(1, 4, SIDE + 8, SIDE + 8), 9, 1)
    points = scattered()
    assert (bent(picture, points, points) - picture)[..., 1:-1, 1:-1].abs().max() < 1e-3


def test_a_feature_goes_where_it_is_wanted():
    points = scattered()
    moves = torch.tensor([0.1, -0.06]) * torch.cos(points)
    for k in (3, 17):
        spot = spots(points[:, k : k + 1], SIDE)[:, :1]
        there = place(bent(spot, points, points + moves)[0, 0])
        assert (there - (points + moves)[0, k]).abs().max() < 1.0 / (SIDE / 2)


def test_without_a_portrait_nothing_is_seen():
    denoiser = new_denoiser()
    with torch.no_grad():
        for name, weight in denoiser.named_parameters():
            if name.startswith(("kept", "unet.conv_in.seen")):
                weight.normal_(std=0.1)
    noisy, level = torch.randn(2, 32, 16, 16), torch.tensor([999, 300])
    given = torch.nn.functional.normalize(torch.randn(2, 512)), torch.rand(2, 4), torch.rand(2, 55)
    portrait = torch.rand(2, 4, 256, 256)
    with torch.no_grad():
        alone = denoiser(noisy, level, *given)
        some = denoiser(noisy, level, *given, bent=portrait, shown=torch.tensor([0.0, 1.0]))
        every = denoiser(noisy, level, *given, bent=portrait)
    assert torch.allclose(some[0], alone[0], atol=1e-5)
    assert torch.allclose(some[1], every[1], atol=1e-5)
    assert not torch.allclose(every[0], alone[0], atol=1e-2)
