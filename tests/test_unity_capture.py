"""From a mesh to curves in the Unity package's core: names of blend shapes, the head's angles, hold and fade."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from bridge.takes.live_link_csv import read_take
from protocol.blendshapes import BASES
from tests.unity import mono

pytestmark = [pytest.mark.needs(command="mcs"), pytest.mark.needs(command="mono")]

CURVES = BASES["arkit52"]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mono.compiled(tmp_path_factory.mktemp("unity"))


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def sided(name: str) -> str:
    for side in ("Left", "Right"):
        if name.endswith(side):
            return f"{name.removesuffix(side)}_{side[0]}"
    return name


@pytest.mark.parametrize(
    "spelling",
    [str, lambda name: name[0].upper() + name[1:], str.lower, snake, sided, lambda name: f"face_BS.{name}",
     lambda name: snake(name).replace("_", " "), lambda name: sided(name).upper()],
)  # fmt: skip
def test_every_curve_is_found_in_every_usual_spelling(program: Path, spelling: object) -> None:
    shapes = ["Smile_Wide", *(spelling(name) for name in CURVES)]  # type: ignore[operator]
    assert json.loads(mono.run(program, "names", *shapes)[0]) == list(range(1, 53))


def test_a_shape_of_another_name_is_no_curve_and_the_first_of_two_counts(program: Path) -> None:
    matches = json.loads(mono.run(program, "names", "jawOpenWide", "jawOpen", "JawOpen", "L", "")[0])
    assert matches[CURVES.index("jawOpen")] == 1
    assert matches.count(-1) == 51


def test_head_angles_are_radians_of_the_nearest_turn(program: Path) -> None:
    """Unity gives 350 degrees for a little to the other side."""
    yaw, pitch, roll = json.loads(mono.run(program, "head", "350", "30", "-15")[0])
    assert (yaw, pitch, roll) == pytest.approx((math.radians(30), math.radians(-10), math.radians(-15)))


@pytest.mark.parametrize(
    ("elapsed", "hold", "fade", "presence"),
    [(0, 1, 0.5, 1), (1, 1, 0.5, 1), (1.25, 1, 0.5, 0.5), (2, 1, 0.5, 0), (9, -1, 0.5, 1), (1.01, 1, 0, 0)],
)
def test_a_lost_face_is_held_and_then_fades(
    program: Path, elapsed: float, hold: float, fade: float, presence: float
) -> None:
    before, found = json.loads(mono.run(program, "fade", str(elapsed), str(hold), str(fade))[0])
    assert before == 0  # nothing was ever shown
    assert found == pytest.approx(presence, abs=1e-4)


def test_what_is_recorded_is_a_take(program: Path, tmp_path: Path) -> None:
    mono.run(program, "record", str(tmp_path / "new" / "take.csv"))
    take = read_take(tmp_path / "new" / "take.csv")
    assert not take.problems
    assert take.timecodes[0].startswith("10:01:00:00")
    assert np.allclose(take.times, np.arange(120) / 60, atol=1e-4)
    assert np.array_equal(take.curves[:, 17], (np.arange(120, dtype=np.float32) / np.float32(120)))
    assert np.all(take.curves[:, 52] == np.float32(-0.25))
