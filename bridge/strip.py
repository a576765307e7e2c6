"""The curves of a take as a strip that scrolls: grouped by region, with their recent history and the value now."""

from dataclasses import dataclass

import cv2
import numpy as np

from bridge.takes import Take
from protocol.blendshapes import ARKIT55, INDEX

HISTORY = 4.0  # seconds
ROW, GROUP_GAP, HEIGHT = 22, 18, 512
NAMES, LINES, WIDTH, VALUES = 70, 206, 340, 632  # x of the names and the lines, their width, right edge of the values
SUBPIXEL = 4  # bits of the fraction in OpenCV's coordinates: without it, scrolling lines shiver

Colour = tuple[int, int, int]
BACKGROUND, HAIRLINE = (16, 18, 22), (38, 42, 50)
BRIGHT, DIM, FAINT = (236, 234, 228), (146, 152, 164), (92, 98, 110)
LEFT, RIGHT = (255, 170, 76), (86, 186, 255)

REGIONS = {
    "brows": ("browInnerUp", "browOuterUp", "browDown"),
    "eyes": ("eyeBlink", "eyeSquint", "eyeLookIn", "eyeLookDown"),
    "cheeks": ("mouthSmile", "cheekSquint", "noseSneer"),
    "mouth": (
        "jawOpen",
        "mouthFunnel",
        "mouthPucker",
        "mouthRollLower",
        "mouthPress",
        "mouthLowerDown",
        "mouthUpperUp",
    ),
    "head": ("headYaw", "headPitch", "headRoll"),
}  # fmt: skip
FULL = 0.9
"""A curve fills its row at this value: few go further, and the small ones show better."""
HEAD_RANGE = np.radians(10.0)
"""A head angle fills its row at this many radians either way."""

TOGETHER = 0.06
"""Two sides nearer than this move as one."""

FONT = cv2.FontFace("sans")


def write(image: np.ndarray, text: str, x: int, y: int, size: int, colour: Colour, bold: bool = False) -> int:
    """Text with its baseline at y, from x on; returns where it ends."""
    end, _ = cv2.putText(image, text, (x, y), colour, FONT, size, 600 if bold else 400)
    return int(end[0])


def write_right(image: np.ndarray, text: str, x: int, y: int, size: int, colour: Colour) -> int:
    """Text with its baseline at y that ends at x; returns where it begins."""
    begin, _ = cv2.putText(image, text, (x, y), colour, FONT, size, 400, cv2.PUT_TEXT_ALIGN_RIGHT)
    return int(begin[0])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the strip: a curve, or the left and right of a pair; `base` is the y of 0."""

    name: str
    columns: tuple[int, ...]
    base: int
    scale: float

    def heights(self, curves: np.ndarray) -> np.ndarray:
        """Curves (N, 55) → y of the row's lines, float (N, 1 or 2)."""
        return self.base - self.scale * np.clip(curves[:, self.columns], -HEAD_RANGE, 1.0)

    @property
    def angle(self) -> bool:
        return self.name.startswith("head")

    @property
    def middle(self) -> int:
        return self.base - (0 if self.angle else ROW // 2 - 3)

    def text(self, value: float) -> str:
        return f"{np.degrees(value):+.1f}°" if self.angle else f"{value:.2f}"

    def weight(self, value: float) -> float:
        """How much a value stands out, 0 to 1."""
        return min(abs(value) / (HEAD_RANGE / 5 if self.angle else 0.15), 1.0)


class CurveStrip:
    """Draws the strip of one take, uint8 (512, 632, 3) RGB, at any moment of it."""

    def __init__(self, take: Take) -> None:
        self.take = take
        self.rows = tuple(_rows())
        self._still = _still_parts(self.rows)
        fade = np.linspace(0.10, 1.0, WIDTH, dtype=np.float32)[None, :, None] ** 1.2
        self._fade = np.ascontiguousarray(np.broadcast_to(fade, (HEIGHT, WIDTH, 3)))
        self._veil = np.round((1.0 - self._fade) * np.array(BACKGROUND, np.float32)).astype(np.uint8)

    def draw(self, frame: int) -> np.ndarray:
        """The strip when frame number `frame` of the take is the latest."""
        image = self._still.copy()
        image[:, LINES : LINES + WIDTH] = self._history(frame)
        cv2.line(image, (LINES + WIDTH, 0), (LINES + WIDTH, HEIGHT), HAIRLINE, 1)
        for row in self.rows:
            self._now(image, row, frame)
        return image

    def _history(self, frame: int) -> np.ndarray:
        now = self.take.times[frame]
        first = int(np.searchsorted(self.take.times, now - HISTORY))
        x = WIDTH + (self.take.times[max(first - 1, 0) : frame + 1] - now) * (WIDTH / HISTORY)
        curves = self.take.curves[max(first - 1, 0) : frame + 1]
        panel = np.full((HEIGHT, WIDTH, 3), BACKGROUND, np.uint8)
        self._seconds(panel, float(now))
        for row in self.rows:
            _draw_row(panel, row, x, row.heights(curves))
        return cv2.add(cv2.multiply(panel, self._fade, dtype=cv2.CV_8U), self._veil)

    def _seconds(self, panel: np.ndarray, now: float) -> None:
        for second in range(int(np.ceil(max(now - HISTORY, 0.0))), int(now) + 1):
            x = round(WIDTH + (second - now) * WIDTH / HISTORY)
            cv2.line(panel, (x, 0), (x, HEIGHT), HAIRLINE, 1)

    def _now(self, image: np.ndarray, row: Row, frame: int) -> None:
        values = self.take.curves[frame, row.columns]
        heights = row.heights(self.take.curves[frame : frame + 1])[0]
        together = bool(np.ptp(heights) < TOGETHER * row.scale)
        colours = (BRIGHT,) * len(values) if together else (LEFT, RIGHT)
        for height, colour in [(heights.mean(), BRIGHT)] if together else zip(heights, colours, strict=True):
            _dot(image, float(height), colour)
        for place, (value, colour) in enumerate(zip(values[::-1], colours[::-1], strict=True)):
            shade = _between(FAINT, colour, row.weight(float(value)))
            write_right(image, row.text(float(value)), VALUES - 46 * place, row.middle + 5, 13, shade)


def _rows() -> list[Row]:
    rows, y = [], 0
    for names in REGIONS.values():
        for name in names:
            columns = (INDEX[name],) if name in ARKIT55 else (INDEX[f"{name}Left"], INDEX[f"{name}Right"])
            angle = name.startswith("head")
            base = y + (ROW // 2 if angle else ROW - 3)
            rows.append(Row(name, columns, base, (ROW / 2 - 2) / HEAD_RANGE if angle else (ROW - 4) / FULL))
            y += ROW
        y += GROUP_GAP
    return rows


def _still_parts(rows: tuple[Row, ...]) -> np.ndarray:
    """What does not move: the regions, the names and the zero lines."""
    image = np.full((HEIGHT, VALUES, 3), BACKGROUND, np.uint8)
    regions = {names[0]: region for region, names in REGIONS.items()}
    for row in rows:
        if row.name in regions:
            write(image, regions[row.name], 0, row.middle + 5, 13, FAINT)
        write(image, row.name, NAMES, row.middle + 5, 14, DIM)
    return image


def _draw_row(panel: np.ndarray, row: Row, x: np.ndarray, heights: np.ndarray) -> None:
    """Where both sides move as one the line is white; where they part, each has its colour."""
    cv2.line(panel, (0, row.base), (WIDTH, row.base), HAIRLINE, 1)
    together = np.ptp(heights, axis=1) < TOGETHER * row.scale
    for side, colour in zip(range(heights.shape[1]), (LEFT, RIGHT), strict=False):
        _draw_lines(panel, [_points(x[run], heights[run, side]) for run in _runs(~together)], colour)
    _draw_lines(panel, [_points(x[run], heights[run].mean(axis=1)) for run in _runs(together)], BRIGHT)


def _draw_lines(panel: np.ndarray, lines: list[np.ndarray], colour: Colour) -> None:
    if lines:
        cv2.polylines(panel, lines, False, colour, 2, cv2.LINE_AA, SUBPIXEL)


def _points(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.round(np.stack([x, y], axis=1) * (1 << SUBPIXEL)).astype(np.int32)


def _runs(mask: np.ndarray) -> list[slice]:
    """Each run of True, with the point after it, so that the next run joins on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [slice(int(start), int(end) + 1) for start, end in edges.reshape(-1, 2)]


def _dot(image: np.ndarray, y: float, colour: Colour) -> None:
    centre = ((LINES + WIDTH) << SUBPIXEL, round(y * (1 << SUBPIXEL)))
    cv2.circle(image, centre, 3 << SUBPIXEL, colour, -1, cv2.LINE_AA, SUBPIXEL)


def _between(start: Colour, end: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
    return red, green, blue
