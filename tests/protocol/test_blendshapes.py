"""Curve names and error codes are those of registry.json, and curves come into the order of a basis."""

import re

import numpy as np
import pytest

from protocol.blendshapes import ARKIT52, ARKIT55, BASES, FLAME55, INDEX
from protocol.curves import in_order
from protocol.errors import ErrorCode, ProtocolError
from protocol.registry import CODECS, DELIVERIES, REGISTRY, ROW_ORDERS, VERSION

PACKET = """
eyeBlinkLeft eyeLookDownLeft eyeLookInLeft eyeLookOutLeft eyeLookUpLeft eyeSquintLeft eyeWideLeft
eyeBlinkRight eyeLookDownRight eyeLookInRight eyeLookOutRight eyeLookUpRight eyeSquintRight eyeWideRight
jawForward jawLeft jawRight jawOpen mouthClose mouthFunnel mouthPucker mouthLeft mouthRight
mouthSmileLeft mouthSmileRight mouthFrownLeft mouthFrownRight mouthDimpleLeft mouthDimpleRight
mouthStretchLeft mouthStretchRight mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper
mouthPressLeft mouthPressRight mouthLowerDownLeft mouthLowerDownRight mouthUpperUpLeft mouthUpperUpRight
browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff cheekSquintLeft cheekSquintRight
noseSneerLeft noseSneerRight tongueOut
"""


def test_arkit_is_in_the_order_of_the_packet() -> None:
    assert tuple(PACKET.split()) == ARKIT52
    assert (*PACKET.split(), "headYaw", "headPitch", "headRoll") == ARKIT55


def test_flame_is_what_the_registry_counts() -> None:
    sizes = REGISTRY["flame"]
    assert len(FLAME55) == 55 == sizes["expression"] + sizes["eyelids"] + sizes["jaw"]
    assert FLAME55[0] == "expression00" and FLAME55[49] == "expression49"
    assert FLAME55[50:] == ("eyelidLeft", "eyelidRight", "jawX", "jawY", "jawZ")


def test_names_are_distinct_and_keep_their_place() -> None:
    for names in BASES.values():
        assert len(set(names)) == len(names)
        assert [INDEX[name] for name in names] == list(range(len(names)))


def test_error_codes_are_those_of_the_registry() -> None:
    assert {error["code"]: error["name"] for error in REGISTRY["errors"]} == {
        code.value: code.name for code in ErrorCode
    }
    assert all(re.fullmatch(r"[A-Z][^.]*(\.|\.\.\.)", code.sentence) for code in ErrorCode)


def test_well_known_values() -> None:
    assert VERSION == 1
    assert CODECS == {"jpeg": 0, "rgb24": 3, "rgba32": 4}
    assert ROW_ORDERS == ("top", "bottom") and DELIVERIES == ("newest", "every")


def test_a_map_comes_into_order() -> None:
    values = in_order({"jawOpen": 0.5, "headYaw": 0.25, "earWiggle": 1.0}, "arkit52")
    assert values.dtype == np.float32 and values.shape == (52,)
    assert values[ARKIT52.index("jawOpen")] == 0.5 and values.sum() == 0.5
    assert in_order({"headYaw": 0.25}, "arkit55")[52] == 0.25
    assert in_order({"jawX": 0.25, "jawOpen": 0.5}, "flame55").tolist() == [0.0] * 52 + [0.25, 0.0, 0.0]
    assert not in_order({}, "arkit55").any()


def test_an_array_must_fit_the_basis() -> None:
    values = np.zeros(55, np.float32)
    assert in_order(values, "arkit55") is values
    with pytest.raises(ProtocolError, match="must have 52 floats for arkit52, not 55") as raised:
        in_order(values, "arkit52")
    assert raised.value.code is ErrorCode.bad_curves
