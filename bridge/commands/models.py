"""`facebridge models`: fetches, lists and checks the published weights."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from bridge.errors import CommandError
from bridge.quoting import quoted
from generator.arc2face.layout import RELEASE, Part, folders

if TYPE_CHECKING:
    from generator.arc2face.verify import Verdict

NAMES = [part.name for part in RELEASE]
COLOURS = {"there": "green", "incomplete": "yellow", "missing": "dim"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    fetching = actions.add_parser("pull", help="fetch the weights; what is there and whole stays", allow_abbrev=False)
    fetching.add_argument(
        "names",
        nargs="+",
        choices=NAMES,
        metavar="NAME",
        help=f"arc2face for all there is, or some of {', '.join(NAMES)}",
    )
    fetching.add_argument("--to", type=Path, metavar="DIR", help=f"where weights are kept ({home()})")
    fetching.add_argument("--only", nargs="+", choices=NAMES, metavar="PART", help="of all there is, only these parts")
    fetching.add_argument("--yes", action="store_true", help="agree to the licences without being asked")
    listing = actions.add_parser("list", help="what is there, and what it is for", allow_abbrev=False)
    listing.add_argument("folder", nargs="?", type=Path, metavar="DIR", help=f"where weights are kept ({home()})")
    checking = actions.add_parser("verify", help="check every file and every number", allow_abbrev=False)
    checking.add_argument("folder", type=Path, metavar="DIR", help="the folder that holds models and sd15, or models")
    checking.add_argument(
        "--base", type=Path, metavar="DIR", help="the folder of Stable Diffusion (sd15 beside models)"
    )
    checking.add_argument("--quick", action="store_true", help="names, shapes and lengths only, not the numbers")


def run(args: argparse.Namespace) -> int:
    actions: dict[str, Callable[[argparse.Namespace, Console], int]] = {"pull": pull, "list": show, "verify": verify}
    return actions[args.action](args, Console(highlight=False, soft_wrap=True))


def home() -> Path:
    """Where weights are kept unless somebody says otherwise."""
    return Path(platformdirs.user_data_dir("facebridge")) / "published"


def pull(args: argparse.Namespace, console: Console) -> int:
    from bridge.fetching import fetch_parts

    everything = "arc2face" in args.names
    if args.only and not everything:
        raise CommandError("--only chooses from all there is: `facebridge models pull arc2face --only PART ...`")
    wanted = args.only or (NAMES if everything else args.names)
    parts = [part for part in RELEASE if part.name in wanted]
    fetch_parts(parts, folders(args.to or home()), args.yes, console)
    return 0


def show(args: argparse.Namespace, console: Console) -> int:
    """The table of parts, and under it each fault in words."""
    from generator.arc2face.inventory import inventory

    folder = args.folder or home()
    if args.folder and not folder.is_dir():
        raise CommandError(f"there is no folder {folder}")
    found = inventory(folders(folder))
    table = Table("part", "", "size", "what it does", "licence", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for held in found:
        size = decimal(held.size) if held.size else _about(held.part)
        need = "" if held.part.required else ", optional"
        state = f"[{COLOURS[held.state]}]{held.state}[/]"
        table.add_row(held.part.name, state, size, f"{held.part.purpose}{need}", held.part.licence)
    console.print(f"The published model in [bold]{escape(str(folder))}[/]:")
    console.print(table, soft_wrap=False)
    for held in found:
        for fault in held.damaged + (held.missing if held.state == "incomplete" else ()):
            console.print(f"[yellow]{escape(fault)}[/]")
    if any(held.state != "there" for held in found):
        to = f" --to {quoted(folder)}" if args.folder else ""
        console.print(f"`facebridge models pull arc2face{escape(to)}` fetches what is missing.")
    return 0


def verify(args: argparse.Namespace, console: Console) -> int:
    """One line a part, and under it each fault in words; 1 when a model in there could not be loaded."""
    from generator.arc2face.verify import verify as verdicts

    if not args.folder.is_dir():
        raise CommandError(f"there is no folder {args.folder}")
    grave: list[str] = []
    with Progress(
        TextColumn("  {task.description}"),
        BarColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("reading", total=None)

        def report(path: Path, read: int, size: int) -> None:
            progress.update(task, description=f"{path.parent.name}/{path.name}", completed=read, total=size)

        for verdict in verdicts(folders(args.folder, args.base), args.quick, report):
            _print_verdict(verdict, progress.console)
            grave += [verdict.part.name] * verdict.grave
    if grave:
        names = ", ".join(grave)
        raise CommandError(
            f"not in order: {names}; what is wrong can be deleted and pulled again, or put there by hand"
        )
    return 0


def _print_verdict(verdict: "Verdict", console: Console) -> None:
    part = verdict.part
    told = f"optional: without it, {part.without}" if part.without else "required"
    told = decimal(verdict.size) if verdict.state == "well" else told
    colour = "red" if verdict.grave else COLOURS.get(verdict.state, "green")
    console.print(f"[{colour}]{verdict.state:<11}[/]{part.name:<12} {told}")
    for fault in verdict.faults if verdict.state != "missing" or part.required else ():
        console.print(f"           {escape(fault)}")
    for note in verdict.notes:
        console.print(f"           [dim]{escape(note)}[/]")


def _about(part: Part) -> str:
    return f"about {decimal(sum(file.size for file in part.files))}"
