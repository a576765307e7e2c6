"""Names and numbers as senders write them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.spelling import number, place_of
from bridge.capture.vrm_presets import PRESETS, RENAMED, VRM0, arkit_of
from protocol.blendshapes import ARKIT52, INDEX


def test_every_curve_is_known_by_its_name_and_by_its_side_in_short() -> None:
    for place, name in enumerate(ARKIT52):
        short = name.replace("Left", "_L").replace("Right", "_R")
        assert (
            place_of(name) == place_of(name.upper()) == place_of(f"{name[:3]}_{name[3:]}") == place_of(short) == place
        )


@pytest.mark.parametrize("name", ["", "_", "jaw", "headYaw", "mouthSmile", "neutral", "jawOpen2", "j" * 10_000])
def test_what_is_no_curve_is_none(name: str) -> None:
    assert place_of(name) is None


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.none() | st.booleans() | st.text() | st.integers() | st.floats() | st.lists(st.integers()))
def test_anything_is_a_number_float32_can_hold_or_nan(value: object) -> None:
    result = number(value)
    assert math.isnan(result) or math.isfinite(np.float32(result))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**100:
        assert result == value


def test_numbers_that_are_too_large_are_none() -> None:
    assert math.isnan(number(10**400))
    assert math.isnan(number(1e39))
    assert math.isnan(number(True))


def test_presets_of_vrm_are_curves_between_rest_and_full() -> None:
    assert len(PRESETS) == len(VRM0) + len(RENAMED)
    for curves in PRESETS.values():
        assert (curves >= 0).all()
        assert (curves <= 1).all()


def test_presets_add_up_by_their_weights() -> None:
    both = arkit_of({"blinkl": 0.5, "blinkr": 1.0, "a": 0.0})
    assert both[INDEX["eyeBlinkLeft"]] == 0.5
    assert both[INDEX["eyeBlinkRight"]] == 1.0
    assert np.count_nonzero(both) == 2
    assert not arkit_of({}).any()
