"""`facebridge bridge-check`: where the lag comes from."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bridge.capture.legs import RATE, Change, Legs, Probe, Seen, changes
from bridge.client import FaceBridgeClient, RefusedError, Stream
from bridge.commands.capture import seconds
from bridge.config import Config, load_config
from bridge.errors import CommandError
from bridge.key_arguments import add_key_arguments, keys_of
from bridge.model_arguments import add_model_arguments, model_settings
from bridge.server import Server

WARM_UP = 1.0  # s whose pictures are not counted: the first frames wake up model and clocks
NAMES = {
    "sender": "sender, until it has left",
    "there": "transport there",
    "wait": "wait for the model",
    "generate": "generate",
    "encode": "encode",
    "back": "transport back",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--server", metavar="ADDR", help="a running server, tcp://HOST:PORT; without it one is started")
    parser.add_argument("--identity", metavar="NAME", help="who is drawn (the server's first)")
    parser.add_argument("--seconds", type=seconds, default=5.0, metavar="N", help="how long to measure (5)")
    add_key_arguments(parser)
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False)
    given = [name for name, value in model_settings(args).items() if value is not None]
    if args.server and given:
        raise CommandError(f"--{given[0]} is for a server started here; the one at --server has its own")
    keys = keys_of(args, args.server, "--server")
    try:
        with (
            _address(args, console) as address,
            FaceBridgeClient(address, "facebridge bridge-check", keys=keys) as client,
        ):
            stream = _opened(client, args.identity)
            with console.status(f"sending a test pattern for {args.seconds:g} s ..."):
                probe = Probe(client, stream)
                seen = list(probe.run(WARM_UP + args.seconds))
            _introduce(client, stream, console)
    except OSError as error:
        raise CommandError(str(error)) from error
    counted = [one for one in seen if one.sequence >= WARM_UP * RATE]
    if not counted:
        raise CommandError(f"the server sent no picture in {WARM_UP + args.seconds:g} s; give it longer with --seconds")
    show_legs(counted, args.seconds, console)
    show_changes(changes(seen, probe.captured), console)
    return 0


def show_legs(seen: Sequence[Seen], seconds: float, console: Console) -> None:
    """A row for each leg, and their sum: ms in the middle and at p95, and its share of a usual frame's way.

    There and back are told apart by the two clocks: a single frame's may come out below 0, which a share never is.
    """
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("leg")
    for name in ("ms, p50", "p95", "share"):
        table.add_column(name, justify="right")
    values = {leg.name: [getattr(one.legs, leg.name) for one in seen] for leg in fields(Legs)}
    usual = {name: max(float(np.median(each)), 0.0) for name, each in values.items()}
    for name, each in values.items():
        table.add_row(NAMES[name], *_percentiles(each), f"{100 * usual[name] / sum(usual.values()):.0f}%")
    table.add_row("in all", *_percentiles([one.legs.total for one in seen]), "", style="bold")
    console.print(table)
    console.print(f"{len(seen) / seconds:.1f} pictures a second, of {RATE} frames a second sent")


def show_changes(found: Sequence[Change], console: Console) -> None:
    """When the steps of the jaw showed."""
    if not found:
        console.print("the jaw was opened and shut, and no change was seen: does this model heed curves?")
        return
    middle = {name: float(np.median([asdict(one)[name] for one in found])) for name in asdict(found[0])}
    picture, frames = _ordinal(round(middle["pictures"])), middle["frames"]
    console.print(
        f"a step of the jaw shows in the {picture} picture drawn of it, {frames:g} frame{'' if frames == 1 else 's'} "
        f"at {RATE} a second ({middle['milliseconds']:.0f} ms) after it was made",
        soft_wrap=True,
    )


@contextmanager
def _address(args: argparse.Namespace, console: Console) -> Iterator[str]:
    """Of the server named, or of one of our own."""
    if args.server:
        yield args.server
        return
    config: Config = load_config(bind="tcp://127.0.0.1:*", **model_settings(args))
    try:
        with console.status(f"loading {escape(config.model)} ..."):
            server = Server(config)
    except ValueError as error:  # a model that cannot be read
        raise CommandError(str(error)) from error
    with server:
        yield server.address


def _opened(client: FaceBridgeClient, identity: str | None) -> Stream:
    if identity is not None and identity not in client.identities:
        raise CommandError(f"nobody here is called {identity!r}; there are {', '.join(client.identities)}")
    try:
        return client.open(identity or client.identities[0], subject="bridge-check", size=client.welcome.sizes[0])
    except RefusedError as error:
        raise CommandError(str(error)) from error


def _introduce(client: FaceBridgeClient, stream: Stream, console: Console) -> None:
    granted = stream.granted
    console.print(
        f"{escape(client.welcome.model)} draws {escape(granted.identity)} at {granted.size} pixels as {granted.codec}",
        soft_wrap=True,
    )


def _percentiles(values: Sequence[float]) -> tuple[str, str]:
    middle, high = np.percentile(values, (50, 95))
    return f"{middle:.1f}", f"{high:.1f}"


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")
