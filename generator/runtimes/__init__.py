"""Ways to run the network, one signature."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from torch import Tensor

from generator.checkpoint import Card, CheckpointError


class Runtime(Protocol):
    """Tensors live where `device` says; n streams in one pass."""

    device: str
    label: str  # what `facebridge doctor` and the start-up lines call it

    def denoise(self, noisy: Tensor, level: Tensor, identity: Tensor, curves: Tensor) -> Tensor:
        """(n, c, h, w), (n,) int64, (n, 512), (n, k) → the clean latent (n, c, h, w), float32."""
        ...

    def decode(self, latents: Tensor) -> Tensor:
        """(n, c, h, w) → uint8 (n, size, size, 3) RGB, row 0 on top."""
        ...


def load_runtime(folder: Path, card: Card, choice: str = "auto") -> Runtime:
    """`auto`: CUDA where there is a card, else OpenVINO, else plain torch. Also `eager`, `openvino`, `cuda`,
    and `cpu`, which is `auto` without CUDA. Raises CheckpointError for CUDA that is not there.
    """
    import torch

    if choice == "cuda" and not torch.cuda.is_available():
        raise CheckpointError("torch finds no CUDA here: `facebridge doctor` says why, --device cpu does without")
    if choice == "cuda" or (choice == "auto" and torch.cuda.is_available()):
        from generator.runtimes.eager import EagerRuntime

        return EagerRuntime(folder, card, "cuda")
    if choice != "eager":
        try:
            from generator.runtimes.openvino import OpenVinoRuntime

            return OpenVinoRuntime(folder, card)
        except ImportError:
            if choice == "openvino":
                raise
    from generator.runtimes.eager import EagerRuntime

    return EagerRuntime(folder, card, "cpu")
