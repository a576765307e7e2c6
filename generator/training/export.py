"""What leaves the training: the model as a folder that the generator loads, and beside it who judges it."""

from __future__ import annotations

from pathlib import Path

from safetensors.numpy import save_file

from generator.compact.autoencoder import FACTOR, SmallDecoder
from generator.compact.card import IDENTITIES, Card, write_card
from generator.compact.denoiser import Denoiser
from generator.compact.identity_encoder import IdentityEncoder
from generator.compact.network import save_network
from generator.evaluation.people import STRANGERS
from generator.evaluation.regressor import REGRESSOR
from generator.training.critic_stage import Finished
from generator.training.fitting import read_average
from generator.training.gallery_shots import gallery_pictures
from generator.training.head.gallery import GALLERY
from generator.training.identity_export import export_encoder, gallery_vectors
from generator.training.portraits import open_portraits
from generator.training.regressor_stage import export_regressor
from generator.training.strangers import export_strangers, strangers
from generator.training.workshop import TRAIN, Workshop

GAIN = 1.12  # of expression: with it, portraits of strangers had the least AED of 1.0, 1.06, 1.12 and 1.2
LAST = 0.0  # of the last latent: performances of strangers had no greater tLP with it than with 1, and less AED


def export_model(work: Workshop) -> Path:
    """Writes `model/` in the working folder, which it returns."""
    trio, small, folder = work.trio(), SmallDecoder(), work.out / "model"
    read_average(work.checkpoints, "critic", Finished(trio, small))
    folder.mkdir(parents=True, exist_ok=True)
    save_network(trio.denoiser, trio.autoencoder, small, folder)
    export_encoder(trio.encoder.network.cpu(), folder)
    encoder = IdentityEncoder(folder)
    vectors = gallery_vectors(open_portraits(work.out / TRAIN), encoder)
    save_file(vectors | gallery_pictures(work.data), folder / IDENTITIES)
    write_card(card_of(trio.denoiser, encoder.name), folder)
    return folder


def export_judge(work: Workshop, model: Path) -> None:
    """Writes `judge/` in the working folder, where `facebridge evaluate` looks for it: beside the `model`."""
    folder, encoder = work.out / "judge", IdentityEncoder(model)
    export_regressor(work.checkpoints / "regressor.pt", folder / REGRESSOR)
    export_strangers(strangers(open_portraits(work.out / TRAIN), encoder), encoder, folder / STRANGERS)


def card_of(denoiser: Denoiser, encoder: str) -> Card:
    """`encoder` is the name of what made the identities."""
    whole = FACTOR * denoiser.side
    return Card(
        name="compact", basis="arkit55", sizes=(whole, whole // 2), latent_size=denoiser.side,
        latent_channels=denoiser.channels, layout_channels=denoiser.layout_channels, default_steps=1, encoder=encoder,
        identities={person.name: person.about for person in GALLERY}, expression_gain=GAIN,
        last_scale=LAST,
    )  # fmt: skip
