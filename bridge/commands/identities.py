"""`facebridge identities`: the people a model can draw, as a list or on a sheet."""

import argparse
from pathlib import Path

import cv2

from bridge.errors import CommandError
from bridge.portraits import sheet
from generator.checkpoint import model_folder, read_card
from generator.face_generator import load_generator
from generator.testcard import TestCard


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="draw them, neutral and with two expressions")
    parser.add_argument("--model", default="compact", help="compact, testcard or a model's folder (compact)")


def run(args: argparse.Namespace) -> int:
    if args.sheet:
        return _draw(args.model, args.sheet)
    people = _people(args.model)
    width = max(map(len, people))
    print("\n".join(f"{name:<{width}}  {description}".rstrip() for name, description in people.items()))
    return 0


def _people(model: str) -> dict[str, str]:
    """Name and description of everybody, without loading the network."""
    if model == "testcard":
        return dict.fromkeys(TestCard.identities, "")
    return read_card(model_folder(model)).identities


def _draw(model: str, path: Path) -> int:
    generator = load_generator(model)
    _, png = cv2.imencode(".png", cv2.cvtColor(sheet(generator), cv2.COLOR_RGB2BGR))
    try:
        path.write_bytes(png.tobytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from None
    print(f"{len(generator.identities)} people drawn on {path}")
    return 0
