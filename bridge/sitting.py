"""What a still is to show, from what a person names at the terminal: a take's frame, a picture, a file of numbers."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bridge.curve_names import as_curves
from bridge.errors import CommandError
from bridge.takes import TakeError
from bridge.takes.formats import read_any_take
from generator.alignment import ffhq_crop
from generator.blendshape_map import BlendshapeMap, passage
from generator.identities import IdentityStore
from generator.photo import FaceReader, PhotoError, read_picture
from protocol.blendshapes import BASES, FLAME55

FORMS = "a .npy of 55 numbers, TAKE.csv:FRAME, a .json of named curves, or a picture"


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """float32 or uint8 numbers, and a sentence about how they came about, or ""."""

    values: np.ndarray
    notice: str = ""


def expression_of(source: str, mapping: BlendshapeMap, models: Path, basis: str = "flame55") -> Named:
    """The expression (k,) in the order of `basis` that `source` names. Raises CommandError or an explained error."""
    path, frame = _split(source)
    if frame is not None:
        return _from_take(path, frame, mapping, basis)
    if not path.is_file():
        raise CommandError(f"--expression {source}: no such file; give {FORMS}")
    if path.suffix.lower() == ".npy":
        return Named(read_numbers(path, len(BASES[basis])))
    if path.suffix.lower() == ".json":
        return _from_names(path, mapping, basis)
    if path.suffix.lower() == ".csv":
        raise CommandError(f"--expression {source}: say which frame of the take, as {source}:120 (the first is 0)")
    from generator.smirk import ExpressionReader  # and torch with it: seconds

    return _brought(ExpressionReader(models / "smirk").read(read_picture(path)), "flame55", mapping, basis)


def reference_of(source: str, size: int, models: Path, store: IdentityStore) -> Named:
    """The picture, uint8 (size, size, 3), aligned as FFHQ: a file, or the reference of somebody enrolled with one. A
    file of exactly that size is taken to be aligned already; so is a square one where nothing can find faces.
    """
    path = Path(source)
    kept = store.read(source).reference if not path.exists() and source in store.names() else None
    if kept is not None:
        return Named(np.asarray(Image.fromarray(kept).resize((size, size), Image.Resampling.LANCZOS)))
    picture = read_picture(path)
    height, width = picture.shape[:2]
    if height == width == size:
        return Named(picture, f"{path} is taken to be aligned already: it is {size}x{size}, as what is drawn")
    if height == width and not (models / "antelopev2").is_dir():
        text = f"{path} is taken to be aligned already: there is no {models / 'antelopev2'} to find faces with"
        return Named(np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.LANCZOS)), text)
    faces = FaceReader(models).read(picture)
    if not faces:
        raise PhotoError(f"{path}: no face found; a picture that is aligned already must be {size}x{size} pixels")
    several = f"{path}: {len(faces)} faces, the largest is taken" if len(faces) > 1 else ""
    return Named(ffhq_crop(picture, faces[0].landmarks, size), several)


def read_numbers(path: Path, count: int) -> np.ndarray:
    """A .npy of `count` finite numbers, of any shape, as float32 (count,). Raises CommandError."""
    try:
        values = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise CommandError(f"{path} is no .npy of numbers: {error}") from error
    if not isinstance(values, np.ndarray) or values.size != count or values.dtype.kind not in "fiu":
        found = f"{values.dtype} {list(values.shape)}" if isinstance(values, np.ndarray) else "an archive"
        raise CommandError(f"{path} holds {found}, expected {count} numbers")
    numbers = values.astype(np.float32).reshape(count)
    if not np.isfinite(numbers).all():
        raise CommandError(f"{path}: number {int(np.argmin(np.isfinite(numbers)))} is not finite")
    return numbers


def _split(source: str) -> tuple[Path, int | None]:
    name, _, frame = source.rpartition(":")
    return (Path(name), int(frame)) if name and frame.isdecimal() else (Path(source), None)


def _from_take(path: Path, frame: int, mapping: BlendshapeMap, basis: str) -> Named:
    try:
        take = read_any_take(path)
    except TakeError as error:
        raise CommandError(str(error)) from error
    if frame >= len(take):
        raise CommandError(f"{path} has the frames 0 to {len(take) - 1}, not {frame}")
    return _brought(take.curves[frame], "arkit55", mapping, basis)


def _from_names(path: Path, mapping: BlendshapeMap, basis: str) -> Named:
    try:
        curves = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} is not JSON: {error}") from error
    if not isinstance(curves, dict):
        raise CommandError(f'{path} must hold an object of named curves, as {{"jawOpen": 0.4}}')
    named = "flame55" if curves and set(curves) <= set(FLAME55) else "arkit55"
    try:
        return _brought(as_curves(curves, named), named, mapping, basis)
    except (ValueError, TypeError) as error:
        raise CommandError(f"{path}: {error}") from error


def _brought(values: np.ndarray, source: str, mapping: BlendshapeMap, target: str) -> Named:
    assert len(values) == len(BASES[source])
    way = passage(source, target, mapping)
    return Named(way(values.astype(np.float32)), way.notice)
