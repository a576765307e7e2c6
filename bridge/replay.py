"""One take played to one server, watched and measured: what the commands `replay` and `demo` have in common."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, track

from bridge.backdrop import TRANSPARENT
from bridge.client import FaceBridgeClient, RefusedError, Stream
from bridge.config import Config
from bridge.errors import CommandError
from bridge.keys import ClientKeys
from bridge.look_arguments import Look
from bridge.outputs import Output, Spool
from bridge.playback import DELIVERY, Pace, Playback, PlaybackError
from bridge.received import ReceivedPicture
from bridge.report import Tally, summarise, write_report
from bridge.server import Server
from bridge.takes import Take
from generator.face_generator import ModelOptions

CREDIT = 2  # one picture on its way while the next is drawn


@dataclass(frozen=True, slots=True)
class Replay:
    """What is played, as whom, how fast and where. Without `server` one is started here, with the model."""

    take: Take
    pace: Pace
    identity: str | None = None
    server: str | None = None
    model: str = "compact"
    options: ModelOptions = field(default_factory=ModelOptions)
    map: str = ""
    seed: int = 0
    look: Look = field(default_factory=Look)
    rounds: int = 1
    """How often; 0 until it is interrupted, and then no picture is kept."""
    keys: ClientKeys | None = None
    """For a `server` that asks for keys."""


@dataclass(frozen=True, slots=True)
class _Played:
    """How a playback went; `broken` is what ended it early."""

    report: dict[str, Any]
    spool: Spool | None
    broken: BaseException | None


def perform(replay: Replay, output: Output, report_path: Path | None, console: Console) -> dict[str, Any]:
    """Play it, write what is to be written, return the report. A playback that breaks off still leaves film and report.

    In real time the pictures are put by and written afterwards. At max pace they are written as they come, and the
    latency shows it.

    CommandError, in one sentence, for whatever a person can mend.
    """
    try:
        with _connected(replay, console) as client:
            played = _play(client, replay, output, console)
        _write_spooled(played.spool, output, console)
        output.close()
    except BaseException:
        output.discard()
        raise
    if report_path:
        write_report(played.report, report_path)
    if played.broken:
        raise played.broken
    return played.report


@contextmanager
def _connected(replay: Replay, console: Console) -> Iterator[FaceBridgeClient]:
    """A client of the server named, or of our own, in this process: a child process was measured and is no faster."""
    with ExitStack() as stack:
        address = replay.server or stack.enter_context(_own_server(replay, console)).address
        try:
            client = stack.enter_context(FaceBridgeClient(address, "facebridge replay", keys=replay.keys))
        except OSError as error:
            raise CommandError(str(error)) from error
        yield client


def _own_server(replay: Replay, console: Console) -> Server:
    config = Config(bind="tcp://127.0.0.1:*", model=replay.model, map=replay.map, **asdict(replay.options))
    try:
        with console.status(f"loading {escape(config.model)} ..."):
            return Server(config)
    except (OSError, ValueError) as error:  # a model that cannot be read
        raise CommandError(str(error)) from error


def _play(client: FaceBridgeClient, replay: Replay, output: Output, console: Console) -> _Played:
    stream = _opened(client, replay)
    output.begin(stream.granted.identity)
    playback, tally = Playback(stream, replay.take, replay.pace, rounds=replay.rounds), Tally()
    spool = Spool() if replay.pace == "realtime" and replay.rounds else None
    broken: BaseException | None = None
    try:
        for picture in _shown(playback, tally, console):
            (output if spool is None else spool).add(picture, tally.rate)
    except (PlaybackError, ConnectionError) as error:
        broken = CommandError(str(error))
    except KeyboardInterrupt as error:
        broken = error
    return _Played(summarise(tally, playback, client.welcome, stream.granted), spool, broken)


def _opened(client: FaceBridgeClient, replay: Replay) -> Stream:
    """The stream, with its pixels raw if the server has that: a film should show what was drawn, not a JPEG of it."""
    welcome, look = client.welcome, replay.look
    raw = "rgba32" if look.backdrop == TRANSPARENT else "rgb24"
    if replay.identity is not None and replay.identity not in client.identities:
        raise CommandError(f"nobody here is called {replay.identity!r}; there are {', '.join(client.identities)}")
    try:
        return client.open(
            replay.identity or client.identities[0],
            subject=replay.take.name,
            size=welcome.sizes[0],
            codec=raw if raw in welcome.codecs else welcome.codecs[0],
            delivery=DELIVERY[replay.pace],
            credit=CREDIT,
            seed=replay.seed,
            light=look.light,
            backdrop=look.backdrop,
        )
    except (RefusedError, OSError) as error:
        raise CommandError(str(error)) from error


def _shown(playback: Playback, tally: Tally, console: Console) -> Iterator[ReceivedPicture]:
    """The pictures, counted, under a progress bar that tells rate, latency and drops."""
    figures = (
        "[bold]{task.fields[rate]:3.0f}[/] fps  [bold]{task.fields[lag]:4.0f}[/] ms  {task.fields[dropped]} dropped"
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(figures))
    with Progress(*columns, console=console, refresh_per_second=5) as progress:
        name = playback.stream.granted.identity
        task = progress.add_task(name, total=playback.total, rate=0.0, lag=0.0, dropped=0)
        for picture in playback:
            tally.add(picture)
            progress.update(task, completed=picture.sequence + 1, rate=tally.rate, lag=tally.lag, dropped=tally.dropped)
            yield picture


def _write_spooled(spool: Spool | None, output: Output, console: Console) -> None:
    if spool is None:
        return
    for picture, rate in track(spool, "filming", len(spool), console=console, transient=True):
        output.add(picture, rate)
    spool.close()
