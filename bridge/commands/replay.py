"""`facebridge replay`: plays a recorded performance, and keeps the pictures and the figures."""

import argparse
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from bridge.backdrop import TRANSPARENT
from bridge.config import load_config
from bridge.errors import CommandError
from bridge.film import OutputError, check_file
from bridge.key_arguments import add_key_arguments, keys_of
from bridge.look_arguments import Look, add_look_arguments, look_of
from bridge.model_arguments import add_model_arguments, model_settings
from bridge.outputs import FaceFilm, Folder, Output
from bridge.part_arguments import add_part_arguments, part_of
from bridge.replay import Replay, perform
from bridge.takes import Take, TakeError
from bridge.takes.formats import read_any_take

SHOWN_PROBLEMS = 5
FILMS = {".mov", ".mkv", ".avi", ".webm", ".m4v", ".gif"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("take", type=Path, metavar="TAKE.csv", help="a recording; docs/takes.md says of which kinds")
    parser.add_argument("--identity", metavar="NAME", help="who is drawn (the first of `facebridge identities`)")
    parser.add_argument(
        "--out", type=Path, metavar="FILE.mp4|DIR", help="a film, or a folder of PNGs by sequence number"
    )
    add_part_arguments(parser)
    parser.add_argument(
        "--loop", type=positive, nargs="?", const=0, default=1, metavar="N", help="play it N times; without N, for ever"
    )
    parser.add_argument("--frames", type=positive, metavar="N", help="only the first N frames of it")
    parser.add_argument(
        "--pace",
        choices=("realtime", "max"),
        default="max",
        help="max draws every frame, as fast as may be; realtime keeps the take's times, the newest frame wins (max)",
    )
    parser.add_argument("--server", metavar="ADDR", help="a running server, tcp://HOST:PORT; without it one is started")
    parser.add_argument("--seed", type=int, default=0, help="of the noise: the same seed draws the same pictures (0)")
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="frames, rate and latency, as JSON")
    add_look_arguments(parser)
    add_key_arguments(parser)
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False)
    given = [name for name, value in model_settings(args).items() if value is not None]
    if args.server and given:
        raise CommandError(f"--{given[0]} is for a server started here; the one at --server has its own")
    keys = keys_of(args, args.server, "--server")
    try:
        take = part_of(read_any_take(args.take), args).first(args.frames)
        warn_of_problems(take, console)
        look = look_of(args)
        if args.out and not args.loop:
            raise CommandError("--loop without a number never ends; say how often, for the pictures of --out")
        output = _output(args.out, take, look)
        if args.report:
            check_file(args.report)
        config = load_config(**model_settings(args))
        replay = Replay(
            take,
            args.pace,
            args.identity,
            args.server,
            config.model,
            config.options,
            config.map,
            args.seed,
            look,
            args.loop,
            keys,
        )
        report = perform(replay, output, args.report, console)
    except (TakeError, OutputError) as error:
        raise CommandError(str(error)) from error
    print_report(report, {"pictures": args.out, "report": args.report}, console)
    return 0


def positive(text: str) -> int:
    """A whole number above 0, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def warn_of_problems(take: Take, console: Console) -> None:
    """Name the first rows that were left out, and count them all."""
    if not take.problems:
        return
    count = len(take.problems)
    console.print(f"[yellow]{count} row{'s' if count > 1 else ''} of {escape(take.name)} left out:[/]")
    for problem in take.problems[:SHOWN_PROBLEMS]:
        console.print(f"  {escape(str(problem))}")
    if count > SHOWN_PROBLEMS:
        console.print(f"  and {count - SHOWN_PROBLEMS} more")


def print_report(report: dict[str, Any], written: dict[str, Path | None], console: Console) -> None:
    """The report's figures in four lines, and where the rest lies."""
    frames = report["frames"]
    refused = f", {frames['refused']} refused" if frames["refused"] else ""
    facts = {
        "frames": f"{frames['sent']} sent, {frames['drawn']} drawn, {frames['repeated']} repeated (still face), "
        f"{frames['dropped']} dropped{refused}",
        "rate": f"{report['fps']:.1f} fps",
        "latency": _latency(report["latency_ms"]),
    }
    for name, fact in facts.items():
        console.print(f"  {name:<9}{fact}", soft_wrap=True)
    for name, path in written.items():
        if path:
            console.print(f"  {name:<9}[bold green]{escape(str(path))}[/]", soft_wrap=True)


def _latency(latency: dict[str, dict[str, float]]) -> str:
    total = latency["total"]
    if not total:
        return "no picture came"
    parts = ", ".join(f"{name} {figures['p50']:g}" for name, figures in latency.items() if name != "total")
    return f"{total['p50']:g} ms in the middle, {total['p95']:g} at p95, {total['p99']:g} at p99 ({parts})"


def _output(path: Path | None, take: Take, look: Look) -> Output:
    if path is None:
        return Output()
    suffix = path.suffix.lower()
    if suffix == ".mp4":
        if look.backdrop == TRANSPARENT:
            raise OutputError("--backdrop transparent: a film has no alpha; make --out a folder, of PNGs")
        return FaceFilm(path, take)
    if suffix in FILMS:
        raise OutputError(f"{path}: a film is written as .mp4; without that ending, --out is a folder of PNGs")
    return Folder(path)
