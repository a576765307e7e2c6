"""The noise schedule and the few-step sampler."""

import numpy as np
import pytest
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler

from generator.sampler import COMPACT, LEVELS, PURE_NOISE, Schedule, sample
from generator.training.noising import noised

RANDOM = np.random.default_rng(0)


def test_the_schedule_is_stable_diffusions_with_zero_terminal_snr() -> None:
    reference = DDIMScheduler(
        num_train_timesteps=LEVELS,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        rescale_betas_zero_snr=True,
    )
    assert np.abs(COMPACT.signal - reference.alphas_cumprod.sqrt().numpy()).max() < 2e-4
    assert COMPACT.signal[PURE_NOISE] == 0


def test_the_last_level_is_nothing_but_noise() -> None:
    clean, noise = RANDOM.normal(size=(2, 2, 4, 8, 8))
    assert np.array_equal(COMPACT.noised(clean, noise, np.full(2, PURE_NOISE)), noise)


def test_training_noises_alike() -> None:
    clean, noise = RANDOM.normal(size=(2, 3, 4, 8, 8)).astype(np.float32)
    level = np.array([0, 500, PURE_NOISE])
    there = noised(*map(torch.from_numpy, (clean, noise, level)))
    assert np.allclose(there.cpu(), COMPACT.noised(clean, noise, level), atol=1e-6)


def test_each_sample_has_its_own_level() -> None:
    clean, noise = np.ones((2, 1, 1, 1)), np.zeros((2, 1, 1, 1))
    assert np.array_equal(COMPACT.noised(clean, noise, np.array([0, 500])).ravel(), COMPACT.signal[[0, 500]])


def test_later_steps_start_from_what_the_earlier_found_and_the_same_noise() -> None:
    noise = RANDOM.normal(size=(1, 4, 8, 8))
    found = [np.full_like(noise, 2.0), np.full_like(noise, 3.0)]
    seen: list[tuple[np.ndarray, int]] = []

    def denoise(noisy: np.ndarray, level: np.ndarray) -> np.ndarray:
        seen.append((noisy, int(level[0])))
        return found[len(seen) - 1]

    levels = [np.array([PURE_NOISE]), np.array([400])]
    assert np.array_equal(sample(denoise, noise, noise, levels, COMPACT), found[1])
    assert np.array_equal(seen[1][0], COMPACT.noised(found[0], noise, levels[1]))
    assert [level for _, level in seen] == [PURE_NOISE, 400]


def test_levels_go_down_evenly() -> None:
    assert COMPACT.walk(900, 3) == [900, 600, 300]
    assert COMPACT.walk(PURE_NOISE, 1) == [PURE_NOISE]


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_on_a_grid_a_fresh_walk_is_the_schedulers_own(steps: int) -> None:
    scheduler = LCMScheduler()
    scheduler.set_timesteps(steps)
    assert Schedule(COMPACT.signal, grid=20).walk(PURE_NOISE, steps) == scheduler.timesteps.tolist()
