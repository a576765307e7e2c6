"""Where frames wait for the model: one slot or one short queue per stream, between the sockets and the worker."""

import itertools
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bridge.orders import Changing, Closing, Frame, Opening, Order


class Taken(NamedTuple):
    """A frame on its way to the model; `dropped` counts the stream's frames that were overwritten before it."""

    key: int
    frame: Frame
    dropped: int


class Work(NamedTuple):
    """What the worker does next: the orders first, then the frames, at most one per stream, in one pass."""

    orders: list[Order]
    frames: list[Taken]


@dataclass(slots=True)
class _Slot:
    frames: deque[Frame]
    credit: int
    dropped: int = 0
    change: Changing | None = None


@dataclass(slots=True)
class Mailbox:
    """Filled by the sockets' thread, emptied by the worker's. Nothing in it grows beyond the streams' credit.

    A stream is ready when it has a frame and credit. Ready streams are served in the order they became so.
    What is asked of a stream that has just been closed does nothing.
    """

    _slots: dict[int, _Slot] = field(default_factory=dict)
    _ready: OrderedDict[int, None] = field(default_factory=OrderedDict)
    _orders: deque[Order] = field(default_factory=deque)
    _changed: OrderedDict[int, None] = field(default_factory=OrderedDict)
    _stopped: bool = False
    _bell: threading.Condition = field(default_factory=threading.Condition)

    def open(self, order: Opening) -> None:
        """Make room for a stream and tell the worker."""
        with self._bell:
            self._slots[order.key] = _Slot(deque(maxlen=None if order.delivery.every else 1), order.delivery.credit)
            self._orders.append(order)
            self._bell.notify()

    def change(self, order: Changing) -> None:
        """Settings from the next picture on. Changes not yet seen by the worker become one."""
        with self._bell:
            slot = self._slots.get(order.key)
            if slot is None:
                return
            reset = order.reset or bool(slot.change and slot.change.reset)
            slot.change = replace(order, reset=reset)
            self._changed[order.key] = None
            self._bell.notify()

    def close(self, key: int) -> int:
        """End a stream and tell the worker; returns how many waiting frames that dropped."""
        with self._bell:
            slot = self._slots.pop(key, None)
            if slot is None:
                return 0
            self._ready.pop(key, None)
            self._changed.pop(key, None)
            self._orders.append(Closing(key))
            self._bell.notify()
            return len(slot.frames)

    def put(self, key: int, frame: Frame) -> int:
        """Leave a frame; returns how many it overwrote, 0 or 1. The session bounds the queue of delivery "every"."""
        with self._bell:
            slot = self._slots.get(key)
            if slot is None:
                return 1
            overwritten = int(len(slot.frames) == slot.frames.maxlen)
            slot.frames.append(frame)
            slot.dropped += overwritten
            self._note(key, slot)
            return overwritten

    def refund(self, key: int, credit: int) -> None:
        """Give back the credit of pictures that were acknowledged, or never came to be."""
        with self._bell:
            slot = self._slots.get(key)
            if slot is not None:
                slot.credit += credit
                self._note(key, slot)

    def take(self, most: int) -> Work | None:
        """Wait for work: all orders, and frames of at most `most` ready streams. None when the mailbox has stopped."""
        with self._bell:
            self._bell.wait_for(lambda: self._stopped or self._orders or self._changed or self._ready)
            if self._stopped:
                return None
            ready = list(itertools.islice(self._ready, most))
            return Work(self._take_orders(), [self._take_frame(key) for key in ready])

    def stop(self) -> None:
        """End the worker's next `take`."""
        with self._bell:
            self._stopped = True
            self._bell.notify()

    def _note(self, key: int, slot: _Slot) -> None:
        if slot.frames and slot.credit > 0 and key not in self._ready:
            self._ready[key] = None
            self._bell.notify()

    def _take_orders(self) -> list[Order]:
        # A stream's opening stands before its first change, and a closed stream has no change left.
        orders: list[Order] = [*self._orders]
        self._orders.clear()
        for key in self._changed:
            slot = self._slots[key]
            if slot.change:
                orders.append(slot.change)
                slot.change = None
        self._changed.clear()
        return orders

    def _take_frame(self, key: int) -> Taken:
        slot = self._slots[key]
        frame = slot.frames.popleft()
        slot.credit -= 1
        del self._ready[key]
        self._note(key, slot)  # at the end of the line, behind every other ready stream
        return Taken(key, frame, slot.dropped)
