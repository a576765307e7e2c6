"""The talk around a download of weights: what comes, how large, under which terms; then bars, then what next."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from bridge.errors import CommandError
from bridge.quoting import quoted
from generator.arc2face.download import DownloadError, UnreachableError
from generator.arc2face.inventory import holding
from generator.arc2face.layout import RELEASE, Folders, Part
from generator.arc2face.pull import Chore, Errand, fetch, outstanding

SPARE = 200_000_000  # bytes that are to stay free on the disk
AGAIN = "the same command goes on from there"


def fetch_parts(parts: list[Part], folders: Folders, agreed: bool, console: Console) -> None:
    """Announce, ask unless `agreed`, fetch. Raises CommandError when not everything came."""
    errands, chores = outstanding(parts, folders)
    if errands:
        announce(errands, folders, console)
        check_room(errands, folders)
        if not agreed and not _asked(console):
            raise CommandError("nothing was fetched")
        with _alone(folders.models.parent):
            _fetch_all(errands, console)
    else:
        console.print(f"Everything that can be fetched is in [bold]{escape(str(folders.models.parent))}[/] already.")
    say_what_next(chores, folders, console)


def announce(errands: list[Errand], folders: Folders, console: Console) -> None:
    """Parts, sizes and licences."""
    parts = list(dict.fromkeys(errand.part for errand in errands))
    console.print(f"Into [bold]{escape(str(folders.models.parent))}[/], from where their authors keep them:")
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for part in parts:
        size = _size([errand for errand in errands if errand.part is part])
        table.add_row(f"  {part.name}", f"about {size}", part.purpose, part.licence)
    console.print(table, soft_wrap=False)
    console.print(f"  about {_size(errands)} in all\nWhat the licences allow:")
    for terms in dict.fromkeys(part.terms for part in parts):
        names = ", ".join(part.name for part in parts if part.terms == terms)
        console.print(f"  [bold]{names}[/]: {terms}")


def check_room(errands: list[Errand], folders: Folders) -> None:
    """Raises CommandError if the disk cannot hold it."""
    folder = next(parent for parent in folders.models.absolute().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    if free < sum(errand.size for errand in errands) + SPARE:
        raise CommandError(
            f"{folder} has {decimal(free)} free, and about {_size(errands)} are to come: "
            "make room, name another folder with --to, or fetch some parts with --only"
        )


def say_what_next(chores: list[Chore], folders: Folders, console: Console) -> None:
    """What is left to a person, and the commands that use the weights."""
    for chore in chores:
        console.print(f"[yellow]By hand:[/] {chore.part.name} also wants {escape(str(chore.target))}; {chore.how}.")
    lacking = [part.name for part in RELEASE if part.required and holding(part, folders).state != "there"]
    if lacking:
        console.print(f"Still missing before a face is drawn: {', '.join(lacking)}.")
        return
    model = f"--model {quoted(folders.models)}"
    console.print("Next:")
    console.print(f"  facebridge models verify {quoted(folders.models.parent)}")
    console.print(f"  facebridge enroll PHOTO --name NAME {model}")
    console.print(f"  facebridge serve {model} --base {quoted(folders.sd15)}")


def _asked(console: Console) -> bool:
    if not sys.stdin.isatty():
        raise CommandError("nobody is here to agree to these licences: run it in a terminal, or agree with --yes")
    try:
        return console.input("Fetch them under these terms? \\[y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two downloads into one folder would write into the same parts."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".pull.lock", timeout=0):
            yield
    except Timeout as error:
        raise CommandError(f"another `models pull` is at work in {folder}: let it end first") from error
    except OSError as error:
        raise CommandError(f"{folder} cannot be written: {error.strerror or error}") from error


def _fetch_all(errands: list[Errand], console: Console) -> None:
    """One after the other; what one address refuses does not keep the rest from coming."""
    failed: list[str] = []
    with _bars(console) as progress:
        for errand in errands:
            try:
                _fetch_one(errand, progress)
            except UnreachableError as error:
                raise CommandError(str(error)) from error
            except DownloadError as error:
                failed.append(errand.name)
                progress.console.print(f"  [red]{escape(str(error))}[/]")
            except KeyboardInterrupt:
                progress.console.print(f"What came is kept: {AGAIN}.")
                raise
    if failed:
        raise CommandError(f"{', '.join(failed)} did not come; the rest did, and the same command tries again")


def _fetch_one(errand: Errand, progress: Progress) -> None:
    task: TaskID | None = None

    def report(name: str, done: int, whole: int) -> None:
        nonlocal task
        if task is None:  # begun at what was here already, lest the speed counts it
            task = progress.add_task(name, total=whole or None, completed=done)
        progress.update(task, completed=done)

    try:
        fetch(errand, report)
    finally:
        if task is not None:
            progress.remove_task(task)
    for target in errand.targets:
        progress.console.print(f"  [green]{errand.part.name}/{target.name}[/] {decimal(target.stat().st_size)}")


def _bars(console: Console) -> Progress:
    columns = (TextColumn("  {task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal)


def _size(errands: list[Errand]) -> str:
    return decimal(sum(errand.size for errand in errands))
