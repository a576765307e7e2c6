"""The curve reader, on pictures painted here: no renderer."""

import numpy as np
import pytest

from generator.evaluation.metrics import correlations
from generator.evaluation.reader import CROPS, crops, learn
from generator.training.renderer.camera import project
from protocol.blendshapes import INDEX

SIZE = 64
JAW, BLINK, BROW = INDEX["jawOpen"], INDEX["eyeBlinkLeft"], INDEX["browInnerUp"]
MOUTH, LEFT_EYE = CROPS[0][0], CROPS[1][0]


def painted(curves: np.ndarray) -> np.ndarray:
    """A spot at the mouth that brightens with the jaw, one at the left eye that brightens with the blink."""
    y, x = (np.mgrid[0:SIZE, 0:SIZE] + 0.5) / SIZE * 2 - 1
    pictures = []
    for row in curves:
        spots = project(np.stack([MOUTH, LEFT_EYE]), row[52:])
        bumps = [np.exp(-((x - u) ** 2 + (-y - v) ** 2) / 0.02) for u, v in spots]
        grey = 40 + 150 * (row[JAW] * bumps[0] + row[BLINK] * bumps[1])
        pictures.append(np.repeat(grey[..., None], 3, 2).round().astype(np.uint8))
    return np.stack(pictures)


def performance(count: int, seed: int, turn: float = 0.0) -> np.ndarray:
    g = np.random.default_rng(seed)
    curves = np.zeros((count, 55), np.float32)
    curves[:, [JAW, BLINK, BROW]] = g.uniform(0, 1, (count, 3))
    curves[:, 52:] = g.uniform(-turn, turn, (count, 3))
    return curves


def test_reads_what_is_to_be_seen_and_nothing_else():
    lessons, take = performance(120, 1), performance(80, 2)
    read = learn(painted(lessons), lessons).read(painted(take), take[:, 52:])
    known = correlations(read, take[:, :52])
    assert known[JAW] > 0.98
    assert known[BLINK] > 0.98
    assert abs(known[BROW]) < 0.4


def test_reads_values_not_only_their_course():
    lessons, take = performance(120, 1), performance(80, 2)
    read = learn(painted(lessons), lessons).read(painted(take), take[:, 52:])
    assert read[:, JAW] == pytest.approx(take[:, JAW], abs=0.15)


def test_crops_follow_a_turned_head():
    straight, turned = performance(1, 5), performance(1, 5)
    turned[:, 52:] = 0.15, -0.1, 0.12
    still, followed, left_behind = (
        crops(painted(straight), straight[:, 52:]),
        crops(painted(turned), turned[:, 52:]),
        crops(painted(turned), straight[:, 52:]),
    )
    assert np.abs(followed - still).mean() < 0.25 * np.abs(left_behind - still).mean()
