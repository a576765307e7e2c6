"""Plain torch: the reference, and the way onto a graphics card."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from generator.checkpoint import Card
from generator.compact_network import load_network


class EagerRuntime:
    """float32 on a CPU, bfloat16 autocast on CUDA."""

    def __init__(self, folder: Path, card: Card, device: str) -> None:
        self.device = device
        self.label = f"torch on {device}"
        denoiser, autoencoder = load_network(folder, card)
        self._denoiser, self._autoencoder = denoiser.to(device), autoencoder.to(device)

    @torch.inference_mode()
    def denoise(self, noisy: Tensor, level: Tensor, identity: Tensor, curves: Tensor) -> Tensor:
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            return self._denoiser(noisy, level, identity, curves).float()

    @torch.inference_mode()
    def decode(self, latents: Tensor) -> Tensor:
        with torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda"):
            return to_bytes(self._autoencoder.decode(latents))


def to_bytes(pictures: Tensor) -> Tensor:
    """(n, 3, h, w) in 0..1 → uint8 (n, h, w, 3), rounded."""
    return (pictures.permute(0, 2, 3, 1).float() * 255).round().clamp(0, 255).to(torch.uint8)
