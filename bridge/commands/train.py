"""`facebridge train compact`: makes the built-in model from nothing; goes on where it was cut off."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from pathlib import Path

from bridge.errors import CommandError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", choices=["compact"], help="which model")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="folder with ict/ (head rig) and captures/"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="pictures, checkpoints and the model")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoints in --out")
    parser.add_argument("--rounds", type=int, help="pictures: 1,200 a round (default 20)")
    for stage in ("autoencoder", "denoiser", "joint"):
        parser.add_argument(f"--{stage}", type=float, metavar="MINUTES", help=f"length of the {stage} stage")


def run(args: argparse.Namespace) -> int:
    try:
        from generator.training.compact import Recipe, train_compact
    except ModuleNotFoundError as error:
        raise CommandError(f"training needs the package {error.name}: python3 run.py setup train") from error
    given = {f.name: getattr(args, f.name, None) for f in fields(Recipe)}
    recipe = replace(Recipe(), **{name: value for name, value in given.items() if value is not None})
    try:
        folder = train_compact(args.data, args.out, recipe, args.resume)
    except FileNotFoundError as error:
        raise CommandError(str(error)) from error
    print(f"the model is in {folder}: facebridge serve --model {folder}")
    return 0
