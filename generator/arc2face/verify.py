"""Every file of a release opened and held against what it has to be, without loading the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from generator.arc2face.checks import CHECKS
from generator.arc2face.inventory import holding, strangers
from generator.arc2face.layout import RELEASE, Folders, Part
from generator.arc2face.weights import raw_tensors
from generator.errors import Explained

TENSORS = (".safetensors", ".bin", ".pt")
Report = Callable[[Path, int, int], None]
"""The file being read, bytes read of it, bytes it has."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one part stands. `faults` are to be mended, `notes` only to be known; sentences, each naming its file."""

    part: Part
    state: Literal["well", "wrong", "incomplete", "missing"]
    size: int
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def grave(self) -> bool:
        """Something that is there is wrong, or something required is not there."""
        return self.state == "wrong" or (self.part.required and self.state != "well")


def verify(folders: Folders, quick: bool, report: Report, parts: Sequence[Part] = RELEASE) -> Iterator[Verdict]:
    """A verdict on each part, in order. `quick` asks for names and shapes, not for all numbers."""
    return (_verdict(part, folders, quick, report) for part in parts)


def number_faults(path: Path, report: Report) -> list[str]:
    """Every tensor of a file that holds numbers which are not finite."""
    if path.suffix == ".npy":
        finite = np.isfinite(np.load(path)).all()
        return [] if finite else [f"{path} holds numbers that are not finite"]
    return list(_tensor_faults(path, report)) if path.suffix in TENSORS else []


def _tensor_faults(path: Path, report: Report) -> Iterator[str]:
    read, size = 0, path.stat().st_size
    for name, tensor in raw_tensors(path):
        bad = tensor.numel() - int(tensor.isfinite().sum()) if tensor.is_floating_point() else 0
        if bad:
            yield f"{path}: {name} is not finite in {bad:,} of its {tensor.numel():,} numbers"
        read += tensor.numel() * tensor.element_size()
        report(path, min(read, size), size)


def _verdict(part: Part, folders: Folders, quick: bool, report: Report) -> Verdict:
    held = holding(part, folders)
    if held.state == "missing":
        return Verdict(part, "missing", 0, held.missing)
    notes = tuple(f"{path} is not part of the release, and nothing reads it" for path in strangers(part, folders))
    faults = held.damaged or tuple(_faults(part, folders, quick, bool(held.missing), report))
    state = "wrong" if faults else "incomplete" if held.missing else "well"
    return Verdict(part, state, held.size, (*faults, *held.missing), notes)


def _faults(part: Part, folders: Folders, quick: bool, partial: bool, report: Report) -> list[str]:
    """Of numbers, then of all else; a file that cannot be read at all ends it."""
    faults: list[str] = []
    try:
        for path in () if quick else (folders.of(part, file) for file in part.files):
            faults += number_faults(path, report) if path.is_file() else []
        faults += [] if partial else CHECKS[part.name](folders)
    except Explained as error:
        faults += [] if faults else [str(error)]  # after other faults it only says one of them again
    return faults
