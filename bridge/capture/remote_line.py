"""The socket where a director's orders come: OSC, as phones and stage software send it."""

import selectors
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from bridge.capture.recording import Recording
from bridge.capture.remote import Order, SetTarget, confirmation, read_orders
from bridge.capture.sample import RefusedPacketError
from bridge.capture.tally import Tally
from bridge.capture.udp_line import TURN, bound
from bridge.takes.take import TakeError

Address = tuple[str, int]


class RemoteLine:
    """Orders are carried out one after the other in a thread of their own, for a disk may keep them waiting."""

    def __init__(self, bind: str, port: int, recording: Recording, tally: Tally) -> None:
        """What goes wrong is noted in `tally`. CommandError for a port that cannot be had."""
        self._recording = recording
        self._tally = tally
        self._target: Address | None = None  # where answers go; None to where the order came from
        self._hand = ThreadPoolExecutor(1, "facebridge-recording")
        self._socket = bound(socket.SOCK_DGRAM, bind, port, f"--remote {port}")
        self.port: int = self._socket.getsockname()[1]

    def open(self, selector: selectors.BaseSelector) -> None:
        selector.register(self._socket, selectors.EVENT_READ, self.read)

    def read(self) -> None:
        for _ in range(TURN):
            try:
                packet, (host, port, *_) = self._socket.recvfrom(65535)
                orders = read_orders(packet)
            except BlockingIOError:
                return
            except ConnectionResetError:
                continue  # Windows: somebody we answered does not listen
            except RefusedPacketError as error:
                self._tally.note("bad order", f"remote control: {error}")
                continue
            for order in orders:
                self._hand.submit(self._obey, order, (host, port))

    def tick(self, time: int) -> None:
        """Nothing is due by time."""

    def close(self) -> None:
        """Once what was ordered is done."""
        self._hand.shutdown()
        self._socket.close()

    def _obey(self, order: Order, sender: Address) -> None:
        if isinstance(order, SetTarget):
            self._target = (order.host, order.port)
        try:
            done = self._recording.carry_out(order)
        except TakeError as error:
            self._tally.note("not recorded", f"remote control: {error}")
            return
        answer = confirmation(order, done.timecode, done.curves, done.film)
        if answer:
            with suppress(OSError):  # a target that is not there; the order is carried out all the same
                self._socket.sendto(answer, self._target or sender)
