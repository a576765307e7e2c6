"""The noise schedule and the few-step sampler."""

import pytest
import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler
from diffusers.schedulers.scheduling_lcm import LCMScheduler

from generator.sampler import COMPACT, LEVELS, PURE_NOISE, Schedule, sample


def test_the_schedule_is_stable_diffusions_with_zero_terminal_snr() -> None:
    reference = DDIMScheduler(
        num_train_timesteps=LEVELS,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        rescale_betas_zero_snr=True,
    )
    torch.testing.assert_close(COMPACT.signal, reference.alphas_cumprod.sqrt(), atol=2e-4, rtol=0)
    assert COMPACT.signal[PURE_NOISE] == 0


def test_the_last_level_is_nothing_but_noise() -> None:
    clean, noise = torch.randn(2, 2, 4, 8, 8)
    torch.testing.assert_close(COMPACT.noised(clean, noise, torch.tensor([PURE_NOISE, PURE_NOISE])), noise)


def test_each_sample_has_its_own_level() -> None:
    clean, noise = torch.ones(2, 1, 1, 1), torch.zeros(2, 1, 1, 1)
    mixed = COMPACT.noised(clean, noise, torch.tensor([0, 500])).flatten()
    torch.testing.assert_close(mixed, COMPACT.signal[[0, 500]])


def test_later_steps_start_from_what_the_earlier_found_and_the_same_noise() -> None:
    noise = torch.randn(1, 4, 8, 8)
    found = [torch.full_like(noise, 2.0), torch.full_like(noise, 3.0)]
    seen: list[tuple[torch.Tensor, int]] = []

    def denoise(noisy: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
        seen.append((noisy, int(level)))
        return found[len(seen) - 1]

    levels = [torch.tensor([PURE_NOISE]), torch.tensor([400])]
    torch.testing.assert_close(sample(denoise, noise, noise, levels, COMPACT), found[1])
    torch.testing.assert_close(seen[1][0], COMPACT.noised(found[0], noise, levels[1]))
    assert [level for _, level in seen] == [PURE_NOISE, 400]


def test_levels_go_down_evenly() -> None:
    assert COMPACT.walk(900, 3) == [900, 600, 300]
    assert COMPACT.walk(PURE_NOISE, 1) == [PURE_NOISE]


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_on_a_grid_a_fresh_walk_is_the_schedulers_own(steps: int) -> None:
    scheduler = LCMScheduler()
    scheduler.set_timesteps(steps)
    assert Schedule(COMPACT.signal, grid=20).walk(PURE_NOISE, steps) == scheduler.timesteps.tolist()
