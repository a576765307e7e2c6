"""A training stage's clock, checkpoints and log: it ends after a number of minutes and goes on where it was cut off."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

SAVE_EVERY = 120.0  # seconds


def so_far(checkpoint: Path) -> tuple[int, float]:
    """Steps and minutes that a stage has had by its checkpoint; none without one."""
    if not checkpoint.exists():
        return 0, 0.0
    state = torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
    return int(state["step"]), float(state["elapsed"]) / 60


class Stage:
    """Iterate over `steps()`; what is in `parts` (anything with a state_dict) is saved and restored."""

    def __init__(self, name: str, folder: Path, minutes: float, parts: dict[str, Any], resume: bool) -> None:
        self.name, self.minutes, self.parts = name, minutes, parts
        self.path = folder / f"{name}.pt"
        self.elapsed, self.step, self.log = 0.0, 0, list[dict[str, float]]()
        folder.mkdir(parents=True, exist_ok=True)
        if resume and self.path.exists():
            self._restore()

    @property
    def done(self) -> float:
        """Share of the time used, 0..1."""
        return min(self.elapsed / (self.minutes * 60), 1.0)

    def cosine(self, peak: float, warm_up: float = 0.02, floor: float = 0.02) -> float:
        """Learning rate now: a linear warm-up, then half a cosine down to `floor` × peak."""
        if self.done < warm_up:
            return peak * (0.05 + 0.95 * self.done / warm_up)
        along = (self.done - warm_up) / (1 - warm_up)
        return peak * (floor + (1 - floor) * (1 + math.cos(math.pi * along)) / 2)

    def steps(self) -> Iterator[int]:
        """The steps that are left; none of a finished stage, whose checkpoint is then left alone."""
        if self.done >= 1:
            return
        saved = last = time.monotonic()
        with self._bar() as bar:
            task = bar.add_task(self.name, total=self.minutes * 60, completed=int(self.elapsed), note="")
            while self.done < 1:
                yield self.step
                now = time.monotonic()
                self.step, self.elapsed, last = self.step + 1, self.elapsed + now - last, now
                bar.update(task, completed=int(self.elapsed), note=self._note())
                if now - saved > SAVE_EVERY:
                    self.save()
                    saved = now
        self.save()

    def report(self, **figures: float) -> None:
        self.log.append(
            {
                "step": self.step,
                "minutes": round(self.elapsed / 60, 2),
                **{k: round(float(v), 5) for k, v in figures.items()},
            }
        )
        self.path.with_suffix(".json").write_text(json.dumps(self.log))
        print(self.name, self.log[-1], flush=True)

    def save(self) -> None:
        state = {name: part.state_dict() for name, part in self.parts.items()}
        partial = self.path.with_suffix(".partial")
        torch.save(state | {"elapsed": self.elapsed, "step": self.step, "log": self.log}, partial)
        partial.replace(self.path)

    def _restore(self) -> None:
        state = torch.load(self.path, map_location="cpu", weights_only=True)
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        self.elapsed, self.step, self.log = state["elapsed"], state["step"], state["log"]

    def _bar(self) -> Progress:
        return Progress(
            TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), TextColumn("{task.fields[note]}")
        )

    def _note(self) -> str:
        return f"step {self.step}" + (f" {self.log[-1]}" if self.log else "")
