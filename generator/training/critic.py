"""Tells drawn pictures from true ones, patch by patch, so that the drawing learns what it may not average away.

What a denoiser cannot know, where each hair lies, it draws in one step as the mean of all it could be: as a blur. A
critic that learns beside it asks for any one of them instead (adversarial diffusion distillation, arXiv 2311.17042,
section 3.2; patches as in arXiv 1611.07004). Spectral norms hold it back (arXiv 1802.05957), hinges say when it is
content.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from generator.training.device import there

WIDTHS, RATE = (32, 64, 128), 8e-4


class Critic(nn.Module):
    """Premultiplied pictures (n, 4, h, w) in 0..1 → what it thinks of patches (n, 1, h/8, w/8), above 0 for true."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip((4, *WIDTHS), WIDTHS, strict=False):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.2)]
        layers += [spectral_norm(nn.Conv2d(WIDTHS[-1], WIDTHS[-1], 3, 1, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 3, 1, 1)))
        self._optimizer = torch.optim.AdamW(self.parameters(), RATE, betas=(0.5, 0.99), weight_decay=0.0)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.layers(there(pictures * 2 - 1))

    def objection(self, drawn: Tensor) -> Tensor:
        """What the drawing pays."""
        return -self(drawn).float().mean()

    def learn(self, drawn: Tensor, truth: Tensor) -> None:
        """One step of its own, on pictures alike."""
        thought = self(torch.cat([drawn.detach(), truth])).float()
        of_drawn, of_true = thought.chunk(2)
        cost = functional.relu(1 + of_drawn).mean() + functional.relu(1 - of_true).mean()
        self._optimizer.zero_grad(set_to_none=True)
        cost.backward()
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
