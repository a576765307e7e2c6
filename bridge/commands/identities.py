"""`facebridge identities`: whom a model can draw; and the store of the people who were enrolled."""

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bridge.errors import CommandError
from bridge.portraits import sheet
from bridge.still_file import check_out
from generator.arc2face.layout import folders, mapping_of
from generator.checkpoint import model_folder
from generator.compact.card import read_card
from generator.errors import Explained
from generator.face_generator import CARD, PUBLISHED, ModelOptions, load_generator
from generator.identities import Enrolled, Identity, IdentityStore
from generator.testcard import TestCard

YOURS = "where people are kept (your data folder)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = "Without an action: whom a model can draw. The actions are for the people you enrolled."
    parser.add_argument("--model", default="compact", help="compact, compact-s, testcard or a model's folder (compact)")
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="draw them, neutral and with two expressions")
    parser.add_argument("--base", default="", metavar="DIR/sd15", help="for a sheet by the published model")
    parser.add_argument("--map", default="", metavar="PATH", help="for a sheet by the published model: ARKit to FLAME")
    parser.add_argument("--store", type=Path, metavar="DIR", help=YOURS)
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    _action(actions, "list", "everybody who is enrolled")
    _action(actions, "show", "one of them, and where they lie").add_argument("name", metavar="NAME")
    _action(actions, "remove", "forget somebody").add_argument("names", metavar="NAME", nargs="+")
    exporting = _action(actions, "export", "somebody as one file, to take to another machine")
    exporting.add_argument("name", metavar="NAME")
    exporting.add_argument("file", type=Path, metavar="FILE.safetensors")
    exporting.add_argument("--replace", action="store_true", help="overwrite the file")
    importing = _action(actions, "import", "enrol somebody from such a file")
    importing.add_argument("file", type=Path, metavar="FILE.safetensors")
    importing.add_argument("--name", default="", help="what to call them (as in the file)")
    importing.add_argument("--replace", action="store_true", help="take the place of the person by that name")


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False)
    parser.add_argument("--store", type=Path, metavar="DIR", help=YOURS, default=argparse.SUPPRESS)
    return parser


def run(args: argparse.Namespace) -> int:
    actions: dict[str | None, Callable[[argparse.Namespace, IdentityStore, Console], int]] = {
        None: people, "list": enrolled, "show": show, "remove": remove, "export": export, "import": import_,
    }  # fmt: skip
    return actions[args.action](args, IdentityStore(args.store), Console(highlight=False, soft_wrap=True))


def people(args: argparse.Namespace, store: IdentityStore, console: Console) -> int:
    """Whom the model can draw, as a list or drawn on a sheet."""
    found = _people(args.model, store)
    if not found:
        raise CommandError(
            f"nobody is enrolled in {store.folder} yet: `facebridge enroll PHOTO --name NAME` adds people"
        )
    if args.sheet:
        return _draw(args, store)
    width = max(map(len, found))
    print("\n".join(f"{name:<{width}}  {description}".rstrip() for name, description in found.items()))
    return 0


def enrolled(args: argparse.Namespace, store: IdentityStore, console: Console) -> int:
    """A line for each; 1 if somebody's file cannot be read."""
    if not store.names():
        console.print(f"Nobody is enrolled in {escape(str(store.folder))} yet: `facebridge enroll` adds people.")
        return 0
    table = Table("name", "photos", "reference", "enrolled", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    faults = []
    for name in store.names():
        try:
            identity = store.read(name)
        except Explained as error:
            faults.append(str(error))
            continue
        table.add_row(escape(name), _photos(identity), _reference(identity), identity.made[:10])
    if table.row_count:
        console.print(table, soft_wrap=False)
    for fault in faults:
        console.print(f"[yellow]{escape(fault)}[/]")
    return 1 if faults else 0


def show(args: argparse.Namespace, store: IdentityStore, console: Console) -> int:
    identity, place = store.read(args.name), store.place(args.name)
    facts = {"folder": place, "photos": _photos(identity), "reference": _reference(identity), "enrolled": identity.made}
    facts |= {path.stem: path for path in sorted(place.glob("*.png"))}
    for name, fact in facts.items():
        console.print(f"  {name:<11}{escape(str(fact))}".rstrip())
    return 0


def remove(args: argparse.Namespace, store: IdentityStore, console: Console) -> int:
    for name in args.names:
        store.place(name)  # all or none: a misspelt name among several must not leave half of the work done
    for name in args.names:
        store.remove(name)
        console.print(f"{escape(name)} is removed from {escape(str(store.folder))}")
    return 0


def export(args: argparse.Namespace, store: IdentityStore, console: Console) -> int:
    if args.file.exists() and not args.replace:
        raise CommandError(f"{args.file} is there already: name another, or --replace it")
    store.export_to(args.name, args.file)
    console.print(f"{escape(args.name)} lies in [bold green]{escape(str(args.file))}[/]")
    return 0


def import_(args: argparse.Namespace, store: IdentityStore, console: Console) -> int:
    identity = store.import_from(args.file, args.name, args.replace)
    console.print(f"{escape(identity.name)} is kept in [bold green]{escape(str(store.place(identity.name)))}[/]")
    return 0


def _people(model: str, store: IdentityStore) -> dict[str, str]:
    """Name and description of everybody, without loading the network."""
    if model == "testcard":
        return dict.fromkeys(TestCard.identities, "")
    folder = model_folder(model)
    if not (folder / CARD).is_file() and any((folder / place).is_dir() for place in PUBLISHED):
        return dict.fromkeys(store.names(), "enrolled")
    card = read_card(folder)
    return card.identities | dict.fromkeys(Enrolled(store, card.encoder).names(), "enrolled")


def _draw(args: argparse.Namespace, store: IdentityStore) -> int:
    check_out(args.sheet, "--sheet", (".png",))
    generator = load_generator(args.model, ModelOptions(base=args.base, store=str(store.folder)))
    mapping = args.map or mapping_of(folders(Path(args.model)).models)
    _, png = cv2.imencode(".png", cv2.cvtColor(sheet(generator, mapping), cv2.COLOR_RGB2BGR))
    try:
        args.sheet.write_bytes(png.tobytes())
    except OSError as error:
        raise CommandError(f"{args.sheet} cannot be written: {error.strerror}") from None
    count = len(generator.identities)
    print(f"{count} {'person' if count == 1 else 'people'} drawn on {args.sheet}")
    return 0


def _photos(identity: Identity) -> str:
    return str(identity.photos) if identity.photos else "none, an embedding"


def _reference(identity: Identity) -> str:
    more = f", and {len(identity.shots)} pictures" if identity.shots else ""
    return f"yes{more}" if identity.reference is not None else "no"
