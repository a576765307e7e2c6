"""What every denoiser stage does alike: steps on some of the weights, their running average, a score now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.training.descent import Descent
from generator.training.progress import Stage

SCORE_EVERY, AVERAGE_EVERY = 300, 5  # steps


def fit(
    stage_of: Callable[[dict[str, object]], Stage],
    model: nn.Module,
    groups: Sequence[tuple[Iterable[nn.Parameter], float]],
    loss: Callable[[nn.Module, Stage], Tensor],
    score: Callable[[nn.Module], dict[str, float]],
) -> nn.Module:
    """Trains `groups`, (weights, peak rate) each, for the stage's time; returns the running average of the model.

    `stage_of` makes the stage of the parts that it is to save: "model", "average" and "optimizer". `loss` is called
    with the running average and the stage, and computes with `model`.
    """
    taught = [(list(weights), peak) for weights, peak in groups]
    model.requires_grad_(False)
    for weights, _ in taught:
        for weight in weights:
            weight.requires_grad_(True)
    descent = Descent(taught)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.98))
    stage = stage_of({"model": model, "average": average, "optimizer": descent})
    for step in stage.steps():
        cost = loss(average.module, stage)
        cost.backward()
        nn.utils.clip_grad_norm_(descent.weights, 1.0)
        descent.step(stage.cosine(1.0, floor=0.01))
        if step % AVERAGE_EVERY == 0:
            average.update_parameters(model)
        if step % SCORE_EVERY == 0 and step:
            stage.report(loss=cost.item(), **score(average.module))
    return average.module


def stage_in(folder: Path, name: str, minutes: float, resume: bool) -> Callable[[dict[str, object]], Stage]:
    return lambda parts: Stage(name, folder, minutes, parts, resume)


def read_average(folder: Path, name: str, model: nn.Module) -> None:
    """Fills `model` with the running average that a stage left behind."""
    state = torch.load(folder / f"{name}.pt", map_location="cpu", weights_only=True)["average"]
    model.load_state_dict({k.removeprefix("module."): v for k, v in state.items() if k != "n_averaged"})
