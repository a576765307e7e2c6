"""A face moved from the keyboard, one curve at a time: to try a face, a model or a preset without any performer."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from bridge.capture.beat import Beat
from bridge.capture.keyboard import Keyboard
from bridge.capture.sample import Sample
from protocol.blendshapes import ARKIT52, ARKIT55, INDEX

RATE = 60
STEP, FINE = 0.05, 0.01
WIDEST = 0.7  # rad a head turns either way, 40 degrees
PAGE, SHOWN = 7, 12
HELP = (
    "up, down, page up, page down or a letter: choose   tab: one side or both",
    "left, right, - or +: move   home: rest   end: the most   space: blink",
    "0: rest all   Ctrl-C: end",
)
JUMPS = {"up": -1, "down": 1, "pageup": -PAGE, "pagedown": PAGE}
MOVES = {"left": -STEP, "right": STEP, "-": -FINE, "+": FINE, "=": FINE}
REST = (0.0,) * len(ARKIT55)
TOGETHER = {"eyeLookIn": "eyeLookOut", "eyeLookOut": "eyeLookIn"}
LIDS = (INDEX["eyeBlinkLeft"], INDEX["eyeBlinkRight"])


@dataclass(frozen=True, slots=True)
class Board:
    """The sliders at one moment: `values` in ARKIT55 order, which one is `chosen`, and whether its pair moves along."""

    values: tuple[float, ...] = REST
    chosen: int = 0
    both: bool = True


def press(board: Board, key: str) -> Board:
    """The board after a key, named as `bridge.capture.keyboard` does; a key of no use changes nothing."""
    value = board.values[board.chosen]
    if key in JUMPS:
        return replace(board, chosen=(board.chosen + JUMPS[key]) % len(ARKIT55))
    if key in MOVES:
        return _put(board, value + MOVES[key])
    if key in ("home", "end"):
        return _put(board, 0.0 if key == "home" else bounds(board.chosen)[1])
    if key == "tab":
        return replace(board, both=not board.both)
    if key == "space":
        return _blink(board)
    if key == "0":
        return replace(board, values=REST)
    return _jump(board, key)


def bounds(place: int) -> tuple[float, float]:
    """Least and most of a slider: 0 and 1, or radians either way for the head."""
    return (0.0, 1.0) if place < len(ARKIT52) else (-WIDEST, WIDEST)


def _put(board: Board, value: float) -> Board:
    least, most = bounds(board.chosen)
    values = list(board.values)
    for place in {board.chosen, _pair(board.chosen) if board.both else board.chosen}:
        # Of many steps of 0.05 none ends up beside the value that is shown.
        values[place] = round(min(most, max(least, value)), 4)
    return replace(board, values=tuple(values))


def _pair(place: int) -> int:
    """The same on the other side, for a gaze the same way; mouthLeft and jawLeft are directions, and have none."""
    name = ARKIT55[place]
    side = next((side for side in ("Left", "Right") if name.endswith(side)), "")
    if not side or name.removesuffix(side) in ("mouth", "jaw"):
        return place
    stem = name.removesuffix(side)
    return INDEX[TOGETHER.get(stem, stem) + ("Right" if side == "Left" else "Left")]


def _blink(board: Board) -> Board:
    shut = 0.0 if all(board.values[lid] == 1.0 for lid in LIDS) else 1.0
    return replace(board, values=tuple(shut if place in LIDS else value for place, value in enumerate(board.values)))


def _jump(board: Board, key: str) -> Board:
    """To the next curve that begins with the letter."""
    places = [(board.chosen + step) % len(ARKIT55) for step in range(1, len(ARKIT55) + 1)]
    found = next((place for place in places if ARKIT55[place][0] == key.lower()), board.chosen)
    return replace(board, chosen=found)


class Sliders:
    """A player. `panel` shows how the sliders stand, for whoever has the terminal's screen."""

    def __init__(self) -> None:
        """CommandError without a terminal."""
        self.board = Board()
        self._keyboard = Keyboard()
        self._beat = Beat()

    def frames(self) -> Iterator[Sample]:
        """`RATE` a second, until the terminal is gone."""
        self._beat.start()
        with self._keyboard:
            for _ in self._beat.ticks(RATE):
                try:
                    for key in self._keyboard.pressed():
                        self.board = press(self.board, key)
                except EOFError:
                    return
                yield Sample(np.array(self.board.values, np.float32), np.zeros(6, np.float32))

    def stop(self) -> None:
        self._beat.stop()

    def panel(self) -> RenderableType:
        """The sliders around the chosen one, and the keys."""
        return picture(self.board)


def picture(board: Board) -> RenderableType:
    """`SHOWN` sliders with their bars, the chosen one marked, those that are not at rest bold."""
    first = min(max(0, board.chosen - SHOWN // 2), len(ARKIT55) - SHOWN)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    for place in range(first, first + SHOWN):
        (least, most), value = bounds(place), board.values[place]
        mark = ">" if place == board.chosen else "=" if board.both and place == _pair(board.chosen) else " "
        style = "reverse" if place == board.chosen else "bold" if value else "dim"
        bar = ProgressBar(total=most - least, completed=value - least, width=24)
        table.add_row(mark, Text(ARKIT55[place], style), bar, f"{value:+.2f}" if least else f"{value:.2f}")
    return Group(table, *(Text(line, "dim") for line in HELP))
