"""What a stream remembers, and how far the next frame departs from it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from generator.face_generator import StreamSettings
from generator.sampler import PURE_NOISE
from generator.temporal import (
    ANCHOR_EVERY,
    CUT,
    FULL_CHANGE,
    QUIET,
    STILL,
    StreamState,
    change,
    eased,
    settled,
    start_level,
    stream_noise,
    take_over,
)

FLOOR = 600


@pytest.fixture
def state() -> StreamState:
    noise = stream_noise(0, 4, 8)
    began = StreamState(StreamSettings("Amara", 128), np.zeros(512), noise)
    began.remember(noise, np.zeros(55, np.float32), nothing, fresh=True)
    return began


def nothing() -> np.ndarray:
    return np.zeros((8, 8, 3), np.uint8)


def moved_by(amount: float, index: int = 17) -> np.ndarray:
    curves = np.zeros(55, np.float32)
    curves[index] = amount
    return curves


def test_a_stream_without_a_past_starts_from_pure_noise(state: StreamState) -> None:
    state.forget()
    assert start_level(state, change(state, moved_by(0.0)), FLOOR) == PURE_NOISE


def test_the_more_the_face_moves_the_less_of_the_past_is_kept(state: StreamState) -> None:
    levels = [start_level(state, amount, FLOOR) for amount in (0.0, 0.05, 0.1, FULL_CHANGE)]
    assert levels[0] == FLOOR
    assert levels == sorted(levels)
    assert levels[-1] == PURE_NOISE


def test_a_cut_starts_fresh(state: StreamState) -> None:
    assert start_level(state, CUT + 0.01, FLOOR) == PURE_NOISE


def test_a_turn_of_the_head_counts_as_change(state: StreamState) -> None:
    assert change(state, moved_by(0.1, index=53)) == pytest.approx(0.3)


def test_the_stream_is_anchored_anew_now_and_then(state: StreamState) -> None:
    curves = np.zeros(55, np.float32)
    for _ in range(ANCHOR_EVERY - 1):
        state.remember(state.noise, curves, nothing, fresh=False)
    assert start_level(state, 0.01, FLOOR) < PURE_NOISE
    state.remember(state.noise, curves, nothing, fresh=False)
    assert start_level(state, 0.01, FLOOR) == PURE_NOISE
    state.remember(state.noise, curves, nothing, fresh=True)
    assert start_level(state, 0.01, FLOOR) < PURE_NOISE


@pytest.mark.parametrize("settings", [StreamSettings("Bjorn", 128), StreamSettings("Amara", 128, seed=1)])
def test_another_person_or_seed_is_a_cut(state: StreamState, settings: StreamSettings) -> None:
    take_over(state, settings, np.ones(512), state.noise)
    assert state.latent is None


def test_another_expression_scale_is_not(state: StreamState) -> None:
    take_over(state, StreamSettings("Amara", 128, expression_scale=0.5), state.subject, state.noise)
    assert state.latent is not None
    assert state.settings.expression_scale == 0.5


@pytest.mark.parametrize(
    "changed",
    [{"expression_scale": 0.5}, {"reference_scale": 0.3}, {"steps": 2}, {"light": (0.0, 0.0)}],
    ids=lambda changed: next(iter(changed)),
)
def test_a_still_face_is_drawn_anew_when_a_setting_changes(state: StreamState, changed: dict[str, Any]) -> None:
    still = moved_by(0.0)
    assert change(state, still) <= STILL
    take_over(state, replace(state.settings, **changed), state.subject, state.noise)
    assert change(state, still) > STILL
    state.remember(state.noise, still, nothing, fresh=False)
    assert change(state, still) <= STILL


@pytest.mark.parametrize(("light", "moved"), [((40.0, 20.0), 0.0), ((41.0, 20.0), 0.0164), ((40.0, -20.0), 0.698)])
def test_a_light_counts_by_the_angle_it_moves(state: StreamState, light: tuple[float, float], moved: float) -> None:
    take_over(state, replace(state.settings, light=(40.0, 20.0)), state.subject, state.noise)
    state.remember(state.noise, moved_by(0.0), nothing, fresh=False)

    take_over(state, replace(state.settings, light=light), state.subject, state.noise)

    assert change(state, moved_by(0.0)) == pytest.approx(moved, abs=1e-3)
    assert state.latent is not None


def test_a_light_that_creeps_is_followed(state: StreamState) -> None:
    for azimuth in np.arange(0.0, 1.0, 0.1):
        take_over(state, replace(state.settings, light=(float(azimuth), 0.0)), state.subject, state.noise)
        if not azimuth:
            state.remember(state.noise, moved_by(0.0), nothing, fresh=False)
    assert change(state, moved_by(0.0)) == pytest.approx(np.radians(0.9), rel=1e-3)


def test_a_flame_coefficient_counts_a_third_of_a_curve(state: StreamState) -> None:
    assert change(state, moved_by(0.3, index=0), "flame55") == pytest.approx(0.1)
    assert change(state, moved_by(0.3, index=50), "flame55") == pytest.approx(0.3)
    assert change(state, moved_by(0.1, index=52), "flame55") == pytest.approx(0.3)


def test_movement_is_taken_at_once_and_noise_by_half() -> None:
    before, found = np.zeros((2, 4, 8, 8), np.float32)
    found[:, :4] = 20 * QUIET
    found[:, 4:] = 0.05 * QUIET
    taken = eased(before, found)
    assert np.allclose(taken[:, :4], found[:, :4], rtol=0.01)
    assert np.allclose(taken[:, 4:], found[:, 4:] / 2, rtol=0.01)
    assert not settled(found, before) and settled(found, taken)


def test_a_picture_that_has_not_settled_is_drawn_on(state: StreamState) -> None:
    curves = moved_by(0.1)
    state.remember(state.noise, curves, nothing, fresh=False, settled=False)
    assert change(state, curves) > STILL
    state.remember(state.noise, curves, nothing, fresh=False)
    assert change(state, curves) == 0


def test_noise_belongs_to_the_seed() -> None:
    noise = stream_noise(3, 4, 8)
    assert np.array_equal(noise, stream_noise(3, 4, 8)) and not np.array_equal(noise, stream_noise(4, 4, 8))
    assert noise.dtype == np.float32 and noise.shape == (4, 8, 8)
