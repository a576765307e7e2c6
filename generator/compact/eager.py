"""Plain torch: the reference, and the way onto a graphics card."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from generator.compact.card import Card
from generator.compact.network import load_autoencoder, load_denoiser, load_small_decoder, to_bytes
from generator.compact.runtime import Conditions


class EagerRuntime:
    """float32 on a CPU, bfloat16 autocast on CUDA."""

    def __init__(self, folder: Path, card: Card, device: str) -> None:
        self.device, self.label = device, f"torch on {device}"
        self._denoiser = load_denoiser(folder, card).to(device)
        self._autoencoder = load_autoencoder(folder).to(device)
        small = load_small_decoder(folder).to(device)
        largest_first = sorted(card.sizes, reverse=True)
        self._decoders = dict(zip(largest_first, (self._autoencoder.decode, small), strict=True))

    @torch.inference_mode()
    def denoise(self, noisy: Tensor, level: Tensor, given: Conditions) -> Tensor:
        with self._precision():
            return self._denoiser(
                noisy, level, given.identity, given.scene, given.curves, given.last, given.reference or None,
                given.reference_scale,
            ).float()  # fmt: skip

    @torch.inference_mode()
    def decode(self, latents: Tensor, size: int) -> Tensor:
        with self._precision():
            return to_bytes(self._decoders[size](latents))

    @torch.inference_mode()
    def read(self, picture: Tensor, identity: Tensor) -> list[Tensor]:
        with self._precision():
            return [seen.float() for seen in self._denoiser.read(self._autoencoder.encode(picture), identity)]

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.device, torch.bfloat16, enabled=self.device == "cuda")
