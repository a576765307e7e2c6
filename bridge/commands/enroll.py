"""`facebridge enroll`: makes an identity of pictures of one person, or of an embedding that is there already.

For the published model these are photographs. For the compact model they are pictures of synthetic people, framed as it
draws them: see `bridge.framed`.
"""

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.markup import escape

from bridge.commands.models import home
from bridge.errors import CommandError
from bridge.framed import FRAMING, framed_picture, framed_reference, framed_thumbnail
from bridge.known_shots import read_shots
from generator.alignment import ffhq_crop, ffhq_square
from generator.checkpoint import model_folder
from generator.compact.identity_encoder import FILE as ENCODER
from generator.compact.identity_encoder import IdentityEncoder
from generator.face_generator import CARD
from generator.identities import Identity, IdentityStore, average, read_embedding
from generator.identity_file import ARCFACE
from generator.photo import FEWEST, FaceReader, Photograph, faces_in
from generator.shots import Shot

REFERENCE, THUMBNAIL = 512, 256  # pixels
STRANGERS, FRAMED_STRANGERS = 0.3, 0.6
"""The cosine of two photographs' embeddings: of two people it is about 0, of one person as a rule above 0.4. Of two
framed pictures of one synthetic person it is as a rule above 0.7."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """What one argument gave: an embedding, and the picture it was read off, if it was: a photograph, or a framed one,
    uint8 (side, side, 3 or 4).
    """

    source: Path
    embedding: np.ndarray
    photograph: Photograph | None = None
    framed: np.ndarray | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = f"With --model compact: {FRAMING}"
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="of one person; or a .npy of 512 numbers")
    parser.add_argument("--name", required=True, help="what the person is to be called")
    parser.add_argument(
        "--model", metavar="MODEL",
        help=f"whom for: the published model's DIR/models ({home() / 'models'}), compact, or a compact model's folder",
    )  # fmt: skip
    parser.add_argument(
        "--with-reference",
        action="store_true",
        help="keep the first picture, aligned: a model that heeds references keeps to what it shows, worn or grown",
    )
    parser.add_argument(
        "--shots",
        type=Path,
        metavar="DIR",
        help="with --with-reference, for the compact model: further pictures of known expressions, each NAME.png with "
        "its curves in NAME.json",
    )
    parser.add_argument("--store", type=Path, metavar="DIR", help="where people are kept (your data folder)")
    parser.add_argument("--replace", action="store_true", help="take the place of the person by that name")


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    store = IdentityStore(args.store)
    if not args.replace:
        store.check_free(args.name)
    encoder = _own_encoder(args.model)
    if args.shots and not (args.with_reference and encoder):
        raise CommandError("--shots goes with --with-reference, for the compact model")
    shots = read_shots(args.shots) if args.shots else {}
    sittings = _sit_framed(args.photos, encoder) if encoder else _sit(args.photos, _published(args.model), console)
    first = next((sitting for sitting in sittings if sitting.photograph or sitting.framed is not None), None)
    if args.with_reference and not first:
        raise CommandError("--with-reference keeps a photograph, and none was given")
    _compare(sittings, FRAMED_STRANGERS if encoder else STRANGERS, console)
    reference = _reference(first, console) if first and args.with_reference else None
    identity = Identity(
        name=args.name,
        embedding=average([sitting.embedding for sitting in sittings]),
        photos=sum(sitting.photograph is not None or sitting.framed is not None for sitting in sittings),
        reference=reference,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=encoder.name if encoder else ARCFACE,
        shots=tuple(shots.values()),
    )
    if encoder and shots:
        _check_shots(shots, identity, encoder, console)
    store.write(identity, _thumbnail(first, reference))
    console.print(f"{escape(_kept(identity))} [bold green]{escape(str(store.place(identity.name)))}[/]")
    if encoder and first:
        console.print(f"[yellow]{FRAMING}[/]")
    return 0


def _kept(identity: Identity) -> str:
    more = f" and {len(identity.shots)} more pictures" if identity.shots else ""
    return f"{identity.name}{f', with a reference{more},' if identity.reference is not None else ''} is kept in"


def _check_shots(shots: dict[Path, Shot], identity: Identity, encoder: IdentityEncoder, console: Console) -> None:
    """Warns of pictures of somebody else, and of a reference beside which none is heeded."""
    alike = encoder.embed(np.stack([shot.picture for shot in shots.values()])) @ identity.embedding
    for path, cosine in zip(shots, alike, strict=True):
        if cosine < FRAMED_STRANGERS:
            _warn(console, f"{path} looks like somebody else than {identity.name} ({cosine:.2f})")
    if identity.reference is not None and (identity.reference[..., 3] == 255).all():
        _warn(console, "the reference has a backdrop: it stands alone, and the pictures of --shots change nothing")


def _own_encoder(model: str | None) -> IdentityEncoder | None:
    """Of a model of our own; None for the published one."""
    folder = model_folder(model) if model else None
    if folder and ((folder / CARD).is_file() or (folder / ENCODER).is_file()):
        return IdentityEncoder(folder)
    return None


def _published(model: str | None) -> Path:
    return Path(model) if model else home() / "models"


def _sit_framed(sources: list[Path], encoder: IdentityEncoder) -> list[Sitting]:
    sittings = []
    for source in sources:
        if source.suffix.lower() == ".npy":
            sittings.append(Sitting(source, read_embedding(source)))
            continue
        picture = framed_picture(source)
        sittings.append(Sitting(source, encoder.embed(picture[None])[0], framed=picture))
    return sittings


def _sit(sources: list[Path], models: Path, console: Console) -> list[Sitting]:
    """Read every source, saying what was seen; the networks are loaded for the first photograph."""
    sittings: list[Sitting] = []
    reader: FaceReader | None = None
    for source in sources:
        if source.suffix.lower() == ".npy":
            sittings.append(Sitting(source, read_embedding(source)))
            continue
        if reader is None:
            reader = FaceReader(models)
            _warn(console, reader.notice)
        photograph = faces_in(source, reader)
        sittings.append(Sitting(source, photograph.faces[0].embedding, photograph))
        _describe(source, photograph, console)
    return sittings


def _describe(source: Path, photograph: Photograph, console: Console) -> None:
    count, width = len(photograph.faces), photograph.faces[0].width
    found = "one face" if count == 1 else f"{count} faces, of which the largest is taken"
    console.print(f"{escape(str(source))}: {found}, {width} pixels across")
    if width < FEWEST:
        _warn(console, f"below {FEWEST} pixels a face is vague: a larger picture gives a better likeness")


def _compare(sittings: list[Sitting], strangers: float, console: Console) -> None:
    """How alike the sources are, and which two look like different people: those less alike than `strangers`."""
    if len(sittings) < 2:
        return
    embeddings = np.stack([sitting.embedding for sitting in sittings])
    cosines = embeddings @ embeddings.T
    pairs = [(float(cosines[i, j]), i, j) for i in range(len(sittings)) for j in range(i)]
    least, most = min(pairs), max(pairs)
    console.print(f"alike by {least[0]:.2f} to {most[0]:.2f}, where 1 is the same picture and 0 a stranger")
    for cosine, later, earlier in sorted(pairs):
        if cosine < strangers:
            pair = f"{sittings[earlier].source} and {sittings[later].source}"
            _warn(console, f"{pair} look like different people ({cosine:.2f}): enrol each by themselves")


def _reference(first: Sitting, console: Console) -> np.ndarray | None:
    """The first picture as its model takes references; see `generator.identity_file`."""
    if first.framed is not None:
        return framed_reference(first.framed)
    if first.photograph is None:
        return None
    landmarks = first.photograph.faces[0].landmarks
    square = ffhq_square(landmarks)
    side = float(np.hypot(*(square[3] - square[0])))
    if side < REFERENCE / 2:
        _warn(console, f"the reference is {side:.0f} pixels enlarged to {REFERENCE}, so what is drawn from it is soft")
    return ffhq_crop(first.photograph.picture, landmarks, REFERENCE)


def _thumbnail(first: Sitting | None, reference: np.ndarray | None) -> np.ndarray | None:
    if first and first.framed is not None:
        return framed_thumbnail(first.framed, THUMBNAIL)
    if reference is not None:
        return cv2.resize(reference, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)
    if first is None or first.photograph is None:
        return None
    return ffhq_crop(first.photograph.picture, first.photograph.faces[0].landmarks, THUMBNAIL)


def _warn(console: Console, sentence: str) -> None:
    if sentence:
        console.print(f"[yellow]{escape(sentence)}[/]")
