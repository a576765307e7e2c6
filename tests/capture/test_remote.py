"""Orders by OSC: python-osc as the sender and the receiver, and any bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.capture.remote import (
    LONGEST,
    Order,
    SetSlate,
    SetTake,
    SetTarget,
    StartRecording,
    StopRecording,
    confirmation,
    order_packet,
    read_orders,
)
from bridge.capture.sample import RefusedPacketError

ORDERS = st.one_of(
    st.builds(StartRecording, st.text("scene 4_/面", max_size=20), st.integers(0, 999_999)),
    st.builds(SetSlate, st.text("scene 4_/面", max_size=20)),
    st.builds(SetTake, st.integers(0, 999_999)),
    st.builds(SetTarget, st.text("0123456789.", min_size=1, max_size=15), st.integers(0, 65535)),
    st.just(StopRecording()),
)


def message(address: str, *values: object) -> OscMessageBuilder:
    builder = OscMessageBuilder(address)
    for value in values:
        builder.add_arg(value)  # type: ignore[arg-type]
    return builder


def packet(address: str, *values: object) -> bytes:
    return message(address, *values).build().dgram


@settings(deadline=None, derandomize=True, max_examples=100)
@given(order=ORDERS)
def test_an_order_reads_back(order: Order) -> None:
    assert read_orders(order_packet(order)) == [order]


@pytest.mark.parametrize(
    ("sent", "order"),
    [
        (packet("/RecordStart", "scene 4", 7), StartRecording("scene 4", 7)),
        (packet("/RecordStart", "scene 4"), StartRecording("scene 4")),
        (packet("/RecordStart"), StartRecording()),
        (packet("/recordstart", "scene", 7.0), StartRecording("scene", 7)),
        (packet("/Take", "12"), SetTake(12)),
        (packet("/RecordStop"), StopRecording()),
        (packet("/RecordStop", 1), StopRecording()),
    ],
)
def test_orders_as_senders_write_them(sent: bytes, order: Order) -> None:
    assert read_orders(sent) == [order]


def test_a_bundle_holds_several() -> None:
    bundle = OscBundleBuilder(IMMEDIATELY)
    bundle.add_content(message("/Slate", "scene").build())  # type: ignore[arg-type]
    bundle.add_content(message("/RecordStart").build())  # type: ignore[arg-type]
    assert read_orders(bundle.build().dgram) == [SetSlate("scene"), StartRecording()]


@pytest.mark.parametrize(
    ("sent", "reason", "said"),
    [
        (b"", "no OSC", "0 bytes that are no OSC message"),
        (b"hello", "no OSC", "5 bytes that are no OSC message"),
        (bytes(LONGEST + 1), "too long", "8193 bytes, where an order has at most 8192"),
        (packet("/BatteryQuery"), "unknown order", "'/BatteryQuery' is no order to a recorder"),
        (packet("/Slate"), "no text", "argument 1 is 'None', where a text belongs"),
        (packet("/Slate", 5), "no text", "argument 1 is '5', where a text belongs"),
        (packet("/Take"), "no number", "argument 1 is 'None', not 0 to 999999"),
        (packet("/Take", -1), "no number", "argument 1 is '-1'"),
        (packet("/Take", 1.5), "no number", "argument 1 is '1.5'"),
        (packet("/Take", float("nan")), "no number", "argument 1 is 'nan'"),
        (packet("/Take", 1_000_000), "no number", "argument 1 is '1000000'"),
        (packet("/Take", "9" * 5000), "no number", "argument 1 is '999"),
        (packet("/RecordStart", "scene", "x"), "no number", "argument 2 is 'x'"),
        (packet("/OSCSetSendTarget", "10.0.0.1", 70000), "no number", "argument 2 is '70000', not 0 to 65535"),
    ],
)
def test_what_is_no_order_is_refused(sent: bytes, reason: str, said: str) -> None:
    with pytest.raises(RefusedPacketError, match=said) as caught:
        read_orders(sent)
    assert caught.value.reason == reason


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    data=st.binary(max_size=200), start=st.sampled_from([b"", b"#bundle\0" + bytes(8), b"/RecordStart\0\0\0\0,si\0"])
)
def test_any_bytes_are_orders_or_refused(data: bytes, start: bytes) -> None:
    try:
        assert isinstance(read_orders(start + data), list)
    except RefusedPacketError as error:
        assert "\n" not in str(error)


def test_answers_are_those_of_the_app() -> None:
    def answer(order: Order) -> tuple[str, list]:
        found = OscMessage(confirmation(order, "10:00:00:00.000", "scene_007.csv", "scene_007.mp4") or b"")
        return found.address, list(found.params)

    assert answer(StartRecording("scene", 7)) == ("/RecordStartConfirm", ["10:00:00:00.000"])
    stopped = ["10:00:00:00.000", "scene_007.csv", "scene_007.mp4"]
    assert answer(StopRecording()) == ("/RecordStopConfirm", stopped)
    assert answer(SetTarget("10.0.0.1", 8001)) == ("/OSCSetSendTargetConfirm", [])
    assert confirmation(SetSlate("scene")) is None
    assert confirmation(SetTake(3)) is None
