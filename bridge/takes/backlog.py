"""What of a recording waits to be written: rows before pictures, and neither without bound."""

import threading
from collections import deque

import numpy as np

Row = tuple[str, np.ndarray | None, str, float, int]
"""Which curves, their values, the timecode they came with, its rate, µs of their capture."""

Picture = tuple[np.ndarray, int]
"""Pixels, and µs of the capture of what they show."""

MOST_ROWS = 20_000  # a slow disk may be some minutes behind
MOST_PICTURES = 64


class Backlog:
    """Given to by any thread, taken from by one. What comes when it is full is left out and counted."""

    def __init__(self) -> None:
        self.missed = {"rows": 0, "pictures": 0}
        self._rows: deque[Row] = deque()
        self._pictures: deque[Picture] = deque()
        self._closed = False
        self._change = threading.Condition()

    def add_rows(self, rows: list[Row]) -> None:
        with self._change:
            if self._room(len(self._rows) + len(rows) <= MOST_ROWS, "rows", len(rows)):
                self._rows.extend(rows)
                self._change.notify()

    def add_picture(self, picture: Picture) -> None:
        with self._change:
            if self._room(len(self._pictures) < MOST_PICTURES, "pictures", 1):
                self._pictures.append(picture)
                self._change.notify()

    def take(self, timeout: float) -> tuple[list[Row], list[Picture]]:
        """All rows and the oldest picture; nothing where none came within `timeout` seconds."""
        with self._change:
            self._change.wait_for(lambda: self._rows or self._pictures or self._closed, timeout)
            rows = list(self._rows)
            self._rows.clear()
            return rows, [self._pictures.popleft()] if self._pictures else []

    def close(self) -> None:
        """Take no more."""
        with self._change:
            self._closed = True
            self._change.notify()

    @property
    def done(self) -> bool:
        """Whether it is closed and empty."""
        with self._change:
            return self._closed and not self._rows and not self._pictures

    def _room(self, room: bool, what: str, count: int) -> bool:
        if not room and not self._closed:
            self.missed[what] += count
        return room and not self._closed
