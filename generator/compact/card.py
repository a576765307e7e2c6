"""What a compact model's folder holds, checked on load.

facebridge.json                   what the model is: see `Card`
denoiser.json                     diffusers' UNet2DConditionModel
denoiser.safetensors              the UNet, its conditions and both adapters
autoencoder.safetensors           pictures to latents and back, with the latents' mean and deviation
small_decoder.safetensors         the same latents at half the size
identity_encoder.onnx             pictures to identity vectors
identities.safetensors            name → (512,) unit vector; name/picture → uint8 (256, 256, 4), see `Identity`;
                                  name/curves → (shots, 55), name/shot N → uint8, a file, see `Shot`
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load_file

from generator.checkpoint import BUILT_IN, CheckpointError
from generator.checkpoint import SMALL as SMALL_MODEL
from generator.identity_file import Identity, IdentityError
from generator.shots import ShotError, shots_in
from protocol.blendshapes import ARKIT52

CARD = "facebridge.json"
UNET, DENOISER, AUTOENCODER = "denoiser.json", "denoiser.safetensors", "autoencoder.safetensors"
SMALL, ENCODER, IDENTITIES = "small_decoder.safetensors", "identity_encoder.onnx", "identities.safetensors"
IDENTITY = 512  # numbers of an identity vector
COLOURS = 4  # of a picture, alpha among them
SQUARE = 4  # pixels of a picture, across and down, that are one place of the network's finest layer
OF = "{}/"  # before what belongs to a name, which has no slash
PICTURE = "picture"
PIXELS = 16  # of the whole size that a latent is wide
MOST = 2  # that all curves or the last latent are multiplied by
MOST_OF_ONE = 4  # that a curve is
FILES = (CARD, UNET, DENOISER, AUTOENCODER, SMALL, ENCODER, IDENTITIES)


@dataclass(frozen=True, slots=True)
class Card:
    """`facebridge.json`. `sizes` in pixels, the first where nobody asks; `encoder` names who made the vectors;
    `expression_gain` is what curves are multiplied by, so that a face that comes out faint is as strong as asked, and
    `curve_gains`, by name, what some of them are multiplied by once more; `last_scale` is how much the network is shown
    of a stream's last latent.
    """

    name: str
    basis: str
    sizes: tuple[int, ...]
    latent_size: int
    latent_channels: int
    layout_channels: int
    default_steps: int
    encoder: str
    identities: dict[str, str]  # name → description, in order
    expression_gain: float = 1.0
    curve_gains: Mapping[str, float] = field(default_factory=dict)
    last_scale: float = 1.0

    def called(self, model: str) -> Card:
        """As it is loaded by that name: the small model is the same, its smallest size first."""
        return replace(self, name=model, sizes=tuple(sorted(self.sizes))) if model == SMALL_MODEL else self


def read_card(folder: Path) -> Card:
    """Checks that every file is there and reads the card. Raises CheckpointError."""
    if not folder.is_dir():
        raise CheckpointError(f"no model folder {folder} (built in: {', '.join(BUILT_IN)}, testcard)")
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise CheckpointError(f"{folder} is not a complete model: missing {', '.join(missing)}")
    path = folder / CARD
    try:
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        raw["sizes"] = tuple(raw["sizes"])
        known = fields(Card)
        given = [one.name for one in known if one.name in raw or one.default is one.default_factory is MISSING]
        card = Card(**{name: raw[name] for name in given})
    except json.JSONDecodeError as error:
        raise CheckpointError(f"{path} is not JSON: {error}") from error
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{path}: missing or odd entry {error}") from error
    whole = PIXELS * card.latent_size
    if sorted(card.sizes) != [whole // 2, whole]:
        raise CheckpointError(f"{path}: sizes must be {whole} and {whole // 2}, which its two decoders draw")
    _check_numbers(card, path)
    return card


def _check_numbers(card: Card, path: Path) -> None:
    """Raises CheckpointError."""
    for name, value in (("expression_gain", card.expression_gain), ("last_scale", card.last_scale)):
        if not (isinstance(value, int | float) and 0 <= value <= MOST):
            raise CheckpointError(f"{path}: {name} must be a number from 0 to {MOST}")
    if not isinstance(card.curve_gains, dict):
        raise CheckpointError(f"{path}: curve_gains must be numbers by names of curves")
    for name, value in card.curve_gains.items():
        if name not in ARKIT52:
            raise CheckpointError(f"{path}: curve_gains names {name!r}, which is none of the 52 curves")
        if not (isinstance(value, int | float) and 0 < value <= MOST_OF_ONE):
            raise CheckpointError(f"{path}: curve_gains: {name} must be a number above 0, {MOST_OF_ONE} at most")


def write_card(card: Card, folder: Path) -> None:
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_identities(folder: Path, card: Card) -> dict[str, Identity]:
    """The people a model comes with by name, in the card's order. Raises CheckpointError."""
    path = folder / IDENTITIES
    try:
        held = load_file(path)
    except SafetensorError as error:
        raise CheckpointError(f"{path} is damaged: {error}") from error
    odd = [name for name in card.identities if name not in held or held[name].shape != (IDENTITY,)]
    if odd:
        raise CheckpointError(f"{path}: no vector of {IDENTITY} numbers for {', '.join(odd)}")
    try:
        return {
            name: Identity(
                name, held[name], 0, held.get(of + PICTURE), "", card.encoder, shots_in(held, name, before=of)
            )
            for name, of in zip(card.identities, map(OF.format, card.identities), strict=True)
        }
    except (IdentityError, ShotError) as error:
        raise CheckpointError(f"{path}: {error}") from error
