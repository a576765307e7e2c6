"""Pictures ↔ latents, f = 16: 256² RGBA, colour premultiplied by alpha, to 32 channels of 16² and back.

Pictures are pixel-unshuffled by 4, so no convolution runs at full size; most channels are where pixels are few.
Shortcuts past the changes of size as in "Deep Compression Autoencoder" (Chen et al., 2024): space goes into channels
and back without a learned part, which then only has to add what that lacks.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from generator.compact.card import COLOURS, SQUARE

FACTOR, LATENTS = 16, 32
WIDTHS = (48, 96, 192)  # at 1/4, 1/8 and 1/16 of the size
ENCODER_BLOCKS, DECODER_BLOCKS = (1, 1, 3), (1, 2, 0)


class Autoencoder(nn.Module):
    """`mean` and `std` (32,) make latents of mean 0 and deviation 1."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.encoder, self.decoder = _encoder(WIDTHS, ENCODER_BLOCKS), _decoder(WIDTHS, DECODER_BLOCKS)
        self.register_buffer("mean", torch.zeros(LATENTS))
        self.register_buffer("std", torch.ones(LATENTS))

    def encode(self, pictures: Tensor) -> Tensor:
        """Premultiplied (n, 4, h, w) in 0..1 → (n, 32, h/16, w/16), normalised."""
        raw = self.encoder(pictures * 2 - 1)
        return (raw - self.mean[:, None, None]) / self.std[:, None, None]

    def decode(self, latents: Tensor) -> Tensor:
        """Normalised (n, 32, h, w) → premultiplied (n, 4, 16h, 16w), about 0..1 and not clamped."""
        return functional.pixel_shuffle(self.squares(latents), SQUARE)

    def squares(self, latents: Tensor) -> Tensor:
        """The same before each square of pixels is laid out: (n, 4 * 16, 4h, 4w)."""
        return (self.decoder(latents * self.std[:, None, None] + self.mean[:, None, None]) + 1) / 2


class SmallDecoder(nn.Module):
    """Draws the same latents at half the size, for slow machines: (n, 32, h, w) → (n, 4, 8h, 8w)."""

    def __init__(self, widths: tuple[int, ...] = (48, 96), blocks: tuple[int, ...] = (2, 1)) -> None:
        super().__init__()
        self.decoder = _decoder(widths, blocks)

    def forward(self, latents: Tensor) -> Tensor:
        """Normalised latents → premultiplied pictures, about 0..1 and not clamped."""
        return functional.pixel_shuffle(self.squares(latents), SQUARE)

    def squares(self, latents: Tensor) -> Tensor:
        """The same before each square of pixels is laid out: (n, 4 * 16, 2h, 2w)."""
        return (self.decoder(latents) + 1) / 2


class Block(nn.Module):
    """Two convolutions beside a shortcut; it starts out as nearly nothing."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = _convolution(width, width), _convolution(width, width)
        nn.init.normal_(self.second.weight, std=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(functional.relu(self.first(functional.relu(x))))


class Down(nn.Module):
    """Half the size, (n, narrow, h, w) → (n, wide, h/2, w/2), where wide divides 4 × narrow."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self.learned, self.wide = _convolution(narrow, wide // 4), wide

    def forward(self, x: Tensor) -> Tensor:
        plain = functional.pixel_unshuffle(x, 2).unflatten(1, (self.wide, -1)).mean(2)
        return functional.pixel_unshuffle(self.learned(x), 2) + plain


class Up(nn.Module):
    """Twice the size, (n, wide, h, w) → (n, narrow, 2h, 2w), where wide divides 4 × narrow."""

    def __init__(self, wide: int, narrow: int) -> None:
        super().__init__()
        self.learned, self.copies = _convolution(wide, 4 * narrow), 4 * narrow // wide

    def forward(self, x: Tensor) -> Tensor:
        return functional.pixel_shuffle(self.learned(x) + x.repeat_interleave(self.copies, 1), 2)


def _encoder(widths: tuple[int, ...], blocks: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = [nn.PixelUnshuffle(SQUARE), _convolution(COLOURS * SQUARE**2, widths[0])]
    for level, width in enumerate(widths):
        layers += [Down(widths[level - 1], width)] if level else []
        layers += [Block(width) for _ in range(blocks[level])]
    return nn.Sequential(*layers, nn.ReLU(), _convolution(widths[-1], LATENTS))


def _decoder(widths: tuple[int, ...], blocks: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = [_convolution(LATENTS, widths[-1])]
    for level in reversed(range(len(widths))):
        layers += [Block(widths[level]) for _ in range(blocks[level])]
        layers += [Up(widths[level], widths[level - 1])] if level else []
    last = _convolution(widths[0], COLOURS * SQUARE**2)
    return nn.Sequential(*layers, nn.ReLU(), last)


def _convolution(narrow: int, wide: int) -> nn.Conv2d:
    return nn.Conv2d(narrow, wide, 3, padding=1)
