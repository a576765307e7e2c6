"""What a client knows of one of its streams."""

from collections import deque
from dataclasses import dataclass, field
from typing import TypedDict

from protocol.errors import ErrorCode
from protocol.messages import Close, Error, Opened, Picture


class RefusedError(RuntimeError):
    """The server refused something, and goes on. `name` and `code` are the registry's; `sequence` -1 is no frame."""

    def __init__(self, error: Error) -> None:
        super().__init__(f"{error.name}: {error.text}")
        self.code, self.name, self.text = error.code, error.name, error.text
        self.stream, self.sequence = error.stream, error.sequence


class Wishes(TypedDict, total=False):
    """What a stream can be opened with; `protocol.messages.Open` has the defaults, the server its first size."""

    subject: str
    basis: str
    size: int
    codec: str
    row_order: str
    delivery: str
    credit: int
    seed: int
    steps: int
    expression_scale: float
    reference_scale: float
    light: tuple[float, ...]
    backdrop: str


class Changes(TypedDict, total=False):
    """What can be changed while a stream runs."""

    identity: str
    expression_scale: float
    reference_scale: float
    steps: int
    seed: int
    reset: bool
    light: tuple[float, ...]
    backdrop: str


@dataclass(slots=True)
class OpenStream:
    """One stream: what was granted, what was sent, what has arrived and is not yet fetched."""

    number: int
    granted: Opened | None = None
    sequence: int = -1
    sent: int = 0
    answered: int = 0
    dropped: int = 0
    asked: int = 0
    closed: bool = False
    pictures: deque[tuple[Picture, int]] = field(default_factory=deque)  # with our time of arrival
    answers: deque[Opened | Error] = field(default_factory=deque)
    faults: deque[Error] = field(default_factory=deque)

    @property
    def pending(self) -> int:
        """Frames that were sent and neither fetched as a picture or an error, nor dropped."""
        return self.sent - self.answered - self.dropped

    def take(self, message: Opened | Picture | Error | Close, arrived: int) -> None:
        """File a message of this stream."""
        match message:
            case Opened():
                self.answers.append(message)
            case Picture():
                self.pictures.append((message, arrived))
            case Close():
                self.closed = True
            case Error() if message.sequence < 0 and self.asked and not self._is_late(message):
                self.answers.append(message)
            case Error():
                self.faults.append(message)

    def _is_late(self, error: Error) -> bool:
        """A CONTROL that the generator refuses has had its OPENED: its ERROR answers nothing that came later."""
        return self.granted is not None and error.name == ErrorCode.generator_failed.name

    def fetch(self) -> tuple[Picture, int] | None:
        """The next picture and when it arrived. Raises RefusedError where there is none but an error."""
        if self.pictures:
            picture, arrived = self.pictures.popleft()
            self.answered += 1
            self.dropped = picture.dropped
            return picture, arrived
        if self.faults:
            fault = self.faults.popleft()
            self.answered += fault.sequence >= 0
            raise RefusedError(fault)
        return None
