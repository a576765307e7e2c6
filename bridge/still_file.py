"""A still on disk: .npy as it was computed, .png rounded to 8 bits."""

import tempfile
from pathlib import Path

import cv2
import numpy as np

from bridge.errors import CommandError

SUFFIXES = (".png", ".npy")


def check_out(path: Path, option: str = "--out", suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """CommandError, before anything slow begins, for a file that cannot be written."""
    if path.suffix.lower() not in suffixes:
        raise CommandError(f"{option} {path}: the name must end in {' or '.join(suffixes)}")
    if not path.parent.is_dir():
        raise CommandError(f"{option} {path}: there is no folder {path.parent}")
    if path.is_dir():
        raise CommandError(f"{option} {path} is a folder")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise CommandError(f"{option} {path}: {path.parent} cannot be written: {error.strerror}") from error


def write_still(picture: np.ndarray, path: Path) -> None:
    """`picture` float32 (h, w, 3) RGB or (h, w, 4) RGBA, alpha straight, in 0..1. Raises CommandError."""
    try:
        if path.suffix.lower() == ".npy":
            with path.open("wb") as file:  # by its name numpy would add another .npy to .NPY
                np.save(file, picture)
        else:
            path.write_bytes(_png(picture))
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error


def _png(picture: np.ndarray) -> bytes:
    rounded = (picture * 255).round().astype(np.uint8)
    order = cv2.COLOR_RGB2BGR if picture.shape[-1] == 3 else cv2.COLOR_RGBA2BGRA
    return cv2.imencode(".png", cv2.cvtColor(rounded, order))[1].tobytes()
