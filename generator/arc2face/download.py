"""One file from one address, whole or not at all: a cut download goes on where it stopped, also in another process.

huggingface_hub's own download forgets what an interrupted process had fetched, and takes no plain addresses; its HTTP
session serves for both, with its proxies, certificates and offline switch (HF_HUB_OFFLINE).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from huggingface_hub import get_session
from huggingface_hub.errors import OfflineModeIsEnabled

from generator.errors import Explained

PATIENCE = httpx2.Timeout(30.0, connect=15.0)  # s without a byte
TRIES = 4  # in a row that bring nothing
AGAIN = "the same command goes on from there"

Report = Callable[[int, int], None]
"""Bytes here so far, bytes of the whole (0 while not known)."""


class DownloadError(Explained):
    """A file that did not come; the next one may."""


class UnreachableError(DownloadError):
    """Nothing can be fetched as things stand: no network, or no room."""


@dataclass(frozen=True, slots=True)
class Remote:
    """What is fetched. `size` and `sha256` are what the publisher announces, 0 and "" where nobody does."""

    url: str
    size: int = 0
    sha256: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class _CutError(Exception):
    """The connection ended before the file did."""


def download(remote: Remote, target: Path, report: Report, pause: float = 1.0) -> None:
    """Fetch to `target`, which appears whole; until then `target`.part grows, and outlives this process.

    `pause` seconds lie between tries. Raises DownloadError or UnreachableError, each with what can be done.
    """
    part, version = (target.with_name(target.name + end) for end in (".part", ".part.version"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _fetch(remote, part, version, report, pause)
        _check(remote, part, version)
        part.replace(target)
        version.unlink(missing_ok=True)
    except OfflineModeIsEnabled as error:
        raise UnreachableError(
            f"{remote.url} was not asked for: HF_HUB_OFFLINE is set, and only unset it is fetched"
        ) from error
    except OSError as error:
        raise UnreachableError(f"{part} cannot be written: {error.strerror or error}") from error


def _fetch(remote: Remote, part: Path, version: Path, report: Report, pause: float) -> None:
    """Try until the part is whole, or until several tries in a row brought nothing."""
    idle = 0
    while True:
        had = _size(part)
        try:
            return _attempt(remote, part, version, report)
        except (_CutError, httpx2.RequestError) as error:
            idle = 0 if _size(part) > had else idle + 1
            if isinstance(error, httpx2.ConnectError) and not had:
                raise UnreachableError(
                    f"{_host(remote.url)} cannot be reached ({error}): is this machine online?"
                ) from error
            if idle == TRIES:
                raise DownloadError(f"{remote.url} broke off after {_size(part):,} bytes ({error}): {AGAIN}") from error
        time.sleep(pause)


def _attempt(remote: Remote, part: Path, version: Path, report: Report) -> None:
    """One request for what is still missing. Returns when the part is whole."""
    had = _size(part) if version.is_file() else 0
    if remote.size and had == remote.size:
        return
    headers = {**remote.headers, "Accept-Encoding": "identity"}  # lengths have to be those of the file
    if had:
        headers |= {"Range": f"bytes={had}-", "If-Range": version.read_text(encoding="latin-1")}
    with get_session().stream("GET", remote.url, headers=headers, timeout=PATIENCE, follow_redirects=True) as answer:
        start, total = _extent(remote, answer, had, part, version)
        if answer.status_code == 416:  # nothing is missing
            return
        _remember(answer, version)
        _append(answer, part, start, total, report)


def _extent(remote: Remote, answer: httpx2.Response, had: int, part: Path, version: Path) -> tuple[int, int]:
    """Where the bytes of this answer begin, and how long the whole file is (0 if nobody says)."""
    start, total = 0, _number(answer.headers.get("Content-Length", ""))
    if answer.status_code in (206, 416):
        span, _, whole = answer.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        start, total = had, _number(whole)
        if not (span.startswith(f"{had}-") or (answer.status_code == 416 and total == had)):
            part.unlink(missing_ok=True)
            version.unlink(missing_ok=True)
            raise _CutError(f"it does not go on at byte {had}")
    elif answer.status_code >= 500 or answer.status_code in (408, 429):
        raise _CutError(f"the server answers {answer.status_code}")
    elif answer.status_code != 200:
        raise DownloadError(
            f"{remote.url} is refused by its server ({answer.status_code}): {meaning(answer.status_code)}"
        )
    if remote.size and total and total != remote.size:
        raise DownloadError(f"{remote.url} is {total:,} bytes long, where its publisher announces {remote.size:,}")
    return start, total or remote.size


def _append(answer: httpx2.Response, part: Path, start: int, total: int, report: Report) -> None:
    """The answer's bytes to the end of the part. Raises _CutError when they end too early."""
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        for chunk in answer.iter_raw():  # as it arrives: of a larger chunk, a cut would lose the beginning
            file.write(chunk)
            report(file.tell(), total)
        got = file.tell()
    if total and got != total:
        raise _CutError(f"{got:,} of {total:,} bytes came")


def _remember(answer: httpx2.Response, version: Path) -> None:
    """Which version of the file the part is of: without a strong mark, nothing can be joined to it later."""
    mark = answer.headers.get("ETag", "")
    version.unlink(missing_ok=True)
    if mark and not mark.startswith("W/"):
        version.write_text(mark, encoding="latin-1")


def _check(remote: Remote, part: Path, version: Path) -> None:
    """Compare with what the publisher announces."""
    size = _size(part)
    if remote.size and size != remote.size:
        told = f"is {size:,} bytes long instead of {remote.size:,}"
    elif remote.sha256 and _sha256(part) != remote.sha256:
        told = "is not what its publisher announces (SHA-256)"
    else:
        return
    for path in (part, version):
        path.unlink(missing_ok=True)
    raise DownloadError(f"{remote.url} came damaged: it {told}; run the same command again to fetch it anew")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _host(url: str) -> str:
    return httpx2.URL(url).host


def meaning(status: int) -> str:
    """What an HTTP status asks a person to do."""
    if status in (404, 410):
        return "it is not there any more, so fetch it by hand, and tell the project"
    if status in (401, 403):
        return "it wants somebody logged in (for the hub: `hf auth login`, after its terms were accepted there)"
    return "try again later" if status >= 500 else "fetch it by hand"
