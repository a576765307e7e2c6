"""Fetching the parts of the release that are missing. Nothing else in facebridge touches the network."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.arc2face import hub
from generator.arc2face.download import DownloadError, Remote, UnreachableError, download
from generator.arc2face.layout import Address, ByHand, Folders, Hub, Member, Part, PublishedFile
from generator.arc2face.whole import fault

Report = Callable[[str, int, int], None]
"""Name of the file, bytes here so far, bytes of the whole (0 while not known)."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Files that come in one download: one file, or several out of one zip. `size` is in bytes, about."""

    part: Part
    source: Hub | Address | Member
    targets: tuple[Path, ...]
    size: int

    @property
    def name(self) -> str:
        if isinstance(self.source, Member):
            return f"{self.part.name}/{self.source.url.rsplit('/', 1)[-1]}"
        return f"{self.part.name}/{self.targets[0].name}"


@dataclass(frozen=True, slots=True)
class Chore:
    """A file that a person has to put there."""

    part: Part
    target: Path
    how: str


def outstanding(parts: Iterable[Part], folders: Folders) -> tuple[list[Errand], list[Chore]]:
    """What is missing or not whole, to be fetched and to be done by hand."""
    errands: list[Errand] = []
    chores: list[Chore] = []
    for part in parts:
        lacking = [(file, folders.of(part, file)) for file in part.files]
        lacking = [(file, path) for file, path in lacking if not path.is_file() or fault(path)]
        chores += [Chore(part, path, file.source.how) for file, path in lacking if isinstance(file.source, ByHand)]
        errands += _errands(part, lacking)
    return errands, chores


def fetch(errand: Errand, report: Report, pause: float = 1.0) -> None:
    """Fetch it to its place, or leave what came so far to go on from. Raises DownloadError or UnreachableError."""
    if isinstance(errand.source, Member):
        _unpack(errand, errand.source, report, pause)
        return
    remote = hub.locate(errand.source) if isinstance(errand.source, Hub) else Remote(errand.source.url)
    target = errand.targets[0]
    download(remote, target, lambda done, whole: report(errand.name, done, whole), pause)
    if wrong := fault(target):
        target.unlink()
        raise DownloadError(f"{remote.url} came, but it {wrong}: try again later, or fetch it by hand")


def _errands(part: Part, lacking: list[tuple[PublishedFile, Path]]) -> list[Errand]:
    archives: dict[Member, list[Path]] = {}
    found: list[Errand] = []
    for file, path in lacking:
        if isinstance(file.source, Member):
            archives.setdefault(file.source, []).append(path)
        elif not isinstance(file.source, ByHand):
            found.append(Errand(part, file.source, (path,), file.size))
    zips = [Errand(part, source, tuple(paths), source.archive_size) for source, paths in archives.items()]
    return zips + found


def _unpack(errand: Errand, source: Member, report: Report, pause: float) -> None:
    """The zip beside its members, out of it only what is wanted, by name; then the zip goes."""
    archive = errand.targets[0].parent / source.url.rsplit("/", 1)[-1]
    if not zipfile.is_zipfile(archive):
        download(Remote(source.url), archive, lambda done, whole: report(errand.name, done, whole), pause)
    try:
        with zipfile.ZipFile(archive) as opened:
            for target in errand.targets:
                _extract(opened, target)
    except OSError as error:  # the zip stays, to be unpacked once there is room
        raise UnreachableError(f"{archive} cannot be unpacked there: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        archive.unlink()
        raise DownloadError(f"{source.url} came damaged ({error}): run the same command to fetch it anew") from error
    archive.unlink()


def _extract(archive: zipfile.ZipFile, target: Path) -> None:
    """One member to its place. Where the archive says it belongs is of no interest."""
    inside = [name for name in archive.namelist() if name.rsplit("/", 1)[-1] == target.name]
    if len(inside) != 1:
        raise zipfile.BadZipFile(f"{len(inside)} files in it are called {target.name}")
    part = target.with_name(target.name + ".part")
    with archive.open(inside[0]) as source, part.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    part.replace(target)
