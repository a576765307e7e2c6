"""`python -m generator.evaluation --out DIR`: measures a model against the renderer and writes what it found."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from generator import hardware
from generator.checkpoint import CheckpointError

if TYPE_CHECKING:  # drawing processes start from this file and need none of it
    from rich.console import Console

    from generator.evaluation.result import Section
    from generator.evaluation.study import Study

NEEDED = ("ict/ict_facekit.npz", "captures/slate_3.csv", "captures/rom_3.csv")


def main() -> None:
    parser = argparse.ArgumentParser("python -m generator.evaluation", description=__doc__)
    add_arguments(parser)
    try:
        evaluate(parser.parse_args())
    except (RuntimeError, CheckpointError) as error:
        sys.exit(f"{error}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="compact", help="a built-in model, or a model folder")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the head rig and the recordings")
    parser.add_argument("--rendered", type=Path, help="a folder to keep the true pictures in, for the next time")
    parser.add_argument("--quick", action="store_true", help="fewer pictures of everything: minutes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes that draw the truth")
    parser.add_argument("--out", type=Path, required=True, help="a folder for report.md, report.json and the sheets")
    parser.add_argument("--json", type=Path, help="report.json once more, elsewhere")


def _fault(data: Path) -> str:
    """What is missing here to draw the truth, or ""."""
    missing = [name for name in NEEDED if not (data / name).is_file()]
    if missing:
        lacks = f"{data} lacks {', '.join(missing)} (--data names their folder)"
        return f"the truth is drawn from a head rig and recordings, and {lacks}"
    try:
        hardware.renderer()
    except RuntimeError as error:
        return f"the truth cannot be drawn: {error}"
    return ""


def evaluate(options: argparse.Namespace) -> None:
    """Measures and writes. RuntimeError says what is missing here; CheckpointError what is wrong with the model."""
    fault = _fault(options.data)
    if fault:
        raise RuntimeError(f"the model cannot be measured: {fault}")
    from rich.console import Console

    from generator.checkpoint import model_folder
    from generator.diffusion import load_diffusion
    from generator.evaluation.report import show_summary, write_json, write_report
    from generator.evaluation.study import FULL, QUICK, Study, read_captures
    from generator.evaluation.truth import Truth

    console, started = Console(), time.monotonic()
    with console.status(f"loading {options.model}"):
        generator = load_diffusion(options.model)
    with ExitStack() as stack:
        kept = options.rendered or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="facebridge")))
        truth = stack.enter_context(Truth(options.data, kept, generator.sizes[0], options.workers))
        amounts = QUICK if options.quick else FULL
        captures = read_captures(options.data / "captures")
        study = Study(generator, model_folder(options.model), truth, captures, amounts, options.seed)
        sections = _measure(study, console)
    facts = {
        "model": str(options.model), "runtime": generator.label, "steps": generator.default_steps,
        "reuse from level": generator.reuse_floor if generator.reuse else "none", "quick": options.quick,
        "seed": options.seed, "minutes": round((time.monotonic() - started) / 60, 1),
    }  # fmt: skip
    write_report(sections, facts, options.out)
    if options.json:
        write_json(sections, facts, options.json)
    show_summary(sections, console)
    console.print(f"{options.out / 'report.md'}, after {facts['minutes']} minutes")


def _measure(study: Study, console: Console) -> list[Section]:
    from generator.evaluation import details, gains, held_out, read_back, sheets, stream, temporal
    from generator.evaluation.report import show

    sections = []
    for figure in (held_out, gains, details, read_back, temporal, stream, sheets):
        with console.status((figure.__doc__ or "").strip()):
            sections.append(figure.measure(study))
        show(sections[-1], console)
    return sections


if __name__ == "__main__":
    main()
