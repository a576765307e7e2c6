"""VMC as python-osc sends it, whole and garbled."""

import math
import socket

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.udp_client import SimpleUDPClient

from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.vmc import FORGET, Vmc
from bridge.capture.vrm_presets import PRESETS, VRM0
from protocol.blendshapes import ARKIT52, INDEX
from tests.capture.osc_sender import bundle, message

VAL, APPLY, BONE, OK = "/VMC/Ext/Blend/Val", "/VMC/Ext/Blend/Apply", "/VMC/Ext/Bone/Pos", "/VMC/Ext/OK"
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)


def frame(**curves: float) -> bytes:
    return bundle(*((VAL, name, value) for name, value in curves.items()), (APPLY,))


def only(samples: list[Sample]) -> Sample:
    assert len(samples) == 1
    return samples[0]


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(FLOATS, min_size=52, max_size=52), st.booleans())
def test_all_curves_come_back_bit_for_bit(values: list[float], bundled: bool) -> None:
    decoder, sent = Vmc(), [(VAL, name, value) for name, value in zip(ARKIT52, values, strict=True)]
    packets = [bundle(*sent, (APPLY,))] if bundled else [message(*each) for each in [*sent, (APPLY,)]]
    *before, last = [decoder.read(packet) for packet in packets]
    assert not any(before)
    sample = only(last)
    assert (sample.curves[:52] == np.array(values, np.float32)).all()
    assert sample.oddities == ()
    assert sample.tracked


def test_nothing_comes_before_apply_and_values_stay() -> None:
    decoder = Vmc()
    assert decoder.read(message(VAL, "jawOpen", 0.5)) == []
    assert only(decoder.read(message(APPLY))).curves[INDEX["jawOpen"]] == 0.5
    held = only(decoder.read(frame(eyeBlinkLeft=1.0)))
    assert held.curves[INDEX["jawOpen"]] == 0.5
    assert held.curves[INDEX["eyeBlinkLeft"]] == 1.0


def test_one_packet_may_hold_several_frames() -> None:
    two = bundle((VAL, "jawOpen", 0.1), (APPLY,), (VAL, "jawOpen", 0.2), (APPLY,))
    assert [sample.curves[INDEX["jawOpen"]] for sample in Vmc().read(two)] == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize("name", ["mouthSmileLeft", "MouthSmileLeft", "MOUTHSMILELEFT", "mouth_smile_left",
                                  "mouthSmile_L", "Mouth Smile Left", "mouthSmile-l"])  # fmt: skip
def test_names_are_known_however_they_are_spelt(name: str) -> None:
    sample = only(Vmc().read(frame(**{name: 0.75})))
    assert sample.curves[INDEX["mouthSmileLeft"]] == 0.75
    assert np.count_nonzero(sample.curves) == 1


def test_an_int_will_do_and_what_is_no_number_will_not() -> None:
    decoder = Vmc()
    assert only(decoder.read(frame(jawOpen=1))).curves[INDEX["jawOpen"]] == 1.0
    for wrong in (math.nan, math.inf, "wide", True, None):
        sample = only(decoder.read(frame(jawOpen=wrong)))  # pyright: ignore[reportArgumentType]
        assert sample.oddities == ("bad value",)
        assert sample.curves[INDEX["jawOpen"]] == 1.0
    assert only(decoder.read(bundle((VAL, "jawOpen"), (APPLY,)))).oddities == ("bad value",)
    assert only(decoder.read(message(APPLY))).oddities == ()


def test_a_curve_nobody_knows_is_counted() -> None:
    sample = only(Vmc().read(frame(ribbonWiggle=1.0, jawOpen=0.5)))
    assert sample.oddities == ("unknown curve",)
    assert sample.curves[INDEX["jawOpen"]] == 0.5


@pytest.mark.parametrize(
    ("axis", "turn"),
    [((0, 1, 0), (0.4, 0, 0)), ((1, 0, 0), (0, 0.4, 0)), ((0, 0, 1), (0, 0, 0.4))],
    ids=["to the right", "down", "to the left shoulder"],
)
def test_the_head_turns_as_the_avatar_does(axis: tuple[int, ...], turn: tuple[float, ...]) -> None:
    rotation = [part * math.sin(0.2) for part in axis]
    sample = only(Vmc().read(bundle((BONE, "Head", 0.0, 1.5, 0.0, *rotation, math.cos(0.2)), (APPLY,))))
    assert sample.curves[52:] == pytest.approx(turn, abs=1e-6)


def test_neck_is_added_where_it_is_asked_for_and_eyes_are_kept() -> None:
    half = (0.0, math.sin(0.1), 0.0, math.cos(0.1))
    packet = bundle(*((BONE, bone, 0.0, 0.0, 0.0, *half) for bone in ("Neck", "Head", "RightEye", "Hips")), (APPLY,))
    assert only(Vmc().read(packet)).curves[52] == pytest.approx(0.2)
    sample = only(Vmc(neck=True).read(packet))
    assert sample.curves[52] == pytest.approx(0.4)
    assert sample.eyes == pytest.approx([0, 0, 0, 0.2, 0, 0])


def test_a_bone_that_is_no_rotation_leaves_the_head_as_it_was() -> None:
    decoder, turned = Vmc(), (0.0, math.sin(0.1), 0.0, math.cos(0.1))
    decoder.read(bundle((BONE, "Head", 0.0, 0.0, 0.0, *turned), (APPLY,)))
    for wrong in ((0.0,) * 7, (0.0, 0.0, 0.0, math.nan, 0.0, 0.0, 1.0), (0.0, 0.0), ("x",) * 7):
        sample = only(decoder.read(bundle((BONE, "Head", *wrong), (APPLY,))))
        assert sample.oddities == ("bad rotation",)
        assert sample.curves[52] == pytest.approx(0.2)


def test_lost_tracking_is_told_at_once_and_once_a_frame() -> None:
    decoder = Vmc()
    decoder.read(frame(jawOpen=0.5))
    assert not only(decoder.read(message(OK, 1, 3, 0, 0))).tracked
    applied = only(decoder.read(frame(jawOpen=0.6)))
    assert not applied.tracked
    assert not applied.curves.any()
    assert decoder.read(message(OK, 1, 3, 0, 0)) == []
    assert len(decoder.read(message(OK, 1, 3, 0, 0))) == 1
    assert decoder.read(message(OK, 1, 3, 0, 1)) == []
    back = only(decoder.read(message(APPLY)))
    assert back.tracked
    assert back.curves[INDEX["jawOpen"]] == pytest.approx(0.6)


def test_no_avatar_is_no_face_and_short_states_are_tracked() -> None:
    decoder = Vmc()
    assert not only(decoder.read(message(OK, 0))).tracked
    decoder.read(message(OK, 1))
    assert only(decoder.read(message(APPLY))).tracked


def test_presets_speak_where_no_curves_do() -> None:
    decoder = Vmc()
    sample = only(decoder.read(frame(A=0.5, Blink_L=1.0)))
    assert sample.curves[INDEX["jawOpen"]] == pytest.approx(0.5 * VRM0["A"]["jawOpen"])
    assert sample.curves[INDEX["eyeBlinkLeft"]] == 1.0
    assert sample.curves[INDEX["eyeBlinkRight"]] == 0.0
    assert sample.oddities == ()


def test_arkit_curves_silence_presets_until_they_have_been_gone_a_while() -> None:
    decoder = Vmc()
    both = only(decoder.read(frame(Joy=1.0, jawOpen=0.25)))
    assert both.curves[INDEX["jawOpen"]] == 0.25
    assert both.curves[INDEX["mouthSmileLeft"]] == 0.0
    samples = [only(decoder.read(frame(Joy=1.0))) for _ in range(FORGET)]
    assert samples[0].curves[INDEX["jawOpen"]] == 0.25
    assert samples[-1].curves[INDEX["jawOpen"]] == 0.0
    assert samples[-1].curves[INDEX["mouthSmileLeft"]] > 0.5


def test_curves_that_never_move_give_way_to_presets() -> None:
    decoder, still = Vmc(), dict.fromkeys(ARKIT52, 0.0)
    samples = [only(decoder.read(frame(Joy=1.0, **still))) for _ in range(FORGET)]
    assert not samples[0].curves.any()
    assert samples[-1].curves[INDEX["mouthSmileLeft"]] > 0.5
    moved = only(decoder.read(frame(Joy=1.0, **still | {"jawOpen": 0.5})))
    assert np.flatnonzero(moved.curves).tolist() == [INDEX["jawOpen"]]


def test_vrm1_presets_are_those_of_vrm0() -> None:
    assert (PRESETS["happy"] == PRESETS["joy"]).all()
    assert (PRESETS["blinkleft"] == PRESETS["blinkl"]).all()


def test_other_messages_are_passed_over_and_another_protocol_is_refused() -> None:
    decoder = Vmc()
    assert decoder.read(message("/VMC/Ext/T", 12.5)) == []
    assert decoder.read(bundle(("/VMC/Ext/Root/Pos", "root", 0.0), ("/other", 1))) == []
    with pytest.raises(RefusedPacketError) as refused:
        decoder.read(message("/W", 3, 0.5))
    assert refused.value.reason == "not VMC"


def test_a_message_that_is_cut_short_changes_nothing() -> None:
    for packet in (message(VAL, "jawOpen", 0.5), message(BONE, "Head", *[0.5] * 7), message(OK, 1, 3, 0, 0)):
        decoder, refused = Vmc(), 0
        for cut in range(len(packet)):
            try:
                assert decoder.read(packet[:cut]) == []
            except RefusedPacketError:
                refused += 1
        assert refused > len(packet) // 2
        sample = only(decoder.read(message(APPLY)))
        assert sample.tracked
        assert not sample.curves.any()


def test_a_broken_bundle_changes_nothing() -> None:
    decoder, first = Vmc(), message(VAL, "jawOpen", 0.5)
    packet = bundle((VAL, "jawOpen", 0.5), (VAL, "tongueOut", 0.5))
    for cut in range(16 + 4 + len(first) + 1, len(packet)):
        with pytest.raises(RefusedPacketError):
            decoder.read(packet[:cut])
    assert not only(decoder.read(message(APPLY))).curves.any()


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.data())
def test_any_bytes_give_samples_or_a_refusal(data: st.DataObject) -> None:
    decoder = Vmc()
    whole = frame(jawOpen=0.5, A=1.0) + data.draw(st.binary(max_size=8))
    for packet in (
        data.draw(st.binary(max_size=200)),
        b"#bundle\0" + data.draw(st.binary(max_size=80)),
        _bent(whole, data),
    ):
        try:
            samples = decoder.read(packet)
        except RefusedPacketError:
            continue
        assert all(np.isfinite(sample.curves).all() for sample in samples)


def _bent(packet: bytes, data: st.DataObject) -> bytes:
    at = data.draw(st.integers(0, len(packet) - 1))
    return packet[:at] + data.draw(st.binary(min_size=1, max_size=4)) + packet[at + 1 :]


def test_bundles_in_bundles_are_refused_not_followed() -> None:
    packet = message(APPLY)
    for _ in range(2000):
        packet = b"#bundle\0" + bytes(8) + len(packet).to_bytes(4, "big") + packet
    with pytest.raises(RefusedPacketError, match="more than 1024"):
        Vmc().read(packet)


def test_what_a_stranger_says_is_not_remembered() -> None:
    decoder = Vmc()
    size = lambda: sum(len(held) for held in (decoder._presets, decoder._bones, decoder._oddities))  # noqa: E731
    decoder.read(frame(Joy=1.0))
    before = size()
    for turn in range(200):
        decoder.read(bundle((VAL, f"clip{turn}", 1.0), (BONE, f"Bone{turn}", *[0.1] * 7)))
    assert size() == before + 1


def test_python_osc_over_a_real_socket() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind(("127.0.0.1", 0))
        ours.settimeout(5)
        sender = SimpleUDPClient("127.0.0.1", ours.getsockname()[1])
        sender.send_message(VAL, ["eyeBlinkRight", 0.5])
        sender.send_message(APPLY, [])
        decoder = Vmc()
        samples = [sample for _ in range(2) for sample in decoder.read(ours.recv(65536))]
    assert only(samples).curves[INDEX["eyeBlinkRight"]] == 0.5
