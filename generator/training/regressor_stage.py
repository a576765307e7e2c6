"""Trains the judge of expressions (evaluation) on the portraits drawn so far: curves and head angles from pictures.

Portraits that are drawn meanwhile are taken in. Each curve's error counts in units of its own deviation, so that
faint and rare ones are learned as well as the jaw. Minutes are the processor's: a busy machine costs no lessons.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from generator.evaluation.regressor import GREY, SIDE, WHOLE, Regressor, upright, whole
from generator.training.device import DEVICE, LARGER, half, placed, sent
from generator.training.mirrored import mirrored_curves
from generator.training.portraits import open_portraits
from generator.training.prints import shown
from generator.training.progress import Stage

BATCH, PEAK_RATE, REPORT, LOOK_AGAIN = 64, 2e-3, 100, 50  # the last two in steps
TAKEN_IN, CHUNK = 400, 256  # portraits at one look, and at once
ANGLES_COUNT = 0.3
STRONG = 4.0  # deviations: errors to there count squared, or a judge would call all that is rare nothing
STIRS = 0.01  # the least deviation of a curve that is thought to move at all
MEMORY = 0.98  # of the weights' moving mean, a step: any checkpoint is good to use
SHIFT, UNSURE = 3, np.radians(2.5)  # pixels, and how wrong the angles are that faces are put upright by


class Lessons:
    """Portraits in a folder as both networks see them, uint8 RGBA premultiplied on the device, and their curves."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._most = folder, most
        self.curves = np.zeros((0, 55), np.float32)
        self._faces, self._wholes = (
            torch.zeros(most, side, side, 4, dtype=torch.uint8, device=DEVICE) for side in (SIDE, WHOLE)
        )

    def look(self, count: int) -> None:
        """Takes in up to `count` more of what was drawn."""
        portraits, known = open_portraits(self._folder), len(self.curves)
        end = min(len(portraits.curves), self._most, known + count)
        for at in range(known, end, CHUNK):
            rows = range(at, min(at + CHUNK, end))
            pictures = np.array(portraits.pictures[rows.start : rows.stop])
            angles = [portraits.curves[row, 52:] + np.random.default_rng(row).normal(0, UNSURE, 3) for row in rows]
            faces = np.stack([upright(*both) for both in zip(pictures, angles, strict=True)])
            self._faces[rows.start : rows.stop] = sent(faces)
            self._wholes[rows.start : rows.stop] = sent(np.stack([whole(picture) for picture in pictures]))
        self.curves = portraits.curves[:end]

    def batch(self, g: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Faces (n, 3, SIDE, SIDE) and whole pictures in 0..1, varied, and their curves (n, 55)."""
        count = BATCH * LARGER
        rows, flipped = g.integers(len(self.curves), size=count), g.uniform(size=count) < 0.5
        curves = self.curves[rows]
        curves[flipped] = mirrored_curves(curves[flipped])
        faces, wholes = (vary(shown(p[sent(rows)], flipped), g) for p in (self._faces, self._wholes))
        return faces, wholes, sent(curves)

    def plain(self, rows: np.ndarray) -> tuple[Tensor, Tensor]:
        """Faces and whole pictures on grey, as the judge sees them."""
        faces, wholes = (shown(p[sent(rows)], np.zeros(len(rows), bool)) for p in (self._faces, self._wholes))
        return _over(faces, GREY), _over(wholes, GREY)


def vary(pictures: Tensor, g: np.random.Generator) -> Tensor:
    """Other backdrops, tints and places, and some softness: a judge must not mind what is no expression."""
    n = len(pictures)

    def numbers(low: float, high: float, *shape: int) -> Tensor:
        return sent(g.uniform(low, high, (n, *shape)).astype(np.float32))

    out = _over(pictures, GREY + numbers(-0.15, 0.15, 3, 1, 1))
    out = out * numbers(0.88, 1.12, 1, 1, 1) * numbers(0.95, 1.05, 3, 1, 1)
    soft = functional.avg_pool2d(functional.pad(out, (1, 1, 1, 1), "replicate"), 3, 1)
    out = torch.lerp(out, soft, numbers(-0.6, 1.0, 1, 1, 1).clamp(0, 1))
    return _shifted(out, g).clamp(0, 1)


def train_regressor(data: Path, held_out: Path, folder: Path, minutes: float, resume: bool, most: int) -> Regressor:
    """Trains for `minutes` on at most `most` portraits; checkpoints and a log in `folder`."""
    torch.manual_seed(0)
    lessons, unseen = Lessons(data, most), Lessons(held_out, 480)
    lessons.look(most)
    unseen.look(480)
    network = placed(Regressor())
    network.mean.copy_(torch.from_numpy(lessons.curves.mean(0)))
    network.deviation.copy_(torch.from_numpy(lessons.curves.std(0)).clamp(min=STIRS))
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=0.02)
    mean = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(MEMORY), use_buffers=True)
    judge = mean.module
    assert isinstance(judge, Regressor)
    parts = {"model": network, "mean": mean, "optimizer": optimizer}
    stage = Stage("regressor", folder, minutes, parts, resume)
    g = np.random.default_rng([11, stage.step])
    for step in stage.steps() if DEVICE.type == "cuda" else processor_time(stage):
        for group in optimizer.param_groups:
            group["lr"] = stage.cosine(PEAK_RATE)
        loss = _learn(network, optimizer, *lessons.batch(g))
        mean.update_parameters(network)
        if step % LOOK_AGAIN == 0:
            lessons.look(TAKEN_IN)
        if step % REPORT == 0:
            r = readable(judge, unseen)
            figures = {"r": r[:52].mean(), "least": r[:52].min(), "angles": r[52:].min()}
            stage.report(loss=loss, portraits=len(lessons.curves), **{k: float(v) for k, v in figures.items()})
    return judge.cpu().eval()


def processor_time(stage: Stage) -> Iterator[int]:
    """The stage's steps, its clock being the time that this process was given."""
    before, begun = stage.elapsed, time.process_time()
    for step in stage.steps():
        stage.elapsed = before + time.process_time() - begun
        yield step


def _learn(
    network: Regressor, optimizer: torch.optim.Optimizer, faces: Tensor, wholes: Tensor, curves: Tensor
) -> float:
    network.train()
    wanted = (curves - network.mean) / network.deviation
    with half():
        read = network.curves(faces.contiguous(memory_format=torch.channels_last))
        angles = network.angles(wholes.contiguous(memory_format=torch.channels_last))
    loss = functional.smooth_l1_loss(read.float(), wanted[:, :52], beta=STRONG)
    loss = loss + ANGLES_COUNT * functional.smooth_l1_loss(angles.float(), wanted[:, 52:], beta=STRONG)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 5.0)
    optimizer.step()
    return loss.item()


@torch.no_grad()
def readable(network: Regressor, unseen: Lessons) -> np.ndarray:
    """(55,) correlation of what is read from unseen people's true pictures with what they do."""
    network.eval()
    parts = []
    for first in range(0, len(unseen.curves), BATCH):
        rows = np.arange(first, min(first + BATCH, len(unseen.curves)))
        faces, wholes = unseen.plain(rows)
        parts.append(torch.cat([network.curves(faces), network.angles(wholes)], 1).cpu().numpy())
    a, b = (x - x.mean(0) for x in (np.concatenate(parts), unseen.curves))
    return (a * b).sum(0) / np.sqrt(np.square(a).sum(0) * np.square(b).sum(0) + 1e-12)


def export_regressor(checkpoint: Path, path: Path) -> None:
    """Writes the network of a checkpoint as bf16."""
    network = Regressor()
    mean = AveragedModel(network, use_buffers=True)
    mean.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["mean"])
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in mean.module.state_dict().items() if not name.endswith("num_batches_tracked")}
    save_file({name: value.to(torch.bfloat16).contiguous() for name, value in kept.items()}, path)


def _over(premultiplied: Tensor, backdrop: Tensor | float) -> Tensor:
    return premultiplied[:, :3] + backdrop * (1 - premultiplied[:, 3:])


def _shifted(pictures: Tensor, g: np.random.Generator) -> Tensor:
    """By up to `SHIFT` pixels of SIDE, all of a batch alike; the edge is drawn out."""
    reach = round(SHIFT * pictures.shape[-1] / SIDE)
    x, y = (int(n) for n in g.integers(0, 2 * reach + 1, 2))
    wide = functional.pad(pictures, (reach,) * 4, "replicate")
    return wide[..., y : y + pictures.shape[-2], x : x + pictures.shape[-1]]
