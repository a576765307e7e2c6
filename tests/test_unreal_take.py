"""What the Unreal plugin records is a take that can be read and replayed."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from bridge.takes.live_link_csv import read_take
from tests.unreal.native import needs_compiler, programs

pytestmark = needs_compiler


def test_what_is_recorded_is_a_take(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    comma = os.environ | {"LC_ALL": "de_DE.UTF-8"}  # without effect where the system has no such locale
    recorded = subprocess.run([programs(request.config) / "take"], env=comma, capture_output=True, check=True)
    (tmp_path / "take.csv").write_bytes(recorded.stdout)
    take = read_take(tmp_path / "take.csv")

    assert not take.problems
    assert (take.timecodes[0], take.timecodes[60]) == ("23:59:59:00.000", "00:00:00:00.000")
    assert np.allclose(take.times, np.arange(120) / 60, atol=1e-4)
    expected = np.zeros((120, 55), np.float32)
    expected[:, 17] = np.arange(120, dtype=np.float32) / np.float32(119)
    expected[:, 52] = -0.25
    assert np.array_equal(take.curves, expected)
