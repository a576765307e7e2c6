"""What the bridge adds to a frame: many clients against a server whose generator returns a constant picture.

`python benchmarks/bridge_latency.py [--clients 8] [--rate 60] [--seconds 10] [--codec jpeg] [--size 128]
 [--json FILE]`

Added latency is from CURVES leaving the client to PICTURE arriving, less the time in the generator. The baseline, in
the same run and under the same load, is a bare ZeroMQ ROUTER that sends the same bytes back.
"""

import argparse
import json
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import zmq
from rich.console import Console
from rich.table import Table

from bridge import image_codec
from bridge.clock import now
from bridge.config import Config
from bridge.server import Server
from generator.face_generator import Drawn, StreamSettings
from protocol import codec
from protocol.messages import Ack, Curves, Error, Hello, Message, Open, Picture, StatsRequest

TARGET = 3.0  # ms, the 99th percentile of what the bridge adds
SETTLE = 1000  # ms without an answer, after which none is expected


class ConstantGenerator:
    """The same picture, always, at once."""

    name = "constant"
    basis = "arkit55"
    identities: tuple[str, ...] = ("nobody",)
    max_batch = 16
    default_steps = 1
    capabilities: tuple[str, ...] = ()

    def __init__(self, size: int) -> None:
        self.sizes: tuple[int, ...] = (size,)
        self._drawn = Drawn.whole(constant_picture(size), repeated=False)

    def open_stream(self, settings: StreamSettings) -> StreamSettings:
        return settings

    def change(self, stream: StreamSettings, settings: StreamSettings) -> None: ...

    def reset(self, stream: StreamSettings) -> None: ...

    def render(self, frames: Sequence[tuple[StreamSettings, np.ndarray]]) -> list[Drawn]:
        return [self._drawn] * len(frames)


@dataclass(slots=True)
class Load:
    """What one run measured; `added` and `total` in ms, one for each picture."""

    sent: int = 0
    received: int = 0
    dropped: int = 0
    errors: int = 0
    total: list[float] = field(default_factory=list)
    added: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; times in ms."""

    what: str
    sent: int
    dropped: int
    lost: int
    p50: float
    p99: float
    worst: float


def constant_picture(size: int) -> np.ndarray:
    """uint8 (size, size, 3): soft shapes, whose JPEG has about the size of a face's."""
    rows, columns = np.mgrid[0:size, 0:size] / size
    waves = [
        np.sin(9 * rows + 3 * columns),
        np.cos(11 * columns * rows),
        np.sin(25 * np.hypot(rows - 0.5, columns - 0.5)),
    ]
    return (127 + 100 * np.stack(waves, axis=-1)).astype(np.uint8)


def bridge(pipe: Connection, size: int) -> None:
    """The process of the bridge: says where it listens, and serves until it is ended."""
    with Server(Config(bind="tcp://127.0.0.1:*"), ConstantGenerator(size)) as server:
        pipe.send(server.address)
        server.wait()


def echo(pipe: Connection, picture: bytes) -> None:
    """The process of the baseline: each message comes back, and a picture with it."""
    router = zmq.Context.instance().socket(zmq.ROUTER)
    router.bind("tcp://127.0.0.1:*")
    pipe.send(router.getsockopt_string(zmq.LAST_ENDPOINT))
    while True:
        router.send_multipart([*router.recv_multipart(), picture], copy=False)


@contextmanager
def running(target: Callable[..., None], *args: object) -> Iterator[str]:
    """A server in a process of its own; gives its address."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(theirs, *args), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


class Crowd:
    """Clients in one thread, each at its own phase of the rate; `encoded` None is for the baseline."""

    def __init__(self, address: str, clients: int, size: int, encoded: str | None) -> None:
        self._sockets = [zmq.Context.instance().socket(zmq.DEALER) for _ in range(clients)]
        self._poller = zmq.Poller()
        self._captured: list[dict[int, int]] = [{} for _ in range(clients)]
        self._bridge = encoded is not None
        self.load = Load()
        for socket in self._sockets:
            socket.linger = 0
            socket.connect(address)
            self._poller.register(socket, zmq.POLLIN)
            if encoded is not None:
                _ask(socket, Hello(1, 1, "benchmark"))
                _ask(socket, Open(0, "", "nobody", "arkit55", size, encoded))

    def perform(self, rate: float, seconds: float) -> Load:
        """Send and receive for so long, then wait for what is still on its way."""
        period = 1e6 / rate
        begin = now()
        due = [begin + period * phase / len(self._sockets) for phase in range(len(self._sockets))]
        while now() < begin + seconds * 1e6:
            earliest = min(range(len(due)), key=due.__getitem__)
            if due[earliest] <= now():
                self._send(earliest)
                due[earliest] += period
            self._receive(max(0, int((min(due) - now()) / 1000) + 1))
        while any(self._captured) and self._receive(SETTLE):
            pass
        return self.load

    def close(self) -> None:
        for socket in self._sockets:
            socket.close()

    def _send(self, client: int) -> None:
        sequence = self.load.sent
        self._captured[client][sequence] = now()
        values = np.full(55, sequence % 100 / 100, np.float32)
        self._sockets[client].send_multipart(codec.encode(Curves(0, sequence, now(), "", values)))
        self.load.sent += 1

    def _receive(self, wait: int) -> bool:
        ready = dict(self._poller.poll(wait))
        for client, socket in enumerate(self._sockets):
            if socket in ready:
                parts, arrived = socket.recv_multipart(), now()
                self._count(client, codec.decode(parts if self._bridge else parts[:1]), arrived)
        return bool(ready)

    def _count(self, client: int, message: Message, arrived: int) -> None:
        if isinstance(message, Error):
            self.load.errors += 1
        if not isinstance(message, Picture | Curves):
            return
        self.load.received += 1
        total = (arrived - self._captured[client].pop(message.sequence)) / 1000
        generate = (message.drawn - message.taken) / 1000 if isinstance(message, Picture) else 0.0
        self.load.total.append(total)
        self.load.added.append(total - generate)
        if isinstance(message, Picture):
            self._sockets[client].send_multipart(codec.encode(Ack(0, message.sequence)))

    def dropped(self) -> int:
        """Frames that newer ones overwrote, as the bridge counts them."""
        return _ask(self._sockets[0], StatsRequest()).dropped if self._bridge else 0  # pyright: ignore


def _ask(socket: "zmq.Socket[bytes]", message: Message) -> Message:
    socket.send_multipart(codec.encode(message))
    return codec.decode(socket.recv_multipart())


def measured(what: str, address: str, encoded: str | None, args: argparse.Namespace) -> Row:
    """One run of the crowd against a server."""
    crowd = Crowd(address, args.clients, args.size, encoded)
    load = crowd.perform(args.rate, args.seconds)
    dropped = crowd.dropped()
    crowd.close()
    p50, p99, worst = (round(float(time), 3) for time in np.percentile(load.added, [50, 99, 100]))
    return Row(what, load.sent, dropped, load.sent - load.received - dropped, p50, p99, worst)


def run(args: argparse.Namespace) -> list[Row]:
    """The baseline, then the bridge."""
    picture = image_codec.encode(constant_picture(args.size), args.codec)
    with running(echo, picture) as address:
        baseline = measured(f"echo, {len(picture)} bytes", address, None, args)
    with running(bridge, args.size) as address:
        return [baseline, measured(f"bridge, {args.codec}", address, args.codec, args)]


def show(rows: list[Row], args: argparse.Namespace) -> None:
    """The table, and the ratio of the bridge to the baseline."""
    load = f"{args.clients} clients at {args.rate:g} Hz for {args.seconds:g} s, {args.size} pixels a side"
    table = Table(title=f"{load}, times in ms")
    for heading in ("", "sent", "dropped", "lost", "p50", "p99", "worst"):
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows:
        table.add_row(*map(str, asdict(row).values()))
    console = Console()
    console.print(table)
    baseline, ours = rows
    console.print(f"bridge / echo: p50 x{ours.p50 / baseline.p50:.1f}, p99 x{ours.p99 / baseline.p99:.1f}")
    console.print(f"p99 {ours.p99} ms, target under {TARGET} ms; {ours.lost} frames lost, target 0")


def main() -> None:
    parser = argparse.ArgumentParser(description="What the bridge adds to a frame, beside a bare ZeroMQ echo.")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rate", type=float, default=60.0, help="CURVES per second of each client")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each of the two runs")
    parser.add_argument("--codec", choices=image_codec.CODECS, default="jpeg")
    parser.add_argument("--size", type=int, default=128, help="pixels a side")
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    rows = run(args)
    show(rows, args)
    if args.json:
        settings = {name: value for name, value in vars(args).items() if name != "json"}
        args.json.write_text(json.dumps(settings | {"rows": [asdict(row) for row in rows]}, indent=2) + "\n")


if __name__ == "__main__":
    main()
