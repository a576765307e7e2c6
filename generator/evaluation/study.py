"""What every figure is given: the model, the truth, real performances, and how much to measure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from generator.checkpoint import Card, read_card
from generator.diffusion import DiffusionGenerator
from generator.evaluation.truth import Truth
from generator.training.performances import HELD_OUT, MAX_TURN, read_recording, recordings
from generator.training.renderer.person import GALLERY, Person

TALK, MOTION = "slate_3.csv", "rom_3.csv"  # 60 and 30 frames a second


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of everything is measured."""

    held_out: int  # expressions of each person
    people: tuple[Person, ...]  # who performs the real captures
    lesson: tuple[int, int]  # recorded and mixed expressions a curve reader learns from
    motion: int  # frames of the held-out end of the second capture
    strengths: tuple[float, ...]  # of the poses
    floors: tuple[int, ...]  # of latent reuse, beside the model's own
    talk: int  # frames of talking before the return to neutral


FULL = Amounts(30, GALLERY[::3], (480, 240), 806, (1.0, 0.5), (200, 400, 600, 800), 2000)
QUICK = Amounts(8, GALLERY[::6], (240, 120), 240, (1.0,), (300, 600), 300)


@dataclass(frozen=True, slots=True)
class Captures:
    """Real performances (n, 55) at 30 frames a second, head angles held to what the model is made for."""

    talk: np.ndarray
    motion: np.ndarray  # the end of the recording that nothing was trained on
    lesson: np.ndarray  # its beginning
    held_out: np.ndarray  # rows of all recordings that nothing was trained on


@dataclass(frozen=True, slots=True)
class Study:
    generator: DiffusionGenerator
    folder: Path  # of the model
    truth: Truth
    captures: Captures
    amounts: Amounts
    seed: int

    @property
    def card(self) -> Card:
        return read_card(self.folder)


def read_captures(folder: Path) -> Captures:
    """Reads the Live Link Face recordings in `folder`. Raises OSError."""
    motion = _within_range(read_recording(folder / MOTION))
    end = int(len(motion) * HELD_OUT)
    talk = _within_range(read_recording(folder / TALK)[::2])
    return Captures(talk, motion[end:], motion[:end], recordings(folder, held_out=True))


def _within_range(curves: np.ndarray) -> np.ndarray:
    return np.concatenate([curves[:, :52], np.clip(curves[:, 52:], -MAX_TURN, MAX_TURN)], 1)
