"""A folder of framed pictures of one person, of which the expression is known: NAME.png, its curves in NAME.json."""

import json
from pathlib import Path

import numpy as np

from bridge.curve_names import as_curves
from bridge.errors import CommandError
from bridge.framed import framed_picture, framed_reference
from generator.shots import Shot, packed

PICTURES = (".png", ".webp", ".jpg", ".jpeg")
MOST = 48
FORM = 'NAME.png, and in NAME.json its curves by name, as {"jawOpen": 0.4, "headYaw": 0.2}, head angles in radians'


def read_shots(folder: Path) -> dict[Path, Shot]:
    """By their pictures, in alphabetical order. Raises CommandError naming the file and what is wrong with it."""
    if not folder.is_dir():
        raise CommandError(f"--shots {folder}: no such folder; it holds {FORM}")
    pictures = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
    if not 0 < len(pictures) <= MOST:
        raise CommandError(f"--shots {folder} holds {len(pictures)} pictures, not 1 to {MOST}: {FORM}")
    return {path: Shot(_curves(path), packed(framed_reference(framed_picture(path)))) for path in pictures}


def _curves(picture: Path) -> np.ndarray:
    path = picture.with_suffix(".json")
    try:
        named = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(named, dict):
            raise TypeError("it is no object of named curves")
        return as_curves(named, "arkit55")
    except FileNotFoundError:
        raise CommandError(f"{picture} has no {path.name} beside it: {FORM}") from None
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(f"{path}: {error}") from None
