"""iFacialMocap's two text versions and Facemotion3D's to samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.facemotion3d import Facemotion3D
from bridge.capture.ifacialmocap import IFacialMocap
from bridge.capture.packets import Packets
from bridge.capture.sample import Decoder, RefusedPacketError, Sample
from protocol.blendshapes import ARKIT52, INDEX
from tests.capture.encoders import mocap_text as sender
from tests.capture.encoders.anything import spoilt

FACE = {name: (3 * place % 101) / 100 for place, name in enumerate(ARKIT52)}


def read(packet: bytes | str, source: Decoder | None = None) -> Sample:
    (sample,) = (source or IFacialMocap()).read(packet.encode() if isinstance(packet, str) else packet)
    return sample


def curve(sample: Sample, name: str) -> float:
    return float(sample.curves[INDEX[name]])


@pytest.mark.parametrize(
    ("packet", "source"),
    [
        (sender.version1(FACE), IFacialMocap()),
        (sender.version2(FACE), IFacialMocap()),
        (sender.facemotion3d(FACE), Facemotion3D()),
    ],
)
def test_every_curve_finds_its_place(packet: bytes, source: Decoder) -> None:
    sample = read(packet, source)
    np.testing.assert_allclose(sample.curves[:52], [FACE[name] for name in ARKIT52], atol=1e-6)
    assert (sample.tracked, sample.oddities, sample.timecode) == (True, (), "")


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        ("mouthSmile_R-12", "mouthSmileRight", 0.12),
        ("eyeblink_l-100", "eyeBlinkLeft", 1.0),
        ("EyeBlinkLeft&33", "eyeBlinkLeft", 0.33),
        ("mouthLeft-7", "mouthLeft", 0.07),
        ("mouthLeft--7", "mouthLeft", -0.07),
        ("jawOpen&-25.5", "jawOpen", -0.255),
        ("jawOpen&150", "jawOpen", 1.5),
        ("jawOpen-1e-05", "jawOpen", 1e-7),
        ("jaw_Open& 5 ", "jawOpen", 0.05),
    ],
)
def test_fields(field: str, name: str, value: float) -> None:
    sample = read(f"{field}|")
    assert curve(sample, name) == pytest.approx(value)
    assert np.count_nonzero(sample.curves) == 1
    assert sample.oddities == ("curves missing", "no head")


def test_angles_are_turned_to_the_signs_of_the_curves() -> None:
    """The makers' sample: eyes that look down and converge."""
    head, right, left = (-21.5, -6.0, -6.6), (6.03, 2.44, 0.26), (6.03, -1.67, -0.18)
    sample = read(sender.version1(FACE, head, right, left))
    np.testing.assert_allclose(np.degrees(sample.curves[52:]), (6.0, -21.5, 6.6), rtol=1e-5)
    np.testing.assert_allclose(np.degrees(sample.eyes), (1.67, 6.03, 0.18, -2.44, 6.03, -0.26), rtol=1e-5)


def test_lost_face_is_told() -> None:
    sample = read(b"trackingStatus-0|" + sender.version1(FACE, (1, 2, 3)))
    assert not sample.tracked and not sample.curves.any() and not sample.eyes.any()
    assert read(b"trackingStatus-1|" + sender.version1(FACE)).tracked


def test_keys_of_the_app_are_passed_over_and_others_counted() -> None:
    assert read(b"hapihapi-0|FM_SAD&20|" + sender.version2(FACE)).oddities == ()
    assert read(b"mySmile&20|" + sender.version2(FACE)).oddities == ("unknown name",)


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"", "unreadable"),
        (b"hello", "unreadable"),
        (b"\xff\xfe\x00", "unreadable"),
        (b"jawOpen-abc|", "not a number"),
        (b"jawOpen-nan|", "not a number"),
        (b"jawOpen&1e999|", "not a number"),
        (b"jawOpen&|", "not a number"),
        (b"jawOpen|", "not a number"),
        (b"jawOpen-1|=head#1,2,3|", "short"),
        (b"jawOpen-1|=head#1,2,3,4,5,6,7|", "long"),
        (b"jawOpen-1|leftEye#1,x,3|", "not a number"),
        (b"jawOpen-1|" * 600, "long"),
        (b"a" * 20_000, "long"),
        (b"FMV3" + bytes(36), "version"),
        (b"iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719|sendDataVersion=v2", "greeting"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(packet: bytes, reason: str) -> None:
    with pytest.raises(RefusedPacketError) as caught:
        read(packet)
    assert caught.value.reason == reason
    with pytest.raises(RefusedPacketError):
        Facemotion3D().read(b"FACEMOTION3D_OtherStreaming")


@pytest.mark.parametrize("step", [1, 13, 100_000])
def test_messages_come_out_of_a_tcp_stream(step: int) -> None:
    stream = b"".join(sender.version2({"jawOpen": value}) + b"___iFacialMocap" for value in (0.1, 0.2, 0.3))
    packets = Packets(b"___iFacialMocap")
    pieces = [stream[at : at + step] for at in range(0, len(stream), step)]
    samples = [read(packet) for piece in pieces for packet in packets.split(piece)]
    assert [curve(sample, "jawOpen") for sample in samples] == pytest.approx([0.1, 0.2, 0.3])


@given(spoilt(sender.version1(FACE), sender.version2(FACE), sender.facemotion3d(FACE)))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    for source in (IFacialMocap(), Facemotion3D()):
        try:
            sample = read(packet, source)
        except RefusedPacketError as error:
            assert error.reason and str(error)
            continue
        assert np.isfinite(sample.curves).all() and np.isfinite(sample.eyes).all()


@given(st.text(alphabet="jawOpenLeftmouth_|=#&-,.0123456789eE", max_size=400))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_text_of_its_own_letters_is_read_or_refused(text: str) -> None:
    try:
        assert np.isfinite(read(text).curves).all()
    except RefusedPacketError as error:
        assert error.reason and str(error)


@given(st.lists(st.floats(-1.5, 1.5, width=32), min_size=52, max_size=52), st.tuples(*[st.floats(-80, 80)] * 3))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_round_trip(values: list[float], head: tuple[float, float, float]) -> None:
    sample = read(sender.version2(dict(zip(ARKIT52, values, strict=True)), head))
    np.testing.assert_allclose(sample.curves[:52], values, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(np.degrees(sample.curves[52:]), (-head[1], head[0], -head[2]), rtol=1e-4, atol=1e-4)
