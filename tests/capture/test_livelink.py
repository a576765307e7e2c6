"""Live Link Face packets to samples: the values, the time, and everything that may be amiss."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.livelink import LiveLink
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.errors import CommandError
from bridge.takes import read_take
from bridge.takes.timecode import parse_timecode
from protocol.blendshapes import ARKIT52, INDEX
from tests.capture.encoders import livelink as sender
from tests.capture.encoders.anything import spoilt

RAMP = np.linspace(0.0, 1.05, 61, dtype=np.float32)


def read(packet: bytes, units: str = "") -> Sample:
    (sample,) = LiveLink(units).read(packet)
    return sample


def refused(packet: bytes) -> RefusedPacketError:
    with pytest.raises(RefusedPacketError) as caught:
        LiveLink().read(packet)
    return caught.value


def test_values_stand_where_they_belong_and_are_not_clamped() -> None:
    sample = read(sender.packet(RAMP))
    assert np.array_equal(np.concatenate([sample.curves, sample.eyes]), RAMP)
    assert sample.curves.dtype == sample.eyes.dtype == np.float32
    assert (sample.device, sample.subject, sample.tracked, sample.oddities) == (sender.DEVICE, sender.SUBJECT, True, ())


def test_time_is_the_timecode_of_its_rate() -> None:
    sample = read(sender.packet(RAMP, ((10 * 60 + 20) * 60 + 30) * 60 + 7, 0.25))
    assert (sample.timecode, sample.rate) == ("10:20:30:07.250", 60.0)
    sample = read(sender.packet(RAMP, 30 * 61 + 29, 0.5, (30000, 1001)))
    assert (sample.timecode, sample.rate) == ("00:01:01:29.500", pytest.approx(29.97, abs=0.001))


@pytest.mark.parametrize(
    ("frame", "subframe", "rate", "timecode", "oddity"),
    [
        (100, 0.0, (60, 0), "", "no frame rate"),
        (100, 0.0, (0, 1), "", "no frame rate"),
        (100, 0.0, (-60, 1), "", "no frame rate"),
        (100, 0.0, (2**31 - 1, 1), "", "no frame rate"),
        (-1, 0.0, (60, 1), "", "time below 0"),
        (86400 * 60 + 61, 0.0, (60, 1), "00:00:01:01.000", "past 24 h"),
        (86400 * 60 - 1, 0.9999, (60, 1), "00:00:00:00.000", "past 24 h"),
        (61, float("nan"), (60, 1), "00:00:01:01.000", "subframe"),
        (61, float("inf"), (60, 1), "00:00:01:01.000", "subframe"),
    ],
)
def test_odd_times_leave_the_curves_alone(
    frame: int, subframe: float, rate: tuple[int, int], timecode: str, oddity: str
) -> None:
    sample = read(sender.packet(RAMP, frame, subframe, rate))
    assert (sample.timecode, sample.oddities) == (timecode, (oddity,))
    assert np.array_equal(sample.curves, RAMP[:55])


def test_subframe_above_one_is_added() -> None:
    assert read(sender.packet(RAMP, 100, 2.5)).timecode == "00:00:01:42.500"


def test_degrees_become_radians() -> None:
    values = np.zeros(61, np.float32)
    values[0], values[52:] = 0.5, (10, -20, 30, 1, 2, 3, 4, 5, 6)
    sample = read(sender.packet(values), "degrees")
    np.testing.assert_allclose(np.degrees(sample.curves[52:]), (10, -20, 30), rtol=1e-5)
    np.testing.assert_allclose(np.degrees(sample.eyes), (1, 2, 3, 4, 5, 6), rtol=1e-5)
    assert sample.curves[0] == 0.5
    assert read(sender.packet(values)).oddities == ("degrees?",)
    with pytest.raises(CommandError, match="units is 'turns'"):
        LiveLink("turns")


@pytest.mark.parametrize("packet", [sender.lost(), sender.lost() + bytes(16), sender.packet(np.zeros(0))])
def test_packet_that_ends_early_says_that_no_face_is_seen(packet: bytes) -> None:
    sample = read(packet)
    assert not sample.tracked and not sample.curves.any() and not sample.eyes.any()
    assert (sample.device, sample.subject) == (sender.DEVICE, sender.SUBJECT)


@pytest.mark.parametrize("device", ["", "a", "é" * 40, "x" * 400])
def test_device_may_be_of_any_length(device: str) -> None:
    assert read(sender.packet(RAMP, device=device, subject="Ω 1")).device == device


def test_what_a_terminal_cannot_show_is_left_out_of_a_name() -> None:
    assert read(sender.packet(RAMP, subject="A\x1b[2J\0\n")).subject == "A[2J"
    assert len(read(sender.packet(RAMP, subject="x" * 60_000)).subject) == 1024


@pytest.mark.parametrize("flag", [bytes(4), bytes(1), b""])
def test_version_5_has_a_clock(flag: bytes) -> None:
    sample = read(sender.packet5(RAMP, (1, 2, 3, 4), 30, flag))
    assert (sample.timecode, sample.rate) == ("01:02:03:04.000", 30.0)
    assert np.array_equal(sample.curves, RAMP[:55])


def test_version_5_with_a_rate_as_a_fraction() -> None:
    packet = sender.packet5(RAMP, (1, 2, 3, 4), 1001, struct.pack(">I", 60000))
    assert read(packet).timecode == "01:02:03:04.000"
    assert read(packet).rate == pytest.approx(59.94, abs=0.001)


@pytest.mark.parametrize("packet", [sender.packet4(RAMP), sender.packet4(RAMP, bytes(4))])
def test_version_4_has_no_time(packet: bytes) -> None:
    sample = read(packet)
    assert (sample.timecode, sample.device) == ("", sender.DEVICE)
    assert np.array_equal(sample.curves, RAMP[:55])


def test_first_versions() -> None:
    assert np.array_equal(read(sender.packet2(RAMP)).eyes, RAMP[55:])
    sample = read(sender.packet2(RAMP[:51], 1))
    assert np.array_equal(sample.curves[:51], RAMP[:51])
    assert not sample.curves[51:].any() and sample.device == "" and sample.subject == sender.SUBJECT


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"", "short"),
        (b"\x06", "short"),
        (b"\x06\x00\x00\x00\x24ABC", "short"),
        (b"\x06\xff\xff\xff\xff" + bytes(300), "short"),
        (b"\x07" + sender.packet(RAMP)[1:], "version"),
        (b"\x00" * 312, "version"),
        (b"{}", "version"),
        (sender.packet(RAMP)[:-1], "short"),
        (sender.packet(RAMP)[:-244], "short"),
        (sender.packet(RAMP) + b"\0", "long"),
        (sender.packet(RAMP[:52]), "count"),
        (sender.packet(np.zeros(62)), "count"),
        (sender.packet(np.where(np.arange(61) == 17, np.nan, RAMP)), "not a number"),
        (sender.packet(np.where(np.arange(61) == 60, np.inf, RAMP)), "not a number"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(packet: bytes, reason: str) -> None:
    error = refused(packet)
    assert error.reason == reason
    assert len(str(error)) > 10


@given(spoilt(sender.packet(RAMP), sender.lost(), sender.packet5(RAMP, (1, 2, 3, 4), 30), sender.packet4(RAMP)))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    try:
        samples = LiveLink().read(packet)
    except RefusedPacketError as error:
        assert error.reason and str(error)
        return
    for sample in samples:
        assert np.isfinite(sample.curves).all() and np.isfinite(sample.eyes).all()
        assert sample.timecode == "" or parse_timecode(sample.timecode)


@given(
    st.lists(st.floats(-2, 2, width=32), min_size=61, max_size=61),
    st.integers(0, 86400 * 120 - 1), st.sampled_from([24, 25, 30, 50, 60, 120]), st.text(max_size=40),
)  # fmt: skip
@settings(deadline=None, derandomize=True, max_examples=40)
def test_round_trip(values: list[float], frame: int, rate: int, subject: str) -> None:
    frame %= 86400 * rate
    sample = read(sender.packet(np.array(values), frame, 0.125, (rate, 1), subject=subject))
    assert np.array_equal(np.concatenate([sample.curves, sample.eyes]), np.array(values, np.float32))
    stamp = parse_timecode(sample.timecode)
    assert (stamp.second * rate + stamp.frame, sample.oddities) == (pytest.approx(frame + 0.125), ())
    assert sample.subject == "".join(letter for letter in subject if letter.isprintable())


def recorded(path: Path) -> list[bytes]:
    """The packets of a recording: gzip of u8 version, u32 count, and each packet behind its u32 size."""
    data, at, packets = gzip.decompress(path.read_bytes()), 5, []
    for _ in range(struct.unpack_from(">I", data, 1)[0]):
        (size,) = struct.unpack_from(">I", data, at)
        packets.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return packets


def test_recording_sweeps_each_channel_in_its_own_slot(shared_data: Callable[[str], Path]) -> None:
    source = LiveLink()
    samples = [source.read(packet)[0] for packet in recorded(shared_data("captures/sweep.gesichter"))]
    values = np.array([[*sample.curves, *sample.eyes] for sample in samples])
    assert values.shape == (3660, 61)
    assert all(sample.tracked and sample.oddities == () and sample.rate == 60.0 for sample in samples)
    for channel in range(61):
        swept = values[60 * channel : 60 * (channel + 1)]
        assert np.ptp(swept[:, channel]) > 0.9
        assert not np.delete(swept, channel, axis=1).any()


@pytest.mark.parametrize(("name", "rows"), [("rom_3", 4030), ("slate_3", 328)])
def test_recorded_rows_survive_the_wire(shared_data: Callable[[str], Path], name: str, rows: int) -> None:
    take = read_take(shared_data(f"captures/{name}.csv"))
    assert len(take) == rows
    source = LiveLink()
    for curves, eyes, timecode in zip(take.curves, take.eyes, take.timecodes, strict=True):
        (sample,) = source.read(sender.of_sample(Sample(curves, eyes), parse_timecode(timecode)))
        assert np.array_equal(sample.curves, curves) and np.array_equal(sample.eyes, eyes)
        assert sample.timecode == timecode


def test_order_of_the_packet_is_that_of_the_curves() -> None:
    assert (ARKIT52[15], ARKIT52[16], ARKIT52[21], ARKIT52[22]) == ("jawLeft", "jawRight", "mouthLeft", "mouthRight")
    assert (INDEX["tongueOut"], INDEX["headYaw"]) == (51, 52)
