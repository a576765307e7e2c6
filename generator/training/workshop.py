"""Where a training works, and what its stages find there.

train/ held_out/           portraits: see `generator.training.portraits`
embeddings/ latents/       of both, and of the mirror images of the first: see `generator.training.lessons`
checkpoints/               what each stage has learned; identity/ is the identity encoder's
encoder/                   the identity encoder, before it is trained together with the rest
model/ judge/              the finished model, and who judges it
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from generator.compact import network
from generator.compact.autoencoder import Autoencoder
from generator.compact.card import read_card
from generator.compact.denoiser import Denoiser, new_denoiser
from generator.compact.identity_encoder import FILE
from generator.training import latents
from generator.training.compact import TrainingError
from generator.training.device import placed
from generator.training.exams import Exam
from generator.training.lessons import Lessons, open_lessons
from generator.training.likeness import Likeness
from generator.training.looks import Looks
from generator.training.portraits import GROUP, HELD_OUT, Casting
from generator.training.progress import so_far
from generator.training.together_stage import Trio

TRAIN, UNSEEN = "train", "held_out"
GROUPS = 300, 5  # of twelve people, to train on and held out
CLOTHED = 1 / 3  # of those to train on: the share that is drawn in other clothes as well
APART = 10_000  # people's own seeds, from one seed of a training to the next


@dataclass(frozen=True, slots=True)
class Workshop:
    """`data` holds the rig and the recordings, `out` is worked in; `castings` of the people to train on and of those
    held out. `begun` is the folder of a trained model to go on from, None to begin with nothing.
    """

    data: Path
    out: Path
    castings: tuple[Casting, Casting]
    begun: Path | None = None
    resume: bool = False
    workers: int = 2

    @property
    def checkpoints(self) -> Path:
        return self.out / "checkpoints"

    @property
    def encoder_folder(self) -> Path:
        """Of the identity encoder as its own stage left it, or the shipped one."""
        return self.begun or self.out / "encoder"

    @property
    def folders(self) -> tuple[Path, Path]:
        """Of portraits to train on, and held out."""
        return self.out / TRAIN, self.out / UNSEEN

    def cast(self) -> Iterator[tuple[Path, Casting]]:
        """Both folders of portraits, with whoever is in them."""
        yield from zip(self.folders, self.castings, strict=True)

    def autoencoder(self) -> Autoencoder:
        """As the autoencoder's stage left it, or the shipped one."""
        if self.begun is None:
            return latents.load_autoencoder(self.checkpoints / "autoencoder.pt")
        return placed(network.load_autoencoder(self.begun))

    def denoiser(self) -> Denoiser:
        """Untrained, or the shipped one."""
        torch.manual_seed(0)
        if self.begun is None:
            return placed(new_denoiser())
        return placed(network.load_denoiser(self.begun, read_card(self.begun)))

    def trio(self) -> Trio:
        """All that trains together, as `denoiser`, `autoencoder` and `likeness` have it."""
        return Trio(self.denoiser(), self.autoencoder(), self.likeness())

    def lessons(self, stage: str) -> Lessons:
        """Of the people to train on; other ones for every time that the stage was cut off."""
        steps = so_far(self.checkpoints / f"{stage}.pt")[0] if self.resume else 0
        return open_lessons(self.out, TRAIN, seed=steps, mirrored=True)

    def likeness(self) -> Likeness:
        return placed(Likeness(self.encoder_folder / FILE))

    def looks(self, stage: str) -> Looks:
        return Looks(self.lessons(stage), self.likeness())

    def unseen(self) -> Lessons:
        return open_lessons(self.out, UNSEEN, seed=0, mirrored=False)

    def exam(self) -> Exam:
        return Exam(self.unseen(), self.autoencoder(), self.likeness())


def castings(groups: tuple[int, int] = GROUPS, seed: int = 0) -> tuple[Casting, Casting]:
    """People to train on, the gallery far more often than others, and people held out. Another `seed` has
    other people to train on, if there are no more than `APART`. Raises TrainingError where they would be held out.
    """
    if min(groups) < 1:
        raise TrainingError(f"--groups {groups[0]} {groups[1]}: one of each at least")
    if seed < 0 or APART * seed + GROUP * groups[0] > HELD_OUT:
        last = (HELD_OUT - GROUP * groups[0]) // APART
        if last < 0:
            raise TrainingError(f"--groups {groups[0]} are too many: there are people for {HELD_OUT // GROUP}")
        raise TrainingError(f"there are people to train on for --seed 0 to {last} with {groups[0]} groups, not {seed}")
    wardrobes = max(round(CLOTHED * groups[0]), 1)
    shown = Casting(groups[0], favour=10, seed=APART * seed, wardrobes=wardrobes)
    return shown, Casting(groups[1], favour=1, seed=HELD_OUT)
