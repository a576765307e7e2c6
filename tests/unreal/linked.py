"""The Unreal plugin's core in a process of its own, linked to a server and told what to do line by line."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.libzmq import libzmq


class Linked:
    """Runs `stream`, whose source tells the orders; each is answered by what the core then says."""

    def __init__(self, programs: Path) -> None:
        self._process = subprocess.Popen(
            [programs / "stream", libzmq()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def order(self, *words: object) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the core ended at {words}"
        return json.loads(line)

    def until(self, state: str) -> dict[str, Any]:
        status = self.order("until", state)
        assert status["state"] == state, status
        return status

    def __enter__(self) -> "Linked":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._process.communicate(timeout=60)  # the end of its input: it says good-bye and ends
            assert self._process.returncode == 0, "the core did not end well"
        self._process.kill()
        self._process.communicate()
