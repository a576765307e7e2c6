"""`facebridge evaluate`: measures a model against the renderer it was trained on, and writes a report with sheets."""

import argparse

from bridge.errors import CommandError
from generator.evaluation.__main__ import add_arguments as add_arguments
from generator.evaluation.__main__ import evaluate


def run(args: argparse.Namespace) -> int:
    try:
        evaluate(args)
    except RuntimeError as error:
        raise CommandError(str(error)) from error
    return 0
