"""The square around a face that SMIRK reads, to the last bit as the Arc2Face demo cuts it."""

import numpy as np

from generator.photo import PhotoError

SIZE = 224
MARGIN = 1.4
"""The square's side over the mean of the landmark box's width and height."""


def crop(picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """uint8 (h, w, 3) and landmarks (k, 2 or more), x and y in pixels → uint8 (224, 224, 3), channels as they were.

    Bilinear, black outside the picture, fractions cut off: scikit-image's `warp` followed by `astype(uint8)`, in the
    same order of operations, so that no pixel differs. PhotoError for landmarks that span less than a pixel.
    """
    low, high = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    side = int((high - low).sum() / 2 * MARGIN)
    if side < 1:
        raise PhotoError("the face is too small to read: its landmarks lie within a pixel")
    left, top = high - (high - low) / 2.0 - side / 2
    step = side / (SIZE - 1)  # the first and the last pixel lie on the square's edges
    columns, rows = left + np.arange(SIZE) * step, top + np.arange(SIZE) * step
    return _between_rows(picture, rows, columns).astype(np.uint8)


def _between_rows(picture: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    part = (rows - np.floor(rows))[:, None, None]
    upper = _between_columns(picture, np.floor(rows), columns)
    return (1 - part) * upper + part * _between_columns(picture, np.ceil(rows), columns)


def _between_columns(picture: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    part = (columns - np.floor(columns))[None, :, None]
    lefts = _pixels(picture, rows, np.floor(columns))
    return (1 - part) * lefts + part * _pixels(picture, rows, np.ceil(columns))


def _pixels(picture: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """float64 (224, 224, 3): the picture at whole rows and columns, 0 beyond it."""
    height, width = picture.shape[:2]
    inside = np.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
    y, x = np.clip(rows, 0, height - 1).astype(int), np.clip(columns, 0, width - 1).astype(int)
    return picture[np.ix_(y, x)] * inside[..., None].astype(np.float64)
