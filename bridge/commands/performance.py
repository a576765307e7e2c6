"""`facebridge performance`: presets of the performance chain, what they do to a take, and what they cost."""

import argparse
import importlib.util
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bridge.commands.replay import warn_of_problems
from bridge.errors import CommandError
from bridge.performance.channels import CHANNELS, GROUPS, place_of
from bridge.performance.preset import Preset, preset_path, read_preset, shipped
from bridge.performance.settings import hint
from bridge.takes import Take, TakeError
from bridge.takes.formats import read_any_take

ENDINGS = (".png", ".svg", ".pdf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    plotting = actions.add_parser("plot", help="draw curves before and after the chain", allow_abbrev=False)
    plotting.add_argument(
        "take",
        type=Path,
        metavar="TAKE.csv",
        help="a recording: Live Link Face CSV or another kind, see `facebridge take`",
    )
    _preset_argument(plotting)
    plotting.add_argument("--out", type=Path, required=True, metavar="FILE", help="the picture: .png, .svg or .pdf")
    plotting.add_argument("--curves", metavar="A,B", help="curves and groups (the six that move most)")
    plotting.add_argument("--from", dest="first", type=_seconds, metavar="S", help="begin at this second")
    plotting.add_argument("--to", dest="last", type=_seconds, metavar="S", help="end at this second")
    plotting.add_argument("--rest-at", type=_seconds, metavar="S", help="calibrate on the second that begins here")
    neutral = actions.add_parser("neutral", help="measure the face at rest, for a preset file", allow_abbrev=False)
    neutral.add_argument(
        "take",
        type=Path,
        metavar="TAKE.csv",
        help="a recording: Live Link Face CSV or another kind, see `facebridge take`",
    )
    _preset_argument(neutral)
    neutral.add_argument("--rest-at", type=_seconds, default=0.0, metavar="S", help="where the second begins (0)")
    listing = actions.add_parser("presets", help="list the presets that ship, or print one", allow_abbrev=False)
    listing.add_argument("name", nargs="?", metavar="NAME", help="print this one, to begin a file of your own with")
    costing = actions.add_parser("delay", help="measure what each step adds in delay and time", allow_abbrev=False)
    _preset_argument(costing)
    costing.add_argument("--take", type=Path, metavar="TAKE.csv", help="also how late this recording's curves come out")
    pictures = actions.add_parser("pictures", help="draw the pictures of the manual", allow_abbrev=False)
    pictures.add_argument("--out", type=Path, required=True, metavar="DIR", help="a folder")


def run(args: argparse.Namespace) -> int:
    actions: dict[str, Callable[[argparse.Namespace, Console], None]] = {
        "plot": _plot, "neutral": _neutral, "presets": _presets, "delay": _delay, "pictures": _pictures,
    }  # fmt: skip
    actions[args.action](args, Console(highlight=False, soft_wrap=True))
    return 0


def _preset_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", default="default", metavar="PRESET", help="a file, or one that ships (default)")


def _plot(args: argparse.Namespace, console: Console) -> None:
    _check_plotting(args.out)
    preset, take = read_preset(args.preset), _take(args.take, console)
    from bridge.performance.played import at_rest, play
    from bridge.performance.plot import draw, liveliest

    if args.rest_at is not None:
        preset = _calibrated(preset, at_rest(take, preset, args.rest_at))
    played = play(take, preset)
    channels = _channels(args.curves) if args.curves else liveliest(played)
    try:
        draw(played, channels, args.out, _span(args, take))
    except OSError as error:
        raise CommandError(f"cannot write {args.out}: {error.strerror or error}") from error
    console.print(f"[bold green]{escape(str(args.out))}[/]: {', '.join(CHANNELS[channel] for channel in channels)}")


def _neutral(args: argparse.Namespace, console: Console) -> None:
    """As TOML, so that it can be put into a file as it is."""
    from bridge.performance.played import at_rest

    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    rest = at_rest(_take(args.take, errors), read_preset(args.preset), args.rest_at)
    print("[calibration.neutral]")
    for name, value in zip(CHANNELS, rest, strict=True):
        if abs(value) >= 0.0005:
            print(f"{name} = {value:.3f}")


def _presets(args: argparse.Namespace, console: Console) -> None:
    if args.name:
        read_preset(args.name)
        print(preset_path(args.name).read_text(encoding="utf-8"), end="")
        return
    table = _table("preset", "for")
    for name in shipped():
        table.add_row(name, escape(read_preset(name).about))
    console.print(table)
    console.print("\nsee one with `facebridge performance presets NAME`")


def _delay(args: argparse.Namespace, console: Console) -> None:
    from bridge.performance.delay import costs, lags
    from bridge.performance.played import play

    preset = read_preset(args.preset)
    table = _table("step", "half there", "nine tenths", "µs a sample")
    for cost in costs(preset):
        table.add_row(cost.name, _frames(cost.half), _frames(cost.nine_tenths), f"{cost.microseconds:.0f}")
    console.print("jawOpen from 0 to 1 between two frames, 60 a second; how many frames later it goes out:")
    console.print(table)
    if args.take:
        late = 1000 * lags(play(_take(args.take, console), preset))
        figures = f"{np.median(late):.0f} ms, at most {late.max():.0f} ms" if len(late) else "none moves"
        console.print(f"\n{len(late)} curves that move in {escape(args.take.name)} come out later by: {figures}")


def _pictures(args: argparse.Namespace, console: Console) -> None:
    _check_plotting(Path("all.png"))
    from bridge.performance.pictures import PICTURES

    args.out.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        picture(args.out / f"{name}.png")
    console.print(f"[bold green]{escape(str(args.out))}[/]: {len(PICTURES)} pictures")


def _check_plotting(path: Path) -> None:
    if path.suffix.lower() not in ENDINGS:
        raise CommandError(f"{path} must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    if importlib.util.find_spec("matplotlib") is None:
        raise CommandError("matplotlib is not installed, which plots take: install the extra train")


def _take(path: Path, console: Console) -> Take:
    try:
        take = read_any_take(path)
    except TakeError as error:
        raise CommandError(str(error)) from error
    warn_of_problems(take, console)
    return take


def _span(args: argparse.Namespace, take: Take) -> tuple[float, float]:
    first = 0.0 if args.first is None else args.first
    last = float(take.times[-1]) if args.last is None else args.last
    if not first < last or first >= take.times[-1]:
        raise CommandError(f"{take.name} lasts {take.times[-1]:.2f} s: there is nothing from {first:g} to {last:g} s")
    return first, last


def _channels(names: str) -> list[int]:
    """Places of the curves and groups named, each once."""
    places: dict[int, None] = {}
    for name in filter(None, (name.strip() for name in names.split(","))):
        place = place_of(name)
        if place is None and name not in GROUPS:
            raise CommandError(f"unknown curve or group {name!r}; {hint(name, [*GROUPS, *CHANNELS])}")
        places.update(dict.fromkeys(GROUPS[name] if place is None else [place]))
    if not places:
        raise CommandError("--curves names no curve; write for example --curves jawOpen,blink")
    return list(places)


def _calibrated(preset: Preset, neutral: np.ndarray) -> Preset:
    return replace(preset, calibration=replace(preset.calibration, neutral=neutral))


def _frames(count: float) -> str:
    return "-" if math.isnan(count) else f"{max(count, 0.0):.2f}"


def _table(*headings: str) -> Table:
    return Table(*headings, box=None, padding=(0, 2, 0, 0), pad_edge=False)


def _seconds(text: str) -> float:
    """A number of seconds from 0 up, for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value
