"""`facebridge evaluate`: measures a model and its rivals against renders of unseen people, and writes a report."""

import argparse

import numpy as np

from bridge.errors import CommandError
from bridge.takes import Take, TakeError
from bridge.takes.formats import read_any_take
from generator.evaluation.command import add_arguments as add_arguments
from generator.evaluation.command import evaluate

FPS = 30.0  # what performances are measured at
LEAST_FRAMES = 10  # of a performance, or nothing is to be told of its motion


def run(args: argparse.Namespace) -> int:
    try:
        takes = [(path.stem, at_rate(read_any_take(path))) for path in args.take]
    except TakeError as error:
        raise CommandError(str(error)) from error
    for path, (_, curves) in zip(args.take, takes, strict=True):
        if len(curves) < LEAST_FRAMES:
            found = f"{path} has {len(curves)} at {FPS:.0f} a second"
            raise CommandError(f"--take: motion is measured on {LEAST_FRAMES} frames at least; {found}")
    evaluate(args, takes)
    return 0


def at_rate(take: Take, fps: float = FPS) -> np.ndarray:
    """The curves (n, 55) float32 every 1/fps s, straight lines between the frames recorded."""
    times = np.arange(0.0, take.times[-1] + 1e-9, 1 / fps)
    return np.stack([np.interp(times, take.times, column) for column in take.curves.T], 1).astype(np.float32)
