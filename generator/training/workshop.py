"""The compact model from nothing, stage by stage. Each stage is a command, ends by time, and goes on where it was cut
off; what it leaves lies in the workshop's folder, where the next ones find it.

train/, held_out/    portraits, with landmarks
identity/            the identity encoder;  embeddings/ what it says of the portraits
latents/             the portraits, as the autoencoder sees them
checkpoints/         of every stage, with its log
model/               the model
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from generator.compact.denoiser import Denoiser, new_denoiser
from generator.training.portraits import HELD_OUT, Casting, open_portraits, render_portraits

NEEDED = ("ict/ict_facekit.npz", "captures/*.csv")


@dataclass(frozen=True, slots=True)
class Workshop:
    """`data` holds rig and recordings. `groups` of twelve people are drawn; `minutes` is how long the stage takes."""

    data: Path
    folder: Path
    minutes: float
    resume: bool = True
    groups: int = 320
    workers: int = 2

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def castings(self) -> dict[str, Casting]:
        return {"train": Casting(self.groups), "held_out": Casting(5, favour=1, seed=HELD_OUT)}

    def portraits(self) -> None:
        missing = [name for name in NEEDED if not any(self.data.glob(name))]
        if missing:
            raise FileNotFoundError(f"training draws its own pictures, and {self.data} lacks {', '.join(missing)}")
        for name, casting in self.castings.items():
            render_portraits(self.data, self.folder / name, casting, self.workers)

    def identity(self) -> None:
        from generator.compact.identity_encoder import IdentityEncoder
        from generator.training.identity_export import export_encoder, write_embeddings
        from generator.training.identity_stage import train_identity

        train, held_out = self.folder / "train", self.folder / "held_out"
        network = train_identity(train, held_out, self.checkpoints, self.minutes, self.resume)
        export_encoder(network, self.folder / "identity")
        encoder = IdentityEncoder(self.folder / "identity")
        for name in self.castings:
            write_embeddings(encoder, self.folder / name, self.folder / "embeddings" / f"{name}.npy")

    def autoencoder(self) -> None:
        from generator.training.autoencoder_stage256 import train_autoencoder

        folders = self.folder / "train", self.folder / "held_out"
        castings = self.castings["train"], self.castings["held_out"]
        train_autoencoder(self.data, folders, castings, self.checkpoints, self.minutes, self.resume)

    def latents(self) -> None:
        from generator.training.head.landmarks import write_landmarks
        from generator.training.latents import load_autoencoder, write_latents

        model = load_autoencoder(self.checkpoints / "autoencoder.pt")
        for name, casting in self.castings.items():
            write_landmarks(self.data, self.folder / name, casting)
            write_latents(model, open_portraits(self.folder / name), self.folder / "latents", name)

    def foundation(self) -> None:
        from generator.training.foundation_stage import train_foundation

        train_foundation(*self._school("foundation"), self.checkpoints, self.minutes, self.resume)

    def expression(self) -> None:
        from generator.training.expression_stage import train_expression

        denoiser = _denoiser()
        train_expression(denoiser, *self._school("expression"), self.checkpoints, self.minutes, self.resume)

    def reference(self) -> None:
        from generator.training.reference_stage import train_reference

        denoiser = _denoiser()
        train_reference(denoiser, *self._school("reference"), self.checkpoints, self.minutes, self.resume)

    def distillation(self) -> None:
        from generator.training.distillation_stage import School, distil

        lessons, exam = self._school("distillation")
        school = School(_denoiser(), lessons)
        distil(school, exam.autoencoder, exam, self.checkpoints, self.minutes, self.resume)

    def export(self) -> None:
        from generator.training.export256 import export_compact

        export_compact(self.folder, self.folder / "model")

    def _school(self, stage: str):
        from generator.training.exams import Exam
        from generator.training.latents import load_autoencoder
        from generator.training.lessons import open_lessons

        log = self.checkpoints / f"{stage}.pt"
        seed = int(torch.load(log, weights_only=True, mmap=True)["step"]) if self.resume and log.exists() else 0
        lessons, unseen = open_lessons(self.folder, "train", seed), open_lessons(self.folder, "held_out", 0)
        return lessons, Exam(unseen, load_autoencoder(self.checkpoints / "autoencoder.pt"))


STAGES: dict[str, tuple[Callable[[Workshop], None], float]] = {
    "portraits": (Workshop.portraits, 0.0), "identity": (Workshop.identity, 40.0),
    "autoencoder": (Workshop.autoencoder, 60.0), "latents": (Workshop.latents, 0.0),
    "foundation": (Workshop.foundation, 30.0), "expression": (Workshop.expression, 40.0),
    "reference": (Workshop.reference, 20.0), "distillation": (Workshop.distillation, 90.0),
    "export": (Workshop.export, 0.0),
}  # fmt: skip
"""Name → what it does, and for how many minutes on two processor cores; those of 0 end when all is done."""


def _denoiser() -> Denoiser:
    return new_denoiser().to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
