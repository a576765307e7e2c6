"""Asks a device by UDP to send, and asks again."""

import socket
from contextlib import suppress

from bridge.capture.source import Greeting, Settings
from bridge.capture.tally import SECOND
from bridge.errors import CommandError


class Greeter:
    """Of one device. Times are µs of `bridge.clock.now`."""

    def __init__(self, greeting: Greeting, given: Settings, text: str) -> None:
        """`given` holds the source's settings, its `host` among them. CommandError where nobody knows that."""
        self._greeting = greeting
        self._given = given
        self._address = look_up(given["host"], greeting.port, text)
        self._due = 0

    def greet(self, out: socket.socket, port: int, heard: int, now: int) -> None:
        """Send from `out` if it is time: we listen on `port`, and heard the device at `heard`, 0 for never."""
        period = int(self._greeting.period * SECOND)
        silent = not heard or now - heard > period
        if now < self._due or not (silent or self._greeting.always):
            return
        self._due = now + period
        with suppress(OSError):  # no way there at the moment; the next may find one
            out.sendto(self._greeting.payload(port, self._given), self._address)


def look_up(host: str, port: int, text: str) -> tuple[str, int]:
    """The IPv4 address of `HOST` or `HOST:PORT`, which the source `text` names. CommandError where there is none."""
    name, _, own_port = host.partition(":")
    try:
        (*_, address), *_ = socket.getaddrinfo(name, own_port or port, socket.AF_INET, socket.SOCK_DGRAM)
    except (OSError, UnicodeError, OverflowError):
        raise CommandError(
            f"{text}: there is no {host!r} in this network; give the address that the device shows in its settings"
        ) from None
    return str(address[0]), int(address[1])
