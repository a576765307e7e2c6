"""`facebridge capture`: phones, cameras and takes drive the face, or are recorded, or are only looked at."""

import argparse
import json
import re
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bridge.capture.ensemble import Ensemble, Part, Plan, Standing
from bridge.capture.source import whole
from bridge.capture.sources import SOURCES
from bridge.capture.table import showing, watch
from bridge.capture.wanted import ANYWHERE, Wanted, read_wanted, settings_of
from bridge.config import Config
from bridge.errors import CommandError
from bridge.film import OutputError, check_file
from bridge.key_arguments import add_key_arguments, keys_of
from bridge.takes.sidecar import sidecar_path

GUIDE = "docs/capture.md"
SIGNALS = (signal.SIGINT, signal.SIGTERM)
REMOTE = 8000  # the port that remote controls usually send to


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="NAME or NAME:key=value,key=value; --list shows what there is"
    )
    parser.add_argument("--list", action="store_true", help="list the sources, their ports and their settings")
    parser.add_argument("--port", type=int, metavar="P", help="where to listen, for one source (its usual port)")
    parser.add_argument("--seconds", type=seconds, metavar="N", help="end by itself after so long (Ctrl-C)")
    parser.add_argument(
        "--to", nargs="?", const=Config().bind, default="", metavar="SERVER", help=f"drive a server ({Config().bind})"
    )
    parser.add_argument("--record", type=Path, metavar="TAKE.csv", help="record as it comes and as it goes out")
    parser.add_argument(
        "--remote", nargs="?", type=port, const=REMOTE, metavar="P", help=f"let OSC start and stop takes ({REMOTE})"
    )
    parser.add_argument("--takes", type=Path, default=Path("takes"), metavar="DIR", help="where those go (takes)")
    parser.add_argument("--identity", default="", metavar="NAME", help="who is drawn (the server's first)")
    parser.add_argument("--preset", default="", metavar="FILE|NAME", help="how curves are treated; none (each its own)")
    parser.add_argument("--calibrate", action="store_true", help="count down and take the face at rest for neutral")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was counted, at the end")
    add_key_arguments(parser)


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False)
    if args.list:
        show_sources(console)
        return 0
    wanted = wanted_of(args)
    check_outputs(args.record, args.json)
    if args.record and args.remote is not None:
        raise CommandError("--record is one take from beginning to end, --remote takes on demand: give one of them")
    codec = "rgb24" if args.record or args.remote is not None else "jpeg"
    keys_of(args, args.to, "--to")  # what is wrong with them is told now
    plan = Plan(
        wanted,
        args.to,
        args.identity,
        args.preset,
        args.record,
        args.calibrate,
        codec,
        args.remote,
        args.takes,
        args.key,
        args.server_key,
    )
    with _signals(), Ensemble(plan) as ensemble:
        with suppress(KeyboardInterrupt):
            introduce(ensemble, console)
            watch(ensemble, console, args.seconds)
        for number in SIGNALS:  # what is recorded is closed, however often somebody presses Ctrl-C
            signal.signal(number, signal.SIG_IGN)
    standings = ensemble.standing()
    if args.json:
        write_standings(standings, args.json)
    advise(ensemble, console)
    return 1 if any(standing.report.state.name == "FAILED" for standing in standings) else 0


@contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM is taken for Ctrl-C as long as the `with` block lasts; whatever is done to both in it is undone."""
    before = [(number, signal.getsignal(number)) for number in SIGNALS]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def performing(
    wanted: Sequence[Wanted], record: Path | None, console: Console, server: str, key: str = ""
) -> Iterator[None]:
    """The sources drive a server of this process, shown on the console, as long as the `with` block lasts.

    `key` is the file with the server's own keys, if it has any: they are the sources', too.
    """
    plan = Plan(wanted, server, record=record, codec="rgb24", key=key, server_key=key)
    with Ensemble(plan) as ensemble:
        introduce(ensemble, console)
        with showing(ensemble, console):
            yield
    advise(ensemble, console)


def seconds(text: str) -> float:
    """A number above 0, for argparse."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return number


def port(text: str) -> int:
    """A port number, for argparse."""
    try:
        return whole(0, 65535)(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not {error}") from None


def wanted_of(args: argparse.Namespace) -> list[Wanted]:
    """The sources, with `--port` for the one there is. CommandError names what does not fit."""
    if not args.sources and args.to.partition(":")[0] in SOURCES:
        raise CommandError(f"--to took {args.to!r} for the server: write the source first, as in {args.to} --to")
    if args.to and not re.fullmatch(r"tcp://[^/\s]+:\d{1,5}|ipc://.+", args.to):
        raise CommandError(f"--to {args.to}: no address of a server; write tcp://HOST:PORT, such as {Config().bind}")
    if not args.sources:
        raise CommandError(f"name a source, such as `facebridge capture livelink`; there are {', '.join(SOURCES)}")
    if args.port is None:
        return [read_wanted(text) for text in args.sources]
    if len(args.sources) > 1:
        raise CommandError(f"--port is for one source; of several write {args.sources[0]}:port={args.port}")
    (text,) = args.sources
    return [read_wanted(f"{text}{',' if ':' in text else ':'}port={args.port}")]


def check_outputs(record: Path | None, counts: Path | None) -> None:
    """CommandError for a path that would fail only at the end."""
    try:
        if counts:
            check_file(counts)
        if record and record.suffix.lower() != ".csv":
            raise CommandError(f"--record {record}: a take is written as .csv")
        if record and counts and counts.resolve() == sidecar_path(record).resolve():
            raise CommandError(f"--json {counts}: the take's own facts go there; choose another name")
    except OutputError as error:
        raise CommandError(str(error)) from error


def introduce(ensemble: Ensemble, console: Console) -> None:
    """Where each source is heard."""
    for part in ensemble.parts:
        console.print(f"{part.name}: {part.wanted.source.about}, {_where(part)}", markup=False, soft_wrap=True)
    if ensemble.remote:
        told = f"remote: OSC /RecordStart SLATE TAKE and /RecordStop, UDP port {ensemble.remote.port}"
        console.print(f"{told}; takes go to {ensemble.plan.takes}", markup=False, soft_wrap=True)


def _where(part: Part) -> str:
    if not part.port:
        return "this machine"
    protocol, ours = "TCP" if part.wanted.tcp else "UDP", part.wanted.bind
    ours = own_address() if ours == ANYWHERE else ours
    return f"{protocol} port {part.port}" + (f" of {ours}" if ours else "")


def own_address() -> str:
    """The address that other devices of this network reach us at, "" without a network."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.connect(("192.0.2.1", 9))  # an address for examples; nothing is sent
        return out.getsockname()[0]
    return ""


def advise(ensemble: Ensemble, console: Console) -> None:
    """What to do where nothing has come, and where the record lies."""
    for part, standing in zip(ensemble.parts, ensemble.standing(), strict=True):
        if part.port and not standing.report.packets:
            told = f"{part.name}: nothing came to port {part.port}; {GUIDE} says what to look at"
            console.print(told, markup=False, soft_wrap=True)
        if part.act.recorder:
            for path in part.act.recorder.files.values():
                console.print(f"  recorded {path}", markup=False, soft_wrap=True)


def write_standings(standings: list[Standing], path: Path) -> None:
    """Everything that was counted, as JSON."""
    try:
        path.write_text(json.dumps(as_data(standings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}") from None


def as_data(standings: list[Standing]) -> dict[str, Any]:
    """Plain data: by source its name, port, `bridge.capture.tally.Report` and `bridge.capture.act.Shown`."""
    return {
        "sources": [
            {"name": each.name, "port": each.port}
            | asdict(each.report)
            | {"state": each.report.state.value, "pictures": asdict(each.shown)}
            for each in standings
        ]
    }


def show_sources(console: Console) -> None:
    """The register, with each source's settings."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("source", "port", "what it is"):
        table.add_column(name)
    for source in SOURCES.values():
        port = f"{source.port}/udp" + (f", {source.tcp_port}/tcp" if source.tcp_port else "") if source.port else "-"
        table.add_row(source.name, port, source.about)
    console.print(table)
    console.print("\nsettings, as in livelink:port=11112,subject=amara\n")
    own = {
        f"{source.name}:{name}": setting.about
        for source in SOURCES.values()
        for name, setting in settings_of(source).items()
        if name in source.settings
    }
    written = own | shared_settings()
    width = max(map(len, written))
    for name, about in written.items():
        console.print(f"  {name:<{width}}  {about}", markup=False, soft_wrap=True)


def shared_settings() -> dict[str, str]:
    """What may be written behind several sources, and what it is."""
    shared: dict[str, str] = {}
    for source in SOURCES.values():
        shared |= {name: setting.about for name, setting in settings_of(source).items() if name not in source.settings}
    return shared
