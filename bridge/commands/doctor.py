"""`facebridge doctor`: what works on this machine, and what to do about what does not."""

import argparse

from rich.console import Console
from rich.markup import escape

from bridge.checkup import checks, examine
from generator.face_generator import ModelOptions

COLOURS = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="compact", help="compact, compact-s, testcard or a model's folder (compact)")
    parser.add_argument("--base", default="", metavar="DIR/sd15", help="of the published model (sd15 beside models)")
    parser.add_argument("--store", default="", metavar="DIR", help="where people are kept (your data folder)")


def run(args: argparse.Namespace) -> int:
    """Each finding as soon as it is known; 1 if something that is needed fails."""
    console = Console(highlight=False)
    grades = []
    for subject, check in checks(args.model, ModelOptions(base=args.base, store=args.store)).items():
        with console.status(f"looking at {subject}"):
            finding = examine(check)
        colour = COLOURS[finding.grade]
        console.print(f"[{colour}]{finding.grade:<5}[/] {subject:<11} {escape(finding.text)}", soft_wrap=True)
        if finding.advice:
            console.print(f"{'':18}[{colour}]{escape(finding.advice)}[/]", soft_wrap=True)
        grades.append(finding.grade)
    console.print(_verdict(grades))
    return 1 if "fail" in grades else 0


def _verdict(grades: list[str]) -> str:
    if "fail" in grades:
        return "Something that is needed does not work; the lines marked fail say what to do."
    return "Everything that is needed works: `facebridge demo` shows it."
