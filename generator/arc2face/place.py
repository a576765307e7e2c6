"""Where, and in which numbers, the networks compute."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from generator.checkpoint import CheckpointError


@dataclass(frozen=True, slots=True)
class Place:
    """`device` as torch calls it."""

    device: str = "cpu"
    dtype: torch.dtype = torch.float32


def place_of(device: str = "auto", dtype: str = "auto") -> Place:
    """ "auto" is CUDA in float16, as the release's authors run it, where torch has a card; else the CPU in float32.
    Raises CheckpointError where CUDA is asked for and not to be had.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise CheckpointError("torch finds no CUDA here: `facebridge doctor` says why, --device cpu does without")
    if dtype == "auto":
        dtype = "float16" if device == "cuda" else "float32"
    return Place(device, getattr(torch, dtype))
