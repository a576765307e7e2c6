"""Godot without a screen of its own: a display for the tests, and scripts of engine_plugins/godot run in the engine."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[1] / "engine_plugins" / "godot"
PATIENCE = 300  # seconds until a run is given up; none takes so long

needs_godot = [pytest.mark.needs(command="godot3-runner"), pytest.mark.needs(command="Xvfb")]


@contextmanager
def display() -> Iterator[str]:
    """A screen in memory; its name."""
    reading, writing = os.pipe()
    screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(screen, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        try:
            assert number, "Xvfb did not start"
            yield f":{number}"
        finally:
            server.terminate()


@contextmanager
def godot(screen: str, home: Path, script: str, **variables: str) -> Iterator["Run"]:
    """A script of the project, running in the engine; ended with the block."""
    environment = os.environ | {"DISPLAY": screen, "HOME": str(home), "LC_ALL": "C.UTF-8"} | variables
    command = ["godot3-runner", "--path", str(PROJECT), "-s", script]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=environment, **output) as engine:
        try:
            yield Run(engine)
        finally:
            engine.kill()


class Run:
    """What a script tells, as it tells it: one JSON object a line. A script error fails the test."""

    def __init__(self, engine: "subprocess.Popen[str]") -> None:
        self._engine = engine
        self.told: list[dict[str, Any]] = []

    def until(self, **expected: Any) -> dict[str, Any]:
        """The next line that says all of `expected`."""
        for line in self._lines():
            if all(line.get(key) == value for key, value in expected.items()):
                return line
        raise AssertionError(f"Godot ended and did not tell {expected}; it told {self.told[-5:]}")

    def rest(self) -> list[dict[str, Any]]:
        """All it has told once it has ended, which must be by itself and in order."""
        for _ in self._lines():
            pass
        assert self._engine.wait(PATIENCE) == 0
        return self.told

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self._engine.stdout
        for line in self._engine.stdout:
            assert "SCRIPT ERROR" not in line and "Parse Error" not in line, line + self._engine.stdout.readline()
            if line.startswith("{"):
                self.told.append(json.loads(line))
                yield self.told[-1]
