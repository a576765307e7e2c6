"""The published model at full size: milliseconds a frame by stage, against diffusers' own pipeline doing the same work.

`python benchmarks/full_size.py [--batches 1 2 4 8] [--steps 1 2 4] [--runtimes eager compiled] [--device cuda]
 [--dtype bfloat16] [--rounds 5] [--small] [--weights DIR] [--json FILE]`

The weights are seeded, in the released layout and of the released size (`--small`: tiny ones, to try the benchmark):
speed does not depend on what they say. They are written to a temporary folder (4.5 GB), or kept in `--weights`.
The baseline is StableDiffusionPipeline with the IP-Adapter and LCMScheduler, guidance off, one picture, as the
release's authors call it, with Stable Diffusion's own decoder; it has no reference picture.
"""

import argparse
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from memory import Peak
from rich.console import Console
from rich.table import Table

from generator.arc2face.compiled import compile_release
from generator.arc2face.place import Place, place_of
from generator.arc2face.release import load_release
from generator.arc2face.streaming import Arc2FaceModel
from generator.face_generator import StreamSettings
from generator.identities import Identity
from generator.identity_file import REFERENCE
from generator.model import Wish
from generator.sampler import sample
from tests.generator.authors import Authors
from tests.generator.published import FULL, SMALL, write_release

RANDOM = np.random.default_rng(0)
Stages = dict[str, float]  # ms


def main() -> None:
    args = _arguments()
    place = place_of(args.device, args.dtype)
    console = Console(highlight=False)
    with _weights(args, console) as folder:
        rows = [row for runtime in args.runtimes for row in _ours(folder, place, runtime, args, console)]
        baseline = _pipeline(folder, place, args) if not args.no_baseline else []
    facts = {"device": _device(place), "dtype": str(place.dtype), "torch": torch.__version__, "small": args.small}
    _show(console, facts, rows, baseline)
    if args.json:
        args.json.write_text(json.dumps(facts | {"rows": rows, "baseline": baseline}, indent=1) + "\n")


def _ours(folder: Path, place: Place, runtime: str, args: argparse.Namespace, console: Console) -> Iterator[dict]:
    with Peak(place.device) as loading, console.status(f"loading, {runtime}"):
        release = load_release(folder / "models", folder / "sd15", place, few_steps=True, tiny=True)
        if runtime == "compiled":
            compile_release(release)
    model = Arc2FaceModel(release, compiled=runtime == "compiled")
    once = _once(model, args)
    with Peak(place.device) as drawing:
        for batch in args.batches:
            for steps in args.steps:
                for reference in (False, True) if release.can_refer else (False,):
                    with console.status(f"{runtime}, {batch} at once, {steps} steps"):
                        stages = _timed_frames(model, batch, steps, reference, args.rounds)
                    yield {"runtime": runtime, "batch": batch, "steps": steps, "reference": reference, **stages, **once}
    console.print(f"{runtime}: loaded at {loading.gigabytes:.2f} GB, drew at {drawing.gigabytes:.2f} GB")


def _once(model: Arc2FaceModel, args: argparse.Namespace) -> Stages:
    """What a stream costs when it opens, or changes its person."""

    def fresh(reference: bool) -> Callable[[], Any]:
        return lambda: model.subject(_person(reference))

    return {"identity": _timed(fresh(False), args.rounds), "identity + reference": _timed(fresh(True), args.rounds)}


def _timed_frames(model: Arc2FaceModel, batch: int, steps: int, reference: bool, rounds: int) -> Stages:
    subjects = [model.subject(_person(reference)) for _ in range(batch)]
    settings = StreamSettings("somebody", model.sizes[0], steps=steps)
    noise = np.stack([model.noise(seed) for seed in range(batch)])
    levels = [np.full(batch, level) for level in model.schedule.walk(999, steps)]

    def guided() -> Any:
        return model.guides([Wish(s, RANDOM.normal(size=55).astype(np.float32), settings) for s in subjects])

    guides = guided()
    latents = model.denoise(noise, levels[0], guides)

    def denoised() -> Any:
        return sample(lambda x, level: model.denoise(x, level, guides), noise, noise, levels, model.schedule)

    stages = {
        "expression": _timed(guided, rounds),
        "denoise": _timed(denoised, rounds),
        "decode": _timed(lambda: model.decode(latents, model.sizes[0]), rounds),
    }
    total = sum(stages.values())
    return stages | {"frame": total, "fps": 1000 * batch / total}


def _pipeline(folder: Path, place: Place, args: argparse.Namespace) -> list[dict]:
    """diffusers, as the authors call it: one picture, no guidance, everything but the identity computed each time."""
    authors = Authors(folder / "models", folder / "sd15", expression=True)
    authors.pipeline.load_lora_weights(str(folder / "models" / "lcm_lora"))
    authors.pipeline.fuse_lora()
    authors.use("lcm")
    authors.pipeline.to(place.device, place.dtype)
    width = authors.encoder.config.hidden_size
    prompt = torch.randn(1, 77, width, device=place.device, dtype=place.dtype)
    curves = torch.randn(1, 1, 55, device=place.device, dtype=place.dtype)

    def drawn(steps: int) -> Callable[[], Any]:
        return lambda: authors.pipeline(
            prompt_embeds=prompt, num_inference_steps=steps, guidance_scale=1.0, ip_adapter_image_embeds=[curves]
        )

    return [{"steps": steps, "frame": _timed(drawn(steps), max(args.rounds // 2, 1))} for steps in args.steps]


def _timed(work: Callable[[], Any], rounds: int) -> float:
    """Median milliseconds, after one round to warm up."""
    times = []
    for _ in range(rounds + 1):
        _wait()
        began = time.perf_counter()
        work()
        _wait()
        times.append(1000 * (time.perf_counter() - began))
    return median(times[1:])


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def _person(reference: bool) -> Identity:
    vector = RANDOM.normal(size=512).astype(np.float32)
    picture = RANDOM.integers(0, 256, REFERENCE, dtype=np.uint8) if reference else None
    return Identity("somebody", vector / np.linalg.norm(vector), reference=picture)


@contextmanager
def _weights(args: argparse.Namespace, console: Console) -> Iterator[Path]:
    shapes = SMALL if args.small else FULL
    with tempfile.TemporaryDirectory(prefix="facebridge-full-size") as scratch:
        folder = args.weights or Path(scratch)
        if not (folder / "sd15" / "scheduler").is_dir():
            with console.status("writing seeded weights"):
                write_release(folder, lcm=True, shapes=replace(shapes))
        yield folder


def _device(place: Place) -> str:
    if place.device == "cuda":
        return torch.cuda.get_device_name()
    return f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads"


def _show(console: Console, facts: dict, rows: list[dict], baseline: list[dict]) -> None:
    columns = ("expression", "denoise", "decode", "frame", "fps")
    table = Table(
        "runtime", "at once", "steps", "reference", *columns, "× diffusers", title="ms a frame of all streams"
    )
    theirs = {row["steps"]: row["frame"] for row in baseline}
    for row in rows:
        against = f"{theirs[row['steps']] * row['batch'] / row['frame']:.2f}" if row["steps"] in theirs else ""
        figures = [f"{row[name]:.1f}" for name in columns]
        yes = "yes" if row["reference"] else ""
        table.add_row(row["runtime"], str(row["batch"]), str(row["steps"]), yes, *figures, against)
    console.print(", ".join(f"{name} {value}" for name, value in facts.items()))
    console.print(table)
    for row in baseline:
        console.print(f"diffusers' pipeline, {row['steps']} steps, one picture: {row['frame']:.1f} ms")
    if rows:
        once = {name: rows[0][name] for name in ("identity", "identity + reference")}
        console.print("once a stream: " + ", ".join(f"{name} {ms:.1f} ms" for name, ms in once.items()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--batches", type=int, nargs="+", default=[1])
    parser.add_argument("--steps", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--runtimes", nargs="+", choices=("eager", "compiled"), default=["eager"])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="store_true", help="tiny networks, to try the benchmark itself")
    parser.add_argument("--no-baseline", action="store_true", help="without diffusers' pipeline")
    parser.add_argument("--weights", type=Path, metavar="DIR", help="keep the seeded weights here, and use them again")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
