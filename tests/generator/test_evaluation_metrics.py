"""The evaluation's measures on small arrays whose answer is known."""

import numpy as np
import pytest

from generator.evaluation import metrics

RNG = np.random.default_rng(3)
PICTURES = RNG.integers(60, 190, (5, 16, 16, 3)).astype(np.uint8)


def moving(shift: float, frames: int = 60) -> np.ndarray:
    """A bright bar sliding to and fro, `shift` frames late."""
    time = np.arange(frames) - shift
    place = 12 + 6 * np.sin(time * 0.35) + 3 * np.sin(time * 0.13)
    across = np.arange(24)[None, None, :, None]
    return np.broadcast_to(255 * np.exp(-(((across - place[:, None, None, None]) / 2.5) ** 2)), (frames, 4, 24, 3))


def test_psnr_of_a_known_error():
    assert metrics.psnr(PICTURES + np.uint8(5), PICTURES) == pytest.approx(20 * np.log10(255 / 5))


def test_psnr_looks_only_inside_the_mask():
    drawn = PICTURES.copy()
    drawn[:, :8] += 50
    below = np.zeros(PICTURES.shape[:3], bool)
    below[:, 8:] = True
    drawn[:, 8:] += 2
    assert metrics.psnr(drawn, PICTURES, below) == pytest.approx(20 * np.log10(255 / 2))


def test_psnr_of_equal_pictures_is_finite_and_better_than_one_level_off():
    assert (metrics.psnr(PICTURES, PICTURES) > metrics.psnr(PICTURES + np.uint8(1), PICTURES)).all()
    assert np.isfinite(metrics.psnr(PICTURES, PICTURES)).all()


def test_a_response_of_half_strength_has_half_the_gain_and_the_same_direction():
    change = RNG.normal(size=(16, 16, 3))
    assert metrics.gain(change / 2, change) == pytest.approx(0.5)
    assert metrics.cosine(change / 2, change) == pytest.approx(1.0)


def test_what_has_nothing_to_do_with_the_wanted_change_adds_no_gain():
    wanted, other = np.zeros((2, 8, 8, 3))
    wanted[:4], other[4:] = 10, 10
    assert metrics.gain(wanted + other, wanted) == pytest.approx(1.0)
    assert metrics.cosine(wanted + other, wanted) == pytest.approx(0.5**0.5)


def test_coarse_pictures_are_means_of_blocks():
    blocks = RNG.normal(size=(2, 3, 4, 4, 3))
    assert metrics.coarse(blocks.repeat(4, 2).repeat(4, 3)) == pytest.approx(blocks)
    assert metrics.coarse(PICTURES).mean() == pytest.approx(PICTURES.mean())


def test_share_shown_of_a_picture_three_quarters_there():
    before, settled = PICTURES[0], PICTURES[1].astype(float)
    first = before + 0.75 * (settled - before)
    assert metrics.share_shown(before, first, settled) == pytest.approx(0.75)


@pytest.mark.parametrize("late", [-1.0, 0.0, 0.5, 2.0])
def test_lag_finds_how_late_the_motion_is(late: float):
    assert metrics.lag(moving(late), moving(0.0)) == pytest.approx(late, abs=0.1)


def test_lag_does_not_mind_a_weaker_and_noisy_motion():
    noise = np.random.default_rng(0).normal(0, 4, (60, 4, 24, 3))
    assert metrics.lag(0.5 * moving(1.0) + noise, moving(0.0)) == pytest.approx(1.0, abs=0.15)


def test_flicker_is_what_the_truth_does_not_do():
    truth = moving(0.0)
    everywhere = np.ones(truth.shape[:3], bool)
    alternating = np.where(np.arange(len(truth)) % 2, 3.0, 0.0)[:, None, None, None]
    assert metrics.flicker(truth, truth, everywhere) == 0
    assert metrics.flicker(truth + 7, truth, everywhere) == pytest.approx(0, abs=1e-4)
    assert metrics.flicker(truth + alternating, truth, everywhere) == pytest.approx(3, abs=1e-4)


def test_flicker_outside_the_mask_does_not_count():
    truth, nowhere = moving(0.0), np.zeros((60, 4, 24), bool)
    nowhere[:, 0] = True
    drawn = truth.copy()
    drawn[::2, 1:] += 9
    assert metrics.flicker(drawn, truth, nowhere) == 0


def test_correlations_by_column():
    performed = RNG.normal(size=(200, 3))
    read = np.stack([3 * performed[:, 0] + 1, -performed[:, 1], np.ones(200)], 1)
    assert metrics.correlations(read, performed) == pytest.approx([1, -1, 0])
