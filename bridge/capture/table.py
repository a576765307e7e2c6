"""The sources as a live table of 80 columns, or line by line where there is no terminal."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from bridge.capture.ensemble import Ensemble, Standing
from bridge.capture.tally import State

REFRESH = 0.25  # s
LINES = 10.0  # s between lines that tell of nothing new
COLOURS = {
    State.WAITING: "yellow",
    State.STREAMING: "green",
    State.LOST: "yellow",
    State.REFUSED: "red",
    State.OVER: "dim",
    State.FAILED: "bold red",
}


def watch(ensemble: Ensemble, console: Console, seconds: float | None) -> None:
    """Show how it goes until `seconds` are over, every source has ended, or Ctrl-C."""
    end = time.monotonic() + seconds if seconds is not None else float("inf")
    with showing(ensemble, console):
        while not ensemble.over and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, REFRESH))


@contextmanager
def showing(ensemble: Ensemble, console: Console) -> Iterator[None]:
    """Show how it goes as long as the `with` block lasts."""
    if console.is_terminal:
        with Live(console=console, refresh_per_second=1 / REFRESH, get_renderable=lambda: _screen(ensemble)):
            yield
        return
    over = threading.Event()
    teller = threading.Thread(target=_tell, args=(ensemble, console, over), name="facebridge-table", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def picture(standings: Sequence[Standing]) -> RenderableType:
    """The table, and beneath it a line for each thing that needs more room."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("source", no_wrap=True, max_width=19)
    table.add_column("port", justify="right", width=5)
    table.add_column("state", no_wrap=True, width=13)
    for name, width in (("packets", 8), ("rate", 5), ("lost", 5), ("refused", 7), ("face", 4), ("ms", 4)):
        table.add_column(name, justify="right", no_wrap=True, width=width)
    for standing in standings:
        table.add_row(*_cells(standing))
    notes = [Text(note, "dim", overflow="fold") for standing in standings for note in notes_of(standing)]
    return Group(table, *notes)


def line(standing: Standing) -> str:
    """The row as one line of text."""
    report, shown = standing.report, standing.shown
    parts = [
        f"{standing.name}: {report.state.value}",
        f"{report.packets} packets",
        f"{report.rate:.1f}/s",
        f"lost {_share(report.lost)}",
        f"refused {sum(report.refused.values())}",
    ]
    if shown.status:
        parts.append(f"{shown.pictures} pictures, {shown.fps} fps, {_milliseconds(shown.latency)} ms")
    return ", ".join(parts)


def notes_of(standing: Standing) -> list[str]:
    """What a row has no room for, a sentence each."""
    report, shown, name = standing.report, standing.shown, standing.name
    counts = [f"{reason} {count}" for reason, count in report.refused.items()]
    odd = [f"{oddity} {count}" for oddity, count in report.oddities.items()]
    who = " ".join(filter(None, (report.subject, f"({report.device})" if report.device else "")))
    notes = {
        "from": who,
        "refused": ", ".join(counts),
        "odd": ", ".join(odd),
        "last error": report.error,
        "server": shown.status if shown.colour not in ("green", "") else "",
        "neutral": shown.calibration,
        "recording": shown.recording,
    }
    return [f"{name} {kind}: {text}" for kind, text in notes.items() if text]


def _screen(ensemble: Ensemble) -> RenderableType:
    panels = [part.playing.panel for part in ensemble.parts if part.playing]
    return Group(picture(ensemble.standing()), *filter(None, panels))


def _cells(standing: Standing) -> list[RenderableType]:
    report, shown = standing.report, standing.shown
    return [
        Text(standing.name),
        str(standing.port or "-"),
        Text(report.state.value, COLOURS[report.state]),
        str(report.packets),
        f"{report.rate:.1f}",
        _share(report.lost),
        str(sum(report.refused.values())),
        str(shown.fps) if shown.status else "-",
        _milliseconds(shown.latency),
    ]


def _tell(ensemble: Ensemble, console: Console, over: threading.Event) -> None:
    """A line for a source when its state changes, now and then, and at the end."""
    told: dict[str, tuple[State, str, float]] = {}
    while not over.wait(REFRESH):
        for standing in ensemble.standing():
            state, colour, when = told.get(standing.name, (None, "", 0.0))
            changed = (state, colour) != (standing.report.state, standing.shown.colour)
            if changed or time.monotonic() - when > LINES:
                told[standing.name] = (standing.report.state, standing.shown.colour, time.monotonic())
                _print(console, standing)
    for standing in ensemble.standing():
        _print(console, standing)


def _print(console: Console, standing: Standing) -> None:
    for text in (line(standing), *(f"  {note}" for note in notes_of(standing))):
        console.print(text, markup=False, soft_wrap=True)


def _share(lost: float | None) -> str:
    return "-" if lost is None else f"{100 * lost:.1f}%"


def _milliseconds(latency: float | None) -> str:
    return "-" if latency is None else f"{latency:.0f}"
