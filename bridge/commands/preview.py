"""`facebridge preview`: films a performance as a FLAME mesh, to see what its numbers say before a model draws them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from bridge.commands.replay import positive, warn_of_problems
from bridge.errors import CommandError
from bridge.film import Film, OutputError, check_file
from bridge.flame_frames import FlameFrames, frames_of_take, read_flame_frames
from bridge.mesh_view import MeshView
from bridge.strip import BRIGHT, DIM, write, write_right
from bridge.takes import TakeError
from bridge.takes.formats import read_any_take
from generator.blendshape_map import load_map

if TYPE_CHECKING:
    from generator.flame import Flame

SIZES = range(128, 2049, 2)  # H.264 asks for even sides


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source", type=Path, metavar="TAKE.csv", help="a Live Link Face recording, or FLAME parameters: .npy, .npz"
    )
    parser.add_argument("--flame", type=Path, required=True, metavar="DIR", help="the folder with your FLAME model")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.mp4", help="the film")
    parser.add_argument("--map", default="", metavar="DIR", help="ARKit to FLAME, see `facebridge map` (jaw and lids)")
    parser.add_argument("--size", type=_size, default=512, metavar="PIXELS", help="width and height (512)")
    parser.add_argument("--fps", type=positive, default=30, metavar="N", help="frames a second of the film (30)")
    parser.add_argument("--frames", type=positive, metavar="N", help="only the first N frames of the source")


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False)
    try:
        if args.out.suffix.lower() != ".mp4":
            raise OutputError(f"--out {args.out}: the film's name must end in .mp4")
        check_file(args.out)
        frames = _frames(args, console)
        filmed = _film(args, frames, _flame(args.flame, console), console)
    except (TakeError, OutputError) as error:
        raise CommandError(str(error)) from error
    console.print(f"[bold green]{escape(str(args.out))}[/]: {filmed} frames at {args.fps} fps", soft_wrap=True)
    return 0


def _frames(args: argparse.Namespace, console: Console) -> FlameFrames:
    if args.source.suffix.lower() in (".npy", ".npz"):
        return read_flame_frames(args.source, args.fps, args.frames)
    take = read_any_take(args.source).first(args.frames)
    warn_of_problems(take, console)
    frames = frames_of_take(take, load_map(args.map))
    if frames.notice:
        console.print(f"[yellow]{escape(frames.notice)}[/]", soft_wrap=True)
    return frames


def _flame(source: Path, console: Console) -> "Flame":
    with console.status("loading FLAME"):
        from generator.flame import Flame

        flame = Flame(source)
    if not flame.has_eyelids:
        console.print("[yellow]the lids stay open: l_eyelid.npy and r_eyelid.npy are not beside the model[/]")
    return flame


def _film(args: argparse.Namespace, frames: FlameFrames, flame: "Flame", console: Console) -> int:
    rest = flame.vertices(np.zeros_like(frames.parameters[:1]))[0]
    view = MeshView(rest, flame.faces, args.size)
    shown = frames.at(args.fps)
    with Film(args.out, args.fps) as film:
        for place, frame in enumerate(
            track(shown, "filming", console=console, transient=True, disable=not console.is_terminal)
        ):
            one = slice(frame, frame + 1)
            image = view.draw(flame.vertices(frames.parameters[one], frames.head[one])[0])
            _caption(image, frames.labels[frame], frames.name.replace("_", " "))
            film.add(image, place / args.fps)
    return len(shown)


def _caption(image: np.ndarray, label: str, name: str) -> None:
    """The timecode below the face on the left, whose performance it is on the right."""
    side = len(image)
    edge, letters = side // 24, max(side // 28, 9)
    write(image, label, edge, side - edge, letters, BRIGHT)
    write_right(image, name, side - edge, side - edge, max(side // 36, 8), DIM)


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) not in SIZES:
        raise argparse.ArgumentTypeError(f"{text!r} is no even number from {SIZES[0]} to {SIZES[-1]}")
    return int(text)
