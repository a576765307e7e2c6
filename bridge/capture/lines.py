"""Which sockets a run needs: one for each port, whatever number of sources share it."""

from collections.abc import Sequence
from contextlib import ExitStack

from bridge.capture.control_line import ControlLine, Controls
from bridge.capture.feed import Feed
from bridge.capture.greeter import Greeter, look_up
from bridge.capture.listener import Line
from bridge.capture.tcp_line import TcpServerLine
from bridge.capture.udp_line import UdpLine
from bridge.capture.wanted import Wanted
from bridge.errors import CommandError

Listening = tuple[Wanted, Feed]


def open_lines(listening: Sequence[Listening]) -> list[Line]:
    """A line for each source, the same for those that share a port; all bound. CommandError where one cannot be."""
    opened: dict[tuple[bool, str, int], Line] = {}
    lines: list[Line] = []
    with ExitStack() as stack:
        for place, (wanted, _) in enumerate(listening):
            key = (wanted.tcp, wanted.bind, wanted.port or -place - 1)  # each port 0 is one of its own
            if key not in opened:
                opened[key] = _open([one for one in listening if _shares(one[0], wanted, one is listening[place])])
                stack.callback(opened[key].close)
            lines.append(opened[key])
        stack.pop_all()
    return lines


def open_control(wanted: Wanted, feed: Feed, port: int, controls: Controls) -> ControlLine:
    """The connection to the phone at `host=`, which is to stream to our `port` and names its curves."""
    address = look_up(wanted.given["host"], wanted.source.control_port, wanted.text)
    return ControlLine(address, port, controls, feed)


def _shares(other: Wanted, wanted: Wanted, itself: bool) -> bool:
    if not wanted.port:
        return itself
    return (other.tcp, other.bind, other.port) == (wanted.tcp, wanted.bind, wanted.port)


def _open(sharing: Sequence[Listening]) -> Line:
    (wanted, feed), *others = sharing
    for other, _ in others:
        if wanted.tcp or other.source is not wanted.source:
            raise CommandError(
                f"{wanted.text} and {other.text} cannot share port {wanted.port}: give one of them another, "
                f"as in {other.source.name}:port={wanted.port + 1}"
            )
    greeters = [greeter for one, _ in sharing if (greeter := _greeter(one))]
    if not wanted.tcp:
        return UdpLine(wanted.bind, wanted.port, [one for _, one in sharing], greeters, wanted.text)
    first = greeters[0] if greeters else None
    return TcpServerLine(wanted.bind, wanted.port, feed, wanted.source.delimiter, first, wanted.text)


def _greeter(wanted: Wanted) -> Greeter | None:
    greeting = wanted.source.greeting
    return Greeter(greeting, wanted.given, wanted.text) if greeting and "host" in wanted.given else None
