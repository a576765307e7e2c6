"""What a session asks of the server: to send a message, or to pass something on to the worker."""

from dataclasses import dataclass

from bridge.orders import Frame, Order
from protocol.messages import Message


@dataclass(frozen=True, slots=True)
class Send:
    """A message for the client."""

    message: Message


@dataclass(frozen=True, slots=True)
class Leave:
    """A frame for the mailbox."""

    key: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class Refund:
    """Credit for a stream in the mailbox."""

    key: int
    credit: int


Effect = Send | Leave | Refund | Order
