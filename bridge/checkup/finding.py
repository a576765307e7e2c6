"""What a check finds, and the commands that findings advise."""

import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from bridge.quoting import quoted


@dataclass(frozen=True, slots=True)
class Finding:
    """How one subject stands. `advice` says what to do about it, where there is something to do."""

    grade: Literal["ok", "warn", "fail"]
    text: str
    advice: str = ""


def version(package: str) -> str:
    """Of an installed package; "" if it is not."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def install(extra: str) -> str:
    """The command that brings the packages of an extra."""
    if (Path(__file__).parents[2] / "run.py").is_file():
        return f"`python3 run.py setup {extra}`"
    return f'`{quoted(Path(sys.executable))} -m pip install "facebridge[{extra}]"`, and look again'


def install_again(requirement: str) -> str:
    """The command that puts a package's own files back over those of another."""
    return f"`{quoted(Path(sys.executable))} -m pip install --no-deps --force-reinstall {requirement}`"
