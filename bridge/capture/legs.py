"""Where the time goes: a test pattern sent through a server, each leg of every frame's way measured."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import cv2
import numpy as np

from bridge.client import FaceBridgeClient, RefusedError, Stream
from bridge.clock import now
from bridge.received import ReceivedPicture
from protocol.blendshapes import ARKIT55, INDEX

SECOND = 1_000_000  # µs
RATE = 60  # frames a second, as a phone sends them
STEP = RATE // 2  # frames between two steps of the jaw
OPEN = 0.8
SIDE = 64  # pixels that pictures are compared at
NOTICEABLE = 0.2  # of 255, averaged over the picture: less is nothing
UNREST = 3.0  # times what two pictures of the same jaw differ by: less is the model's own unrest


@dataclass(frozen=True, slots=True)
class Legs:
    """Milliseconds of one frame. There and back are told apart as well as the two clocks are known to agree."""

    sender: float
    """Here, from when the frame was made until it was handed to the network."""
    there: float
    wait: float
    """In the server, for the model to be free."""
    generate: float
    encode: float
    back: float

    @property
    def total(self) -> float:
        return sum(getattr(self, leg.name) for leg in fields(self))


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture that came back: whose frame it shows, when, small and grey float32 (SIDE, SIDE), and its legs."""

    sequence: int
    arrived: int
    small: np.ndarray
    legs: Legs


@dataclass(frozen=True, slots=True)
class Change:
    """How a step of the jaw came to show: after how many frames sent, how many pictures, and how many ms."""

    frames: int
    pictures: int
    milliseconds: float


class Probe:
    """Sends the pattern into a stream, which is to have delivery "newest". Used once."""

    def __init__(self, client: FaceBridgeClient, stream: Stream) -> None:
        self.captured: list[int] = []
        """When each frame was made, µs."""
        self._client = client
        self._stream = stream
        self._handed: list[int] = []

    def run(self, seconds: float) -> Iterator[Seen]:
        """Each picture that comes back. ConnectionError if the server goes."""
        begun = now()
        for frame in range(max(1, round(seconds * RATE))):
            yield from self._until(begun + frame * SECOND // RATE)
            self.captured.append(now())
            self._stream.send(pattern(frame), sequence=frame, captured=self.captured[-1])
            self._handed.append(now())
        end = now() + SECOND
        while self._stream.pending > 0 and now() < end:
            yield from self._until(now() + SECOND // RATE)

    def _until(self, due: int) -> Iterator[Seen]:
        while True:
            try:
                picture = self._stream.receive(max(0, due - now()) / SECOND)
            except RefusedError:  # one frame that could not be drawn
                continue
            if picture is not None:
                yield self._seen(picture)
            elif now() >= due:
                return

    def _seen(self, picture: ReceivedPicture) -> Seen:
        latency, captured = picture.latency, picture.captured
        sender = (self._handed[picture.sequence] - captured) / 1000
        there = (picture.reached - self._client.clock_offset - captured) / 1000 - sender
        there = min(max(there, 0.0), max(latency.transport - sender, 0.0))  # the clocks agree to a part of a ms
        legs = Legs(sender, there, latency.wait, latency.generate, latency.encode, latency.transport - sender - there)
        return Seen(picture.sequence, captured + round(latency.total * 1000), _small(picture.pixels), legs)


def pattern(frame: int) -> np.ndarray:
    """float32 (55,): the jaw shut for half a second, open for half a second, and so on."""
    curves = np.zeros(len(ARKIT55), np.float32)
    curves[INDEX["jawOpen"]] = OPEN * (frame // STEP % 2)
    # What trembles a little is drawn each time: a still face would be sent again, and take no time at all.
    curves[INDEX["browInnerUp"]] = 0.02 * (frame % 2)
    return curves


def changes(seen: Sequence[Seen], captured: Sequence[int]) -> list[Change]:
    """For each step of the jaw when it showed, half way to where the picture settled; those that never did are not in.

    `captured` is when each frame was made, µs.
    """
    found = []
    for step in range(STEP, len(captured) - STEP + 1, STEP):
        before = [one for one in seen if step - STEP <= one.sequence < step]
        after = [one for one in seen if step <= one.sequence < step + STEP]
        if not before or not after:
            continue
        ways = [_apart(one, before[-1]) for one in after]
        settled = [_apart(*two) for two in pairwise(before[len(before) // 2 :])]
        if ways[-1] < max(NOTICEABLE, UNREST * float(np.median(settled or [0.0]))):
            continue
        place = next(place for place, way in enumerate(ways) if way >= ways[-1] / 2)
        shown = after[place]
        frames = sum(moment < shown.arrived for moment in captured[step:])
        found.append(Change(frames, place + 1, (shown.arrived - captured[step]) / 1000))
    return found


def _apart(one: Seen, other: Seen) -> float:
    return float(np.abs(one.small - other.small).mean())


def _small(pixels: np.ndarray) -> np.ndarray:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
