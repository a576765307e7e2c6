"""Tells drawn pictures from true ones, patch by patch, so that the drawing learns what it may not average away.

Where each hair lies cannot be known, so a decoder taught by the truth alone draws the mean of all it could be: a blur.
A critic that learns beside it asks for any one of them instead (patches: arXiv 1611.07004, hinges: arXiv 1705.02894,
how hard it may pull beside the truth: arXiv 2012.09841). Spectral norms hold it back (arXiv 1802.05957).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from generator.compact.card import COLOURS
from generator.training.device import half, there

WIDTHS, RATE = (64, 128, 256), 4e-4
FINE = 4.0  # how much more than the picture its finest detail counts
SHIFT = 8  # pixels: where patches begin differs from look to look, or drawings learn their grid


class Critic(nn.Module):
    """Premultiplied pictures (n, 4, h, w) in 0..1 → what it thinks of patches (n, 1, h/8, w/8), above 0 for true."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((2 * COLOURS, *WIDTHS), WIDTHS, strict=False):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.2)]
        layers += [spectral_norm(nn.Conv2d(WIDTHS[-1], WIDTHS[-1], 3, 1, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 3, 1, 1)))
        self._optimizer = torch.optim.AdamW(self.parameters(), RATE, betas=(0.5, 0.99), weight_decay=0.0)

    def forward(self, pictures: Tensor) -> Tensor:
        fine = pictures - functional.avg_pool2d(pictures, 3, 1, 1, count_include_pad=False)
        with half():
            return self.layers(there(torch.cat([pictures * 2 - 1, fine * FINE], 1))).float()

    def objection(self, drawn: Tensor) -> Tensor:
        """What the drawing pays."""
        return -self(_shifted(drawn)).mean()

    def learn(self, drawn: Tensor, truth: Tensor) -> None:
        """One step of its own, on as many drawn as true pictures."""
        of_drawn, of_true = self(_shifted(torch.cat([drawn.detach(), truth]))).chunk(2)
        cost = functional.relu(1 + of_drawn).mean() + functional.relu(1 - of_true).mean()
        self._optimizer.zero_grad(set_to_none=True)
        cost.backward()
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)


def _shifted(pictures: Tensor) -> Tensor:
    down, across = torch.randint(SHIFT, (2,)).tolist()
    height, width = (side - SHIFT for side in pictures.shape[2:])
    return pictures[:, :, down : down + height, across : across + width]
