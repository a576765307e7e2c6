"""`facebridge evaluate`: options, what is missing here, and the order of the chapters."""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from generator import hardware
from generator.errors import Explained

if TYPE_CHECKING:  # drawing processes start from this file and need none of it
    import numpy as np
    from rich.console import Console

    from generator.evaluation.chapters import Findings
    from generator.evaluation.contestants import Contestant
    from generator.evaluation.report import Report
    from generator.evaluation.study import Study

NEEDED = ("ict/ict_facekit.npz", "captures/slate_3.csv", "captures/rom_3.csv")
PACKAGES = ("moderngl", "scipy", "matplotlib")


class EvaluationError(Explained):
    """What keeps a model from being measured here."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="compact", help="a built-in model, or a model folder")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the head rig and the recordings")
    parser.add_argument("--take", type=Path, action="append", default=[], metavar="FILE",
                        help="a recording to perform as well; may be given several times")  # fmt: skip
    parser.add_argument(
        "--quick", action="store_true", help="less of everything: some 10 minutes on two cores with AVX2, less with AMX"
    )
    parser.add_argument("--seed", type=int, default=0, help="other unseen people, expressions and noise")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes that draw the truth")
    parser.add_argument("--out", type=Path, required=True, help="a folder for report.md, report.json and the pictures")
    parser.add_argument("--json", type=Path, help="report.json once more, elsewhere")


def evaluate(options: argparse.Namespace, takes: Sequence[tuple[str, np.ndarray]] = ()) -> None:
    """Measures and writes. `takes`: names and curves (n, 55) at 30 frames a second of what `--take` names.

    EvaluationError says what is missing here; CheckpointError what is wrong with the model.
    """
    _check_options(options)
    check(options.data)
    from rich.console import Console

    console, started = Console(), time.monotonic()
    with ExitStack() as stack:
        with console.status(f"loading {options.model}"):
            study = _study(options, takes, stack)
        findings = _measured(study, console)
    from generator.evaluation.report import show, write_json, write_report

    report = _report(study, findings, options, time.monotonic() - started)
    write_report(report, options.out)
    if options.json:
        write_json(report, options.json)
    show(report, console)
    console.print(f"{options.out / 'report.md'}, after {(time.monotonic() - started) / 60:.1f} minutes")


def _check_options(options: argparse.Namespace) -> None:
    """And makes the folder, which is better known to fail now than in ten minutes."""
    if options.seed < 0:
        raise EvaluationError(f"--seed {options.seed}: 0 or more, each with its own unseen people")
    if options.workers < 1:
        raise EvaluationError(f"--workers {options.workers}: 1 or more")
    if options.json and not options.json.absolute().parent.is_dir():
        raise EvaluationError(f"--json {options.json}: there is no folder {options.json.parent}")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvaluationError(f"--out {options.out}: {error.strerror}") from error


def check(data: Path) -> None:
    """EvaluationError for whatever is missing here to draw the truth."""
    lacking = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if lacking:
        raise EvaluationError(f"{', '.join(lacking)} is not installed, which measuring takes: install the extra train")
    missing = [name for name in NEEDED if not (data / name).is_file()]
    if missing:
        raise EvaluationError(
            f"the truth is drawn from a head rig and recordings, and {data} lacks {', '.join(missing)}: "
            "name their folder with --data"
        )
    try:
        hardware.renderer()
    except RuntimeError as error:
        raise EvaluationError(f"the truth cannot be drawn here: {error}; `facebridge doctor` says more") from None


def _study(options: argparse.Namespace, takes: Sequence[tuple[str, np.ndarray]], stack: ExitStack) -> Study:
    from generator.checkpoint import model_folder
    from generator.compact.identity_encoder import IdentityEncoder, IdentityEncoderError
    from generator.diffusion import load_diffusion
    from generator.evaluation.amounts import FULL, QUICK
    from generator.evaluation.contestants import Streamed, rivals
    from generator.evaluation.people import STRANGERS, load_strangers
    from generator.evaluation.regressor import REGRESSOR, judge_folder, load_judge
    from generator.evaluation.stage import Stage
    from generator.evaluation.study import LONG, SHORT, Study, enrolled, gallery, held_out_rows, held_out_takes
    from generator.training.head.studio import Studio

    folder = model_folder(options.model)
    try:
        encoder = IdentityEncoder(folder)
    except IdentityEncoderError as error:
        raise EvaluationError(
            f"nothing of {options.model} can be measured: the truth is rendered people, a model is told of them by the "
            f"embedding that its own identity encoder makes, and {error}"
        ) from None
    try:
        judge = load_judge(judge_folder(folder) / REGRESSOR)
        others = load_strangers(encoder.name, judge_folder(folder) / STRANGERS)
    except FileNotFoundError as error:
        raise EvaluationError(str(error)) from None
    generator = load_diffusion(options.model)
    built_in = gallery(generator.people)
    recorded, amounts = held_out_rows(options.data), QUICK if options.quick else FULL
    studio = stack.enter_context(Studio(options.data, max(generator.sizes), options.workers))
    actors = enrolled(studio, amounts, recorded, options.seed, encoder.embed)
    stage = Stage(generator, options.seed, encoder.name)
    ours = Streamed("the model", stage)
    return Study(
        stage, studio, ours, rivals(stage, studio, recorded), actors, built_in or actors, others, encoder.embed,
        held_out_takes(options.data, takes), recorded, judge, amounts, SHORT if options.quick else LONG,
        options.seed, options.workers, options.data, options.out,
    )  # fmt: skip


Planned = tuple[str, float, "Callable[[Study, Findings], None]"]  # what is done, how long it may take in s, how


def plan(study: Study) -> list[Planned]:
    """All chapters in order."""
    from generator.evaluation import chapters, sittings
    from generator.evaluation.exam import THINNED
    from generator.evaluation.exhibits import EXHIBITS

    amounts, lengths = study.amounts, study.lengths
    portraits = amounts.people * amounts.portraits
    swept = amounts.swept * amounts.bases * 52 * (len(amounts.levels) + 1)
    streamed = sum(len(curves) for _, _, curves in study.casting()) + 70
    slow = lengths.slow * amounts.portraits + 52 * len(THINNED) * lengths.slow_sweeps
    planned: list[Planned] = [("drawing the true portraits", 0.1 * (portraits + swept), sittings.truth_of_exam)]
    for one in study.everyone:
        stills = slow if one.slow else portraits * (amounts.settle if one.remembers else 1) + swept
        planned.append((f"portraits by {one.name}", _pace(one) * stills, partial(sittings.sitting, contestant=one)))
    planned += [
        ("people known by one photo", 0.08 * portraits, sittings.one_photo),
        ("other numbers of steps", 0.5 * lengths.stepped, sittings.more_steps),
        ("people in between", 0.07 * amounts.pairs * amounts.between, sittings.in_between),
    ]
    for one in study.everyone:
        frames = amounts.stream if one is study.ours else lengths.rival if one.remembers else 1
        planned.append(
            (f"a long stream of {one.name}", _pace(one) * frames, partial(sittings.drifting, contestant=one))
        )
    planned.append(("drawing the true performances", 0.12 * streamed, chapters.truth_in_time))
    for one in study.everyone:
        planned.append(
            (f"performances by {one.name}", _pace(one) * streamed, partial(chapters.streaming, contestant=one))
        )
    planned += [(f"a sheet: {name}", 6.0, partial(chapters.exhibit, name=name)) for name in EXHIBITS]
    planned += [("the README's pictures", 24.0, chapters.showcase)] if lengths.readme else []
    told = (chapters.shown, sittings.identity, sittings.expressions, sittings.looks, chapters.time, chapters.failing)
    return [*planned, *(("writing it down", 1.0, chapter) for chapter in told)]


def _pace(contestant: Contestant) -> float:
    """Seconds a frame, roughly, on two cores with AVX2."""
    return 0.7 if contestant.slow else 0.09 if contestant.remembers else 0.06


def _measured(study: Study, console: Console) -> Findings:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    from generator.evaluation.chapters import Findings

    planned, findings, started = plan(study), Findings(), time.monotonic()
    total, done = sum(cost for _, cost, _ in planned), 0.0
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[left]}"))
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total, left="")
        for what, cost, chapter in planned:
            pace = (time.monotonic() - started) / done if done else 1.0
            progress.update(task, description=what, left=_left((total - done) * pace))
            chapter(study, findings)
            done += cost
            progress.update(task, completed=done)
    return findings


def _left(seconds: float) -> str:
    return f"about {seconds / 60:.0f} min left" if seconds > 90 else f"about {seconds:.0f} s left"


def _report(study: Study, findings: Findings, options: argparse.Namespace, seconds: float) -> Report:
    from generator.evaluation.report import Report, targets

    generator, amounts, machine = study.stage.generator, study.amounts, hardware.processor()
    facts = {
        "model": str(options.model), "runtime": generator.label, "steps": generator.default_steps,
        "people": amounts.people, "portraits of each": amounts.portraits,
        "frames of the long stream": amounts.stream, "takes": ", ".join(study.takes), "seed": options.seed,
        "quick": "yes" if options.quick else "no", "minutes": round(seconds / 60, 1),
        "machine": f"{machine.cores} cores of {machine.name}",
    }  # fmt: skip
    takes = "".join(f" --take {path.name}" for path in options.take)
    command = f"python3 run.py evaluate{' --quick' * options.quick} --seed {options.seed}{takes} --out DIR"
    unmeasured = list(findings.unmeasured)
    if amounts.stream < 10_000:
        unmeasured.append(f"identity over 10,000 frames: the quick report streams {amounts.stream:,}")
    return Report(
        command, facts, findings.scores, targets(findings.scores), tuple(findings.sections), tuple(unmeasured)
    )
