"""Face Cap as python-osc sends it, in bundles and message by message."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.facecap import ORDER, FaceCap
from bridge.capture.sample import RefusedPacketError, Sample
from protocol.blendshapes import ARKIT52, INDEX
from tests.capture.osc_sender import bundle, message

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
POSE = [("/HT", 0.0, 0.0, 0.5), ("/HR", 10.0, 20.0, -30.0), ("/ELR", 4.0, 8.0), ("/ERR", -4.0, 8.0)]


def weights(values: list[float]) -> list[tuple[object, ...]]:
    return [("/W", index, value) for index, value in enumerate(values)]


def only(samples: list[Sample]) -> Sample:
    assert len(samples) == 1
    return samples[0]


def test_the_order_names_each_curve_once() -> None:
    assert sorted(ORDER) == sorted(ARKIT52)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(FLOATS, min_size=52, max_size=52))
def test_each_index_has_its_own_curve(values: list[float]) -> None:
    sample = only(FaceCap().read(bundle(*POSE, *weights(values))))
    assert [sample.curves[INDEX[name]] for name in ORDER] == values
    assert sample.oddities == ()


@pytest.mark.parametrize(
    ("index", "name"),
    [(0, "browInnerUp"), (9, "eyeLookInLeft"), (13, "eyeBlinkLeft"), (24, "jawOpen"), (51, "tongueOut")],
)
def test_known_indexes(index: int, name: str) -> None:
    sample = only(FaceCap().read(bundle(("/HT", 0.0, 0.0, 0.0), ("/W", index, 0.5))))
    assert np.flatnonzero(sample.curves).tolist() == [INDEX[name]]


def test_degrees_become_the_signs_of_every_source() -> None:
    sample = only(FaceCap().read(bundle(*POSE)))
    assert np.degrees(sample.curves[52:]) == pytest.approx([-20, 10, 30], abs=1e-4)
    assert np.degrees(sample.eyes) == pytest.approx([-8, 4, 0, -8, -4, 0], abs=1e-4)


@pytest.mark.parametrize("pose_first", [True, False])
def test_singly_sent_messages_make_one_sample_a_round(pose_first: bool) -> None:
    decoder, counts, yaws = FaceCap(), [], []
    for turn in range(5):
        pose = [("/HT", 0.0, 0.0, 0.0), ("/HR", 0.0, turn + 1.0, 0.0)]
        shapes = weights([turn / 10] * 52)
        for address, *values in [*pose, *shapes] if pose_first else [*shapes, *pose]:
            for sample in decoder.read(message(str(address), *values)):
                counts.append(round(float(sample.curves[0]), 3))
                yaws.append(round(-math.degrees(sample.curves[52]), 3))
    assert counts == [0.0, 0.1, 0.2, 0.3, 0.4]
    # In the first round nobody can know that the head is still to come.
    assert yaws == [1 if pose_first else 0, 2, 3, 4, 5]


def test_a_round_without_its_end_is_told_with_the_next() -> None:
    decoder, seen = FaceCap(), []
    for turn in range(3):
        for index in (0, 24):
            seen += decoder.read(message("/W", index, turn / 4))
    assert [float(sample.curves[INDEX["jawOpen"]]) for sample in seen] == [0.0, 0.25, 0.5]


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    decoder = FaceCap()
    wrong = [("/W", 52, 1.0), ("/W", -1, 1.0), ("/W", 24, math.nan), ("/W", 24), ("/HR", 1.0, 2.0), ("/W", "a", "b")]
    sample = only(decoder.read(bundle(*wrong)))
    assert sample.oddities == ("bad value", "unknown curve")
    assert not sample.curves.any()
    assert only(decoder.read(bundle(("/W", 24, 0.5), ("/W", 0, 0.5)))).oddities == ()


def test_another_protocol_is_refused() -> None:
    for packet, reason in ((message("/VMC/Ext/Blend/Apply"), "not Face Cap"), (b"{}", "not OSC"), (b"", "not OSC")):
        with pytest.raises(RefusedPacketError) as refused:
            FaceCap().read(packet)
        assert refused.value.reason == reason


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.data())
def test_any_bytes_give_samples_or_a_refusal_and_memory_is_bounded(data: st.DataObject) -> None:
    decoder = FaceCap()
    values = st.one_of(st.integers(-(2**31), 2**31 - 1), st.floats(width=32), st.text("ab", max_size=3), st.booleans())
    address = st.sampled_from(["/W", "/HR", "/ELR", "/HT", "/X"])
    packets = [message(data.draw(address), *data.draw(st.lists(values, max_size=4))) for _ in range(5)]
    at = data.draw(st.integers(0, len(packets[0])))
    bent = packets[0][:at] + data.draw(st.binary(max_size=6))
    for packet in (
        *packets,
        bent,
        b"/W\0\0,if\0" + data.draw(st.binary(max_size=12)),
        data.draw(st.binary(max_size=64)),
    ):
        try:
            samples = decoder.read(packet)
        except RefusedPacketError:
            continue
        assert all(np.isfinite(sample.curves).all() and np.isfinite(sample.eyes).all() for sample in samples)
    assert len(decoder._round) <= len(ORDER) + 5
