"""JSON as takes come in: read with bounds, written with numbers that read back to the same bits."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from bridge.takes.live_link_csv import CHANNELS
from bridge.takes.take import Take, TakeError
from protocol.blendshapes import ARKIT52

LARGEST = 512 * 2**20  # bytes: some four hours at 60 frames a second


def read_object(path: Path) -> dict[str, Any]:
    """The one object of a JSON file. Raises TakeError."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise TakeError(f"{path} has {size / 2**20:.0f} MB; of JSON, {LARGEST // 2**20} are read")
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise TakeError(f"there is no take at {path}") from None
    except OSError as error:
        raise TakeError(f"cannot read {path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise TakeError(f"{path} is no whole JSON file: {error}") from None
    if not isinstance(data, dict):
        raise TakeError(f"{path} is JSON without names: an object is expected, with names and frames")
    return data


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a text file. Raises TakeError."""
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines)
    except OSError as error:
        raise TakeError(f"cannot write {path}: {error.strerror or error}") from None


def columns(take: Take) -> tuple[list[str], np.ndarray]:
    """The names to write and float32 (n, k): the 52 curves, and of head and eyes what ever moves. TakeError for NaN."""
    values = np.concatenate([take.curves, take.eyes], axis=1)
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        raise TakeError(f"frame {int(np.argmin(finite))} of {take.name} holds a NaN or infinite value")
    signs: np.ndarray = np.any(values.view(np.uint32), axis=0)  # -0 moves too: it reads back bit for bit
    chosen = [place for place in range(len(CHANNELS)) if place < len(ARKIT52) or signs[place]]
    return [CHANNELS[place] for place in chosen], values[:, chosen]


def number_list(row: np.ndarray) -> str:
    """A JSON list of float32, each the shortest decimal that reads back as the same."""
    return "[" + ", ".join(np.format_float_positional(value, unique=True, trim="0") for value in row) + "]"
