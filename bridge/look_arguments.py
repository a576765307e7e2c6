"""The options that light a person and say what is behind them, read as the wire reads them."""

import argparse
import re
from dataclasses import dataclass

from bridge.errors import CommandError
from protocol.errors import ProtocolError
from protocol.wire_types import BACKDROP, LIGHT


@dataclass(frozen=True, slots=True)
class Look:
    """`light` (azimuth, elevation) in degrees, () the model's own; `backdrop` "#rrggbb", "transparent" or ""."""

    light: tuple[float, ...] = ()
    backdrop: str = ""


def add_look_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--light",
        nargs=2,
        type=float,
        metavar=("AZIMUTH", "ELEVATION"),
        help="where the key light stands, degrees: + to the picture's right, + up (the model's own)",
    )
    parser.add_argument("--backdrop", default="", metavar="RRGGBB", help="a colour, or transparent for PNGs (grey)")


def look_of(args: argparse.Namespace) -> Look:
    """What was given. CommandError says what else it may be."""
    # Unquoted, a shell takes # and what follows for a comment: the colour alone will do.
    backdrop = f"#{args.backdrop}" if re.fullmatch("[0-9a-fA-F]{6}", args.backdrop) else args.backdrop
    try:
        return Look(LIGHT.read(tuple(args.light or ()), "--light"), BACKDROP.read(backdrop, "--backdrop"))
    except ProtocolError as error:
        raise CommandError(error.text) from error
