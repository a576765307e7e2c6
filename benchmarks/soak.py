"""Clients of every kind against a server that restarts at random, beside one that sends garbage.

`python -m benchmarks.soak [--client NAME=COMMAND ...] [--minutes 10] [--seed 0] [--json FILE]`, in the checkout

The Python client always takes part, and those in C# and C++ where they can be compiled; what is missing for that is
told. A COMMAND is any other program that performs at 60 Hz until it is told to end (SIGTERM); {address} and
{identity} in it are filled in.
What a client does is seen from the server, by the identity it is drawn as. It fails where a client ends by itself,
is not drawn again within 2 s of the server's return, or grows by more than 5 % after the first fifth of the time.
"""

import argparse
import json
import random
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.engine_clients import built
from bridge.clock import now
from bridge.config import Config
from bridge.performer import Performer
from bridge.server import Server
from generator.face_generator import Drawn
from generator.testcard import TINTS, CardStream, TestCard

RATE = 60  # frames a second of each client
RETURN = 2.0  # s, the longest a client may take to stream again
GROWTH = 5.0  # %, of resident memory after the first fifth
UPTIME = (4.0, 12.0)  # s the server stays, and how long it stays away
ABSENCE = (0.2, 4.0)


class WatchedCard(TestCard):
    """A test card that knows when each identity was first drawn since `forget`, on `bridge.clock.now`."""

    def __init__(self) -> None:
        self.first: dict[str, int] = {}
        self.count: dict[str, int] = {}

    def forget(self) -> None:
        self.first = {}

    def render(self, frames: Sequence[tuple[CardStream, np.ndarray]]) -> list[Drawn]:
        for stream, _ in frames:
            self.first.setdefault(stream.settings.identity, now())
            self.count[stream.settings.identity] = self.count.get(stream.settings.identity, 0) + 1
        return super().render(frames)


@dataclass
class Client:
    """A program under test, and what was seen of it."""

    name: str
    command: list[str]
    identity: str
    returns: list[float] = field(default_factory=list)  # s, one for each start of the server
    memory: list[float] = field(default_factory=list)  # MB, one at each of them
    ended: int | None = None  # its exit code, where it ended by itself

    def growth(self) -> float:
        """% of resident memory, from the first fifth of the samples to the last."""
        warm = self.memory[len(self.memory) // 5 :]
        return (np.median(warm[-3:]) / np.median(warm[:3]) - 1) * 100 if warm else 0.0

    def faults(self) -> list[str]:
        """Sentences, none where all is well."""
        found = []
        if self.ended is not None:
            found.append(f"{self.name} ended by itself, with {self.ended}")
        if late := [seconds for seconds in self.returns if seconds > RETURN]:
            found.append(f"{self.name} was late {len(late)} times, {max(late):.2f} s at worst")
        if self.growth() > GROWTH:
            found.append(f"{self.name} grew by {self.growth():.1f} %")
        return found


def perform(address: str, identity: str) -> None:
    """The Python client: 60 frames a second, until it is told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Performer(address=address, identity=identity, size=128) as performer:
        while True:
            performer.send({"jawOpen": abs(np.sin(now() / 1e6)), "mouthSmileLeft": 0.3})
            performer.receive()
            time.sleep(1 / RATE)


class Nuisance(threading.Thread):
    """Connects again and again, and says what no client should: noise, and ZeroMQ that breaks off."""

    def __init__(self, port: int, seed: int) -> None:
        super().__init__(name="nuisance", daemon=True)
        self._port = port
        self._random = random.Random(seed)
        self.over = threading.Event()
        self.said = 0

    def run(self) -> None:
        while not self.over.wait(0.05):
            try:
                with socket.create_connection(("127.0.0.1", self._port), timeout=0.2) as line:
                    line.sendall(self._garbage())
                    self.said += 1
            except OSError:
                pass  # the server is away, or has had enough

    def _garbage(self) -> bytes:
        noise = self._random.randbytes(self._random.randrange(1, 4000))
        greeting = bytes.fromhex("ff00000000000000017f0300") + b"NULL" + bytes(48)  # protocol/SPEC.md, its appendix
        ready = b"\x04\x1c\x05READY\x0bSocket-Type\x00\x00\x00\x06DEALER"
        frame = b"\x02" + len(noise).to_bytes(8, "big") + noise
        return self._random.choice([noise, greeting + noise, greeting + ready + frame])


def soak(clients: list[Client], port: int, minutes: float, seed: int) -> int:
    """Restart the server until the time is over; returns how often it was started."""
    chance = random.Random(seed)
    card = WatchedCard()
    processes = {client.name: subprocess.Popen(client.command) for client in clients}
    nuisance = Nuisance(port, seed)
    nuisance.start()
    until = time.monotonic() + minutes * 60
    starts = 0
    try:
        while time.monotonic() < until:
            started = set(card.count)
            card.forget()
            with Server(Config(bind=f"tcp://127.0.0.1:{port}", model="testcard"), card):
                began = now()
                time.sleep(chance.uniform(*UPTIME))
                for client in clients:
                    watch(client, processes[client.name], card, began if client.identity in started else None)
            starts += 1
            time.sleep(chance.uniform(*ABSENCE))
    finally:
        nuisance.over.set()
        for process in processes.values():
            process.terminate()
            process.wait(10)
    return starts


def watch(client: Client, process: "subprocess.Popen[bytes]", card: WatchedCard, began: int | None) -> None:
    """Note how a client has fared since the server `began`; None for one that had not started yet."""
    client.ended = process.poll()
    if client.ended is None and began is not None:
        client.memory.append(resident(process.pid))
        client.returns.append((card.first.get(client.identity, now()) - began) / 1e6)


def resident(process: int) -> float:
    """MB."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def parsed(arguments: Sequence[str]) -> Any:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--client", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--perform", nargs=2, metavar=("ADDRESS", "IDENTITY"), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def clients_of(commands: dict[str, str], address: str) -> list[Client]:
    """The Python client and the others, each with an identity of its own."""
    python = f"{shlex.quote(sys.executable)} -m benchmarks.soak --perform {{address}} {{identity}}"
    clients = []
    for (name, command), identity in zip([("python", python), *commands.items()], TINTS, strict=False):
        filled = [part.format(address=address, identity=identity) for part in shlex.split(command)]
        clients.append(Client(name, filled, identity))
    return clients


def show(clients: Sequence[Client], starts: int) -> None:
    table = Table("client", "streaming again, s: median", "worst", "memory, MB", "growth, %", title=f"{starts} starts")
    for client in clients:
        again = client.returns or [float("nan")]
        row = (np.median(again), max(again), client.memory[-1] if client.memory else 0, client.growth())
        table.add_row(client.name, *(f"{value:.2f}" for value in row))
    Console().print(table)


def main(arguments: Sequence[str]) -> int:
    asked = parsed(arguments)
    if asked.perform:
        perform(*asked.perform)
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        performing, missing = built(Path(folder), "perform")
        print(*missing, sep="\n", end="\n" if missing else "")
        commands = {name: f"{command} {{address}} {{identity}}" for name, command in performing.items()}
        commands |= dict(wish.split("=", 1) for wish in asked.client)
        clients = clients_of(commands, f"tcp://127.0.0.1:{port}")
        starts = soak(clients, port, asked.minutes, asked.seed)
    show(clients, starts)
    faults = [fault for client in clients for fault in client.faults()]
    if asked.json:
        asked.json.write_text(json.dumps({"starts": starts, "clients": [asdict(one) for one in clients]}, indent=1))
    print("\n".join(faults) or "all is well")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
