"""The table of what may happen when."""

import itertools

import pytest

from bridge.transitions import AFTER, State, after
from protocol.errors import ErrorCode, ProtocolError
from protocol.messages import (
    Ack,
    Bye,
    Close,
    Control,
    Curves,
    Error,
    Hello,
    Open,
    Ping,
    StatsRequest,
    Welcome,
)  # fmt: skip

MESSAGES = (Hello, Open, Curves, Ack, Control, Close, Ping, StatsRequest, Bye, Welcome, Error)


@pytest.mark.parametrize(
    ("state", "message"), [pair for pair in itertools.product(State, MESSAGES) if pair not in AFTER]
)
def test_what_the_table_does_not_have_is_refused_with_a_code(state: State, message: type) -> None:
    with pytest.raises(ProtocolError) as caught:
        after(state, object.__new__(message))
    assert caught.value.code in {
        ErrorCode.unexpected_message, ErrorCode.unknown_stream, ErrorCode.duplicate_stream,
    }  # fmt: skip


def test_a_stranger_may_greet_or_leave_and_no_more() -> None:
    assert {message for state, message in AFTER if state is State.STRANGER} == {Hello, Bye}
    assert not [message for state, message in AFTER if state is State.OUTCAST]
