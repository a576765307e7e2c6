"""Pictures ↔ latents, f = 8: diffusers' tiny autoencoder working on pixel-unshuffled pictures, which spares full-
resolution convolutions.
"""

from __future__ import annotations

import torch
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTiny
from torch import Tensor, nn
from torch.nn import functional

UNSHUFFLE = 2  # 3 channels at full size become 12 at half size
FACTOR = 8


class Autoencoder(nn.Module):
    """`tiny` maps 12-channel half-size pictures to raw latents; `mean` and `std` (channels,) make latents of mean 0
    and deviation 1.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, tiny: AutoencoderTiny) -> None:
        super().__init__()
        self.tiny = tiny
        channels = int(tiny.config["latent_channels"])
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("std", torch.ones(channels))

    def encode(self, pictures: Tensor) -> Tensor:
        """(n, 3, h, w) in 0..1 → (n, channels, h/8, w/8), normalised."""
        raw = self.tiny.encoder(functional.pixel_unshuffle(pictures * 2 - 1, UNSHUFFLE))
        return (raw - self.mean[:, None, None]) / self.std[:, None, None]

    def decode(self, latents: Tensor) -> Tensor:
        """(n, channels, h, w), normalised → (n, 3, 8h, 8w), about 0..1 and not clamped."""
        raw = latents * self.std[:, None, None] + self.mean[:, None, None]
        return (functional.pixel_shuffle(self.tiny.decoder(raw), UNSHUFFLE) + 1) / 2


def new_autoencoder(width: int = 48, latent_channels: int = 16) -> Autoencoder:
    """The untrained compact autoencoder."""
    blocks = (1, 3, 4)
    tiny = AutoencoderTiny(
        in_channels=3 * UNSHUFFLE**2, out_channels=3 * UNSHUFFLE**2, latent_channels=latent_channels,
        encoder_block_out_channels=(width,) * 3, decoder_block_out_channels=(width,) * 3,
        num_encoder_blocks=blocks, num_decoder_blocks=blocks[::-1],
    )  # fmt: skip
    return Autoencoder(tiny)
