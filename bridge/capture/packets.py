"""Packets out of a TCP connection, where one follows the other with a delimiter between them."""

from collections.abc import Iterator

LONGEST = 65536  # bytes of one packet; a sender that never ends it must not fill the memory


class Packets:
    """Of one connection."""

    def __init__(self, delimiter: bytes) -> None:
        self._delimiter = delimiter
        self._rest = b""

    def split(self, received: bytes) -> Iterator[bytes]:
        """The packets that are complete with this; one that is never ended is given as it is, to be refused."""
        *packets, self._rest = (self._rest + received).split(self._delimiter)
        yield from packets
        if len(self._rest) > LONGEST:
            packet, self._rest = self._rest, b""
            yield packet
