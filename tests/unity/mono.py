"""The core of the Unity package, compiled with mcs and run with mono: one question, or a session."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.libzmq import libzmq

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "engine_plugins" / "unity" / "com.facebridge.unity"
CORE = PACKAGE / "Runtime" / "Core"
COMPILE = ["mcs", "-langversion:7", "-warnaserror", "-nologo"]


def sources(*folders: Path) -> list[str]:
    """Every C# file below the folders."""
    return [str(path) for folder in folders for path in sorted(folder.rglob("*.cs"))]


def compiled(folder: Path) -> Path:
    """The runner, compiled into `folder`, with libzmq beside it under the name Unity knows it by."""
    program = folder / "runner.exe"
    files = sources(CORE, Path(__file__).parent / "runner")
    subprocess.run([*COMPILE, f"-out:{program}", *files], check=True, timeout=300)
    _lay_beside(folder, Path(libzmq()))
    return program


def _lay_beside(folder: Path, library: Path) -> None:
    """By the name Unity knows it by, with what it loads itself from its own folder."""
    if not library.is_absolute():
        pytest.skip("this pyzmq brings no libzmq of its own, which mono could load by the name Unity has for it")
    for neighbour in library.parent.iterdir():
        (folder / neighbour.name).symlink_to(neighbour)
    (folder / "libzmq.so").symlink_to(library)


def run(program: Path, *arguments: str) -> list[str]:
    """The lines the program prints."""
    command = _command(program, *arguments)
    environment = _environment(program)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


class CSharpClient:
    """A C# client in a process of its own that does what it is told and reports how it stands."""

    def __init__(self, program: Path) -> None:
        pipe = subprocess.PIPE
        command = _command(program, "session")
        self._process = subprocess.Popen(command, env=_environment(program), stdin=pipe, stdout=pipe, text=True)

    def do(self, *words: str) -> dict[str, Any]:
        """Carry out one command; RuntimeError with what C# threw."""
        report = self.try_to(*words)
        if "exception" in report:
            raise RuntimeError(f"{report['exception']}: {report['text']}")
        return report

    def try_to(self, *words: str) -> dict[str, Any]:
        """Carry out one command; what C# threw is in the report."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\t".join(words) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the runner ended at {words}"
        return json.loads(line)

    def end(self) -> int:
        """End as a player quits: the exit status."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            return self._process.wait(20)
        finally:
            self._process.kill()


def _command(program: Path, *arguments: str) -> list[str]:
    return [shutil.which("mono") or "mono", str(program), *arguments]


def _environment(program: Path) -> dict[str, str]:
    return {**os.environ, "LD_LIBRARY_PATH": str(program.parent)}
