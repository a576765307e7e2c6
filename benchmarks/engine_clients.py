"""The clients of the engines as programs of their own, compiled from the checkout."""

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.libzmq import libzmq
from tests.unity import mono
from tests.unreal import native


def csharp(folder: Path) -> str:
    """The command of the C# runner, compiled into `folder`."""
    program = mono.compiled(folder)
    return f"env LD_LIBRARY_PATH={shlex.quote(str(folder))} mono {shlex.quote(str(program))}"


def cpp(folder: Path, program: str) -> str:
    """The command of a C++ program of tests/unreal/runners, compiled into `folder`."""
    native.build(folder, program=program)
    return f"{shlex.quote(str(folder / program))} {shlex.quote(libzmq())}"


CLIENTS: dict[str, tuple[tuple[str, ...], Callable[[Path, str], str]]] = {
    "csharp": (("mcs", "mono"), lambda folder, task: f"{csharp(folder)} {task}"),
    "cpp": (("g++", "cmake"), cpp),
}


def built(folder: Path, task: str) -> tuple[dict[str, str], list[str]]:
    """The commands for a task, "perform" or "cost", by the client's name; and sentences about what is missing."""
    commands: dict[str, str] = {}
    missing: list[str] = []
    for name, (tools, build) in CLIENTS.items():
        absent = [tool for tool in tools if not shutil.which(tool)]
        if absent:
            missing.append(f"the {name} client takes no part: {' and '.join(absent)} must be installed")
        else:
            (folder / name).mkdir()
            commands[name] = build(folder / name, task)
    return commands, missing
