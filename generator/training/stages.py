"""The stages of the compact model's training, each a function of where to work and for how many minutes."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from generator.compact.autoencoder import Autoencoder, SmallDecoder
from generator.compact.conditions import IDENTITY
from generator.compact.identity_encoder import FILE, encoder_name
from generator.compact.network import load_small_decoder
from generator.training.autoencoder_stage import train_autoencoder
from generator.training.critic_stage import Finished, train_with_critic
from generator.training.device import placed
from generator.training.distillation_stage import distil
from generator.training.export import export_judge, export_model
from generator.training.expression_stage import train_expression
from generator.training.fitting import read_average
from generator.training.foundation_stage import train_foundation
from generator.training.gains_stage import find_gains, write_responses
from generator.training.geometry_stage import new_geometry, train_geometry
from generator.training.identity_export import export_encoder, write_embeddings
from generator.training.identity_stage import train_identity
from generator.training.latents import MIRRORED, write_latents
from generator.training.portraits import open_portraits, render_portraits
from generator.training.prints import prints_of
from generator.training.reference_stage import train_reference
from generator.training.regressor_stage import train_regressor
from generator.training.together_stage import train_together
from generator.training.workshop import TRAIN, UNSEEN, Workshop

MOST_JUDGED = 24_000  # portraits that the judge's stage keeps in memory, 66 KB each


def portraits(work: Workshop, _: float) -> None:
    for folder, casting in work.cast():
        render_portraits(work.data, folder, casting, work.workers)


def identity(work: Workshop, minutes: float) -> None:
    folder = work.checkpoints / "identity"
    if not work.resume:
        shutil.rmtree(folder, ignore_errors=True)  # thumbnails of other portraits
    network = train_identity(*work.folders, folder, minutes, work.resume)
    export_encoder(network, work.encoder_folder)


def autoencoder(work: Workshop, minutes: float) -> None:
    train_autoencoder(work.folders, work.checkpoints, minutes, work.resume)


def latents(work: Workshop, _: float) -> None:
    """Of the portraits held out, and of those to train on with their mirror images. With `resume`, what the same
    networks have made before is kept.
    """
    encoder, model = work.likeness(), work.autoencoder()
    embeddings, encoded = work.out / "embeddings", work.out / "latents"
    for folder, maker in ((embeddings, encoder_name(work.encoder_folder / FILE)), (encoded, digest(model))):
        _clear(folder, maker, keep=work.resume)
    for folder, mirrored in ((work.out / UNSEEN, False), (work.out / TRAIN, True)):
        portraits, name = open_portraits(folder), folder.name
        prints = prints_of(folder, len(portraits.curves))
        write_embeddings(encoder, prints, embeddings / f"{name}.npy", mirrored=False)
        write_latents(model, portraits, prints, encoded, name, mirrored)
        if mirrored:
            write_embeddings(encoder, prints, embeddings / f"{name}{MIRRORED}.npy", mirrored=True)


def geometry(work: Workshop, minutes: float) -> None:
    side = work.denoiser().side
    lessons, unseen = work.lessons("geometry"), work.unseen()
    train_geometry(placed(new_geometry(IDENTITY, side)), lessons, unseen, work.checkpoints, minutes, work.resume)


def foundation(work: Workshop, minutes: float) -> None:
    denoiser = work.denoiser()
    read_average(work.checkpoints, "geometry", denoiser.expression.geometry)
    train_foundation(denoiser, work.lessons("foundation"), work.exam(), work.checkpoints, minutes, work.resume)


def expression(work: Workshop, minutes: float) -> None:
    train_expression(
        work.denoiser(), work.lessons("expression"), work.exam(), work.checkpoints, minutes, work.resume
    )  # fmt: skip


def reference(work: Workshop, minutes: float) -> None:
    train_reference(work.denoiser(), work.lessons("reference"), work.exam(), work.checkpoints, minutes, work.resume)


def together(work: Workshop, minutes: float) -> None:
    """On what the stages before have left; of a model that was begun with, on that."""
    trio, looks = work.trio(), work.looks("together")
    train_together(trio, looks, work.exam(), work.checkpoints, minutes, work.resume, ready=work.begun is not None)


def distillation(work: Workshop, minutes: float) -> None:
    trio, looks = work.trio(), work.looks("distillation")
    distil(trio, looks, work.exam(), work.checkpoints, minutes, work.resume)


def critic(work: Workshop, minutes: float) -> None:
    small = placed(SmallDecoder() if work.begun is None else load_small_decoder(work.begun))
    model, looks = Finished(work.trio(), small), work.looks("critic")
    train_with_critic(model, looks, work.exam(), work.checkpoints, minutes, work.resume)


def judge(work: Workshop, minutes: float) -> None:
    """`minutes` of one processor core."""
    train_regressor(*work.folders, work.checkpoints, minutes, work.resume, MOST_JUDGED)


def export(work: Workshop, _: float) -> Path:
    """The model's folder."""
    folder = export_model(work)
    export_judge(work, folder)
    return folder


def gains(work: Workshop, _: float) -> None:
    """Of the exported model."""
    write_responses(find_gains(work.out / "model", work.data, work.workers), work.checkpoints / "gains.json")


def _clear(folder: Path, maker: str, keep: bool) -> None:
    """Empties `folder`, but what the same maker left there before is to `keep`."""
    note = folder / "made_by.txt"
    if keep and note.exists() and note.read_text(encoding="utf-8") == maker:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    note.write_text(maker, encoding="utf-8")


def digest(model: Autoencoder) -> str:
    """Tells apart what makes other latents of a picture."""
    weights = {**model.encoder.state_dict(), "mean": model.mean, "std": model.std}
    parts = (name.encode() + weight.cpu().contiguous().numpy().tobytes() for name, weight in sorted(weights.items()))
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]
