"""A picture that shows the curves as bars: for checking an engine's plumbing without a model.

Each curve of `arkit55` is one upright bar, left to right in registry order: bottom is 0, top is 1; the three head
angles grow up or down from the middle, to the edge at one radian. The corners tell the orientation: top left is
white, top right red, bottom left green, bottom right blue. The tint behind the bars is the identity. Between the
corners the card is glass: clear above the bars, half clear below. A light that is set is a white dot: at the left or
right edge of the bars at 90 degrees, at their top at 90, at their bottom at -30.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from generator.face_generator import Drawn, StreamSettings
from generator.light import Light
from protocol.blendshapes import BASES

BARS = len(BASES["arkit55"])
ANGLES = 3  # the last curves are radians, not 0..1
TINTS = {"amber": (96, 72, 24), "teal": (16, 80, 80), "violet": (72, 40, 96), "slate": (56, 64, 72)}
CLEAR, HALF = 0, 128  # alpha
CORNERS = {(0, 0): (255, 255, 255), (0, -1): (255, 0, 0), (-1, 0): (0, 255, 0), (-1, -1): (0, 0, 255)}


@dataclass(slots=True)
class CardStream:
    """The settings of one stream and its last picture."""

    settings: StreamSettings
    values: np.ndarray = field(default_factory=lambda: np.full(BARS, np.nan, np.float32))
    pixels: np.ndarray | None = None


class TestCard:
    """A `FaceGenerator` without a network: the same curves and settings give the same picture, everywhere."""

    __test__ = False  # a test card, not a test case
    name = "testcard"
    basis = "arkit55"
    sizes: tuple[int, ...] = (128, 64, 256, 512)
    identities: tuple[str, ...] = tuple(TINTS)
    max_batch = 8
    default_steps = 1
    capabilities: tuple[str, ...] = ("expression", "light", "alpha")

    def open_stream(self, settings: StreamSettings) -> CardStream:
        return CardStream(_checked(settings))

    def change(self, stream: CardStream, settings: StreamSettings) -> None:
        if settings != stream.settings:
            stream.settings = _checked(settings)
            self.reset(stream)

    def reset(self, stream: CardStream) -> None:
        stream.pixels = None

    def render(self, frames: Sequence[tuple[CardStream, np.ndarray]]) -> list[Drawn]:
        return [_draw(stream, values) for stream, values in frames]


def _checked(settings: StreamSettings) -> StreamSettings:
    if settings.identity not in TINTS:
        raise ValueError(f"the test card knows no identity {settings.identity!r}; it has {', '.join(TINTS)}")
    if settings.size not in TestCard.sizes:
        raise ValueError(f"the test card has no size {settings.size}; it has {TestCard.sizes}")
    return settings


def _draw(stream: CardStream, values: np.ndarray) -> Drawn:
    if stream.pixels is not None and np.array_equal(values, stream.values):
        return Drawn.whole(stream.pixels, repeated=True)
    stream.values, stream.pixels = values.copy(), picture(stream.settings, values)
    return Drawn.whole(stream.pixels, repeated=False)


def picture(settings: StreamSettings, values: np.ndarray) -> np.ndarray:
    """The card for float32 (55,) curves: uint8 (size, size, 4) RGBA, row 0 on top."""
    size = settings.size
    margin = size // 16  # above and below the bars, for the corners
    bar = np.arange(size) * BARS // size
    level = np.minimum(values * settings.expression_scale, 1.0)[bar]
    height = (size - margin - 0.5 - np.arange(size)[:, None]) / (size - 2 * margin)  # 0 to 1 where the bars are
    upright = (height > 0) & (height < level)
    tilted = np.abs(height - 0.5 - level / 4) < np.abs(level / 4)
    lit = np.where(bar < BARS - ANGLES, upright, tilted)
    card = np.full((size, size, 4), 255, np.uint8)
    card[..., :3] = np.where(lit[..., None], _COLOURS[bar], np.array(TINTS[settings.identity], np.uint8))
    card[:margin, :, 3], card[-margin:, :, 3] = CLEAR, HALF
    for (row, column), colour in CORNERS.items():
        rows = slice(0, margin) if row == 0 else slice(-margin, None)
        columns = slice(0, margin) if column == 0 else slice(-margin, None)
        card[rows, columns] = (*colour, 255)
    if settings.light is not None:
        _shine(card[margin:-margin], settings.light, margin / 2)
    return card


def _shine(bars: np.ndarray, light: Light, radius: float) -> None:
    """A white dot where the light stands."""
    height, width = bars.shape[:2]
    azimuth, elevation = light
    x, y = (azimuth + 90) / 180 * (width - 1), (90 - elevation) / 120 * (height - 1)
    rows, columns = np.ogrid[:height, :width]
    bars[(rows - y) ** 2 + (columns - x) ** 2 <= radius**2] = 255


def _bar_colours() -> np.ndarray:
    """Six bright colours in turn, so that neighbouring bars differ: uint8 (55, 3)."""
    wheel = np.array([(255, 96, 96), (255, 224, 96), (96, 255, 96), (96, 255, 255), (128, 128, 255), (255, 96, 255)])
    return wheel[np.arange(BARS) % len(wheel)].astype(np.uint8)


_COLOURS = _bar_colours()
