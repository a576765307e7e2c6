"""Contact sheets: drawn pictures over true ones, labelled, on paper or on a backdrop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

PAPER, INK, FAINT = (255, 255, 255), (34, 38, 43), (120, 126, 134)
BACKDROP = (0.925, 0.93, 0.94)  # behind faces on sheets, 0..1
TILE, GAP, LABEL, HEADING = 160, 4, 132, 24  # pixels
QUALITY = 91  # of JPEG


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A label and its pictures, uint8 (s, s, 3 or 4) each; None leaves a place empty. `close`: near the row above."""

    label: str
    pictures: Sequence[np.ndarray | None]
    close: bool = False


def sheet(
    headings: Sequence[str], rows: Sequence[Row], tile: int = TILE, backdrop: np.ndarray | None = None
) -> Image.Image:
    """All rows under their headings. `backdrop`: RGB (s, s, 3) in 0..1 instead of the plain one."""
    columns = max(len(row.pictures) for row in rows)
    tops = np.cumsum([HEADING, *(tile + GAP * (1 if row.close else 3) for row in rows)])
    page = Image.new("RGB", (LABEL + columns * (tile + GAP) + GAP, int(tops[-1]) + GAP), PAPER)
    draw = ImageDraw.Draw(page)
    for column, heading in enumerate(headings):
        draw.text((LABEL + column * (tile + GAP), HEADING + 4), heading, INK, font(13), anchor="ls")
    for row, below in zip(rows, tops[1:], strict=True):
        top = int(below) - tile
        for line, words in enumerate(_wrapped(row.label)):
            draw.text((LABEL - 10, top + 18 + 17 * line), words, INK if line == 0 else FAINT, font(13), anchor="rs")
        for column, picture in enumerate(row.pictures):
            if picture is not None:
                page.paste(tiled(picture, tile, backdrop), (LABEL + column * (tile + GAP), top))
    return page


def tiled(picture: np.ndarray, size: int, backdrop: np.ndarray | None = None) -> Image.Image:
    """RGB or straight RGBA (s, s, …) of any size, on a backdrop, `size` pixels wide."""
    flat = over(picture, backdrop)
    how = cv2.INTER_AREA if size < len(flat) else cv2.INTER_CUBIC
    return Image.fromarray(cv2.resize(flat, (size, size), interpolation=how))


def over(picture: np.ndarray, backdrop: np.ndarray | None = None) -> np.ndarray:
    """uint8 RGB of a picture with straight alpha in front of `backdrop`, RGB in 0..1 or the sheets' own."""
    if picture.shape[-1] == 3:
        return picture
    behind = np.asarray(BACKDROP if backdrop is None else backdrop, np.float32) * 255
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.round(picture[..., :3] * alpha + behind * (1 - alpha)).clip(0, 255).astype(np.uint8)


def checkers(size: int, side: int = 16) -> np.ndarray:
    """A grey chequered backdrop (size, size, 3) in 0..1."""
    row, column = np.mgrid[:size, :size] // side
    return np.repeat(np.where((row + column) % 2, 0.62, 0.86)[..., None], 3, -1).astype(np.float32)


def sunset(size: int) -> np.ndarray:
    """A bright colourful backdrop (size, size, 3) in 0..1, which shows every fringe of an edge."""
    height = np.linspace(0, 1, size, dtype=np.float32)[:, None, None]
    sky = np.array([0.16, 0.30, 0.66]) * (1 - height) + np.array([1.0, 0.58, 0.20]) * height
    return np.repeat(sky, size, 1).astype(np.float32)


def difference(drawn: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """uint8 (s, s, 3): where and how much two pictures differ, four times amplified, black where they agree."""
    apart = np.abs(over(drawn).astype(np.float32) - over(truth))
    return (apart * 4).clip(0, 255).astype(np.uint8)


def save(page: Image.Image, path: Path) -> None:
    """PNG or JPEG, by the path's suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".jpg":
        page.save(path, quality=QUALITY, subsampling=0)
    else:
        page.save(path, optimize=True)


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _wrapped(label: str, width: int = 19) -> list[str]:
    """Lines of at most `width` letters, broken at spaces; "\n" breaks too."""
    lines: list[str] = []
    for part in label.split("\n"):
        line = ""
        for word in part.split():
            if line and len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return lines
