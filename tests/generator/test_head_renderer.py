"""Heads are drawn as asked: curves move their own region, the light comes from where it is put, alpha is clean."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generator.training.head.appearance import Accessories, Appearance, Light
from generator.training.head.camera import project
from generator.training.head.gallery import GALLERY
from generator.training.head.studio import Studio
from protocol.blendshapes import ARKIT52, ARKIT55, INDEX

pytestmark = [pytest.mark.needs(module="scipy"), pytest.mark.needs(module="moderngl", renderer=True)]
SIZE = 96
BALD = replace(GALLERY[9], beard=replace(GALLERY[9].beard, chin=0.0, moustache=0.0))
VISIBLE = 24  # a change of a pixel's three colours together; the rig's shapes move everything by a trace
# Heights (cm) that a group of curves may change the picture between.
REGIONS = {"brow": (0.0, 9.0), "eye": (1.5, 6.0), "cheekSquint": (-6.0, 7.5), "noseSneer": (-5.0, 7.5),
           "cheekPuff": (-20.0, 4.2), "mouth": (-20.0, 4.2), "jaw": (-20.0, 4.2), "tongue": (-20.0, 0.0)}  # fmt: skip
FLAT = Appearance(Light(key=(0.5, 0.5, 0.5), sky=(0.7, 0.7, 0.7), ground=(0.5, 0.5, 0.5)))  # hardly any cast shadow


@pytest.fixture(scope="module")
def studio(shared_data: Callable[[str], Path]) -> Iterator[Studio]:
    with Studio(shared_data("ict/ict_facekit.npz").parent.parent, SIZE) as opened:
        yield opened


def posed(**curves: float) -> np.ndarray:
    row = np.zeros(55, np.float32)
    for name, value in curves.items():
        row[INDEX[name]] = value
    return row


def drawn(studio: Studio, *rows: np.ndarray, appearance: Appearance | None = None) -> np.ndarray:
    """float (n, SIZE, SIZE, 4)."""
    return studio.draw([(BALD, appearance or Appearance(), np.stack(rows))])[0].astype(float)


def rows_between(low: float, high: float) -> slice:
    """Picture rows that show heights (cm) of the face."""
    top, bottom = ((1 - project(np.array([[0.0, y, 9.0]]))[0, 1]) * SIZE / 2 for y in (high, low))
    return slice(max(int(top), 0), min(int(bottom) + 1, SIZE))


def test_the_same_is_drawn_the_same(studio: Studio) -> None:
    curves = posed(jawOpen=0.4, headYaw=0.2)
    first, other, again = drawn(studio, curves), drawn(studio, posed()), drawn(studio, curves)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_every_curve_moves_its_region_and_no_other(studio: Studio) -> None:
    names = [name for name in ARKIT52 if name != "mouthClose"]  # which means nothing on a closed jaw
    neutral, *moved = drawn(studio, posed(), *(posed(**{name: 1.0}) for name in names), appearance=FLAT)
    for name, picture in zip(names, moved, strict=True):
        change = np.abs(picture - neutral).sum(2)
        low, high = next(span for key, span in REGIONS.items() if name.startswith(key))
        change *= change > VISIBLE
        assert change.max() > 40, name
        assert change[rows_between(low, high)].sum() > 0.93 * change.sum(), name


def test_small_movements_show(studio: Studio) -> None:
    names = ("eyeBlinkLeft", "jawOpen", "browInnerUp", "mouthSmileRight", "eyeLookOutLeft")
    neutral, *moved = drawn(studio, posed(), *(posed(**{name: 0.05}) for name in names))
    assert [name for name, picture in zip(names, moved, strict=True) if np.abs(picture - neutral).max() < 3] == []


def test_left_is_the_persons_left(studio: Studio) -> None:
    for name in ("eyeBlinkLeft", "browDownLeft", "mouthSmileLeft"):
        neutral, one = drawn(studio, posed(), posed(**{name: 1.0}), appearance=FLAT)
        change = np.abs(one - neutral).sum(2)
        assert change[:, SIZE // 2 :].sum() > 4 * change[:, : SIZE // 2].sum(), name


@pytest.mark.parametrize("name", ARKIT55[52:])
def test_the_head_turns_both_ways(studio: Studio, name: str) -> None:
    ahead, one, other = drawn(studio, posed(), posed(**{name: 0.35}), posed(**{name: -0.35}))
    for a, b in ((ahead, one), (ahead, other), (one, other)):
        assert np.abs(a - b).mean() > 2


def test_the_light_comes_from_where_it_is_put(studio: Studio) -> None:
    face = rows_between(-4, 3), slice(SIZE // 3, SIZE - SIZE // 3)
    for side in (-1.0, 1.0):
        light = Light(direction=(0.9 * side, 0.1, 0.42))
        picture = drawn(studio, posed(), appearance=Appearance(light))[0][face][..., :3].mean(2)
        half = picture.shape[1] // 2
        left, right = picture[:, :half].mean(), picture[:, half:].mean()
        assert (right - left) * side > 15


def test_a_backdrop_is_its_colour_and_opaque(studio: Studio) -> None:
    picture = drawn(studio, posed(), appearance=Appearance(backdrop=(0.0, 1.0, 0.0)))[0]
    assert (picture[..., 3] == 255).all()
    assert picture[2, 2].tolist() == [0, 255, 0, 255]


def test_alpha_has_a_clean_edge(studio: Studio) -> None:
    clear = drawn(studio, posed(), appearance=Appearance(backdrop=None))[0]
    green = drawn(studio, posed(), appearance=Appearance(backdrop=(0.0, 1.0, 0.0)))[0]
    alpha = clear[..., 3:] / 255
    assert alpha[2, 2] == 0
    assert alpha[SIZE // 2, SIZE // 2] == 1
    assert ((alpha > 0.1) & (alpha < 0.9)).sum() > 40
    composed = clear[..., :3] * alpha + np.array([0, 255, 0]) * (1 - alpha)
    assert np.abs(composed - green[..., :3]).max() <= 3


def test_accessories_change_the_picture_where_they_are_worn(studio: Studio) -> None:
    bare = drawn(studio, posed())[0]
    where = {"cap": (6.5, 14.0), "beanie": (6.0, 14.0), "scarf": (-14.0, -9.0), "glasses": (1.0, 5.5)}
    for name, (low, high) in where.items():
        amount: dict[str, Any] = {name: 1.0}
        worn = drawn(studio, posed(), appearance=Appearance(worn=Accessories(**amount)))[0]
        assert np.abs(worn - bare)[rows_between(low, high)].mean() > 3, name


def test_people_look_different(studio: Studio) -> None:
    drawn = studio.draw((person, Appearance(), posed()[None]) for person in GALLERY)
    faces = [pictures[0].astype(float) for pictures in drawn]
    assert min(np.abs(a - b).mean() for i, a in enumerate(faces) for b in faces[:i]) > 6
