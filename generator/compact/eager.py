"""Plain torch: the reference, and the way onto a graphics card."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from generator.compact.card import Card
from generator.compact.network import load_autoencoder, load_denoiser, load_small_decoder, to_bytes
from generator.compact.runtime import Conditions


class EagerRuntime:
    """float32 on a CPU, bfloat16 autocast on CUDA."""

    def __init__(self, folder: Path, card: Card, device: str) -> None:
        self._device, self.label = device, f"torch on {device}"
        self._denoiser = load_denoiser(folder, card).to(device)
        self._autoencoder = load_autoencoder(folder).to(device)
        small = load_small_decoder(folder).to(device)
        largest_first = sorted(card.sizes, reverse=True)
        self._decoders = dict(zip(largest_first, (self._autoencoder.decode, small), strict=True))

    @torch.inference_mode()
    def denoise(self, noisy: np.ndarray, level: np.ndarray, given: Conditions) -> np.ndarray:
        first = (noisy, level, given.identity, given.scene, given.curves, given.last)
        reference = [self._there(seen) for seen in given.reference] or None
        with self._precision():
            found = self._denoiser(*map(self._there, first), reference, self._there(given.reference_scale))
        return found.float().cpu().numpy()

    @torch.inference_mode()
    def decode(self, latents: np.ndarray, size: int) -> np.ndarray:
        with self._precision():
            return to_bytes(self._decoders[size](self._there(latents))).cpu().numpy()

    @torch.inference_mode()
    def read(self, picture: np.ndarray, identity: np.ndarray) -> list[np.ndarray]:
        with self._precision():
            latent = self._autoencoder.encode(self._there(picture))
            return [seen.float().cpu().numpy() for seen in self._denoiser.read(latent, self._there(identity))]

    def _there(self, array: np.ndarray) -> Tensor:
        return torch.from_numpy(array).to(self._device)

    def _precision(self) -> torch.autocast:
        return torch.autocast(self._device, torch.bfloat16, enabled=self._device == "cuda")
