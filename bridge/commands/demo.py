"""`facebridge demo`: a server, a performance, a film of it, in one go."""

import argparse
from pathlib import Path

from rich.console import Console

from bridge.backdrop import TRANSPARENT
from bridge.commands.replay import positive, print_report
from bridge.config import load_config
from bridge.errors import CommandError
from bridge.film import OutputError, check_file
from bridge.look_arguments import add_look_arguments, look_of
from bridge.model_arguments import add_model_arguments, model_settings
from bridge.outputs import StageFilm
from bridge.replay import Replay, perform
from bridge.takes import FIRST_MINUTE, TakeError, read_take

NEXT = {
    "replay TAKE.csv --out film.mp4": "your own Live Link Face recording",
    "identities --sheet people.png": "everyone there is, drawn",
    "serve": "a server for an engine, or for a client of yours",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--identity", metavar="NAME", help="who is drawn (the first of `facebridge identities`)")
    parser.add_argument("--frames", type=positive, metavar="N", help="only the first N of the 1200 frames")
    parser.add_argument("--out", type=Path, default=Path("demo"), metavar="DIR", help="where the film goes (demo)")
    add_look_arguments(parser)
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False)
    film, report_path = args.out / "face.mp4", args.out / "report.json"
    look = look_of(args)
    if look.backdrop == TRANSPARENT:
        raise CommandError("--backdrop transparent: a film has no alpha; `facebridge replay --out DIR` writes PNGs")
    try:
        take = read_take(FIRST_MINUTE).first(args.frames)
        output = StageFilm(film, take)
        check_file(report_path)
        console.print(f"playing [bold]{take.name}[/], {take.duration:.3g} s, through a server on this machine")
        config = load_config(**model_settings(args))
        replay = Replay(take, "realtime", args.identity, None, config.model, config.options, config.map, look=look)
        report = perform(replay, output, report_path, console)
    except (TakeError, OutputError) as error:
        raise CommandError(str(error)) from error
    print_report(report, {"film": film, "report": report_path}, console)
    _say_what_next(console)
    return 0


def _say_what_next(console: Console) -> None:
    program = "python3 run.py" if Path("run.py").is_file() else "facebridge"
    console.print("\nWhere to go from here:")
    steps = {f"{program} {command}": what for command, what in NEXT.items()}
    steps["docs/clients.md"] = "a client of your own in ten lines"
    for step, what in steps.items():
        console.print(f"  [bold]{step:<{max(map(len, steps))}}[/]  {what}", soft_wrap=True)
