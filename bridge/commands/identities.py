"""`facebridge identities`: the people a model can draw, as a list or on a sheet."""

import argparse
from pathlib import Path

import cv2

from bridge.errors import CommandError
from bridge.portraits import sheet
from generator.face_generator import load_generator


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sheet", type=Path, metavar="OUT.png", help="draw them, neutral and with two expressions")
    parser.add_argument("--model", default="compact", help="compact, testcard or a model's folder (compact)")


def run(args: argparse.Namespace) -> int:
    try:
        generator = load_generator(args.model)
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from error
    if args.sheet is None:
        print("\n".join(generator.identities))
        return 0
    _, png = cv2.imencode(".png", cv2.cvtColor(sheet(generator), cv2.COLOR_RGB2BGR))
    try:
        args.sheet.write_bytes(png.tobytes())
    except OSError as error:
        raise CommandError(f"{args.sheet} cannot be written: {error.strerror}") from None
    print(f"{len(generator.identities)} people drawn on {args.sheet}")
    return 0
