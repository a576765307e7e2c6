"""How fast the compact model draws, through server and client, against the plain diffusers loop doing the same work.

`python benchmarks/compact_speed.py [--model compact-s] [--frames 300] [--rounds 3] [--steps 1] [--json FILE]`

Ours: a take at the greatest pace, delivery "every", through a real server and client on loopback, JPEG included. The
baseline: the same network around diffusers' UNet, its DDIMScheduler and the decoder in eager torch on the same curves,
to 8-bit pictures, with no transport at all. The two take turns, so that a machine whose speed drifts favours neither.
"""

import argparse
import json
import time
from pathlib import Path
from statistics import median

import numpy as np
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from rich.console import Console
from rich.table import Table

from bridge.client import FaceBridgeClient
from bridge.config import Config
from bridge.server import Server
from bridge.takes import FIRST_MINUTE, read_take
from generator.checkpoint import model_folder
from generator.compact.card import read_card, read_identities
from generator.compact.network import load_autoencoder, load_denoiser, load_small_decoder, to_bytes
from generator.compact.ranges import PORTRAIT_LIGHT
from generator.face_generator import load_generator
from generator.temporal import STILL, stream_noise

CREDIT = 4


def moving_curves(frames: int) -> np.ndarray:
    """(frames, 55) of the bundled performance, without its still stretches: every frame has to be drawn."""
    curves = read_take(FIRST_MINUTE).curves
    kept = [curves[0]]
    for row in curves[1:]:
        if np.abs(row - kept[-1]).max() > 2 * STILL:
            kept.append(row)
    return np.resize(np.array(kept), (frames, curves.shape[1]))


def through_the_bridge(address: str, curves: np.ndarray, steps: int) -> float:
    """Pictures per second, from the first CURVES to the last PICTURE."""
    with FaceBridgeClient(address) as client:
        stream = client.open(client.identities[0], delivery="every", credit=CREDIT, steps=steps)
        began, sent, received = time.perf_counter(), 0, 0
        while received < len(curves):
            while sent < len(curves) and stream.room:
                stream.send(curves[sent])
                sent += 1
            if stream.receive(timeout=10.0) is None:
                raise RuntimeError(f"no picture for 10 s after {received} of {len(curves)}")
            received += 1
        return len(curves) / (time.perf_counter() - began)


class PlainLoop:
    """The same network as diffusers' documentation would drive it, at the model's first size."""

    def __init__(self, model: str) -> None:
        folder = model_folder(model)
        self.card = read_card(folder).called(model)
        self.denoiser = load_denoiser(folder, self.card)
        whole = self.card.sizes[0] == max(self.card.sizes)
        self.decode = load_autoencoder(folder).decode if whole else load_small_decoder(folder)
        self.scene = torch.tensor([[*PORTRAIT_LIGHT, 1.0]])
        person = next(iter(read_identities(folder, self.card).values()))
        self.identity = torch.from_numpy(person.embedding)[None]
        self.scheduler = DDIMScheduler(
            beta_start=0.00085,
            beta_end=0.012,
            beta_schedule="scaled_linear",
            rescale_betas_zero_snr=True,
            prediction_type="sample",
            timestep_spacing="trailing",
            clip_sample=False,
        )

    @torch.inference_mode()
    def pictures_per_second(self, curves: np.ndarray, steps: int) -> float:
        noise = torch.from_numpy(stream_noise(0, self.card.latent_channels, self.card.latent_size))[None]
        began = time.perf_counter()
        for row in curves:
            self.scheduler.set_timesteps(steps)
            latents = noise
            for level in self.scheduler.timesteps:
                clean = self.denoiser(latents, level[None], self.identity, self.scene, torch.from_numpy(row)[None])
                latents = self.scheduler.step(clean, int(level), latents).prev_sample  # type: ignore[union-attr]
            to_bytes(self.decode(latents)).numpy()
        return len(curves) / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", default="compact")
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    curves = moving_curves(args.frames)
    plain = PlainLoop(args.model)
    ours, theirs = [], []
    generator = load_generator(args.model)
    with Server(Config(bind="tcp://127.0.0.1:*", model=args.model), generator) as server:
        through_the_bridge(server.address, curves[:30], args.steps)
        plain.pictures_per_second(curves[:10], args.steps)
        for _ in range(args.rounds):
            ours.append(through_the_bridge(server.address, curves, args.steps))
            theirs.append(plain.pictures_per_second(curves[: max(args.frames // 3, 10)], args.steps))
    _report(ours, theirs, args.json, str(getattr(generator, "label", "")))


def _report(ours: list[float], theirs: list[float], path: Path | None, label: str) -> None:
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    table = Table("", "min", "median", "max", title="pictures per second")
    for name, values in (
        (f"facebridge, end to end ({label})", ours),
        ("plain diffusers loop", theirs),
        ("ratio", ratios),
    ):
        table.add_row(name, *(f"{f(values):.1f}" for f in (min, median, max)))
    Console().print(table)
    if path:
        path.write_text(
            json.dumps({"facebridge": ours, "plain": theirs, "ratio": ratios, "runtime": label}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
