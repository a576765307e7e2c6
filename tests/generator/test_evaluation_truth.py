"""True pictures: drawn by processes, kept, and given back in order."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from generator.evaluation.poses import NEUTRAL, POSES
from generator.evaluation.truth import Truth

pytestmark = [pytest.mark.needs(module="scipy"), pytest.mark.needs(renderer=True)]
SMILE, JAW = np.stack([NEUTRAL, POSES["smile"]]), POSES["jaw"][None]


@pytest.fixture
def data(shared_data: Callable[[str], Path]) -> Path:
    return shared_data("ict/ict_facekit.npz").parents[1]


def test_kept_and_new_pictures_come_back_in_order(data: Path, tmp_path: Path):
    from generator.training.renderer.person import GALLERY

    first, second = GALLERY[:2]
    with Truth(data, tmp_path, 32, 1) as truth:
        kept = truth.draw([(second, SMILE)])[0]
        files = set(tmp_path.iterdir())
        jobs = [(first, SMILE), (second, SMILE), (first, JAW), (first, JAW), (second, JAW)]
        drawn = truth.draw(jobs)
        assert [len(pictures) for pictures in drawn] == [2, 2, 1, 1, 1]
        assert np.array_equal(drawn[1], kept)
        assert np.array_equal(drawn[2], drawn[3])
        assert not np.array_equal(drawn[2], drawn[4])
        assert len(set(tmp_path.iterdir()) - files) == 3
        assert all(np.array_equal(a, b) for a, b in zip(truth.draw(jobs), drawn, strict=True))
        assert np.array_equal(truth.draw([(first, JAW)])[0], drawn[2])
