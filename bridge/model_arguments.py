"""The options that name a model and say how it runs, for every command that serves one."""

import argparse

from bridge.config import Config
from generator.face_generator import AUTOENCODERS, DEVICES, DTYPES, RUNTIMES

SETTINGS = ("model", "base", "autoencoder", "device", "dtype", "runtime", "store", "map")


def add_model_arguments(parser: argparse.ArgumentParser) -> None:
    """Each option is a setting of `Config` by the same name, None where it is not given."""
    model = parser.add_argument_group("the model")
    named = f"compact, compact-s (smaller), testcard (bars, no network) or a model's folder ({Config().model})"
    model.add_argument("--model", metavar="NAME|DIR", help=named)
    model.add_argument("--map", metavar="PATH", help="from ARKit to FLAME: a folder of bs2*.npy, or a mapping of yours")
    model.add_argument("--runtime", choices=RUNTIMES, help="how the network runs (auto)")
    model.add_argument("--device", choices=DEVICES, help="where it runs (auto)")
    model.add_argument("--store", metavar="DIR", help="where the people enrolled are kept (your data folder)")
    published = parser.add_argument_group("the published model, --model DIR/models")
    published.add_argument("--base", metavar="DIR/sd15", help="Stable Diffusion 1.5's vae and scheduler")
    published.add_argument("--autoencoder", choices=AUTOENCODERS, help="taesd is fast, sd exact (taesd if it is there)")
    published.add_argument("--dtype", choices=DTYPES, help="what it computes in (auto)")


def model_settings(args: argparse.Namespace) -> dict[str, str | None]:
    """What was given, for `load_config`."""
    return {name: getattr(args, name) for name in SETTINGS}
