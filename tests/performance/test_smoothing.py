"""One Euro: steady at rest, quick in motion, blinks as they are, and unharmed by any time."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.config import ConfigError
from bridge.performance.channels import CHANNELS, COUNT, GROUPS
from bridge.performance.settings import fill
from bridge.performance.smoothing import Smoothed, Smoothing, smooth

ON = fill(Smoothing, {"on": True})
JAW = CHANNELS.index("jawOpen")
BLINK = list(GROUPS["blink"])


def smoothed(settings: Smoothing, rows: np.ndarray, times: Sequence[float]) -> np.ndarray:
    last: Smoothed | None = None
    out = []
    for row, seconds in zip(rows, times, strict=True):
        values, last = smooth(settings, last, row, seconds)
        out.append(values)
    return np.array(out)


def everywhere(line: np.ndarray) -> np.ndarray:
    return np.repeat(line[:, None], COUNT, axis=1)


def test_the_equations_of_the_paper() -> None:
    """Against the filter written out for one number, at uneven times."""
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.01, 0.05, 50))
    line = rng.uniform(0, 1, 50)
    settings = fill(Smoothing, {"on": True, "min_cutoff": 1.2, "beta": 3.0, "derivative_cutoff": 0.8})

    def alpha(cutoff: float, period: float) -> float:
        return 1 / (1 + 1 / (2 * math.pi * cutoff * period))

    expected, speed = [line[0]], 0.0
    for value, period in zip(line[1:], np.diff(times), strict=True):
        slow = alpha(0.8, period)
        speed = slow * (value - expected[-1]) / period + (1 - slow) * speed
        share = alpha(1.2 + 3.0 * abs(speed), period)
        expected.append(share * value + (1 - share) * expected[-1])
    assert smoothed(settings, everywhere(line), times.tolist())[:, JAW] == pytest.approx(expected)


def test_noise_at_rest_is_more_than_halved() -> None:
    noise = np.random.default_rng(1).normal(0.1, 0.005, 600)
    out = smoothed(ON, everywhere(noise), (np.arange(600) / 60).tolist())
    assert out[60:, JAW].std() < 0.5 * noise[60:].std()


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.floats(0.2, 1.0), st.integers(1, 6), st.sampled_from([24.0, 30.0, 60.0]))
def test_blinks_keep_their_height_and_their_moment(height: float, frames: int, rate: float) -> None:
    line = np.zeros(40)
    line[20 : 20 + frames] = height
    out = smoothed(ON, everywhere(line), (np.arange(40) / rate).tolist())
    assert np.array_equal(out[:, BLINK], everywhere(line)[:, BLINK])


@pytest.mark.parametrize("cutoff", [10.0, 12.0, 30.0])
def test_a_blink_that_is_smoothed_after_all_keeps_nine_tenths(cutoff: float) -> None:
    line = np.interp(np.arange(60) / 60, [0.4, 0.48, 0.55, 0.66], [0, 1, 1, 0])
    settings = fill(Smoothing, {"on": True, "min_cutoff": {"blink": cutoff}})
    out = smoothed(settings, everywhere(line), (np.arange(60) / 60).tolist())
    assert out[:, BLINK].max() > 0.9
    assert not np.array_equal(out[:, BLINK], everywhere(line)[:, BLINK])


@pytest.mark.parametrize("table", [{"blink": 2.0}, {"eyeBlinkRight": 9.9}])
def test_a_filter_that_swallows_blinks_is_refused(table: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=r"smoothing\.min_cutoff of eyeBlink\w+ must be 0 .* swallows blinks"):
        fill(Smoothing, {"on": True, "min_cutoff": table})


def test_one_number_for_the_face_spares_the_blinks() -> None:
    assert not fill(Smoothing, {"on": True, "min_cutoff": 1.0}).min_cutoff[BLINK].any()


times_of_any_kind = st.lists(
    st.one_of(st.floats(-1e9, 1e9), st.sampled_from([0.0, 1.0, 1.0 + 1e-9, math.inf, -math.inf, math.nan])),
    min_size=2, max_size=12,
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=100)
@given(times_of_any_kind, st.integers(0, 1000))
def test_whatever_the_times_the_output_lies_between_what_came(times: list[float], seed: int) -> None:
    rows = np.random.default_rng(seed).uniform(-0.2, 1.2, (len(times), COUNT))
    out = smoothed(ON, rows, times)
    assert np.isfinite(out).all()
    assert (out >= np.minimum.accumulate(rows) - 1e-9).all()
    assert (out <= np.maximum.accumulate(rows) + 1e-9).all()


@pytest.mark.parametrize("jump", [-3600.0, 0.0, 3600.0])
def test_a_jump_in_time_is_forgotten_within_a_few_frames(jump: float) -> None:
    line = 0.5 + 0.3 * np.sin(np.arange(120) / 10)
    even = (np.arange(120) / 60).tolist()
    jumped = even[:60] + [second + jump for second in even[60:]]
    straight, bent = (smoothed(ON, everywhere(line), times)[:, JAW] for times in (even, jumped))
    assert np.abs(straight - bent).max() < 0.05
    assert np.abs(straight - bent)[90:].max() < 0.005


def test_off_is_what_came() -> None:
    rows = np.random.default_rng(0).normal(size=(20, COUNT))
    assert np.array_equal(smoothed(fill(Smoothing, {}), rows, (np.arange(20) / 60).tolist()), rows)
