"""What a recording's curves do not say: a JSON file beside them."""

import errno
import json
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from bridge.takes.take import TakeError
from bridge.version import VERSION

LARGEST = 1_000_000  # bytes
ROOM = 1024  # bytes
RECORDING, COMPLETE, ENDED = "recording", "complete", "ended early"


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A recording's facts.

    state: "recording" (still, or its process was killed), "complete" or "ended early"; `trouble` says why.
    app: the version of what sent the performance, "" unknown. facebridge: the version of this program.
    started, ended: ISO 8601, UTC.
    timecode: "first", "last" and "base", the frames a second that it counts in.
    captured: "first" and "last", µs of the recording computer's clock, whose nought means nothing.
    rates: curves a second, "came" and "went", and pictures.
    frames: "came", "went"; "untracked" rows without a face, "mended" timecodes, "missed" rows for want of time.
    pictures: "written", "missed" and "early": those of frames from before the recording, which are left out.
    files: by content, names in the same folder.
    """

    slate: str
    take: int
    subject: str = ""
    device: str = ""
    source: str = ""
    preset: str = ""
    app: str = ""
    facebridge: str = VERSION
    state: str = RECORDING
    trouble: str = ""
    started: str = ""
    ended: str = ""
    timecode: dict[str, Any] = field(default_factory=dict)
    captured: dict[str, int] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    frames: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def sidecar_path(take: Path) -> Path:
    """Where the sidecar of a take's CSV would be: that of `scene_001.csv` and of `scene_001.out.csv` is one."""
    name = take.name.removesuffix(".csv").removesuffix(".out")
    return take.with_name(f"{name}.json")


def write_sidecar(sidecar: Sidecar, path: Path) -> None:
    """Write it beside its place and move it there, so that it is always whole. OSError where the disk takes no more.

    While a recording runs, room is kept in it: the last word must go in when nothing else does.
    """
    data = json.dumps(asdict(sidecar), indent=2, ensure_ascii=False).encode() + b"\n"
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data + b" " * (ROOM if sidecar.state == RECORDING else 0))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        if sidecar.state != ENDED:
            raise
        _write_over(path, data)


def _write_over(path: Path, data: bytes) -> None:
    """In place of what is there, whose room on the disk is ours already. OSError where it does not fit."""
    with path.open("r+b", buffering=0) as file:
        length = file.seek(0, 2)
        if len(data) > length:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        file.seek(0)
        file.write(data.ljust(length))


def read_sidecar(path: Path) -> Sidecar:
    """Read one. Raises TakeError; what a newer version has put into it is passed over."""
    try:
        if path.stat().st_size > LARGEST:
            raise TakeError(f"{path} is too large for the sidecar of a recording")
        facts = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TakeError(f"there is no sidecar at {path}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise TakeError(f"{path} cannot be read as the sidecar of a recording: {error}") from None
    if not isinstance(facts, dict) or "facebridge" not in facts:
        raise TakeError(f"{path} is no sidecar of a recording")
    blank = Sidecar("", 0)
    known = {each.name: facts.get(each.name, getattr(blank, each.name)) for each in fields(Sidecar)}
    wrong = [name for name, value in known.items() if type(value) is not type(getattr(blank, name))]
    if wrong:
        raise TakeError(f"{path}: {wrong[0]} is {str(known[wrong[0]])[:40]!r}, which no sidecar says")
    return Sidecar(**known)
