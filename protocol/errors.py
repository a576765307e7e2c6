"""What can be wrong with a message: the error codes of registry.json and the exception that carries one."""

from enum import IntEnum

from protocol.registry import REGISTRY


class ErrorCode(IntEnum):
    """Member names and values are the `name` and `code` that travel in ERROR; registry.json says the same."""

    malformed = 1
    unknown_message = 2
    version_unsupported = 3
    unexpected_message = 4
    too_large = 5
    bad_field = 6
    bad_curves = 7
    unknown_stream = 8
    duplicate_stream = 9
    too_many_streams = 10
    too_many_clients = 11
    rate_exceeded = 12
    stale_sequence = 13
    credit_exceeded = 14
    unknown_identity = 15
    unsupported = 16
    generator_failed = 17
    server_closing = 18
    timed_out = 19

    @property
    def sentence(self) -> str:
        """What the code means, in one sentence."""
        return SENTENCES[self.value]


SENTENCES: dict[int, str] = {error["code"]: error["text"] for error in REGISTRY["errors"]}


class ProtocolError(ValueError):
    """A message breaks the protocol. `stream` and `sequence` name the frame it came in, -1 where that is not known."""

    def __init__(self, code: ErrorCode, text: str, stream: int = -1, sequence: int = -1) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.stream = stream
        self.sequence = sequence

    def __str__(self) -> str:
        return f"{self.code.name}: {self.text}"
