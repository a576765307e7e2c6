"""One stream of a client, without I/O: what each message and each outcome of the worker leads to."""

from collections import deque
from dataclasses import dataclass, field, replace

import numpy as np

from bridge.budget import Budget
from bridge.effects import Effect, Leave, Refund, Send
from bridge.offer import Offer, changed, without_effect
from bridge.orders import (
    Began,
    Changing,
    Closing,
    Delivery,
    Ended,
    Failed,
    Frame,
    Opening,
    Outcome,
    Painted,
    Refused,
    Unchanged,
)  # fmt: skip
from bridge.transitions import State, after
from generator.blendshape_map import Passage
from generator.face_generator import StreamSettings
from protocol.curves import in_order
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import Ack, Close, Control, Curves, Error, Opened, Picture

StreamMessage = Curves | Ack | Control | Close


@dataclass(slots=True)
class ServedStream:
    """What the server knows of one stream. `passage` leads from its basis, `budget` bounds its CURVES; `unheeded` tells
    what of the last OPEN or CONTROL has no effect.
    """

    number: int
    key: int
    passage: Passage
    settings: StreamSettings
    delivery: Delivery
    offer: Offer
    budget: Budget
    unheeded: str = ""
    state: State = State.OPENING
    last_sequence: int = -1
    unanswered: int = 0  # with delivery "every"; in "newest" an overwritten frame is never answered
    unacknowledged: deque[tuple[int, int]] = field(default_factory=deque)  # sequence, when sent

    def opening(self) -> Effect:
        """The order that begins the stream."""
        return Opening(self.key, self.settings, self.delivery, self.passage)

    def receive(self, message: StreamMessage, now: int) -> list[Effect]:
        """What a message leads to. Raises ProtocolError where it is refused; the stream is then as before."""
        following = after(self.state, message)
        match message:
            case Curves():
                effects = self._frame(message, now)
            case Ack():
                effects = self._acknowledge(message.sequence)
            case Control():
                effects = self._control(message)
            case Close():
                effects: list[Effect] = [Closing(self.key)]
        self.state = following
        return effects

    def finish(self, outcome: Outcome, now: int) -> list[Effect]:
        """What an outcome of the worker leads to."""
        self.state = after(self.state, outcome)
        match outcome:
            case Began():
                return [Send(self.opened())]
            case Refused():
                return self._refusal(outcome.text)
            case Painted():
                return [Send(self._picture(outcome, now))]
            case Failed():
                return self._failure(outcome)
            case Unchanged():
                return self._unchanged(outcome)
            case Ended():
                return [Send(Close(self.number))]

    def opened(self) -> Opened:
        """The stream as it is granted now."""
        return Opened(
            stream=self.number,
            identity=self.settings.identity,
            basis=self.passage.source,
            size=self.settings.size,
            codec=self.delivery.codec,
            row_order=self.delivery.row_order,
            delivery="every" if self.delivery.every else "newest",
            credit=self.delivery.credit,
            seed=self.settings.seed,
            steps=self.settings.steps,
            expression_scale=self.settings.expression_scale,
            reference_scale=self.settings.reference_scale,
            notice="; ".join(filter(None, (self.passage.notice, self.unheeded))),
            light=self.settings.light or (),
            backdrop=self.delivery.backdrop,
        )

    def _frame(self, curves: Curves, now: int) -> list[Effect]:
        if curves.sequence <= self.last_sequence:
            raise self._fault(ErrorCode.stale_sequence, f"sequence {curves.sequence} after {self.last_sequence}")
        values = np.array(in_order(curves.values, self.passage.source), np.float32)  # the frame's own, and writable
        self._check_pace(now)  # the last check, for it spends from the budget
        self.last_sequence = curves.sequence
        self.unanswered += self.delivery.every
        return [Leave(self.key, Frame(curves.sequence, curves.captured, curves.timecode, now, values))]

    def _check_pace(self, now: int) -> None:
        """Credit bounds the frames of delivery "every", the rate those of "newest"."""
        if self.delivery.every and self.unanswered >= self.delivery.credit:
            text = f"{self.unanswered} frames are unanswered and the credit is {self.delivery.credit}"
            raise self._fault(ErrorCode.credit_exceeded, text)
        if not self.delivery.every and not self.budget.spend(now):
            raise self._fault(ErrorCode.rate_exceeded, f"more than {self.budget.rate:g} CURVES per second")

    def _acknowledge(self, sequence: int) -> list[Effect]:
        credit = 0
        while self.unacknowledged and self.unacknowledged[0][0] <= sequence:
            self.unacknowledged.popleft()
            credit += 1
        # A closing stream has left the mailbox and draws no more.
        return [Refund(self.key, credit)] if credit and self.state is not State.CLOSING else []

    def _control(self, wish: Control) -> list[Effect]:
        self.settings, self.delivery = changed(self.settings, self.delivery, wish, self.offer)
        self.unheeded = without_effect(wish, self.delivery.codec, self.offer)
        return [Changing(self.key, self.settings, wish.reset, self.delivery.backdrop), Send(self.opened())]

    def _picture(self, painted: Painted, now: int) -> Picture:
        frame = painted.frame
        self.unanswered -= self.delivery.every
        self.unacknowledged.append((frame.sequence, now))
        return Picture(
            stream=self.number,
            sequence=frame.sequence,
            captured=frame.captured,
            timecode=frame.timecode,
            width=painted.width,
            height=painted.height,
            codec=self.delivery.codec,
            row_order=self.delivery.row_order,
            repeated=painted.repeated,
            dropped=painted.dropped,
            received=frame.received,
            taken=painted.taken,
            drawn=painted.drawn,
            sent=now,
            pixels=painted.data,
        )

    def _refusal(self, text: str) -> list[Effect]:
        answer: list[Effect] = [Send(self._error(ErrorCode.unsupported, text))]
        return answer if self.state is State.CLOSING else [*answer, Closing(self.key)]

    def _failure(self, failed: Failed) -> list[Effect]:
        self.unanswered -= self.delivery.every
        answer: list[Effect] = [Send(self._error(ErrorCode.generator_failed, failed.text, failed.sequence))]
        return answer if self.state is State.CLOSING else [*answer, Refund(self.key, 1)]

    def _unchanged(self, outcome: Unchanged) -> list[Effect]:
        # Each CONTROL makes settings of its own: where these are others, a later one is still to be decided.
        if self.settings is outcome.refused:
            self.settings = outcome.kept
            self.delivery = replace(self.delivery, backdrop=outcome.backdrop)
        return [Send(self._error(ErrorCode.generator_failed, outcome.text))]

    def _error(self, code: ErrorCode, text: str, sequence: int = -1) -> Error:
        return Error(code.value, code.name, text, self.number, sequence)

    def _fault(self, code: ErrorCode, text: str) -> ProtocolError:
        return ProtocolError(code, f"stream {self.number}: {text}")
