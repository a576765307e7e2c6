"""`facebridge map`: makes a mapping between ARKit's curves and FLAME's out of paired rows, and shows what one does."""

import argparse
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bridge.commands.replay import warn_of_problems
from bridge.errors import CommandError
from bridge.takes import Take, TakeError
from bridge.takes.formats import read_any_take
from generator.blendshape_map import BlendshapeMap, load_map, passage
from generator.mappings.files import MANIFEST, write_map
from generator.mappings.fit import RIDGE, Card, Fit, fit_map
from generator.mappings.inverse import COUNTS
from generator.mappings.mapping import COLUMNS, WIDTHS
from generator.mappings.parameters import read_parameters
from protocol.blendshapes import ARKIT52

UNITS = {"expression": "standard deviations", "eyelids": "of a blink", "jaw": "rad", "gaze": "rad"}
FELT = np.concatenate([COUNTS, np.full(WIDTHS["gaze"], 10.0)])  # 0.1 rad of the eyes as much as one deviation
SHOWN = 3
ROWS_A_CURVE = 10  # with fewer rows than this for each curve a fit flatters itself


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    fitting = actions.add_parser("fit", help="make a mapping out of paired rows", allow_abbrev=False)
    fitting.add_argument(
        "--arkit",
        type=Path,
        required=True,
        metavar="TAKE.csv",
        help="what the phone sent: a recording, such as Live Link Face makes",
    )
    fitting.add_argument(
        "--flame",
        type=Path,
        required=True,
        metavar="PARAMS.npz",
        help="FLAME of the same frames: expression (n, 50), jaw (n, 3); if you have them, eyelids (n, 2), gaze (n, 6)",
    )
    fitting.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the mapping is written")
    fitting.add_argument("--name", help="of the mapping (that of the folder)")
    fitting.add_argument("--licence", default="not stated", help="what others may do with it (not stated)")
    fitting.add_argument(
        "--ridge",
        type=_ridge,
        default=RIDGE,
        help=f"the more, the less a curve that hardly moves counts ({RIDGE})",
    )
    showing = actions.add_parser("show", help="say which curves move what", allow_abbrev=False)
    showing.add_argument("source", nargs="?", default="", metavar="DIR", help="a mapping's folder (the bundled one)")


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    return _fit(args, console) if args.action == "fit" else _show(load_map(args.source), console)


def _fit(args: argparse.Namespace, console: Console) -> int:
    take, flame = _paired(args.arkit, args.flame, console)
    count = len(take)
    sources = f"{count} rows of {args.arkit.name} and {args.flame.name}, ridge regression with ridge {args.ridge:g}"
    card = Card(args.name or args.out.resolve().name, sources, args.licence)
    fit = fit_map(take.curves[:, : len(ARKIT52)], flame, card, args.ridge)
    write_map(fit.mapping, args.out)
    _print_fit(fit, count, console)
    console.print(f"[bold green]{escape(str(args.out / MANIFEST))}[/]: use it with --map {escape(str(args.out))}")
    return 0


def _paired(arkit: Path, flame: Path, console: Console) -> tuple[Take, dict[str, np.ndarray]]:
    """The take's usable rows and the parameters of the same frames."""
    try:
        take = read_any_take(arkit)
    except TakeError as error:
        raise CommandError(str(error)) from error
    parameters, lost = read_parameters(flame), len(take.problems)
    count = len(parameters["expression"])
    if lost and count == len(take) + lost:  # a row for each line of the take: the line after the header is row 0
        lines = [problem.line - 2 for problem in take.problems]
        parameters = {name: np.delete(rows, lines, axis=0) for name, rows in parameters.items()}
    elif count != len(take):
        usable = f"{len(take)} usable rows of {len(take) + lost}" if lost else f"{len(take)} rows"
        raise CommandError(f"{arkit} has {usable} and {flame} has {count}; they are paired in order, one for one")
    warn_of_problems(take, console)
    return take, parameters


def _print_fit(fit: Fit, count: int, console: Console) -> None:
    console.print(f"fitted to {count} rows; what the mapping leaves of each group's movement, root mean square:")
    table = _table("group", "moved", "left", "unit", "explained")
    for residual in fit.residuals:
        figures = f"{residual.movement:.4f}", f"{residual.left:.4f}", UNITS[residual.group]
        table.add_row(residual.group, *figures, f"{100 * residual.explained:.1f} %")
    console.print(table)
    if not any(residual.group == "eyelids" for residual in fit.residuals):
        console.print("no eyelids were given: they follow eyeBlink, one to one")
    moving = len(ARKIT52) - len(fit.still)
    if count < ROWS_A_CURVE * moving:
        console.print(f"[yellow]{count} rows are few for {moving} curves: the figures flatter[/]")
    if fit.still:
        console.print(f"never moved, so their rows are zero: {', '.join(fit.still)}")


def _show(mapping: BlendshapeMap, console: Console) -> int:
    facts = {"basis": "arkit52 to flame55, and back", "licence": mapping.licence, "sources": mapping.sources}
    console.print(f"[bold]{escape(mapping.name)}[/]")
    for name, fact in facts.items():
        console.print(f"  {name:<9}{escape(fact)}")
    moving = [place for place, row in enumerate(mapping.rows) if row.any()]
    console.print(f"\n{len(moving)} of ARKit's {len(ARKIT52)} curves move something, the strongest first:")
    console.print(_movements(mapping, moving))
    for title, ways in {
        "ARKit on a FLAME": ("arkit55", "flame55"),
        "FLAME on an ARKit": ("flame55", "arkit55"),
    }.items():
        console.print(f"\n{title} model: {escape(passage(*ways, mapping).notice) or 'nothing is ignored'}")
    return 0


def _movements(mapping: BlendshapeMap, moving: list[int]) -> Table:
    """What each curve moves most when it is 1, with how far."""
    table = _table("curve", "moves most")
    felt = np.abs(mapping.rows) * FELT
    for place in sorted(moving, key=lambda place: -float(np.linalg.norm(felt[place]))):
        largest = [column for column in np.argsort(-felt[place], kind="stable")[:SHOWN] if felt[place, column]]
        parts = [f"{COLUMNS[column]} {mapping.rows[place, column]:+.2f}" for column in largest]
        table.add_row(mapping.curves[place], ", ".join(parts))
    return table


def _table(*headings: str) -> Table:
    return Table(*headings, box=None, padding=(0, 2, 0, 0), pad_edge=False)


def _ridge(text: str) -> float:
    """A finite number from 0 up, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 up")
    return value
