"""The options that choose a part of a take, by seconds or timecode."""

import argparse

from bridge.takes import Take
from bridge.takes.retime import cut


def add_part_arguments(parser: argparse.ArgumentParser) -> None:
    for option, what in (("from", "where it starts (its first frame)"), ("to", "before which frame it ends (its end)")):
        parser.add_argument(
            f"--{option}", dest=f"part_{option}", default="", metavar="TIME", help=f"{what}: seconds, or a timecode"
        )


def part_of(take: Take, args: argparse.Namespace) -> Take:
    """The part that the options ask for. TakeError where nothing lies there, or a time is none."""
    return cut(take, args.part_from, args.part_to) if args.part_from or args.part_to else take
