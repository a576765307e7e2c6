"""What drawn pictures are judged by: the truth, whom the identity encoder finds, a critic; how hard each pulls."""

import numpy as np
import pytest
import torch

from generator.checkpoint import model_folder
from generator.compact.identity_encoder import FILE, IdentityEncoder
from generator.training.changes import response, unlike_change_seen
from generator.training.critic import SHIFT, Critic, _shifted
from generator.training.likeness import Likeness, by_area
from generator.training.looks import pulled

pytestmark = pytest.mark.needs(module="onnx")
FOLDER = model_folder("compact")


def blobs(count: int, side: int = 256) -> np.ndarray:
    """uint8 (count, side, side, 4) with straight alpha, smooth, clear at the edges."""
    g = np.random.default_rng(4)
    coarse = torch.from_numpy(g.uniform(0, 1, (count, 4, 6, 6)).astype(np.float32))
    smooth = torch.nn.functional.interpolate(coarse, size=(side, side), mode="bicubic").clamp(0, 1)
    return (smooth.permute(0, 2, 3, 1) * 255).round().to(torch.uint8).numpy()


def premultiplied(pictures: np.ndarray) -> torch.Tensor:
    layers = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
    return torch.cat([layers[:, :3] * layers[:, 3:], layers[:, 3:]], 1)


@pytest.mark.parametrize("side", [256, 128])
def test_whom_training_sees_is_whom_the_encoder_sees(side: int) -> None:
    pictures = blobs(3, side)
    with torch.no_grad():
        found = Likeness(FOLDER / FILE)(premultiplied(pictures))
    expected = torch.from_numpy(IdentityEncoder(FOLDER).embed(pictures))
    assert (found * expected).sum(1).min() > 0.999
    assert (found[:1] @ expected[1:].T).max() < 0.99


def test_the_likeness_can_be_learned_through() -> None:
    drawn = premultiplied(blobs(1)).requires_grad_(True)
    likeness = Likeness(FOLDER / FILE)
    likeness(drawn).sum().backward()
    assert drawn.grad is not None and drawn.grad.abs().max() > 0
    assert not any(weight.requires_grad for weight in likeness.parameters())


def test_each_smaller_pixel_is_the_mean_of_what_it_covers() -> None:
    weights = by_area(256, 112)
    assert torch.allclose(weights.sum(1), torch.ones(112))
    assert torch.equal(by_area(4, 2), torch.tensor([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]]))
    assert torch.allclose(weights[0, :3], torch.tensor([112, 112, 32]) / 256)


def test_a_cost_pulls_as_hard_as_it_may_whatever_its_units() -> None:
    drawn = torch.randn(2, 4, 8, 8, requires_grad=True)
    truth, other = (drawn - 1).square().mean(), 1e6 * drawn.sum()
    cost = pulled(drawn, [truth, other], [1.0, 0.25])
    assert torch.isclose(cost, truth)
    cost.backward()
    assert drawn.grad is not None
    along = torch.autograd.grad((drawn - 1).square().mean(), drawn)[0]
    rest = drawn.grad - along
    assert torch.isclose(rest.norm(), 0.25 * along.norm(), rtol=1e-3)
    assert torch.allclose(rest / rest.norm(), torch.full_like(rest, rest.numel() ** -0.5), atol=1e-4)


@pytest.mark.parametrize("side", [128, 64])
def test_a_critic_learns_to_tell_blur_from_detail_and_asks_for_detail(side: int) -> None:
    torch.manual_seed(0)
    critic, fine = Critic(), torch.rand(4, 4, side, side)
    blurred = torch.nn.functional.avg_pool2d(fine, 3, 1, 1)
    for _ in range(20):
        critic.learn(blurred, fine)
    with torch.no_grad():
        assert critic(fine).mean() > critic(blurred).mean() + 0.5
        assert critic.objection(fine) < critic.objection(blurred)


def test_a_critic_sees_patches_that_begin_elsewhere_each_time() -> None:
    torch.manual_seed(0)
    picture = torch.arange(32 * 32.0).view(1, 1, 32, 32)
    begins = {int(_shifted(picture)[0, 0, 0, 0]) for _ in range(40)}
    assert len(begins) > 10 and max(begin % 32 for begin in begins) < SHIFT and max(begins) // 32 < SHIFT
    both = _shifted(torch.cat([picture, picture]))
    assert both.shape == (2, 1, 32 - SHIFT, 32 - SHIFT) and torch.equal(both[0], both[1])


def test_a_change_counts_as_a_share_of_itself_however_small() -> None:
    base, weights = torch.rand(4, 4, 32, 32), torch.ones(4, 1, 32, 32)
    for size in (0.5, 0.4):
        truth = base.clone()
        truth[1::2] = truth[::2]
        truth[1, :, 8:16, 8:16] += size
        truth[3, :, 20:24, 20:24] += size
        still, half_way = truth.clone(), truth.clone()
        still[1::2] = still[::2]
        half_way[1::2] = (truth[1::2] + truth[::2]) / 2
        elsewhere = still.clone()
        elsewhere[1::2] += 0.3  # moves all over, alike in both of a pair but for this
        costs = [float(unlike_change_seen(drawn, truth, weights)) for drawn in (truth, half_way, still, elsewhere)]
        assert costs[:3] == pytest.approx([0, 0.25, 1], abs=1e-4)
        assert costs[3] > 2
    assert response(half_way, truth) == pytest.approx((1, 0.5), abs=1e-4)
    assert response(truth, truth) == pytest.approx((1, 1), abs=1e-4)


def test_what_both_of_a_pair_have_wrong_does_not_count() -> None:
    truth, weights = torch.rand(2, 4, 32, 32), torch.ones(2, 1, 32, 32)
    assert float(unlike_change_seen(truth + torch.rand(1, 4, 32, 32), truth, weights)) < 1e-6
