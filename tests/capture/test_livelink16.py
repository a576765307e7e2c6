"""Live Link Face's 16-bit layout: names from a control session, or assumed."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings

from bridge.capture.livelink import LiveLink
from bridge.capture.metahuman_curves import TABLE
from bridge.capture.sample import RefusedPacketError, Sample
from protocol.blendshapes import ARKIT52, INDEX
from tests.capture.encoders import livelink16 as sender
from tests.capture.encoders.anything import spoilt

RAMP = np.arange(52) / 65535 * 1000
SHUFFLED = [name[0].upper() + name[1:] for name in reversed(ARKIT52)]
CONTROLS = {"7F3A": SHUFFLED}


def read(packet: bytes, controls: dict[str, list[str]] | None = None, units: str = "") -> Sample:
    (sample,) = LiveLink(units, controls).read(packet)
    return sample


@pytest.mark.parametrize("order", "<>")
def test_values_go_by_the_names_that_the_phone_gave(order: str) -> None:
    sample = read(sender.packet(RAMP[::-1], frame=3661 * 60 + 5, order=order), CONTROLS)
    np.testing.assert_allclose(sample.curves[:52], RAMP, atol=1e-7)
    assert (sample.subject, sample.timecode, sample.oddities) == ("7F3A", "01:01:01:05.000", ())


def test_full_scale_is_one() -> None:
    assert (read(sender.packet(np.ones(52)), CONTROLS).curves[:52] == 1).all()


@pytest.mark.parametrize("count", [51, 52, 61])
def test_usual_numbers_of_values_need_no_names(count: int) -> None:
    sample = read(sender.packet(np.resize(RAMP, count)))
    known = min(count, 52)
    np.testing.assert_allclose(sample.curves[:known], RAMP[:known], atol=1e-7)
    assert not sample.curves[known:].any()
    assert sample.oddities == ("names assumed",)


def test_head_is_turned_to_the_signs_of_the_curves() -> None:
    sample = read(sender.packet(RAMP, (3, 10, 20, 0, 0, 0)), CONTROLS)
    np.testing.assert_allclose(np.degrees(sample.curves[52:]), (20, -10, -3), rtol=1e-5)
    sample = read(sender.packet(RAMP, (0.3, 0.1, 0.2, 0, 0, 0)), CONTROLS, "radians")
    np.testing.assert_allclose(sample.curves[52:], (0.2, -0.1, -0.3), rtol=1e-5)


def test_controls_of_a_metahuman_move_the_curves_that_are_meant() -> None:
    names = [f"CTRL_expressions_{control}" for rig in TABLE.values() for control in rig] + ["CTRL_expressions_neckUp"]
    values = np.zeros(len(names))
    for name in ("jawOpen", "mouthFunnelUL", "mouthFunnelUR", "eyeLookRightL", "browDownR"):
        values[names.index(f"CTRL_expressions_{name}")] = 1.0
    sample = read(sender.packet(values), {"7F3A": names})
    moved = {name: float(sample.curves[INDEX[name]]) for name in ARKIT52 if sample.curves[INDEX[name]]}
    assert moved == {"jawOpen": 1.0, "mouthFunnel": 0.5, "eyeLookInLeft": 1.0, "browDownRight": 1.0}
    assert sample.oddities == ()


def test_table_of_the_metahuman_has_every_curve_once() -> None:
    assert sorted(TABLE) == sorted(ARKIT52)


def test_names_may_come_later() -> None:
    controls: dict[str, list[str]] = {}
    source, packet = LiveLink(controls=controls), sender.packet(np.full(40, 0.5))
    with pytest.raises(RefusedPacketError, match="without names"):
        source.read(packet)
    controls["7F3A"] = SHUFFLED[:40]
    assert source.read(packet)[0].curves[51] == pytest.approx(0.5, abs=1e-5)


def test_unknown_name_is_counted() -> None:
    names = [*SHUFFLED[:-1], "EarWiggle"]
    assert read(sender.packet(RAMP), {"7F3A": names}).oddities == ("unknown name",)


@pytest.mark.parametrize(
    ("packet", "controls", "reason"),
    [
        (sender.packet(np.zeros(130)), {}, "no names"),
        (sender.packet(RAMP, subject="other"), CONTROLS, ""),
        (sender.packet(np.zeros(51)), CONTROLS, "count"),
        (sender.packet(np.zeros(2)), {"7F3A": ["left", "right"]}, "no names"),
        (sender.packet(RAMP, (float("nan"), 0, 0, 0, 0, 0)), CONTROLS, "not a number"),
        (sender.packet(RAMP)[:-1], CONTROLS, "short"),
        (sender.packet(RAMP) + b"\0", CONTROLS, "short"),
    ],
)
def test_what_does_not_fit_is_refused(packet: bytes, controls: dict[str, list[str]], reason: str) -> None:
    if not reason:
        assert read(packet, controls).oddities == ("names assumed",)
        return
    with pytest.raises(RefusedPacketError) as caught:
        read(packet, controls)
    assert caught.value.reason == reason


def test_older_layouts_are_not_taken_for_it() -> None:
    packet = b"\x06" + struct.pack(">i", 0) + struct.pack(">i", 37) + b"a" * 37
    assert not read(packet).tracked


@given(spoilt(sender.packet(RAMP), sender.packet(RAMP, order=">"), sender.packet(np.zeros(130))))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    try:
        (sample,) = LiveLink(controls=CONTROLS).read(packet)
    except RefusedPacketError as error:
        assert error.reason and str(error)
        return
    assert np.isfinite(sample.curves).all()
