"""Each step of the chain: what it does, and what it never does whatever it is given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.performance.channels import CHANNELS, COUNT, GROUPS, HEAD, ROTATIONS, WEIGHTS, place_of, spread
from bridge.performance.clamp import Clamp, clamp
from bridge.performance.dead_zone import quieten
from bridge.performance.gain import amplify
from bridge.performance.head import Head, hold_head
from bridge.performance.mirror import mirror
from bridge.performance.neutral import Calibration, relax
from bridge.performance.offset import shift
from bridge.performance.remap import read_remap, remap
from bridge.performance.settings import fill

quick = settings(deadline=None, derandomize=True, max_examples=100)
JAW, YAW = CHANNELS.index("jawOpen"), CHANNELS.index("headYaw")
EXTREMES = np.array([0.0, -0.0, 1.0, -1.0, 1e-30, 3.4e38, -3.4e38])


def _pose(seed: int, size: float) -> np.ndarray:
    """Some channels ordinary, some extreme: drawing each by itself takes seconds a test."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(COUNT) < 0.5, rng.normal(0.0, size, COUNT), rng.choice(EXTREMES, COUNT))


anything = st.builds(_pose, st.integers(0, 2**32), st.sampled_from([1e-6, 0.3, 2.0, 1e6, 1e37]))
weights = st.builds(lambda seed: np.random.default_rng(seed).uniform(-0.5, 1.5, COUNT), st.integers(0, 2**32))


def pose(**values: float) -> np.ndarray:
    return np.array(spread(values))


def test_groups_part_the_face() -> None:
    parts = [place for group, places in GROUPS.items() if group not in ("face", "head", "eyes") for place in places]
    assert sorted(parts) == list(GROUPS["face"]) == list(range(52))
    assert GROUPS["head"] == (52, 53, 54)
    assert GROUPS["eyes"] == (55, 56, 57, 58, 59, 60)


@pytest.mark.parametrize("name", ["jawOpen", "JawOpen", "jaw_open", "JAW_OPEN", "jawopen"])
def test_names_are_found_whatever_their_case_and_underscores(name: str) -> None:
    assert place_of(name) == JAW
    assert place_of(name + "s") is None


def test_a_curve_goes_before_its_group_and_a_group_before_the_face_whatever_the_order() -> None:
    one = spread({"face": 1.0, "jaw": 2.0, "jawOpen": 3.0}, rest=9.0)
    other = spread({"jawOpen": 3.0, "jaw": 2.0, "face": 1.0}, rest=9.0)
    assert np.array_equal(one, other)
    assert [one[place_of(name)] for name in ("browInnerUp", "jawLeft", "jawOpen", "headYaw")] == [1, 2, 3, 9]


def test_a_curve_is_fed_from_others_in_shares_of_what_came() -> None:
    fed = {"cheekPuff": {"cheekPuff": 1.0, "mouth_pucker": 0.5}, "mouthPucker": "jawOpen", "tongueOut": {}}
    out = remap(read_remap(fed, "remap"), pose(cheekPuff=0.2, mouthPucker=0.6, jawOpen=0.8, tongueOut=1.0, headYaw=0.1))
    assert out == pytest.approx(pose(cheekPuff=0.5, mouthPucker=0.8, jawOpen=0.8, headYaw=0.1))


@quick
@given(weights, weights)
def test_calibration_takes_the_rest_to_0_and_leaves_1(rest: np.ndarray, values: np.ndarray) -> None:
    settings = fill(Calibration, {"most": 0.5})
    rest = np.clip(rest, -0.5, 0.5)
    assert relax(settings, rest, rest) == pytest.approx(np.zeros(COUNT))
    assert relax(settings, rest, np.ones(COUNT))[WEIGHTS] == pytest.approx(np.ones(52))
    assert (relax(settings, rest, values) - relax(settings, rest, values - 0.25) > 0).all()


def test_a_high_rest_counts_up_to_the_most() -> None:
    out = relax(fill(Calibration, {"most": 0.4}), pose(jawOpen=0.95), pose(jawOpen=1.0, browInnerUp=0.3))
    assert out == pytest.approx(pose(jawOpen=1.0, browInnerUp=0.3))
    assert relax(fill(Calibration, {"most": 0.4}), pose(jawOpen=0.95), pose(jawOpen=0.7))[JAW] == pytest.approx(0.5)


def test_calibration_can_spare_the_head_and_be_set_aside() -> None:
    rest, values = pose(headYaw=0.2, LeftEyePitch=0.1, jawOpen=0.1), pose(headYaw=0.5, jawOpen=1.0)
    assert relax(fill(Calibration, {"head": False}), rest, values)[ROTATIONS] == pytest.approx(values[ROTATIONS])
    assert relax(fill(Calibration, {}), rest, values)[YAW] == pytest.approx(0.3)
    assert np.array_equal(relax(fill(Calibration, {"on": False}), rest, values), values)


def test_gain_and_offset_are_by_curve() -> None:
    values = pose(jawOpen=0.5, headYaw=0.3, mouthLeft=0.5)
    assert amplify(spread({"jawOpen": 1.2, "headYaw": -1.0}, 1.0), values) == pytest.approx(
        pose(jawOpen=0.6, headYaw=-0.3, mouthLeft=0.5)
    )
    assert shift(spread({"jawOpen": 0.1, "cheekPuff": -0.1}), values) == pytest.approx(
        pose(jawOpen=0.6, headYaw=0.3, mouthLeft=0.5, cheekPuff=-0.1)
    )


@quick
@given(weights, st.floats(0, 0.9))
def test_a_dead_zone_is_still_within_and_continuous_at_its_edge(values: np.ndarray, width: float) -> None:
    zone = np.full(COUNT, width)
    out = quieten(zone, values)
    assert not out[np.abs(values) <= width].any()
    assert (np.abs(out[WEIGHTS]) <= np.maximum(np.abs(values[WEIGHTS]), 1.0) / (1.0 - width)).all()
    assert quieten(zone, np.ones(COUNT))[WEIGHTS] == pytest.approx(np.ones(52))
    edge = np.copysign(zone + 1e-6, values)
    assert np.abs(quieten(zone, edge)).max() < 2e-5


@quick
@given(anything, st.sampled_from(["hard", "soft"]), st.floats(-1, 0.5), st.floats(0.5, 2), st.floats(0, 1))
def test_nothing_leaves_the_clamp_but_within_its_bounds(
    values: np.ndarray, mode: str, low: float, high: float, knee: float
) -> None:
    out = clamp(fill(Clamp, {"mode": mode, "low": low, "high": high, "knee": knee}), values)
    assert (out[WEIGHTS] >= low).all() and (out[WEIGHTS] <= high).all()
    assert np.array_equal(out[ROTATIONS], values[ROTATIONS])


def test_a_soft_clamp_gives_below_its_end_and_a_blink_shuts() -> None:
    settings = fill(Clamp, {"mode": "soft", "knee": 0.2})
    line = np.linspace(-0.5, 1.5, 401)
    out = np.array([clamp(settings, np.full(COUNT, value)) for value in line])
    jaw, blink = out[:, JAW], out[:, CHANNELS.index("eyeBlinkLeft")]
    slope = np.diff(jaw)[101:] / 0.005
    assert np.interp([0.8, 1.0, 1.2], line, jaw) == pytest.approx([0.8, 0.95, 1.0])
    assert np.abs(np.diff(slope)).max() < 0.02  # no corner at either end of the knee
    assert (np.diff(jaw) >= -1e-12).all()
    assert np.array_equal(blink, np.clip(line, 0, 1))


def test_a_clamp_that_is_off_keeps_overshoot() -> None:
    values = pose(jawOpen=1.05, cheekPuff=-0.02)
    assert np.array_equal(clamp(fill(Clamp, {}), values), values)


@quick
@given(anything)
def test_mirrored_twice_is_the_same(values: np.ndarray) -> None:
    assert np.array_equal(mirror(True, mirror(True, values)), values)
    assert np.array_equal(mirror(False, values), values)


def test_a_mirror_swaps_sides_and_turns_yaw_and_roll() -> None:
    came = pose(
        mouthSmileLeft=0.8, jawRight=0.3, eyeLookInLeft=0.4, browInnerUp=0.5, headYaw=0.1, headPitch=0.2, headRoll=0.3,
        LeftEyeYaw=0.4, RightEyePitch=0.5, LeftEyeRoll=0.6,
    )  # fmt: skip
    went = pose(
        mouthSmileRight=0.8, jawLeft=0.3, eyeLookInRight=0.4, browInnerUp=0.5, headYaw=-0.1, headPitch=0.2,
        headRoll=-0.3, RightEyeYaw=-0.4, LeftEyePitch=0.5, RightEyeRoll=-0.6,
    )  # fmt: skip
    assert mirror(True, came) == pytest.approx(went)


@quick
@given(anything, st.floats(0, 179))
def test_the_head_stays_within_its_range(values: np.ndarray, degrees: float) -> None:
    out = hold_head(fill(Head, {"yaw": degrees}), values)
    assert abs(out[YAW]) <= np.radians(degrees) + 1e-12
    assert out[YAW] * values[YAW] >= 0
    kept = np.arange(COUNT) != YAW
    assert np.array_equal(out[kept], values[kept])


def test_the_head_can_be_off_and_turns_freely_far_from_its_range() -> None:
    values = pose(headYaw=0.2, headPitch=-0.1, headRoll=0.3, jawOpen=0.5)
    assert not hold_head(fill(Head, {"on": False}), values)[HEAD].any()
    assert hold_head(fill(Head, {"on": False}), values)[JAW] == 0.5
    assert hold_head(fill(Head, {"yaw": 60, "pitch": 45, "roll": 45}), values) == pytest.approx(values)
