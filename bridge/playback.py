"""A take played into a stream: every frame drawn, as fast as may be, or at the take's own pace, the newest winning."""

from collections.abc import Iterator
from typing import Literal

from bridge.client import RefusedError, Stream
from bridge.clock import now
from bridge.received import ReceivedPicture
from bridge.takes import Take

Pace = Literal["realtime", "max"]
DELIVERY: dict[Pace, str] = {"realtime": "newest", "max": "every"}
"""The delivery that a stream is opened with for each pace."""

PATIENCE = 30.0  # s without a picture that is owed; the first one may have to wait for a model to be compiled


class PlaybackError(RuntimeError):
    """A take that could not be played to its end, told in one sentence."""


class Playback:
    """Iterate over it, once, for the pictures. A picture's sequence number is its frame's number in the take, which
    further rounds count on.
    """

    def __init__(self, stream: Stream, take: Take, pace: Pace, patience: float = PATIENCE, rounds: int = 1) -> None:
        """`rounds`: how often it is played, 0 without end."""
        self.stream = stream
        self.take = take
        self.pace: Pace = pace
        self.total = len(take) * rounds or None
        """Frames, counted on through the rounds; None where there is no end."""
        self.sent = 0
        self.refused: list[RefusedError] = []
        """The frames that the server could not draw."""
        self._patience = patience

    def __iter__(self) -> Iterator[ReceivedPicture]:
        """Raises ConnectionError if the server goes, PlaybackError if it owes a picture for too long."""
        return self._every() if self.pace == "max" else self._newest()

    @property
    def complete(self) -> bool:
        """Every frame was sent, and drawn, dropped or refused."""
        return not self._unsent and self.stream.pending <= 0

    @property
    def _unsent(self) -> bool:
        return self.total is None or self.sent < self.total

    def _every(self) -> Iterator[ReceivedPicture]:
        while self._unsent:
            while self._unsent and self.stream.room > 0:
                self._send()
            yield from self._awaited()
        yield from self._rest()

    def _newest(self) -> Iterator[ReceivedPicture]:
        start = now()
        while self._unsent:
            yield from self._until(start + int(self.take.time_of(self.sent) * 1e6))
            self._send()
        yield from self._rest()

    def _until(self, due: int) -> Iterator[ReceivedPicture]:
        """The pictures that arrive before `due`. The socket does the waiting, to its millisecond; nothing drifts."""
        while True:
            picture = self._receive(max(0, due - now()) / 1e6)
            if picture is not None:
                yield picture
            elif now() >= due:
                return

    def _rest(self) -> Iterator[ReceivedPicture]:
        while self.stream.pending > 0:
            yield from self._awaited()

    def _awaited(self) -> Iterator[ReceivedPicture]:
        """The next picture, which is owed; nothing if its frame was refused."""
        refused = len(self.refused)
        picture = self._receive(self._patience)
        if picture is not None:
            yield picture
        elif len(self.refused) == refused:
            raise PlaybackError(f"the server has sent no picture for {self._patience:g} s, after frame {self.sent - 1}")

    def _send(self) -> None:
        frame = self.sent % len(self.take)
        self.stream.send(self.take.curves[frame], sequence=self.sent, timecode=self.take.timecodes[frame])
        self.sent += 1

    def _receive(self, timeout: float) -> ReceivedPicture | None:
        try:
            return self.stream.receive(timeout)
        except RefusedError as error:
            self.refused.append(error)
            return None
