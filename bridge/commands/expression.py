"""`facebridge expression`: reads the expression off a picture with SMIRK, as the 55 numbers that the model takes."""

import argparse
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.markup import escape

from bridge.errors import CommandError
from generator.mappings.arrays import read_array
from protocol.blendshapes import FLAME55, INDEX

LARGEST = 5
LID = "0 open, 1 closed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("picture", type=Path, metavar="PICTURE", help="a photo of one face")
    parser.add_argument(
        "--smirk", type=Path, required=True, metavar="DIR", help="the folder with SMIRK_em1.pt and face_landmarker.task"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.npy", help="55 numbers, float32")
    parser.add_argument(
        "--landmarks", type=Path, metavar="FILE.npy", help="the face's landmarks in pixels (k, 2): no mediapipe then"
    )


def run(args: argparse.Namespace) -> int:
    _check_out(args.out)
    console = Console(highlight=False, soft_wrap=True)
    landmarks = _landmarks(args.landmarks) if args.landmarks else None
    numbers = _read(args, landmarks, console)
    try:
        np.save(args.out, numbers)
    except OSError as error:
        raise CommandError(f"cannot write {args.out}: {error.strerror or error}") from error
    for name, fact in _facts(numbers).items():
        console.print(f"  {name:<9}{fact}")
    console.print(f"[bold green]{escape(str(args.out))}[/]")
    return 0


def _read(args: argparse.Namespace, landmarks: np.ndarray | None, console: Console) -> np.ndarray:
    with console.status("reading the picture"):
        from generator.photo import PhotoError, read_picture
        from generator.smirk import ExpressionReader

        picture, reader = read_picture(args.picture), ExpressionReader(args.smirk)
        try:
            return reader.read(picture, landmarks)
        except PhotoError as error:
            raise CommandError(f"{args.picture}: {error}") from error


def _check_out(path: Path) -> None:
    if path.suffix != ".npy":
        raise CommandError(f"--out {path}: the name must end in .npy")
    if not path.parent.is_dir():
        raise CommandError(f"--out {path}: there is no folder {path.parent}")


def _landmarks(path: Path) -> np.ndarray:
    """(k, 2 or more) finite numbers, at least 2 points."""
    points = read_array(path)
    if points.ndim != 2 or len(points) < 2 or points.shape[1] < 2:
        raise CommandError(f"{path} has the shape {points.shape}, expected landmarks (k, 2)")
    if not np.isfinite(points).all():
        raise CommandError(f"{path} holds a NaN or infinite number, expected pixels")
    return points.astype(np.float64)


def _facts(numbers: np.ndarray) -> dict[str, str]:
    """What a person wants to know of the 55 numbers, by heading."""
    value = {name: float(numbers[INDEX[name]]) for name in FLAME55}
    opening, *aside = (np.degrees(value[name]) for name in ("jawX", "jawY", "jawZ"))
    coefficients = [name for name in FLAME55 if name.startswith("expression")]
    largest = sorted(coefficients, key=lambda name: -abs(value[name]))[:LARGEST]
    return {
        "eyelids": f"left {value['eyelidLeft']:.2f}, right {value['eyelidRight']:.2f} ({LID})",
        "jaw": f"open {opening:.1f}°, turned {aside[0]:+.1f}°, tilted {aside[1]:+.1f}°",
        "largest": ", ".join(f"{name} {value[name]:+.2f}" for name in largest),
    }
