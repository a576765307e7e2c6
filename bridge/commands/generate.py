"""`facebridge generate`: one still: of the published model in full quality, or of a model of our own."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from bridge.description import WITHOUT
from bridge.errors import CommandError
from bridge.look_arguments import add_look_arguments, look_of
from bridge.still_file import check_out, write_still
from generator.face_generator import DEVICES, DTYPES

if TYPE_CHECKING:
    from generator.arc2face.release import Release
    from generator.arc2face.still import Sitting, StillSettings

MOST = 100.0  # of guidance and scales
DEFAULTS = {"dpm": (25, 3.0), "lcm": (4, 1.0)}  # steps, guidance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    named = "the published model's folder, with arc2face/ in it; or compact, or the folder of a model of your own"
    add("--model", type=Path, required=True, metavar="DIR", help=named)
    add("--base", type=Path, metavar="DIR", help="Stable Diffusion 1.5: the folder with vae/ (sd15 beside the model)")
    add(
        "--identity",
        required=True,
        metavar="ID",
        help="a name, a photo (for compact a framed picture), or a .npy of 512",
    )
    add("--expression", metavar="EXPR", help="a .npy of 55, TAKE.csv:FRAME, a .json of named curves, or a picture")
    add("--reference", metavar="PICTURE", help="keep its looks and background; or a name enrolled with a reference")
    add("--reference-scale", type=float, default=0.8, metavar="S", help="how closely it is kept to (0.8)")
    add("--expression-scale", type=float, default=1.0, metavar="S", help="how strongly the expression shows (1.0)")
    add("--scheduler", choices=tuple(DEFAULTS), help="dpm; lcm: few steps, with the LCM-LoRA (dpm)")
    add("--steps", type=int, metavar="N", help="of the scheduler (dpm 25, lcm 4; compact its own)")
    add("--guidance", type=float, metavar="G", help="1 or less: none, and twice as fast (dpm 3.0, lcm 1.0)")
    add("--seed", type=int, default=0, help="the same seed draws the same picture on every machine (0)")
    add("--size", type=int, metavar="PIXELS", help="width and height (512; compact its own)")
    add("--device", choices=DEVICES, default="auto", help="where it is computed (auto: a CUDA card if there is one)")
    add("--dtype", choices=DTYPES, help="in which numbers (auto: float16 on CUDA, float32 on the CPU)")
    add("--map", default="", metavar="PATH", help="ARKit to FLAME curves (the model's mappings/, else jaw and eyelids)")
    add("--store", type=Path, metavar="DIR", help="where enrolled identities are kept (your data folder)")
    add("--out", type=Path, required=True, metavar="FILE", help=".png, or .npy: float32 in 0..1 before rounding")
    add_look_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from bridge.own_still import PUBLISHED_ALONE, draw_own, is_own

    check_out(args.out)
    look, console = look_of(args), Console(stderr=True, highlight=False)
    given = [name for name in PUBLISHED_ALONE if getattr(args, name) is not None]
    args.scheduler, args.dtype = args.scheduler or "dpm", args.dtype or "auto"
    _check_numbers(args)
    if is_own(str(args.model)):
        picture = draw_own(args, look, given, console)
        write_still(picture.astype(np.float32) / 255, args.out)
        print(f"{args.out}: {picture.shape[1]}x{picture.shape[0]}, {args.model}, seed {args.seed}")
        return 0
    if look.light or look.backdrop:
        option, capability = ("light", "light") if look.light else ("backdrop", "alpha")
        raise CommandError(f"--{option}: the published model has {WITHOUT[capability]}")
    from generator.arc2face.layout import folders

    settings, where = _settings(args), folders(args.model, args.base)
    args.model, args.base, args.size = where.models, where.sd15, settings.size
    sitting = _sitting(args, console)
    with console.status("loading the model"):
        release = _release(args, console)
    _check(args, release)
    write_still(_drawn(release, sitting, settings, console), args.out)
    print(f"{args.out}: {args.size}x{args.size}, {settings.scheduler}, {settings.steps} steps, seed {args.seed}")
    return 0


def _check_numbers(args: argparse.Namespace) -> None:
    for name in ("guidance", "expression_scale", "reference_scale"):
        value = getattr(args, name)
        if value is not None and not 0 <= value <= MOST:  # NaN is neither
            raise CommandError(f"--{name.replace('_', '-')} {value:g}: from 0 to {MOST:g}")

    if args.steps is not None and not 1 <= args.steps <= 1000:
        raise CommandError(f"--steps {args.steps}: from 1 to 1000")
    if not -(2**63) <= args.seed < 2**64:
        raise CommandError(f"--seed {args.seed}: a whole number of at most 64 bits")


def _settings(args: argparse.Namespace) -> "StillSettings":
    from generator.arc2face.still import StillSettings

    steps, guidance = DEFAULTS[args.scheduler]
    return StillSettings(
        scheduler=args.scheduler,
        steps=steps if args.steps is None else args.steps,
        guidance=guidance if args.guidance is None else args.guidance,
        seed=args.seed,
        size=512 if args.size is None else args.size,
        expression_scale=args.expression_scale,
        reference_scale=args.reference_scale,
    )


def _sitting(args: argparse.Namespace, console: Console) -> "Sitting":
    from bridge.sitting import expression_of, reference_of
    from generator.arc2face.layout import mapping_of
    from generator.arc2face.still import Sitting
    from generator.blendshape_map import load_map
    from generator.identities import IdentityStore, embedding_of

    store = IdentityStore(args.store)
    embedding = embedding_of(args.identity, args.model, store)
    expression = (
        expression_of(args.expression, load_map(args.map or mapping_of(args.model)), args.model)
        if args.expression
        else None
    )
    reference = reference_of(args.reference, args.size, args.model, store) if args.reference else None
    if not args.reference and args.identity in store.names() and store.read(args.identity).reference is not None:
        text = f"{args.identity} was enrolled with a reference: --reference {args.identity} uses it"
        console.print(escape(text), soft_wrap=True)
    for named in (expression, reference):
        if named and named.notice:
            console.print(f"[yellow]{escape(named.notice)}[/]", soft_wrap=True)
    return Sitting(embedding, expression and expression.values, reference and reference.values)


def _release(args: argparse.Namespace, console: Console) -> "Release":
    from generator.arc2face.place import place_of
    from generator.arc2face.release import load_release

    release = load_release(args.model, args.base, place_of(args.device, args.dtype), few_steps=args.scheduler == "lcm")
    if args.scheduler == "lcm" and not release.few_steps:
        text = f"{args.model / 'lcm_lora'} is not there: in few steps the model as released draws blurred faces"
        advice = f"`facebridge models pull lcm_lora --to {args.model.parent}` fetches it"
        console.print(f"[yellow]{escape(f'{text}; {advice}')}[/]", soft_wrap=True)
    return release


def _check(args: argparse.Namespace, release: "Release") -> None:
    """What only the loaded model can tell."""
    if args.expression and release.denoiser.expression is None:
        raise CommandError(f"--expression needs {args.model / 'exp_adapter' / 'exp_adapter.bin'}, which is not there")
    if args.reference and not release.can_refer:
        missing = args.model / "ref_adapter" / "pytorch_lora_weights.safetensors"
        raise CommandError(f"--reference needs {missing}, which is not there")
    unit = release.pixels_per_latent
    if args.size < unit or args.size % unit:
        raise CommandError(f"--size {args.size}: this model draws multiples of {unit} pixels")


def _drawn(release: "Release", sitting: "Sitting", settings: "StillSettings", console: Console) -> np.ndarray:
    from generator.arc2face.still import draw_still

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("drawing", total=settings.steps)
        return draw_still(release, sitting, settings, lambda step: progress.update(task, completed=step))
