"""`facebridge take`: says what is in a recording, and makes it another kind of file."""

import argparse
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape

from bridge.commands.replay import warn_of_problems
from bridge.errors import CommandError
from bridge.part_arguments import add_part_arguments, part_of
from bridge.takes import EYE_ROTATIONS, Take, TakeError
from bridge.takes.formats import KINDS, kind_of, read_any_take, read_kind, write_any_take
from bridge.takes.retime import at_rate, even_rate
from bridge.takes.sidecar import Sidecar, read_sidecar, sidecar_path
from protocol.blendshapes import ARKIT55

STILL = 1e-6
SHOWN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    info = actions.add_parser("info", help="say what is in a recording", allow_abbrev=False)
    info.add_argument("take", type=Path, metavar="FILE")
    kinds = ", ".join(KINDS.values())
    convert = actions.add_parser("convert", help=f"make it another kind: {kinds}", allow_abbrev=False)
    convert.add_argument("take", type=Path, metavar="IN")
    convert.add_argument("out", type=Path, metavar="OUT", help=f"by its suffix: {kinds}")
    convert.add_argument("--as", dest="kind", choices=KINDS, default="", help="the kind, whatever the suffix says")
    convert.add_argument("--fps", type=_rate, help="at so many frames a second, evenly (every frame as it is)")
    add_part_arguments(convert)


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    try:
        return _info(args.take, console) if args.action == "info" else _convert(args, console)
    except TakeError as error:
        raise CommandError(str(error)) from error


def _convert(args: argparse.Namespace, console: Console) -> int:
    kind = args.kind or kind_of(args.out)
    take = part_of(read_any_take(args.take), args)
    warn_of_problems(take, console)
    if args.fps:
        take = at_rate(take, args.fps)
    elif kind == "audio2face" and not even_rate(take)[1]:
        console.print(f"its frames are not even in time: brought to {even_rate(take)[0]:g} a second")
    write_any_take(take, args.out, kind)
    console.print(f"[bold green]{escape(str(args.out))}[/]: {KINDS[kind].split(',')[0]}, {len(take)} frames")
    return 0


def _info(path: Path, console: Console) -> int:
    kind, take = read_kind(path)
    warn_of_problems(take, console)
    facts = _facts(kind, take) | (_recorded(path) if kind == "livelink" else {})
    for name, fact in facts.items():
        if fact:
            console.print(f"  {name:<10}{escape(fact)}")
    return 0


def _facts(kind: str, take: Take) -> dict[str, str]:
    rate, even = even_rate(take)
    values = np.concatenate([take.curves, take.eyes], axis=1)
    names = np.array([*ARKIT55, *EYE_ROTATIONS])
    still = np.ptp(values, axis=0) < STILL
    weights = take.curves[:, :52]
    beyond = int(((weights < 0) | (weights > 1)).sum())
    return {
        "kind": KINDS[kind].split(",")[0],
        "frames": f"{len(take)}, {take.duration:.6g} s",
        "rate": f"{rate:g} a second" + ("" if even else ", uneven"),
        "timecode": f"{take.timecodes[0]} to {take.timecodes[-1]}",
        "weights": f"{weights.min():.4g} to {weights.max():.4g}" + (f", {beyond} beyond 0 to 1" if beyond else ""),
        "still": _listed(names[still].tolist()),
    }


def _recorded(path: Path) -> dict[str, str]:
    """What the sidecar says, if there is one."""
    try:
        sidecar = read_sidecar(sidecar_path(path))
    except TakeError:
        return {}
    shown = {name: str(getattr(sidecar, name)) for name in ("slate", "subject", "device", "source", "preset", "app")}
    counts = ", ".join(f"{count} {name}" for name, count in sidecar.frames.items() if count)
    pictures = sidecar.pictures.get("written", 0)
    files = ", ".join(str(name) for name in sidecar.files.values())
    rest = {"recorded": counts, "pictures": str(pictures or ""), "started": sidecar.started, "files": files}
    return {"state": _state(sidecar), "take": str(sidecar.take)} | shown | rest


def _state(sidecar: Sidecar) -> str:
    if sidecar.state == "recording":
        return "still recording, or its process was killed"
    return f"{sidecar.state}: {sidecar.trouble}" if sidecar.trouble else sidecar.state


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 1 <= rate <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate from 1 to 1000 frames a second")
    return rate
