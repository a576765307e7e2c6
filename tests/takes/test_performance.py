"""The bundled performance: what it has to show, and that it moves as a face does."""

import itertools

import numpy as np
import pytest

from bridge.takes import FIRST_MINUTE, Take, read_take
from bridge.takes.compose import VERGENCE, compose
from protocol.blendshapes import ARKIT52, INDEX

RATE = 60


@pytest.fixture(scope="module")
def take() -> Take:
    return read_take(FIRST_MINUTE)


def curve(take: Take, name: str) -> np.ndarray:
    return take.curves[:, INDEX[name]]


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """(start, length) of each run of True."""
    lengths = [(key, len(list(group))) for key, group in itertools.groupby(mask)]
    starts = np.cumsum([0, *(length for _, length in lengths)])
    return [(int(start), length) for start, (key, length) in zip(starts, lengths, strict=False) if key]


def test_it_is_twenty_seconds_at_sixty(take: Take) -> None:
    assert len(take) == 20 * RATE
    assert np.diff(take.times) == pytest.approx(1 / RATE)
    assert take.problems == ()


def test_composing_again_gives_the_committed_file(take: Take) -> None:
    again = compose()
    assert again.timecodes == take.timecodes
    # A last digit may round differently on another processor.
    assert np.abs(again.curves - take.curves).max() < 1.5e-4
    assert np.abs(again.eyes - take.eyes).max() < 1.5e-4


def test_every_curve_but_none_too_far(take: Take) -> None:
    weights = take.curves[:, :52]
    assert weights.min() >= 0
    assert weights.max() <= 1
    # The head stays within the compact model's turns.
    assert np.degrees(np.abs(take.curves[:, 52:]).max()) <= 8
    unmoved = [name for name in ARKIT52 if np.ptp(curve(take, name)) < 0.02]
    assert unmoved == []


def test_it_loops(take: Take) -> None:
    seam = np.abs(take.curves[0] - take.curves[-1])
    assert (seam <= np.abs(np.diff(take.curves, axis=0)).max(axis=0) + 1e-4).all()
    assert seam.max() < 0.01


def test_a_second_of_stillness(take: Take) -> None:
    still = runs((np.diff(take.curves, axis=0) == 0).all(axis=1))
    assert max(length for _, length in still) in range(RATE - 5, RATE + 15)


def test_blinks_are_quick_and_close_faster_than_they_open(take: Take) -> None:
    both = np.minimum(curve(take, "eyeBlinkLeft"), curve(take, "eyeBlinkRight"))
    blinks = runs(both > 0.25)
    assert 6 <= len(blinks) <= 12
    for start, length in blinks:
        shut = start + int(np.argmax(both[start : start + length]))
        assert both[shut] > 0.9
        assert 0.10 <= length / RATE <= 0.25
        assert shut - start < start + length - shut


@pytest.mark.parametrize(("side", "other"), [("Left", "Right"), ("Right", "Left")])
def test_a_wink_is_a_wink(take: Take, side: str, other: str) -> None:
    shut, open_ = curve(take, f"eyeBlink{side}"), curve(take, f"eyeBlink{other}")
    assert max(length for _, length in runs((shut > 0.9) & (open_ < 0.3))) >= 0.2 * RATE


@pytest.mark.parametrize("name", ["mouthSmile", "browOuterUp", "browDown", "cheekSquint", "eyeBlink"])
def test_sides_move_by_themselves(take: Take, name: str) -> None:
    assert np.abs(curve(take, f"{name}Left") - curve(take, f"{name}Right")).max() > 0.3


def test_tiny_movements(take: Take) -> None:
    puff = curve(take, "cheekPuff")
    assert 0.04 < puff.max() < 0.06


def test_lids_follow_the_gaze(take: Take) -> None:
    down, lid = curve(take, "eyeLookDownLeft"), curve(take, "eyeBlinkLeft")
    assert down.max() > 0.15
    assert (lid >= 0.6 * down).all()
    up, wide = curve(take, "eyeLookUpLeft"), curve(take, "eyeWideLeft")
    assert wide[(up > 0.15) & (lid < 0.2)].min() > 0.02


def test_look_curves_agree_with_the_eye_rotations(take: Take) -> None:
    yaw, pitch = take.eyes[:, 0], take.eyes[:, 1]
    for name, angle in (("In", yaw), ("Out", -yaw), ("Down", pitch), ("Up", -pitch)):
        look = curve(take, f"eyeLook{name}Left")
        assert np.corrcoef(look, np.maximum(angle, 0))[0, 1] > 0.999
        assert (look[angle < 0] == 0).all()
    assert take.eyes[:, 0] - take.eyes[:, 3] == pytest.approx(2 * np.radians(VERGENCE), abs=2e-4)


def test_saccades_and_pursuit(take: Take) -> None:
    speed = np.abs(np.diff(np.degrees(take.eyes[:, 0]))) * RATE
    assert (speed > 120).any()
    assert any(length > 0.4 * RATE for _, length in runs((speed > 4) & (speed < 60)))


def test_lips_meet_when_they_must(take: Take) -> None:
    """The p, b and m of the lines: rolled or pressed lips over a nearly shut jaw, between open vowels."""
    press, jaw = curve(take, "mouthPressLeft"), curve(take, "jawOpen")
    closures = [(start, length) for start, length in runs((press > 0.18) & (jaw < 0.16)) if length < 0.3 * RATE]
    assert len(closures) >= 4
    assert jaw.max() > 0.4
