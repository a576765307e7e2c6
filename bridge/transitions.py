"""The one table of what may happen when: to a client, and to each of its streams."""

from enum import Enum, auto

from bridge.orders import Began, Ended, Failed, Painted, Refused, Unchanged
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import NAMES, Ack, Bye, Close, Control, Curves, Hello, Open, Ping, Pong, StatsRequest


class State(Enum):
    """Where a client stands, or a stream."""

    STRANGER = auto()  # a client that has not said HELLO, or was let go
    CLIENT = auto()
    OUTCAST = auto()  # a client that was too much: it is heard no more

    ABSENT = auto()  # a stream that is not there
    OPENING = auto()  # the generator has not answered yet
    LIVE = auto()
    CLOSING = auto()  # the last picture may still be on its way


AFTER: dict[tuple[State, type], State] = {
    (State.STRANGER, Hello): State.CLIENT,
    (State.STRANGER, Bye): State.STRANGER,
    (State.CLIENT, Ping): State.CLIENT,
    (State.CLIENT, Pong): State.CLIENT,
    (State.CLIENT, StatsRequest): State.CLIENT,
    (State.CLIENT, Bye): State.STRANGER,
    #
    (State.ABSENT, Open): State.OPENING,
    #
    (State.OPENING, Curves): State.OPENING,
    (State.OPENING, Ack): State.OPENING,
    (State.OPENING, Close): State.CLOSING,
    (State.OPENING, Began): State.LIVE,
    (State.OPENING, Refused): State.ABSENT,
    #
    (State.LIVE, Curves): State.LIVE,
    (State.LIVE, Ack): State.LIVE,
    (State.LIVE, Control): State.LIVE,
    (State.LIVE, Close): State.CLOSING,
    (State.LIVE, Painted): State.LIVE,
    (State.LIVE, Failed): State.LIVE,
    (State.LIVE, Unchanged): State.LIVE,
    #
    (State.CLOSING, Ack): State.CLOSING,
    (State.CLOSING, Began): State.CLOSING,
    (State.CLOSING, Refused): State.CLOSING,
    (State.CLOSING, Painted): State.CLOSING,
    (State.CLOSING, Failed): State.CLOSING,
    (State.CLOSING, Unchanged): State.CLOSING,
    (State.CLOSING, Ended): State.ABSENT,
}
"""The state after an event: a message from the client, or an outcome from the worker. What is not here is refused."""


def after(state: State, event: object) -> State:
    """The next state. Raises ProtocolError where the table has none."""
    following = AFTER.get((state, type(event)))
    if following is None:
        raise _illegal(state, event)
    return following


def _illegal(state: State, event: object) -> ProtocolError:
    name = NAMES.get(type(event), type(event).__name__)
    number = getattr(event, "stream", -1)
    if state is State.STRANGER:
        return ProtocolError(ErrorCode.unexpected_message, f"{name} before HELLO: say HELLO first")
    if state is State.ABSENT:
        return ProtocolError(ErrorCode.unknown_stream, f"{name} for stream {number}, which is not open")
    if isinstance(event, Open):
        return ProtocolError(ErrorCode.duplicate_stream, f"stream {number} is open already; choose another number")
    if state is State.CLOSING:
        return ProtocolError(ErrorCode.unknown_stream, f"{name} for stream {number}, which is closing")
    if state is State.OPENING:
        return ProtocolError(ErrorCode.unexpected_message, f"{name} for stream {number} before its OPENED")
    return ProtocolError(ErrorCode.unexpected_message, f"a client that is welcome does not send {name}")
