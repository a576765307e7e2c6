"""A sheet of portraits: each person neutral and with a few expressions, the name below."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from bridge.backdrop import on_backdrop
from generator.blendshape_map import load_map, passage
from generator.face_generator import FaceGenerator, StreamSettings
from protocol.blendshapes import BASES

Expression = Mapping[str, float]
EXPRESSIONS: tuple[Expression, ...] = (
    {},
    {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9, "cheekSquintLeft": 0.6, "cheekSquintRight": 0.6},
    {"jawOpen": 0.7, "browInnerUp": 0.8, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8},
)
COLUMNS = 3  # people in a row
MARGIN, CAPTION = 12, 24  # pixels
PAPER, INK = (246, 246, 246), (40, 40, 40)


def sheet(generator: FaceGenerator, mapping: str = "") -> np.ndarray:
    """Every identity on one sheet: uint8 (height, width, 3) RGB. `mapping` is what `load_map` takes."""
    curves = expressions(generator.basis, mapping)
    cards = [_card(name, portraits(generator, name, curves)) for name in generator.identities]
    blank = np.full_like(cards[0], PAPER)
    cards += [blank] * (-len(cards) % COLUMNS)
    rows = [np.hstack(cards[start : start + COLUMNS]) for start in range(0, len(cards), COLUMNS)]
    return np.vstack(rows)


def expressions(basis: str, mapping: str = "") -> list[np.ndarray]:
    """EXPRESSIONS in the basis that a generator draws."""
    change = passage("arkit55", basis, load_map(mapping))
    names = BASES["arkit55"]
    return [change(np.array([expression.get(name, 0.0) for name in names], np.float32)) for expression in EXPRESSIONS]


def portraits(generator: FaceGenerator, identity: str, curves: Sequence[np.ndarray]) -> list[np.ndarray]:
    """One person's face for each row of curves: uint8 (size, size, 3) RGB, each from a stream without a past."""
    settings = StreamSettings(identity, generator.sizes[0])
    frames = [(generator.open_stream(settings), row) for row in curves]
    batches = [frames[start : start + generator.max_batch] for start in range(0, len(frames), generator.max_batch)]
    return [on_backdrop(drawn.pixels) for batch in batches for drawn in generator.render(batch)]


def _card(name: str, faces: Sequence[np.ndarray]) -> np.ndarray:
    """The faces side by side on paper, with the name in the margin below."""
    strip = np.hstack(faces)
    card = cv2.copyMakeBorder(strip, MARGIN, CAPTION, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=PAPER)
    return cv2.putText(card, name, (MARGIN, len(card) - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.45, INK, 1, cv2.LINE_AA)
