"""Ways to run the compact network, one signature."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from generator.checkpoint import CheckpointError
from generator.compact.card import Card
from generator.nvidia import nvidia_cards


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """What n frames are to show, as `Denoiser.forward` takes it; an empty `reference` is none."""

    identity: np.ndarray
    scene: np.ndarray
    curves: np.ndarray
    last: np.ndarray
    reference: list[np.ndarray]
    reference_scale: np.ndarray


class Runtime(Protocol):
    """n streams in one pass."""

    label: str  # what `facebridge doctor` and the start-up lines call it

    def denoise(self, noisy: np.ndarray, level: np.ndarray, given: Conditions) -> np.ndarray:
        """(n, c, h, w), (n,) int64 → the clean latent (n, c, h, w), float32."""
        ...

    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        """(n, c, h, w) → uint8 (n, size, size, 4) RGBA, colours multiplied by alpha, row 0 on top."""
        ...

    def read(self, picture: np.ndarray, identity: np.ndarray) -> list[np.ndarray]:
        """A reference picture (1, 4, h, w), premultiplied in 0..1 → what `denoise` wants of it."""
        ...


def load_runtime(folder: Path, card: Card, choice: str = "auto") -> Runtime:
    """`auto`: CUDA where there is a card, else OpenVINO, else plain torch. Also `eager`, `openvino`, `cuda`,
    and `cpu`, which is `auto` without CUDA. Raises CheckpointError for CUDA that is not there.
    """
    if choice == "cuda" and not _cuda():
        raise CheckpointError("torch finds no CUDA here: `facebridge doctor` says why, --device cpu does without")
    if choice == "cuda" or (choice == "auto" and nvidia_cards() and _cuda()):  # torch takes seconds to answer
        return _in_torch(folder, card, "cuda")
    if choice != "eager":
        try:
            from generator.compact.openvino import OpenVinoRuntime

            return OpenVinoRuntime(folder, card)
        except ImportError:
            if choice == "openvino":
                raise
    return _in_torch(folder, card, "cpu")


def _cuda() -> bool:
    import torch

    return torch.cuda.is_available()


def _in_torch(folder: Path, card: Card, device: str) -> Runtime:
    from generator.compact.eager import EagerRuntime  # and diffusers with it: seconds

    return EagerRuntime(folder, card, device)
