"""`facebridge train compact`: makes the built-in model from nothing, stage by stage."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from generator.checkpoint import model_folder
from generator.compact.card import read_card
from generator.training.compact import ALL, PLAN, check_packages, train


def add_arguments(parser: argparse.ArgumentParser) -> None:
    width = max(len(stage.name) for stage in PLAN)
    lines = [f"  {stage.name:<{width}}  {stage.what}" + _lasting(stage.minutes) for stage in PLAN]
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "\n".join(["stages, in order:", *lines, f"  {ALL:<{width}}  one after the other"])
    parser.add_argument("model", choices=["compact"], help="which model")
    parser.add_argument("stage", choices=[*(stage.name for stage in PLAN), ALL], metavar="STAGE", help="see below")
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="folder with ict/ (head rig) and captures/"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="portraits, checkpoints and the model")
    parser.add_argument("--resume", action="store_true", help="go on from what is in --out, past what is finished")
    parser.add_argument("--minutes", type=float, metavar="M", help="of this stage, or of all that train together")
    parser.add_argument(
        "--from", dest="begun", metavar="MODEL", help="go on from a trained model: compact, or a model's folder"
    )
    parser.add_argument(
        "--groups", type=int, nargs=2, metavar=("N", "HELD_OUT"), help="of twelve people, to train on and held out"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="other people to train on for each, 0 to 99 (0)"
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2, help="processes that draw portraits")


def run(args: argparse.Namespace) -> int:
    check_packages()
    from generator.training.workshop import GROUPS, Workshop, castings

    begun = model_folder(args.begun) if args.begun else None
    if begun:
        read_card(begun)  # what is wrong with it is said before anything is drawn
    groups = (args.groups[0], args.groups[1]) if args.groups else GROUPS
    work = Workshop(args.data, args.out, castings(groups, args.seed), begun, args.resume, args.workers)
    train(args.stage, work, args.minutes)
    if args.stage in (ALL, "export"):
        print(f"the model is in {args.out / 'model'}: facebridge serve --model {args.out / 'model'}")
    return 0


def _lasting(minutes: float) -> str:
    return f" ({minutes:g} min)" if minutes else ""
