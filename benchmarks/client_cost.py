"""What the clients of the engines cost a frame: encode and send CURVES, receive and decode a raw picture of 512 × 512.

`python -m benchmarks.client_cost [--rounds 2000] [--json FILE]`, in the checkout. Medians. The C++ client is measured
against a peer in its own process, the C# client against a server with the test card, without the time on the way.
"""

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine_clients import built
from bridge.config import Config
from bridge.server import Server

SEND = 50.0  # µs, the most that encode and send may take
RECEIVE = 1.0  # ms, the most for receive and decode


def measured(command: str, *arguments: str) -> dict[str, float]:
    done = subprocess.run([*shlex.split(command), *arguments], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measure(commands: dict[str, str], rounds: int) -> dict[str, dict[str, float]]:
    """`send` in µs and `receive` in ms of each client that there is."""
    found: dict[str, dict[str, float]] = {}
    if "cpp" in commands:
        cpp = measured(commands["cpp"], str(rounds))
        found["cpp"] = {"send": cpp["send_us"], "receive": cpp["receive_ms"], "allocations": cpp["allocations"]}
    if "csharp" in commands:
        with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
            csharp = measured(commands["csharp"], server.address, str(rounds))
        found["csharp"] = {"send": csharp["send"], "receive": csharp["receive"] / 1000}
    return found


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        commands, missing = built(Path(folder), "cost")
        found = measure(commands, asked.rounds)
    print(*missing, sep="\n", end="\n" if missing else "")
    for name, cost in found.items():
        print(f"{name}: send {cost['send']:.1f} µs of {SEND:g}, receive {cost['receive']:.2f} ms of {RECEIVE:g}")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n")
    return int(any(cost["send"] > SEND or cost["receive"] > RECEIVE for cost in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
