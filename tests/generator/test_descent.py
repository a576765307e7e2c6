"""Weights are taught whatever their memory layout, matrices by one optimizer and the rest by the other."""

import torch
from torch import nn

from generator.training.descent import Descent
from generator.training.muon import Muon, orthogonal


def network() -> nn.Sequential:
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Conv2d(64, 80, 3), nn.Flatten(), nn.Linear(80, 70), nn.ReLU(), nn.Linear(70, 4))
    return layers.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def taught(model: nn.Module, descent: Descent, steps: int) -> list[float]:
    g = torch.Generator().manual_seed(1)
    pictures, wanted = torch.randn(16, 64, 3, 3, generator=g), torch.randn(16, 4, generator=g)
    losses = []
    for _ in range(steps):
        loss = (model(pictures) - wanted).square().mean()
        loss.backward()
        descent.step(1.0)
        losses.append(loss.item())
    return losses


def test_every_weight_moves_and_the_loss_falls() -> None:
    model = network()
    before = [weight.clone() for weight in model.parameters()]
    losses = taught(model, Descent([(model.parameters(), 3e-3)]), 30)
    assert losses[-1] < 0.2 * losses[0]
    assert all(not torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_a_restored_descent_goes_on_as_if_it_had_not_been_cut_off() -> None:
    whole, cut, again = network(), network(), network()
    losses = taught(whole, Descent([(whole.parameters(), 1e-3)]), 8)
    first = Descent([(cut.parameters(), 1e-3)])
    taught(cut, first, 5)
    again.load_state_dict(cut.state_dict())
    second = Descent([(again.parameters(), 1e-3)])
    second.load_state_dict(first.state_dict())
    assert taught(again, second, 3) == losses[5:]


def test_a_restored_descent_keeps_to_the_rates_it_is_given() -> None:
    model, again = network(), network()
    first, second = Descent([(model.parameters(), 1e-3)]), Descent([(again.parameters(), 0.0)])
    taught(model, first, 2)
    second.load_state_dict(first.state_dict())
    before = [weight.clone() for weight in again.parameters()]
    taught(again, second, 1)
    assert all(torch.equal(a, b) for a, b in zip(before, again.parameters(), strict=True))


def test_groups_have_rates_of_their_own() -> None:
    model = network()
    last = model[4]
    assert isinstance(last, nn.Linear)
    before = last.weight.clone()
    groups = [(model[0].parameters(), 1e-3), (model[2].parameters(), 1e-3), (last.parameters(), 0.0)]
    taught(model, Descent(groups), 2)
    assert torch.equal(before, last.weight)


def test_matrices_go_where_torchs_own_muon_takes_them() -> None:
    torch.manual_seed(3)
    starts = [torch.randn(shape) for shape in ((72, 90), (72, 90), (90, 72))]
    ours, theirs = ([nn.Parameter(start.clone()) for start in starts] for _ in range(2))
    own = Muon([{"params": ours, "lr": 0.02}], 0.01, 3)
    known = torch.optim.Muon(theirs, lr=0.02, weight_decay=0.01, ns_steps=3, adjust_lr_fn="match_rms_adamw")
    for _ in range(4):
        for a, b in zip(ours, theirs, strict=True):
            a.grad = b.grad = torch.randn(a.shape)
        own.step()
        known.step()
    for a, b, start in zip(ours, theirs, starts, strict=True):
        assert torch.allclose(a, b, atol=2e-3)  # theirs is of bfloat16
        assert not torch.allclose(a, start, atol=2e-2)


def test_what_is_orthogonal_turns_without_stretching() -> None:
    torch.manual_seed(4)
    for shape in ((2, 64, 200), (1, 200, 64)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape), 5).float())
        assert values.min() > 0.5 and values.max() < 1.5
