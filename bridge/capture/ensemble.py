"""All the sources of one run: each with its decoder, its performance and its record, on sockets that they share."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bridge.capture.act import Act, Shown
from bridge.capture.control_line import Controls
from bridge.capture.feed import Feed
from bridge.capture.inbox import Inbox
from bridge.capture.lines import open_control, open_lines
from bridge.capture.listener import Line, Listener
from bridge.capture.playing import Playing
from bridge.capture.recording import Cast, Recording
from bridge.capture.remote_line import RemoteLine
from bridge.capture.tally import Report
from bridge.capture.wanted import ANYWHERE, Wanted
from bridge.clock import now
from bridge.errors import CommandError
from bridge.performance.watched import WatchedPreset
from bridge.performer import Performer
from bridge.takes.recorder import Recorder
from bridge.takes.take import TakeError

NO_PRESET = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with the sources. Without `server` nothing is drawn; `record` is the CSV of a take, one a source.

    `identity` and `preset` are for the sources that name none themselves; preset "" is each source's own, "none" none.
    """

    wanted: Sequence[Wanted]
    server: str = ""
    identity: str = ""
    preset: str = ""
    record: Path | None = None
    calibrate: bool = False
    codec: str = "jpeg"
    """Of the pictures that come back. A film should show what was drawn: rgb24."""
    remote: int | None = None
    """The UDP port where OSC starts and stops takes, which go to the folder `takes`."""
    takes: Path = Path("takes")
    key: str = ""
    """For a server that asks for keys: as in `bridge.wishes.Settings`, with `server_key`."""
    server_key: str = ""


@dataclass(slots=True)
class Part:
    """One source of the run. `port` is where it listens, 0 for a player; `controls` what a phone names."""

    name: str
    wanted: Wanted
    feed: Feed
    act: Act
    port: int = 0
    playing: Playing | None = None
    controls: Controls | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A source at one moment, for the table and for JSON."""

    name: str
    port: int
    report: Report
    shown: Shown


class Ensemble:
    """Used once, as a `with` block. CommandError at once for whatever a person can mend, a port in use above all."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.remote: RemoteLine | None = None
        self.parts = [_part(name, wanted, plan) for name, wanted in _named(plan.wanted)]
        preset = partial(_preset_name, plan=plan)
        cast = [Cast(each.act, each.name, each.wanted.source.name, preset(each.wanted)) for each in self.parts]
        self.recording = Recording(cast, plan.takes)
        self._stack = ExitStack()

    def __enter__(self) -> "Ensemble":
        with ExitStack() as stack:  # should one fail, those that have begun end
            self._begin(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def over(self) -> bool:
        """Whether nothing more will come: every source is a player, and has ended."""
        return all(part.playing is not None and part.playing.over for part in self.parts)

    def standing(self) -> list[Standing]:
        """How it stands with each source, in the order they were named."""
        time = now()
        return [Standing(part.name, part.port, part.feed.tally.report(time), part.act.shown) for part in self.parts]

    def _begin(self, stack: ExitStack) -> None:
        listening = [part for part in self.parts if part.playing is None]
        lines = open_lines([(part.wanted, part.feed) for part in listening])
        for part, line in zip(listening, lines, strict=True):
            part.port = line.port
            stack.callback(line.close)
        sockets = [*dict.fromkeys(lines), *_control_lines(listening)]
        if self.plan.remote is not None:
            self.remote = RemoteLine(ANYWHERE, self.plan.remote, self.recording, self.parts[0].feed.tally)
            sockets.append(self.remote)
        for part in self.parts:
            part.act.recorder = _recorder(part, self.plan)
            part.act.start()
            stack.callback(part.act.stop)
        stack.enter_context(Listener(sockets))
        for part in self.parts:
            if part.playing:
                part.playing.start()
                stack.callback(part.playing.stop)


def _named(wanted: Sequence[Wanted]) -> Iterator[tuple[str, Wanted]]:
    """Each source with a name of its own: the subject it was given, else what it is, numbered from the second on."""
    taken: set[str] = set()
    for one in wanted:
        name = base = one.given.get("subject") or one.source.name
        number = 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        yield name, one


def _part(name: str, wanted: Wanted, plan: Plan) -> Part:
    inbox = Inbox()
    controls: Controls | None = {} if wanted.source.control_port and "host" in wanted.given else None
    make = partial(wanted.make, **({} if controls is None else {"controls": controls}))
    made = make()  # also where senders get one each: what is missing is told now
    feed = Feed(make, inbox.put, wanted.given.get("device", ""))
    act = Act(name, inbox, feed.tally, _preset(wanted, plan), _performer(name, wanted, plan))
    if plan.calibrate:
        act.calibrate()
    playing = Playing(made, feed, name) if wanted.plays else None
    return Part(name, wanted, feed, act, playing=playing, controls=controls)


def _control_lines(parts: Sequence[Part]) -> list[Line]:
    return [
        open_control(part.wanted, part.feed, part.port, part.controls) for part in parts if part.controls is not None
    ]


def _preset(wanted: Wanted, plan: Plan) -> WatchedPreset | None:
    name = _preset_name(wanted, plan)
    return None if name == NO_PRESET else WatchedPreset(name)


def _preset_name(wanted: Wanted, plan: Plan) -> str:
    return wanted.given.get("preset") or plan.preset or wanted.source.preset or NO_PRESET


def _performer(name: str, wanted: Wanted, plan: Plan) -> Performer | None:
    if not plan.server:
        return None
    identity = wanted.given.get("identity") or plan.identity
    connection = {"address": plan.server, "key": plan.key, "server_key": plan.server_key}
    return Performer("facebridge capture", **connection, identity=identity, subject=name, codec=plan.codec)


def _recorder(part: Part, plan: Plan) -> Recorder | None:
    """`record` itself for one source, `TAKE_NAME` for each of several."""
    if plan.record is None:
        return None
    stem = plan.record.name.removesuffix(".csv")
    name = stem if len(plan.wanted) == 1 else f"{stem}_{part.name}"
    source, preset = part.wanted.source.name, _preset_name(part.wanted, plan)
    try:
        return Recorder(plan.record.parent, name, subject=part.name, source=source, preset=preset, name=name)
    except TakeError as error:
        raise CommandError(str(error)) from error
