"""The compact model from nothing, stage by stage: which there are, what each needs, and how long each takes.

A stage is the function of its name in `generator.training.stages`. One that trains ends after so many minutes and goes
on where it was cut off; one that does not keeps what it has made already.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.errors import Explained

if TYPE_CHECKING:  # the command line lists the stages without torch
    from generator.training.workshop import Workshop

ALL = "all"
PACKAGES = ("moderngl", "scipy", "onnx")
NEEDED = ("ict/ict_facekit.npz", "captures/*.csv")


class TrainingError(Explained):
    """What keeps a stage from running."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A stage. `leaves` are files in the working folder, its checkpoint first; `minutes` 0: until it is done."""

    name: str
    what: str
    after: tuple[str, ...]
    leaves: tuple[str, ...]
    minutes: float = 0.0
    shipped: bool = False  # a trained model's folder holds what it makes


PLAN = (
    Planned("portraits", "draw people to train on, and people held out", (),
            ("train/done.npy", "held_out/done.npy")),
    Planned("identity", "the identity encoder", ("portraits",),
            ("checkpoints/identity/identity.pt", "encoder/identity_encoder.onnx"), 30, True),
    Planned("autoencoder", "pictures to latents and back", ("portraits",), ("checkpoints/autoencoder.pt",), 30, True),
    Planned("latents", "all portraits as latents and as identities", ("portraits", "identity", "autoencoder"),
            ("embeddings/train_mirrored.npy", "embeddings/held_out.npy", "latents/train_mirrored.npy",
             "latents/held_out_backed.npy", "latents/channels.npy")),
    Planned("geometry", "where features lie", ("latents",), ("checkpoints/geometry.pt",), 2, True),
    Planned("foundation", "the person in any expression", ("latents", "geometry"), ("checkpoints/foundation.pt",),
            10, True),
    Planned("expression", "the Expression Adapter", ("latents", "foundation"), ("checkpoints/expression.pt",),
            10, True),
    Planned("reference", "the Reference Adapter", ("latents", "expression"), ("checkpoints/reference.pt",), 10, True),
    Planned("together", "all of it, seen through the decoder", ("latents", "reference", "autoencoder"),
            ("checkpoints/together.pt",), 180),
    Planned("distillation", "few steps", ("latents", "together", "autoencoder"), ("checkpoints/distillation.pt",), 20),
    Planned("critic", "both decoders, beside a critic of pictures", ("latents", "distillation"),
            ("checkpoints/critic.pt",), 40),
    Planned("judge", "the judge of expressions, for `facebridge evaluate`", ("portraits",),
            ("checkpoints/regressor.pt",), 15),
    Planned("export", "the model's folder, and the judge's beside it",
            ("latents", "identity", "critic", "judge"), ("model/facebridge.json",)),
    Planned("gains", "how much more strongly faint curves are asked for", ("export",), ("checkpoints/gains.json",)),
)  # fmt: skip
STAGES = {stage.name: stage for stage in PLAN}


def train(name: str, work: Workshop, minutes: float | None = None) -> None:
    """Runs the stage of that name, or all of them in order; `minutes` instead of its own, of `all` shared among them as
    theirs are. With `work.resume`, a stage that has had its minutes is passed over. Raises TrainingError.
    """
    _check_options(work, minutes)
    chosen = [stage for stage in PLAN if name in (ALL, stage.name) and not (name == ALL and _brought(stage, work))]
    scale = 1.0 if minutes is None else minutes / max(sum(stage.minutes for stage in chosen), 1e-9)
    for stage in chosen:
        _check(stage, work)
        _run(stage, work, stage.minutes * scale)


def _check_options(work: Workshop, minutes: float | None) -> None:
    """And makes the folder, which is better known to fail before anything is drawn."""
    missing = [pattern for pattern in NEEDED if not any(work.data.glob(pattern))]
    if missing:
        raise TrainingError(f"training draws its own pictures, and {work.data} lacks {', '.join(missing)}")
    if minutes is not None and not minutes > 0:  # NaN is not, either
        raise TrainingError(f"--minutes {minutes:g}: more than 0")
    if work.workers < 1:
        raise TrainingError(f"--workers {work.workers}: 1 or more")
    try:
        work.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"--out {work.out}: {error.strerror}") from error


def check_packages() -> None:
    """Raises TrainingError naming what has to be installed first."""
    lacking = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if lacking:
        raise TrainingError(f"training needs {', '.join(lacking)}: `python3 run.py setup train` installs it")


def missing_before(stage: Planned, work: Workshop) -> Sequence[Planned]:
    """The stages that have to run first, in order."""
    needed = [before for before in PLAN if before.name in stage.after and not _brought(before, work)]
    return [before for before in needed if not all((work.out / path).exists() for path in before.leaves)]


def _check(stage: Planned, work: Workshop) -> None:
    if _brought(stage, work):
        raise TrainingError(f"{work.begun} holds what the stage {stage.name} makes: with --from it is not run")
    missing = missing_before(stage, work)
    if missing:
        first = missing[0]
        path = next(work.out / path for path in first.leaves if not (work.out / path).exists())
        raise TrainingError(
            f"the stage {stage.name} needs what {first.name} makes, and there is no {path}: "
            f"`facebridge train compact {first.name}` comes first"
        )


def _run(stage: Planned, work: Workshop, minutes: float) -> None:
    from generator.training import stages
    from generator.training.progress import so_far

    checkpoint = work.out / stage.leaves[0]
    whole = all((work.out / path).exists() for path in stage.leaves)
    if stage.minutes and work.resume and whole and so_far(checkpoint)[1] >= minutes:
        print(f"{stage.name}: had its {minutes:g} minutes", flush=True)
        return
    print(f"{stage.name}: {stage.what}" + (f", {minutes:g} minutes" if stage.minutes else ""), flush=True)
    getattr(stages, stage.name)(work, minutes)


def _brought(stage: Planned, work: Workshop) -> bool:
    return stage.shipped and work.begun is not None
