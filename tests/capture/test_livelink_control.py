"""The control session that names the curves of Live Link Face's 16-bit layout."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.livelink import LiveLink
from bridge.capture.livelink_control import ControlError, ControlSession, framed, subjects
from protocol.blendshapes import ARKIT52
from tests.capture.encoders.livelink16 import Phone, packet, subject

RIG = [f"CTRL_expressions_{number}" for number in range(250)]


def talk(session: ControlSession, phone: Phone, step: int = 1 << 20) -> None:
    """Until nobody says anything more; the phone's answers come in pieces of `step` bytes."""
    sent = session.begin(1000)
    while sent:
        said = phone.answer(sent)
        sent = b"".join(session.receive(said[at : at + step], 1001) for at in range(0, len(said), step))


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_session_learns_the_names_and_asks_for_the_stream(step: int) -> None:
    session, phone = ControlSession(11111), Phone([subject(RIG, "mha", "mha"), subject(ARKIT52)])
    talk(session, phone, step)
    assert session.streaming
    assert session.controls == {"mha": tuple(RIG), "7F3A": ARKIT52}
    assert [request["addressPath"] for request in phone.heard] == [
        "/session/start",
        "/stream/subjects",
        "/stream/start",
    ]
    assert [request["sessionId"] for request in phone.heard] == ["handshake", "s-1", "s-1"]
    assert phone.heard[0] == {
        "sessionId": "handshake", "addressPath": "/session/start", "transactionId": 1, "timestamp": 1000,
        "type": "request",
    }  # fmt: skip
    assert phone.heard[2]["body"] == {"streamPort": 11111, "subjects": [{"id": "7F3A", "name": "face 7F3A"}]}


def test_names_make_its_packets_readable() -> None:
    session = ControlSession(11111)
    talk(session, Phone([subject(ARKIT52[:40])]))
    (sample,) = LiveLink(controls=session.controls).read(packet(np.full(40, 0.5)))
    assert sample.curves[:40] == pytest.approx(0.5, abs=1e-5)
    assert not sample.curves[40:].any() and sample.oddities == ()


def test_session_is_kept_alive_and_ended() -> None:
    session, phone = ControlSession(1), Phone([subject(ARKIT52)])
    talk(session, phone)
    assert session.receive(phone.answer(session.keep_alive(2000)), 2001) == b""
    for _ in range(3):
        session.keep_alive(3000)
    with pytest.raises(ControlError, match="three keep-alives"):
        session.keep_alive(3000)
    phone.answer(session.end(4000))
    assert [request["addressPath"] for request in phone.heard[-2:]] == ["/stream/stop", "/session/stop"]


def test_refusal_of_the_phone_is_told() -> None:
    session, phone = ControlSession(1), Phone([])
    phone.answer(session.begin(0))
    answer = phone.said(phone.heard[0], error={"name": "notSupported", "description": "too old"})
    with pytest.raises(ControlError, match="refuses /session/start: notSupported, too old"):
        session.receive(answer, 1)


def test_updates_and_answers_to_nothing_are_passed_over() -> None:
    session = ControlSession(1)
    session.begin(0)
    for said in ({"type": "update", "addressPath": "/state/recording"}, {"type": "response", "transactionId": 99}):
        assert session.receive(framed(said), 1) == b""


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        b"CPSCONTROL\0" + struct.pack("<HI", 2, 0),
        b"CPSCONTROL\0" + struct.pack("<HI", 1, 1 << 30),
        b"CPSCONTROL\0" + struct.pack("<HI", 1, 2) + b"[]",
        b"CPSCONTROL\0" + struct.pack("<HI", 1, 3) + b"{{{",
    ],
)
def test_what_is_no_control_message_ends_the_session(data: bytes) -> None:
    session = ControlSession(1)
    session.begin(0)
    with pytest.raises(ControlError):
        session.receive(data, 1)


@pytest.mark.parametrize(
    "entry", [None, {}, {"id": "a"}, {"id": "", "animationMetadata": {"controls": []}},
              {"id": "a", "animationMetadata": {"controls": [1]}}, {"id": "a", "animationMetadata": {"controls": "x"}}],
)  # fmt: skip
def test_subject_that_does_not_say_what_it_is_is_passed_over(entry: object) -> None:
    with pytest.raises(ControlError, match="no subject"):
        subjects({"subjects": [entry]})
    assert [found.id for found in subjects({"subjects": [entry, subject(ARKIT52)]})] == ["7F3A"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["sessionId", "addressPath", "transactionId", "type", "body", "error"])
SAID = st.dictionaries(KEYS, JSON | st.sampled_from([1, "response", "/session/start"]))


@given(st.binary(max_size=200) | SAID.map(framed) | st.binary(max_size=100).map(lambda data: b"CPSCONTROL\0" + data))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_whatever_the_phone_says_is_answered_or_ends_the_session(data: bytes) -> None:
    session = ControlSession(1)
    session.begin(0)
    try:
        session.receive(data, 1)
    except ControlError as error:
        assert str(error)
