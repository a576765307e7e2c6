"""`facebridge serve`: the server in the foreground, until Ctrl-C."""

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from bridge.config import Config, load_config
from bridge.description import able_to, described, listed
from bridge.errors import CommandError
from bridge.model_arguments import add_model_arguments, model_settings
from bridge.server import Server, serve
from bridge.version import VERSION


def add_arguments(parser: argparse.ArgumentParser) -> None:
    defaults = Config()
    parser.add_argument("--bind", metavar="ADDRESS", help=f"where to listen; port * takes a free one ({defaults.bind})")
    parser.add_argument("--config", type=Path, metavar="FILE.toml", help="settings; the options here win over it")
    parser.add_argument("--key", metavar="SERVER.key_secret", help="let only clients with keys in (docs/security.md)")
    parser.add_argument("--clients", metavar="DIR", help="the folder with their public keys, looked at all the time")
    parser.add_argument("--verbose", action="store_true", help="tell of every client and every error")
    performers = parser.add_argument_group("performers, without an engine (docs/capture.md)")
    performers.add_argument(
        "--capture", action="append", default=[], metavar="SOURCE", help="as in `facebridge capture`; may be repeated"
    )
    performers.add_argument("--record", type=Path, metavar="TAKE.csv", help="record what is captured, and the pictures")
    add_model_arguments(parser)


def run(args: argparse.Namespace) -> int:
    level = logging.INFO if args.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    config = load_config(args.config, bind=args.bind, key=args.key, clients=args.clients, **model_settings(args))
    console = Console(highlight=False)
    perform = _performance(args, console)  # a source that cannot be is told before the model is loaded
    console.print(f"[bold]facebridge[/] {VERSION}, loading {escape(config.model)} ...")
    started = time.monotonic()
    with ExitStack() as stack:

        def begin(server: Server) -> None:
            _introduce(console, server, time.monotonic() - started)
            stack.enter_context(perform(_nearby(server.address), config.security.key))

        try:
            serve(config, ready=begin)
        except (OSError, RuntimeError) as error:  # an address in use; a server that failed while it ran
            raise CommandError(str(error)) from error
    console.print("stopped")
    _leave()
    return 0


def _performance(args: argparse.Namespace, console: Console) -> Callable[[str, str], AbstractContextManager[None]]:
    """What begins the sources of `--capture` on a server's address, with its key; without sources, nothing."""
    if args.record and not args.capture:
        raise CommandError("--record records what is captured: name a source with --capture")
    if not args.capture:
        return lambda address, key: nullcontext()
    from bridge.capture.wanted import read_wanted
    from bridge.commands.capture import check_outputs, performing

    check_outputs(args.record, None)
    return partial(performing, [read_wanted(text) for text in args.capture], args.record, console)


def _leave() -> None:
    """End the process here. All of ours is closed; threads of native libraries may not be, and where they outlive
    Python's own end they abort the process now and then.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _introduce(console: Console, server: Server, seconds: float) -> None:
    facts = {
        "model": f"{described(server.generator)}, loaded in {seconds:.1f} s",
        "capable of": able_to(server.generator),
        "people": escape(listed(server.generator.identities)),
        "address": f"[bold green]{escape(server.address)}[/]",
        **_lock(server),
        "stop": "Ctrl-C",
    }
    for name, fact in facts.items():
        console.print(f"  {name:<11}{fact}", soft_wrap=True)


def _nearby(address: str) -> str:
    """A server's address for clients of this machine."""
    return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _lock(server: Server) -> dict[str, str]:
    """The server's public key and its list of clients, where it asks for keys."""
    if not server.guard:
        return {}
    names = sorted(server.guard.list.names.values())
    listed = ", ".join(names) if names else "nobody yet: `facebridge keys new NAME`, and put NAME.key there"
    return {
        "public key": escape(server.guard.own.public.decode()),
        "clients": escape(f"{server.guard.list.folder}: {listed}"),
    }
