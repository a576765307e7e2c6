"""The README's pictures: everybody the model comes with, and a short film of several people in one performance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from generator.evaluation import sheets
from generator.evaluation.contestants import Contestant
from generator.evaluation.poses import EXPRESSIONS
from generator.evaluation.stage import Actor

COLUMNS, FACE = 6, 192  # people a row, pixels a face
SHOWN = ("smile", "surprise", "wink", "anger", "pucker", "away", "tongue", "smile", "surprise", "away", "wink", "anger")
BEHIND = ((0.86, 0.89, 0.91), (0.93, 0.90, 0.86), (0.89, 0.91, 0.87), (0.91, 0.88, 0.91))  # backdrops, in turn
FILM_FACE, EVERY = 192, 2  # pixels, frames
SECONDS, FPS = 4.0, 30.0
LARGEST = 2_000_000  # bytes
QUALITIES = (80, 70, 60, 50, 40)


def portrait_wall(contestant: Contestant, actors: Sequence[Actor], path: Path) -> None:
    """Each neutral and with an expression, named, as a PNG."""
    rows = -(-len(actors) // COLUMNS)
    page = Image.new("RGB", (COLUMNS * FACE, rows * (2 * FACE + 22)), sheets.PAPER)
    draw = ImageDraw.Draw(page)
    poses = [np.stack([EXPRESSIONS["neutral"], EXPRESSIONS[SHOWN[nth % len(SHOWN)]]]) for nth in range(len(actors))]
    drawn = contestant.several(list(zip(actors, poses, strict=True)))
    for place, (actor, pictures) in enumerate(zip(actors, drawn, strict=True)):
        left, top = place % COLUMNS * FACE, place // COLUMNS * (2 * FACE + 22)
        for line, picture in enumerate(pictures):
            page.paste(sheets.tiled(picture, FACE, _behind(place)), (left, top + line * FACE))
        draw.text((left + FACE // 2, top + 2 * FACE + 15), actor.name, sheets.INK, sheets.font(13), anchor="ms")
    sheets.save(page, path)


def film(contestant: Contestant, actors: Sequence[Actor], curves: np.ndarray, path: Path) -> None:
    """All of them in the liveliest seconds of one performance, side by side: an animated WebP below `LARGEST`.

    It plays wherever a browser draws (which is where READMEs are read), in full colour and a tenth of a GIF's size.
    """
    part = liveliest(curves, round(SECONDS * FPS))[::EVERY]
    streams = contestant.several([(actor, part) for actor in actors])
    frames = [_side_by_side(pictures) for pictures in zip(*streams, strict=True)]
    for quality in QUALITIES:
        frames[0].save(
            path, save_all=True, append_images=frames[1:], duration=round(1000 * EVERY / FPS), loop=0, quality=quality
        )
        if path.stat().st_size < LARGEST:
            return


def liveliest(curves: np.ndarray, count: int) -> np.ndarray:
    """The `count` frames in a row that move most; all of them if there are fewer."""
    if len(curves) <= count:
        return curves
    moves = np.abs(np.diff(curves, axis=0)).sum(1)
    start = int(np.convolve(moves, np.ones(count - 1), "valid").argmax())
    return curves[start : start + count]


def _side_by_side(pictures: Sequence[np.ndarray]) -> Image.Image:
    page = Image.new("RGB", (FILM_FACE * len(pictures), FILM_FACE))
    for place, picture in enumerate(pictures):
        page.paste(sheets.tiled(picture, FILM_FACE, _behind(place)), (place * FILM_FACE, 0))
    return page


def _behind(place: int) -> np.ndarray:
    return np.array(BEHIND[(place + place // COLUMNS) % len(BEHIND)])
