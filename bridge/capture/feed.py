"""One source without its sockets: packets in, samples out, each packet counted under what became of it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bridge.capture.holder import Holder
from bridge.capture.sample import Decoder, RefusedPacketError, Sample
from bridge.capture.tally import Tally
from protocol.blendshapes import ARKIT55

SENDERS = 4  # whose half-told frames are kept apart
OTHER = "other device"
FAULT = "fault"

Deliver = Callable[[Sample, int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A refusal: `reason` is what it is counted under."""

    reason: str
    text: str


class Feed:
    """`make` gives a decoder for each sender, so that none can garble another's frames.

    `device`, where it is given, is the only one heard: its id, its address, or the subject that it names.
    """

    def __init__(self, make: Callable[[], Decoder], deliver: Deliver, device: str = "") -> None:
        self.tally = Tally()
        self._make = make
        self._deliver = deliver
        self._device = device
        self._holder = Holder()
        self._decoders: dict[str, Decoder] = {}

    def take(self, packet: bytes, sender: str, arrived: int) -> None:
        """Take a packet of `sender`, its address, at `arrived` in µs, and count it. Whatever it holds, this returns."""
        self.count(self.judge(packet, sender, arrived, set()), arrived)

    def judge(self, packet: bytes, sender: str, arrived: int, performing: set[str]) -> Verdict | None:
        """Take a packet; None if it fits. It is still to be counted, for another feed may have it from the same socket.

        `performing`: whose faces in this packet other feeds have; those that this one has are added.
        """
        try:
            samples = self._decoder(sender).read(packet)
            for sample in samples:
                check(sample)
        except RefusedPacketError as error:
            return Verdict(error.reason, str(error))
        except Exception as error:  # the fault is ours, and must not end the performance
            return Verdict(FAULT, f"the decoder failed: {type(error).__name__}: {error}")
        if not samples:
            return self._judge_half_told(sender, arrived)
        admitted = [sample for sample in samples if self._admits(sample, sender, arrived, performing)]
        if not admitted:
            return Verdict(OTHER, self._explain(samples[0], sender))
        for sample in admitted:
            self._hand_on(sample, arrived)
        return None

    def count(self, verdict: Verdict | None, arrived: int) -> None:
        """What `judge` said of a packet."""
        if verdict is None:
            self.tally.take()
        else:
            self.tally.refuse(verdict.reason, verdict.text, arrived)

    def play(self, sample: Sample, arrived: int) -> None:
        """Take a frame of a source that is no sender, a camera or a take."""
        try:
            check(sample)
        except RefusedPacketError as error:
            self.tally.refuse(error.reason, str(error), arrived)
            return
        self.tally.take()
        self._hand_on(sample, arrived)

    def forget(self, sender: str) -> None:
        """A connection has ended: what it left half-told is of no use, and it no longer holds the source."""
        self._decoders.pop(sender, None)
        self._holder.release(sender)

    def _judge_half_told(self, sender: str, arrived: int) -> Verdict | None:
        """A packet that completes no frame says nothing of its device: it goes by its address."""
        if not self._holder.is_held(arrived) or sender == self._holder.sender:
            return None
        return Verdict(OTHER, f"{sender} sends, while {self._holder.sender} performs")

    def _admits(self, sample: Sample, sender: str, arrived: int, performing: set[str]) -> bool:
        who = f"{sample.device or sender}|{sample.subject}"
        names = (sample.device, sample.subject, sender, sender.rpartition(":")[0])
        if who in performing or (self._device and self._device not in names):
            return False
        if not self._holder.admits(who, sender, arrived):
            return False
        performing.add(who)
        return True

    def _explain(self, sample: Sample, sender: str) -> str:
        named = " ".join(filter(None, (sample.device, sample.subject, f"at {sender}")))
        if self._device and not self._holder.who:
            return f"{named} sends, and only {self._device} is wanted"
        return f"{named} sends, while {self._holder.sender} performs"

    def _hand_on(self, sample: Sample, arrived: int) -> None:
        self.tally.add(sample, arrived)
        self._deliver(sample, arrived)

    def _decoder(self, sender: str) -> Decoder:
        if sender not in self._decoders:
            while len(self._decoders) >= SENDERS:
                self._decoders.pop(next(name for name in self._decoders if name != self._holder.sender))
            self._decoders[sender] = self._make()
        return self._decoders[sender]


def check(sample: Sample) -> None:
    """RefusedPacketError unless every number of it can be drawn: the last guard before the chain."""
    if sample.curves.shape != (len(ARKIT55),) or not np.isfinite(sample.curves).all():
        raise RefusedPacketError("not finite", "a curve is no finite number")
    if not np.isfinite(sample.eyes).all():
        raise RefusedPacketError("not finite", "a rotation of an eye is no finite number")
