"""Rokoko Studio's scenes, plain and packed."""

import json
import math
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.rokoko import LARGEST, Rokoko
from bridge.capture.sample import RefusedPacketError
from protocol.blendshapes import ARKIT52, INDEX

FLOATS = st.floats(-200, 200, width=32)
KEYS = ["scene", "faces", "actors", "meta", "face", "hasFace", "name", "jawOpen", "characters", "blendshapes", "names"]
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


def face(value: float = 50.0) -> dict[str, Any]:
    return {"faceId": "face1", **dict.fromkeys(ARKIT52, value)}


def actor(name: str, **face_values: Any) -> dict[str, Any]:
    return {"name": name, "meta": {"hasFace": True, "hasBody": False}, "face": {**face(), **face_values}}


def scene(*actors: Any) -> dict[str, Any]:
    return {"version": "3,0", "fps": 60, "scene": {"timestamp": 1.5, "actors": list(actors), "props": []}}


def packed(data: Any) -> bytes:
    return json.dumps(data).encode()


def reason_of(packet: bytes) -> str:
    with pytest.raises(RefusedPacketError) as refused:
        Rokoko().read(packet)
    return refused.value.reason


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(FLOATS, min_size=52, max_size=52))
def test_all_curves_come_back(values: list[float]) -> None:
    (sample,) = Rokoko().read(packed(scene(actor("Ada", **dict(zip(ARKIT52, values, strict=True))))))
    assert sample.curves[:52] == pytest.approx(np.array(values) / 100, rel=1e-6)
    assert (sample.subject, sample.tracked, sample.oddities) == ("Ada", True, ())


def test_each_actor_with_a_face_is_a_sample() -> None:
    faceless = {"name": "Body", "meta": {"hasFace": False}, "face": face()}
    samples = Rokoko().read(packed(scene(actor("Ada"), faceless, actor("Bo", jawOpen=100))))
    assert [sample.subject for sample in samples] == ["Ada", "Bo"]
    assert samples[1].curves[INDEX["jawOpen"]] == 1.0


def test_version_2_lists_faces_by_themselves() -> None:
    old = {"version": 2.5, "timestamp": 1.0, "props": [], "trackers": [], "actors": []}
    old["faces"] = [face() | {"profileName": "Ada"}, face(20.0)]
    samples = Rokoko().read(packed(old))
    assert [sample.subject for sample in samples] == ["Ada", "face1"]
    assert samples[1].curves[0] == pytest.approx(0.2)


def test_a_character_speaks_where_no_actor_has_a_face() -> None:
    data = scene({"name": "Body", "meta": {"hasFace": False}})
    data["scene"]["characters"] = [{"name": "Newton", "blendshapes": {"names": ["jawOpen", "x"], "values": [50, 1]}}, 3]
    (sample,) = Rokoko().read(packed(data))
    assert (sample.subject, sample.oddities) == ("Newton", ("missing curve",))
    assert np.flatnonzero(sample.curves).tolist() == [INDEX["jawOpen"]]
    assert sample.curves[INDEX["jawOpen"]] == 0.5


@pytest.mark.needs(module="lz4.frame")
def test_an_lz4_frame_is_the_same() -> None:
    import lz4.frame

    plain = packed(scene(actor("Ada", jawOpen=25)))
    (sample,) = Rokoko().read(lz4.frame.compress(plain))
    assert (sample.curves == Rokoko().read(plain)[0].curves).all()


@pytest.mark.needs(module="lz4.frame")
def test_a_frame_that_swells_is_refused() -> None:
    import lz4.frame

    bomb = lz4.frame.compress(b" " * (LARGEST * 100))
    assert len(bomb) < 200_000
    assert reason_of(bomb) == "broken LZ4"
    whole = lz4.frame.compress(packed(scene(actor("Ada"))))
    assert reason_of(whole[:-9]) == "broken LZ4"
    assert reason_of(whole[:40] + b"\xff" * 40) == "broken LZ4"


def test_without_lz4_the_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lz4.frame", None)
    with pytest.raises(RefusedPacketError, match=r"pip install lz4.*plain JSON"):
        Rokoko().read(b"\x04\x22\x4d\x18" + bytes(20))


def test_values_that_are_none_are_left_at_rest() -> None:
    (sample,) = Rokoko().read(packed(scene(actor("Ada", jawOpen=math.nan, tongueOut="far", mouthLeft=True))))
    assert sample.oddities == ("bad value", "missing curve")
    assert sample.curves[INDEX["jawOpen"]] == 0.0
    assert sample.curves[INDEX["jawForward"]] == 0.5


def test_what_is_no_scene_is_refused() -> None:
    assert reason_of(packed(scene())) == "no face"
    assert reason_of(packed(scene({"name": "Body", "meta": {"hasFace": False}}))) == "no face"
    assert reason_of(packed({"version": 3})) == "not Rokoko"
    assert reason_of(b"[1, 2]") == "not Rokoko"
    assert reason_of(b"\x06\0\0") == "not JSON"
    assert reason_of(b"[" * 60_000) == "not JSON"


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.binary(max_size=100), JSON, JSON)
def test_any_bytes_give_samples_or_a_refusal(garbage: bytes, tree: Any, inner: Any) -> None:
    for packet in (
        garbage,
        b"\x04\x22\x4d\x18" + garbage,
        packed(tree),
        packed(scene(actor("Ada", jawOpen=inner), tree)),
    ):
        try:
            samples = Rokoko().read(packet)
        except RefusedPacketError:
            continue
        assert all(np.isfinite(sample.curves).all() for sample in samples)
