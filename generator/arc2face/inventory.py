"""What of the release lies in a folder, seen from outside: names, sizes, and whether each file is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.arc2face.layout import RELEASE, Folders, Part
from generator.arc2face.whole import fault


@dataclass(frozen=True, slots=True)
class Holding:
    """One part as it lies there. `size` in bytes; `missing` and `damaged` are sentences, each naming its file."""

    part: Part
    state: Literal["there", "incomplete", "missing"]
    size: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]


def inventory(folders: Folders) -> list[Holding]:
    """Every part of the release, in its order."""
    return [holding(part, folders) for part in RELEASE]


def holding(part: Part, folders: Folders) -> Holding:
    paths = [folders.of(part, file) for file in part.files]
    there = [path for path in paths if path.is_file()]
    missing = tuple(_absence(path) for path in paths if path not in there)
    damaged = tuple(f"{path} {wrong}" for path, wrong in ((path, fault(path)) for path in there) if wrong)
    begun = there or any(_unfinished(path).is_file() for path in paths)
    state = "missing" if not begun else "incomplete" if missing or damaged else "there"
    return Holding(part, state, sum(path.stat().st_size for path in there), missing, damaged)


def strangers(part: Part, folders: Folders) -> list[Path]:
    """Files in the folders of a part that nothing reads."""
    read = {folders.of(part, file) for file in part.files}
    parents = {path.parent for path in read if path.parent.is_dir()}
    found = (path for parent in sorted(parents) for path in sorted(parent.iterdir()) if path.is_file())
    return [path for path in found if path not in read and not path.name.startswith(".")]


def _absence(path: Path) -> str:
    unfinished = _unfinished(path)
    if unfinished.is_file():
        return f"{path} has not come whole yet: {unfinished.stat().st_size:,} bytes of it are here"
    return f"{path} is missing"


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".part")
