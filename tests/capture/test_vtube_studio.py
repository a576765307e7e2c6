"""VTube Studio's answers, and what it is asked with."""

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.sample import RefusedPacketError
from bridge.capture.vtube_studio import LASTS, RENEW, VTubeStudio, request
from protocol.blendshapes import ARKIT52, INDEX

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["k", "v", "x", "y", "z"]), inner),
    max_leaves=12,
)


def answer(shapes: dict[str, Any], **others: Any) -> bytes:
    listed = [{"k": name[0].upper() + name[1:], "v": value} for name, value in shapes.items()]
    data = {"Timestamp": 1700000000000, "Hotkey": -1, "FaceFound": True, "BlendShapes": listed}
    data["Rotation"] = {"x": 0.0, "y": 0.0, "z": 0.0}
    return json.dumps(data | others).encode()


def test_the_request_is_the_makers() -> None:
    wish = json.loads(request(11125, {}))
    assert wish["messageType"] == "iOSTrackingDataRequest"
    assert wish["ports"] == [11125]
    assert 0.5 <= wish["time"] == LASTS <= 10
    assert 1 <= len(wish["sentBy"]) <= 32
    assert RENEW < LASTS


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(FLOATS, min_size=52, max_size=52))
def test_all_curves_come_back(values: list[float]) -> None:
    (sample,) = VTubeStudio().read(answer(dict(zip(ARKIT52, values, strict=True))))
    assert (sample.curves[:52] == np.array(values, np.float32)).all()
    assert sample.tracked
    assert sample.oddities == ()


def test_the_head_in_degrees() -> None:
    (sample,) = VTubeStudio().read(answer({}, Rotation={"x": 20, "y": 10, "z": -5}))
    assert np.degrees(sample.curves[52:]) == pytest.approx([-20, 10, 5], abs=1e-4)


def test_no_face_is_all_zeros() -> None:
    (sample,) = VTubeStudio().read(answer({"jawOpen": 1.0}, FaceFound=False, Rotation={"x": 20, "y": 0, "z": 0}))
    assert not sample.tracked
    assert not sample.curves.any()


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    (sample,) = VTubeStudio().read(answer({"hat": 1.0, "jawOpen": math.nan, "mouthSmile_L": 0.5}, Rotation={"x": None}))
    assert sample.oddities == ("bad rotation", "bad value", "unknown curve")
    assert np.flatnonzero(sample.curves).tolist() == [INDEX["mouthSmileLeft"]]


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe{", "not JSON"),
        (b"{}", "not VTube Studio"),
        (b"3", "not VTube Studio"),
        (b" " * 20000, "too long"),
    ],
)
def test_what_is_no_answer_is_refused(packet: bytes, reason: str) -> None:
    with pytest.raises(RefusedPacketError) as refused:
        VTubeStudio().read(packet)
    assert refused.value.reason == reason


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.binary(max_size=60), JSON, st.lists(JSON, max_size=4))
def test_any_bytes_give_samples_or_a_refusal(garbage: bytes, tree: Any, shapes: list[Any]) -> None:
    garbled = answer({}, Rotation=tree, BlendShapes=[*shapes, {"k": "jawOpen", "v": tree}])
    for packet in (garbage, json.dumps(tree).encode(), garbled, garbled[: len(garbage) * 3]):
        try:
            samples = VTubeStudio().read(packet)
        except RefusedPacketError:
            continue
        assert all(np.isfinite(sample.curves).all() for sample in samples)
