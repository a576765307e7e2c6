"""A stream's figures, on a performance drawn here and on the same spoilt in ways whose figures are known."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from generator.evaluation.contestants import SideBySide, Take
from generator.evaluation.lag import agreement, lag
from generator.evaluation.poses import posed
from generator.evaluation.stage import Actor
from generator.evaluation.timing import (
    HOLD,
    Moving,
    Performance,
    arrival,
    judge,
    movement,
    on_grey,
    stage_performance,
    step_shares,
)
from generator.training.head.sampling import draw_person
from generator.training.head.studio import Studio
from protocol.blendshapes import INDEX
from tests.generator.puppet import SIZE, TURN, mask

pytestmark = pytest.mark.needs(module="moderngl")  # the type of a motion comes from the renderer
FRAMES = 40
Change = Callable[[np.ndarray], np.ndarray]
ACTOR = Actor("a mask", draw_person(1_000_003), np.eye(1, 512)[0])


def distance(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.abs(on_grey(one) - on_grey(other)).mean((1, 2, 3))


class Masked(SideBySide):
    """Plays the mask, changed as a whole stream."""

    name, remembers = "masked", True

    def __init__(self, change: Change = lambda pictures: pictures) -> None:
        self._change = change

    def _draw(self, takes: Sequence[Take]) -> list[np.ndarray]:
        return [self._change(np.stack([mask(row) for row in curves])) for _, curves in takes]


def late(pictures: np.ndarray) -> np.ndarray:
    return np.concatenate([pictures[:1], pictures[:-1]])


def smoothed(pictures: np.ndarray) -> np.ndarray:
    """Each frame the mean of itself and the one before: half a frame late."""
    return ((pictures.astype(np.float32) + late(pictures)) / 2).astype(np.uint8)


def noisy(pictures: np.ndarray) -> np.ndarray:
    grain = np.random.default_rng(1).normal(0, 8, pictures.shape) * (pictures[..., 3:] > 0)
    grain[..., 3] = 0
    return (pictures + grain).clip(0, 255).astype(np.uint8)


def blurred(pictures: np.ndarray) -> np.ndarray:
    return np.stack([cv2.GaussianBlur(picture, (0, 0), 1.5) for picture in pictures])


@pytest.fixture(scope="module")
def performance() -> Performance:
    from generator.training.head.flow import Flow

    beat = np.sin(np.arange(FRAMES) * 0.5) + 0.4 * np.sin(np.arange(FRAMES) * 0.23)
    curves = np.stack([posed(jawOpen=0.3, headYaw=0.15) * value for value in beat]).astype(np.float32)
    truth = np.stack([mask(row) for row in curves])
    steps = TURN * np.diff(curves[:, INDEX["headYaw"]])
    flows = []
    for step, picture in zip(steps, truth, strict=False):
        figure = picture[..., 3] > 250
        flows.append(Flow(np.dstack([figure * step, figure * 0]).astype(np.float32), figure, ~figure))
    return Performance("a beat", ACTOR, curves, truth, tuple(flows))


@pytest.fixture(scope="module")
def true(performance: Performance) -> Moving:
    return movement(performance.truth, performance, distance)


def test_the_truth_is_neither_late_nor_flickering(true: Moving) -> None:
    assert true.flicker == 0
    assert abs(lag([true.agreement])) < 0.02


@pytest.mark.parametrize(("change", "expected"), [(late, 1.0), (smoothed, 0.5), (noisy, 0.0), (blurred, 0.0)])
def test_lag_is_found_to_a_fraction_of_a_frame(performance: Performance, change: Change, expected: float) -> None:
    found = agreement(on_grey(change(performance.truth)), on_grey(performance.truth))
    assert lag([found]) == pytest.approx(expected, abs=0.1)


def test_noise_moves_more_than_the_truth_and_against_the_rig(performance: Performance, true: Moving) -> None:
    spoilt = movement(noisy(performance.truth), performance, distance)
    assert spoilt.tlp > 1.2 * true.tlp
    assert spoilt.warp > 1.5 * true.warp
    assert spoilt.flicker > 4


def test_smoothing_over_time_moves_less_but_flickers(performance: Performance, true: Moving) -> None:
    spoilt = movement(smoothed(performance.truth), performance, distance)
    assert spoilt.tlp < true.tlp
    assert spoilt.flicker > 0.5


def test_a_reader_of_curves_judges_the_stream(performance: Performance) -> None:
    def brightness(pictures: np.ndarray) -> np.ndarray:
        return on_grey(pictures).mean((1, 2))

    assert movement(performance.truth, performance, distance, brightness).aed == 0
    assert movement(performance.truth // 2, performance, distance, brightness).aed > 1


def test_a_step_is_there_at_once_and_a_late_one_a_frame_later() -> None:
    for change, expected in ((noisy, 0.0), (late, 1.0)):
        (shares,) = step_shares(Masked(change), [ACTOR], posed(headYaw=0.3, jawOpen=0.8))
        assert shares.shape == (2, 1 + HOLD)
        assert np.abs(shares[:, 0]).max() < 0.2  # before the step
        assert [arrival(way) for way in shares] == [expected, expected]


def test_a_change_that_never_gets_there_lasts_as_long_as_it_was_waited_for() -> None:
    assert arrival(np.full(1 + HOLD, 0.85)) == HOLD


def test_a_feature_drawn_in_the_wrong_place_is_no_lag_where_everything_drifts() -> None:
    def drifting(ahead: float) -> np.ndarray:
        row, column = np.mgrid[:64, :64]
        blobs = [np.exp(-((column - 12 - 0.3 * t - ahead) ** 2 + (row - 20) ** 2) / 60) for t in range(40)]
        pictures = np.stack([np.repeat(255 * blob[..., None], 3, 2) for blob in blobs])
        pictures[:, 44:56, 20:44] += 2 * np.random.default_rng(0).uniform(0, 1, (40, 1, 1, 1))  # lips
        return pictures.astype(np.float32)

    assert abs(lag([agreement(drifting(-1.5), drifting(0.0))])) < 0.1


def test_a_performance_in_which_hardly_anything_moves_has_little_say(performance: Performance) -> None:
    g, still = np.random.default_rng(2), np.full((FRAMES, 64, 64, 3), 90.0)
    trembling, other = (still + g.normal(0, 0.02, still.shape) for _ in range(2))
    chance = agreement(trembling, other)
    assert abs(chance.match).max() < 0.1
    assert np.isnan(lag([chance]))
    found = agreement(on_grey(late(performance.truth)), on_grey(performance.truth))
    assert lag([found, chance, chance]) == pytest.approx(1.0, abs=0.1)


def test_a_contestant_that_never_moves_has_no_lag(performance: Performance, true: Moving) -> None:
    still = Masked(lambda pictures: np.repeat(pictures[:1] * 0, len(pictures), 0))
    timing, drawn = judge(still, [performance], [true], distance)
    assert np.isnan([timing.lag_talk_frames, timing.lag_step_frames]).all()
    assert timing.tlp_ratio == 0
    assert drawn[0].shape == performance.truth.shape


def test_the_truth_against_itself_has_ratios_of_one(performance: Performance, true: Moving) -> None:
    timing, _ = judge(Masked(), [performance], [true], distance)
    assert (timing.tlp_ratio, timing.warp_ratio) == (1.0, 1.0)


@pytest.mark.needs(renderer=True)
def test_the_rig_carries_frames_back_to_the_ones_before(shared_data: Callable[[str], Path]) -> None:
    """Along the rig's motion frames differ far less than they do in place."""
    curves = np.stack([posed(headYaw=0.06 * t, jawOpen=0.1 * t) for t in range(3)])
    with Studio(shared_data("ict").parent, SIZE) as studio:
        real = stage_performance("a turn", ACTOR, curves, studio, 1)
    flat = on_grey(real.truth)
    in_place = [np.square(b - a)[f.figure].mean() for (a, b), f in zip(pairwise(flat), real.flows, strict=True)]
    assert movement(real.truth, real, distance).warp < 0.4 * np.mean(in_place)
