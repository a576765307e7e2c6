"""The thread that owns the model: takes what is ready, draws it in one pass, hands the pictures to the encoders."""

import itertools
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from bridge import image_codec
from bridge.clock import now
from bridge.mailbox import Mailbox, Taken
from bridge.orders import (
    Began,
    Changing,
    Closing,
    Delivery,
    Ended,
    Failed,
    Opening,
    Order,
    Outcome,
    Painted,
    Refused,
    Unchanged,
)  # fmt: skip
from generator.blendshape_map import Passage
from generator.face_generator import Drawn, FaceGenerator, Stream, StreamSettings

log = logging.getLogger("facebridge")


@dataclass(slots=True)
class _Seat:
    """A stream before the model. `data` is its last picture, `encoded` how: both kept by its one encoder thread."""

    stream: Stream
    passage: Passage
    settings: StreamSettings
    delivery: Delivery
    encoder: Executor
    data: bytes = b""
    encoded: Delivery | None = None


class Worker(threading.Thread):
    """Runs until the mailbox stops. Whatever the generator raises costs the frame it was raised for, nothing else."""

    def __init__(
        self, generator: FaceGenerator, mailbox: Mailbox, post: Callable[[Outcome], None], encoders: int, quality: int
    ) -> None:
        super().__init__(name="facebridge-model", daemon=True)
        self._generator = generator
        self._mailbox = mailbox
        self._post = post
        self._quality = quality
        self._seats: dict[int, _Seat] = {}
        # A stream keeps to one encoder, so that its pictures stay in order.
        self._encoders = [ThreadPoolExecutor(1, f"facebridge-encoder-{index}") for index in range(encoders)]
        self._turn = itertools.cycle(self._encoders)

    def run(self) -> None:
        cv2.setNumThreads(1)  # of the process: encoders are threads already, and more keep the network from its cores
        while (work := self._mailbox.take(self._generator.max_batch)) is not None:
            for order in work.orders:
                self._obey(order)
            self._draw([taken for taken in work.frames if taken.key in self._seats])
        for encoder in self._encoders:
            encoder.shutdown(wait=False, cancel_futures=True)

    def _obey(self, order: Order) -> None:
        match order:
            case Opening():
                self._open(order)
            case Changing():
                self._change(order)
            case Closing():
                self._close(order)

    def _open(self, order: Opening) -> None:
        try:
            stream = self._generator.open_stream(order.settings)
        except Exception as error:
            self._post(Refused(order.key, _told(error)))
            return
        self._seats[order.key] = _Seat(stream, order.passage, order.settings, order.delivery, next(self._turn))
        self._post(Began(order.key))

    def _change(self, order: Changing) -> None:
        seat = self._seats.get(order.key)
        if seat is None:
            return
        try:
            self._generator.change(seat.stream, order.settings)
            seat.settings = order.settings
            seat.delivery = replace(seat.delivery, backdrop=order.backdrop)
            if order.reset:
                self._generator.reset(seat.stream)
        except Exception as error:
            self._post(Unchanged(order.key, order.settings, seat.settings, _told(error), seat.delivery.backdrop))

    def _close(self, order: Closing) -> None:
        seat = self._seats.pop(order.key, None)
        if seat is None:
            self._post(Ended(order.key))
        else:
            seat.encoder.submit(self._post, Ended(order.key))

    def _draw(self, batch: Sequence[Taken]) -> None:
        if not batch:
            return
        taken_at = now()
        try:
            drawn = self._rendered(batch)
        except Exception as error:
            self._draw_apart(batch, error)
            return
        drawn_at = now()
        for taken, picture in zip(batch, drawn, strict=True):
            seat = self._seats[taken.key]
            seat.encoder.submit(self._encode, seat, seat.delivery, taken, picture, taken_at, drawn_at)

    def _rendered(self, batch: Sequence[Taken]) -> list[Drawn]:
        drawn = self._generator.render([self._carried_over(taken) for taken in batch])
        if len(drawn) != len(batch):
            raise RuntimeError(f"the generator drew {len(drawn)} pictures for {len(batch)} frames")
        return drawn

    def _carried_over(self, taken: Taken) -> tuple[Stream, np.ndarray]:
        """The frame's stream, and its curves in the generator's basis. Here, so that only drawn frames cost it."""
        seat = self._seats[taken.key]
        return seat.stream, seat.passage(taken.frame.values)

    def _draw_apart(self, batch: Sequence[Taken], error: Exception) -> None:
        """One by one, so that only the frame at fault is lost."""
        if len(batch) > 1:
            for taken in batch:
                self._draw([taken])
            return
        key, sequence = batch[0].key, batch[0].frame.sequence
        log.warning("frame %d could not be drawn", sequence, exc_info=error)
        self._post(Failed(key, sequence, _told(error)))

    def _encode(
        self, seat: _Seat, delivery: Delivery, taken: Taken, drawn: Drawn, taken_at: int, drawn_at: int
    ) -> None:
        key, frame = taken.key, taken.frame
        repeated = drawn.repeated and seat.encoded == delivery
        try:
            pixels = drawn.pixels
            _check(pixels, seat.settings.size)
            if not repeated:
                seat.encoded = None
                seat.data = image_codec.encode(
                    pixels, delivery.codec, delivery.row_order, self._quality, delivery.backdrop
                )
                seat.encoded = delivery
        except Exception as error:
            self._post(Failed(key, frame.sequence, _told(error)))
            return
        size = seat.settings.size
        self._post(Painted(key, frame, taken.dropped, taken_at, drawn_at, size, size, repeated, seat.data))


def _check(pixels: np.ndarray, size: int) -> None:
    if pixels.shape not in ((size, size, 3), (size, size, 4)) or pixels.dtype != np.uint8:
        raise TypeError(f"the generator drew {pixels.dtype} {pixels.shape}, not uint8 ({size}, {size}, 3 or 4)")


def _told(error: Exception) -> str:
    if isinstance(error, ValueError) and str(error):  # what a generator raises for settings: written for people
        return str(error)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
