"""The strip of curves and the stage: every drawn thing follows the take."""

import numpy as np
import pytest

from bridge.received import Latency, ReceivedPicture
from bridge.stage import FACE_X, HIGH, STRIP_X, TOP, WIDE, Stage
from bridge.strip import BRIGHT, HEIGHT, LEFT, LINES, RIGHT, VALUES, WIDTH, CurveStrip
from bridge.takes import EYE_ROTATIONS, Take
from protocol.blendshapes import ARKIT55, INDEX

FRAMES = 120


@pytest.fixture
def take() -> Take:
    """Two seconds in which nothing moves."""
    times = np.arange(FRAMES) / 60
    codes = tuple(f"01:00:0{frame // 60}:{frame % 60:02d}.000" for frame in range(FRAMES))
    curves = np.zeros((FRAMES, len(ARKIT55)), np.float32)
    return Take("still", times, codes, curves, np.zeros((FRAMES, len(EYE_ROTATIONS)), np.float32))


def lines(take: Take, frame: int = FRAMES - 1) -> np.ndarray:
    """The part of the strip where history scrolls, its brightest half."""
    return CurveStrip(take).draw(frame)[:, LINES + WIDTH // 2 : LINES + WIDTH - 4]


def has(image: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool((np.abs(image.astype(int) - colour).max(axis=2) < 24).any())


def test_sides_that_move_as_one_are_white(take: Take) -> None:
    take.curves[:, [INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"]]] = 0.8
    image = lines(take)
    assert has(image, BRIGHT)
    assert not has(image, LEFT)
    assert not has(image, RIGHT)


@pytest.mark.parametrize(("side", "colour", "other"), [("Left", LEFT, RIGHT), ("Right", RIGHT, LEFT)])
def test_sides_that_part_have_their_colours(
    take: Take, side: str, colour: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    take.curves[90:, INDEX[f"eyeBlink{side}"]] = 0.8
    base = next(row.base for row in CurveStrip(take).rows if row.name == "eyeBlink")
    image = lines(take)
    raised, low = image[base - 18 : base - 8], image[base - 4 : base + 3]
    assert has(raised, colour)
    assert not has(raised, other)
    assert has(low, other)


@pytest.mark.parametrize("name", ["browInnerUp", "jawOpen", "mouthSmileLeft", "noseSneerRight", "headYaw"])
def test_each_curve_is_seen(take: Take, name: str) -> None:
    still = lines(take)
    take.curves[60:, INDEX[name]] = 0.12
    assert not np.array_equal(lines(take), still)


def test_the_future_is_not_shown(take: Take) -> None:
    before = CurveStrip(take).draw(60)
    take.curves[61:] = 0.7
    assert np.array_equal(CurveStrip(take).draw(60), before)


def test_values_far_out_stay_in_the_picture(take: Take) -> None:
    take.curves[:] = 40.0
    take.curves[60:] = -40.0
    assert CurveStrip(take).draw(FRAMES - 1).shape == (HEIGHT, VALUES, 3)


@pytest.mark.parametrize("size", [64, 128, 512, 1024])
def test_the_stage_shows_face_and_strip(take: Take, size: int) -> None:
    stage = Stage(take, "Amara")
    pixels = np.full((size, size, 3), (10, 200, 30), np.uint8)
    picture = ReceivedPicture(pixels, 30, 0, take.timecodes[30], False, 2, Latency(20.0, 1.0, 1.0, 17.0, 1.0))
    image = stage.draw(picture, 48.0)
    assert image.shape == (HIGH, WIDE, 3)
    assert (image[TOP : TOP + HEIGHT, FACE_X : FACE_X + HEIGHT] == (10, 200, 30)).all()
    strip = image[TOP : TOP + HEIGHT, STRIP_X : STRIP_X + VALUES]
    assert np.array_equal(strip, CurveStrip(take).draw(30))


def test_the_stage_of_a_single_frame(take: Take) -> None:
    picture = ReceivedPicture(
        np.zeros((128, 128, 3), np.uint8), 0, 0, take.timecodes[0], False, 0, Latency(20.0, 1.0, 1.0, 17.0, 1.0)
    )
    assert Stage(take.first(1), "Amara").draw(picture, 0.0).shape == (HIGH, WIDE, 3)
