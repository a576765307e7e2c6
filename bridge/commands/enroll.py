"""`facebridge enroll`: makes an identity of photographs of one person, or of an embedding that is there already."""

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
from generator.alignment import ffhq_crop, ffhq_square
from generator.identities import Identity, IdentityStore, average, read_embedding
from generator.photo import FEWEST, FaceReader, Photograph, faces_in

REFERENCE, THUMBNAIL = 512, 256  # pixels
STRANGERS = 0.3
"""The cosine of two photographs' embeddings: of two people it is about 0, of one person as a rule above 0.4."""


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """What one argument gave: an embedding, and the photograph it was read off, if it was."""

    source: Path
    embedding: np.ndarray
    photograph: Photograph | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO", help="of one person; or a .npy of 512 numbers")
    parser.add_argument("--name", required=True, help="what the person is to be called")
    parser.add_argument("--model", type=Path, metavar="DIR/models", help=f"the published model ({home() / 'models'})")
    parser.add_argument(
        "--with-reference",
        action="store_true",
        help="keep the first photograph, aligned, so that a Reference Adapter can keep to its looks and background",
    )
    parser.add_argument("--store", type=Path, metavar="DIR", help="where people are kept (your data folder)")
    parser.add_argument("--replace", action="store_true", help="take the place of the person by that name")


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    store = IdentityStore(args.store)
    if not args.replace:
        store.check_free(args.name)
    sittings = _sit(args.photos, args.model or home() / "models", console)
    first = next((sitting.photograph for sitting in sittings if sitting.photograph), None)
    if args.with_reference and not first:
        raise CommandError("--with-reference keeps a photograph, and none was given")
    _compare(sittings, console)
    reference = _reference(first, console) if first and args.with_reference else None
    identity = Identity(
        name=args.name,
        embedding=average([sitting.embedding for sitting in sittings]),
        photos=sum(sitting.photograph is not None for sitting in sittings),
        reference=reference,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    store.write(identity, _thumbnail(first, reference))
    kept = f"{identity.name}{', with a reference,' if reference is not None else ''} is kept in"
    console.print(f"{escape(kept)} [bold green]{escape(str(store.place(identity.name)))}[/]")
    return 0


def _sit(sources: list[Path], models: Path, console: Console) -> list[Sitting]:
    """Read every source, saying what was seen; the networks are loaded for the first photograph."""
    sittings: list[Sitting] = []
    reader: FaceReader | None = None
    for source in sources:
        if source.suffix.lower() == ".npy":
            sittings.append(Sitting(source, read_embedding(source), None))
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


def _compare(sittings: list[Sitting], console: Console) -> None:
    """How alike the sources are, and which two look like different people."""
    if len(sittings) < 2:
        return
    embeddings = np.stack([sitting.embedding for sitting in sittings])
    cosines = embeddings @ embeddings.T
    pairs = [(float(cosines[i, j]), i, j) for i in range(len(sittings)) for j in range(i)]
    least, most = min(pairs), max(pairs)
    console.print(f"alike by {least[0]:.2f} to {most[0]:.2f}, where 1 is the same picture and 0 a stranger")
    for cosine, later, earlier in sorted(pairs):
        if cosine < STRANGERS:
            pair = f"{sittings[earlier].source} and {sittings[later].source}"
            _warn(console, f"{pair} look like different people ({cosine:.2f}): enrol each by themselves")


def _reference(photograph: Photograph, console: Console) -> np.ndarray:
    """The first photograph's face as the Reference Adapter takes it: uint8 (512, 512, 3) RGB."""
    landmarks = photograph.faces[0].landmarks
    square = ffhq_square(landmarks)
    side = float(np.hypot(*(square[3] - square[0])))
    if side < REFERENCE / 2:
        _warn(console, f"the reference is {side:.0f} pixels enlarged to {REFERENCE}, so what is drawn from it is soft")
    return ffhq_crop(photograph.picture, landmarks, REFERENCE)


def _thumbnail(photograph: Photograph | None, reference: np.ndarray | None) -> np.ndarray | None:
    if reference is not None:
        return cv2.resize(reference, (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA)
    return ffhq_crop(photograph.picture, photograph.faces[0].landmarks, THUMBNAIL) if photograph else None


def _warn(console: Console, sentence: str) -> None:
    if sentence:
        console.print(f"[yellow]{escape(sentence)}[/]")
