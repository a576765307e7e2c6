"""The console script `facebridge`: each command is a module of `bridge.commands`, imported only when it is called.

A command's module has `add_arguments(parser)` and `run(args) -> int`, the exit code: 0 done, 1 failed, 2 misused.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence

from bridge.version import VERSION

COMMANDS = {
    "serve": "draw faces for engines and capture apps that connect",
    "capture": "let phones, webcams and VTuber software drive the face, or record them",
    "replay": "play a recorded performance and film the face",
    "take": "tell of recordings, and turn one format into another",
    "performance": "tune how a performance becomes curves: plot, presets, delay",
    "demo": "serve, play a bundled performance and film it, in one go",
    "identities": "list, show, draw, remove, export and import the people a model can draw",
    "enroll": "make an identity of photographs of one person",
    "generate": "draw one still: with the published model in full quality",
    "expression": "read the expression off a picture",
    "models": "fetch, list and check the published weights",
    "map": "fit or inspect a mapping between ARKit and FLAME curves",
    "preview": "film a take as a FLAME mesh",
    "bridge-check": "say where the time goes between curves and picture",
    "keys": "make and show the keys that let other machines in",
    "doctor": "say what works on this machine, and what to do about what does not",
    "train": "make a model from nothing",
    "evaluate": "measure a model against ground truth",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a failure that has an explanation ends in that one sentence."""
    parser = _parser()
    arguments = sys.argv[1:] if arguments is None else arguments
    if not arguments:
        parser.print_help(sys.stderr)
        return 2
    called = parser.parse_args(arguments)
    try:
        return _run(called.command, called.arguments)
    except _explained() as error:
        print(f"facebridge: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("facebridge: interrupted", file=sys.stderr)
        return 130


def _run(name: str, arguments: Sequence[str]) -> int:
    command = importlib.import_module(f"bridge.commands.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(
        prog=f"facebridge {name}", description=_sentence(COMMANDS[name]), allow_abbrev=False
    )
    command.add_arguments(parser)
    return command.run(parser.parse_args(arguments))


def _explained() -> tuple[type[Exception], ...]:
    """The errors whose text is written for the person at the terminal; looked up only once something has failed."""
    from bridge.config import ConfigError
    from bridge.errors import CommandError
    from generator.errors import Explained

    return CommandError, ConfigError, Explained


def _parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {what}" for name, what in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="facebridge",
        usage="facebridge COMMAND [options]",
        description="Facial curves in, faces out.",
        epilog=f"commands:\n{listing}\n\n`facebridge COMMAND --help` says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"facebridge {VERSION}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _sentence(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."
