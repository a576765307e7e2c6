"""The test card shows each curve where it says."""

import subprocess
import sys

import numpy as np
import pytest

from generator.face_generator import StreamSettings, load_generator
from generator.testcard import BARS, TINTS, TestCard, picture
from protocol.blendshapes import ARKIT55

SETTINGS = StreamSettings("teal", 256)


def heights(name: str, value: float) -> tuple[float, float]:
    """How much of a curve's bar is lit above and below the middle, as parts of the longest bar."""
    values = np.zeros(BARS, np.float32)
    values[ARKIT55.index(name)] = value
    column = (np.arange(256) * BARS // 256).tolist().index(ARKIT55.index(name)) + 1
    lit = (picture(SETTINGS, values)[:, column, :3] != TINTS["teal"]).any(axis=-1)
    lit[:16] = lit[-16:] = False  # the corners
    return float(lit[:128].sum() / 224), float(lit[128:].sum() / 224)


def test_a_bar_grows_from_the_bottom_with_its_curve() -> None:
    assert heights("jawOpen", 0.25) == pytest.approx((0.0, 0.25), abs=0.01)
    assert heights("jawOpen", 0.75) == pytest.approx((0.25, 0.5), abs=0.01)
    assert heights("mouthSmileLeft", 0.0) == (0.0, 0.0)


def test_an_angle_grows_from_the_middle_up_or_down() -> None:
    assert heights("headPitch", 0.5) == pytest.approx((0.25, 0.0), abs=0.01)
    assert heights("headPitch", -0.5) == pytest.approx((0.0, 0.25), abs=0.01)
    assert heights("headRoll", 1.0) == pytest.approx((0.5, 0.0), abs=0.01)


def test_the_corners_tell_which_way_is_up() -> None:
    card = picture(SETTINGS, np.zeros(BARS, np.float32))

    assert [tuple(card[row, column].tolist()) for row in (0, -1) for column in (0, -1)] == [
        (255, 255, 255, 255), (255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255),
    ]  # fmt: skip


def test_between_the_corners_the_card_is_glass() -> None:
    alpha = picture(SETTINGS, np.zeros(BARS, np.float32))[..., 3]

    assert (alpha[:16, 16:-16] == 0).all() and (alpha[-16:, 16:-16] == 128).all()
    assert (alpha[16:-16] == 255).all()


@pytest.mark.parametrize(
    ("light", "place"), [((0.0, 30.0), (128, 128)), ((90.0, 30.0), (128, 255)), ((-45.0, 60.0), (72, 64))]
)
def test_a_light_is_a_dot_where_it_stands(light: tuple[float, float], place: tuple[int, int]) -> None:
    neutral = np.zeros(BARS, np.float32)
    dark, lit = (picture(StreamSettings("teal", 256, light=each), neutral) for each in (None, light))

    found = np.argwhere((dark != lit).any(axis=-1))
    assert np.abs(found - place).max() <= 9
    assert (lit[place] == 255).all()


def test_a_still_face_is_repeated_until_something_changes() -> None:
    card = TestCard()
    stream = card.open_stream(SETTINGS)
    values = np.full(BARS, 0.5, np.float32)

    drawn = [card.render([(stream, values)])[0] for _ in range(2)]
    card.change(stream, StreamSettings("amber", 256))
    drawn += [card.render([(stream, values)])[0]]
    card.reset(stream)
    drawn += [card.render([(stream, values)])[0], card.render([(stream, values * 0)])[0]]

    assert [one.repeated for one in drawn] == [False, True, False, False, False]
    assert np.array_equal(drawn[0].pixels, drawn[1].pixels)
    assert not np.array_equal(drawn[0].pixels, drawn[2].pixels)


def test_the_expression_scale_scales() -> None:
    half = StreamSettings("teal", 64, expression_scale=0.5)

    assert np.array_equal(
        picture(half, np.ones(BARS, np.float32)), picture(StreamSettings("teal", 64), np.full(BARS, 0.5, np.float32))
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (StreamSettings("nobody", 64), "the test card knows no identity 'nobody'; it has amber, teal, violet, slate"),
        (StreamSettings("teal", 65), "the test card has no size 65; it has (128, 64, 256, 512)"),
    ],
)
def test_what_it_cannot_show_it_refuses(settings: StreamSettings, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        TestCard().open_stream(settings)
    assert str(caught.value) == message


def test_the_test_card_and_the_client_do_not_load_a_network() -> None:
    code = (
        "import sys, bridge.server, bridge.client, bridge.client_async\n"
        "from generator.face_generator import load_generator\n"
        "load_generator('testcard')\n"
        "print([name for name in ('torch', 'diffusers', 'openvino', 'rich') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_it_is_found_by_name() -> None:
    assert load_generator("testcard").name == "testcard"
