"""The noise schedule and the few-step sampler."""

import torch
from diffusers.schedulers.scheduling_ddim import DDIMScheduler

from generator.sampler import LEVELS, PURE_NOISE, noised, sample, signal_levels


def test_the_schedule_is_stable_diffusions_with_zero_terminal_snr() -> None:
    reference = DDIMScheduler(
        num_train_timesteps=LEVELS,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        rescale_betas_zero_snr=True,
    )
    torch.testing.assert_close(signal_levels(), reference.alphas_cumprod.sqrt(), atol=2e-4, rtol=0)
    assert signal_levels()[PURE_NOISE] == 0


def test_the_last_level_is_nothing_but_noise() -> None:
    clean, noise = torch.randn(2, 2, 4, 8, 8)
    torch.testing.assert_close(noised(clean, noise, torch.tensor([PURE_NOISE, PURE_NOISE])), noise)


def test_each_sample_has_its_own_level() -> None:
    clean, noise = torch.ones(2, 1, 1, 1), torch.zeros(2, 1, 1, 1)
    mixed = noised(clean, noise, torch.tensor([0, 500])).flatten()
    torch.testing.assert_close(mixed, signal_levels()[[0, 500]])


def test_later_steps_start_from_what_the_earlier_found_and_the_same_noise() -> None:
    noise = torch.randn(1, 4, 8, 8)
    found = [torch.full_like(noise, 2.0), torch.full_like(noise, 3.0)]
    seen: list[tuple[torch.Tensor, int]] = []

    def denoise(noisy: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
        seen.append((noisy, int(level)))
        return found[len(seen) - 1]

    levels = [torch.tensor([PURE_NOISE]), torch.tensor([400])]
    torch.testing.assert_close(sample(denoise, noise, noise, levels), found[1])
    torch.testing.assert_close(seen[1][0], noised(found[0], noise, levels[1]))
    assert [level for _, level in seen] == [PURE_NOISE, 400]
