"""Whether a file is whole, by its own format: the few bytes that say how long it has to be, never the numbers."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

LONGEST_HEADER = 100_000_000  # bytes, as the safetensors format itself limits it


def fault(path: Path) -> str:
    """What is wrong with a file that is there, as the end of a sentence about it; "" if it seems whole.

    Judges .safetensors, .onnx, .npy, .json and zipped files (.bin, .pt, .task) by length and structure.
    """
    try:
        return _in_disguise(path) or _JUDGES.get(path.suffix, lambda path: "")(path)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"


def _in_disguise(path: Path) -> str:
    """What downloads by hand leave behind in place of a file."""
    with path.open("rb") as file:
        start = file.read(256)
    if not start:
        return "is empty"
    if start.startswith(b"version https://git-lfs"):
        return "is a pointer of Git LFS, not the file itself (`git lfs pull` fetches it)"
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        return "is a web page, not the file itself"
    return ""


def _safetensors(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= LONGEST_HEADER:
            return "has no header of safetensors"
        if size < 8 + length:
            return f"is cut short: {size} bytes, and its header alone takes {8 + length}"
        try:
            header = json.loads(file.read(length))
            ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        except (ValueError, KeyError, TypeError, AttributeError):
            return "has no header of safetensors"
    expected = 8 + length + max(ends, default=0)
    if size < expected:
        return f"is cut short: {size} of {expected} bytes"
    return f"is too long: {size} bytes instead of {expected}" if size > expected else ""


def _zipped(path: Path) -> str:
    """What torch saves today, and MediaPipe's tasks. torch's older pickles say nothing of their length."""
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    if not zipped:
        return "is no MediaPipe task" if path.suffix == ".task" else ""
    return "" if zipfile.is_zipfile(path) else "is cut short: the list at its end is missing"


def _npy(path: Path) -> str:
    try:
        np.load(path, mmap_mode="r")
    except (ValueError, EOFError) as error:
        return f"is cut short or no array: {str(error).splitlines()[0]}"
    return ""


def _json(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        return f"is not JSON: {error}"
    return "" if isinstance(held, dict) else f"holds a {type(held).__name__}, not an object"


def _onnx(path: Path) -> str:
    """Walks the outermost fields of the protocol buffer, each of which says its length."""
    size = path.stat().st_size
    with path.open("rb") as file:
        while file.tell() < size:
            wire_type = _varint(file) & 7
            if wire_type == 0:
                _varint(file)
            elif wire_type == 2:
                file.seek(_varint(file), os.SEEK_CUR)
            else:
                return "is no ONNX model"
        return "" if file.tell() == size else f"is cut short: {size} of at least {file.tell()} bytes"


def _varint(file: BinaryIO) -> int:
    """A whole number in base 128, least significant first; 7, which no caller takes, at the end of the file."""
    value = shift = 0
    while byte := file.read(1):
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7
        if shift > 63:
            break
    return 7


_JUDGES: dict[str, Callable[[Path], str]] = {
    ".safetensors": _safetensors,
    ".bin": _zipped,
    ".pt": _zipped,
    ".task": _zipped,
    ".npy": _npy,
    ".json": _json,
    ".onnx": _onnx,
}
