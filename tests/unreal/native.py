"""The Unreal plugin's core and the programs that run it, compiled once per test run."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "engine_plugins" / "unreal" / "FaceBridge"

needs_compiler = [pytest.mark.needs(command="g++"), pytest.mark.needs(command="cmake")]
"""For `pytestmark`: what compiles needs these."""


@cache
def programs(config: pytest.Config, sanitized: bool = False) -> Path:
    """The folder with the programs, compiled where something changed; `sanitized`: for addresses and the like."""
    folder = config.cache.mkdir("unreal-sanitized" if sanitized else "unreal")  # pyright: ignore[reportOptionalMemberAccess]
    build(folder, sanitized)
    return folder


def build(folder: Path, sanitized: bool = False, program: str = "all") -> None:
    """Compile the programs, or one of them, into `folder`."""
    _run(["cmake", "-S", str(HERE / "runners"), "-B", str(folder), f"-DSANITIZE={'ON' if sanitized else 'OFF'}"])
    _run(["cmake", "--build", str(folder), "--parallel", "2", "--target", program])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-6000:]}"
