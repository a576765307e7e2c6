"""Tells drawn latents from true ones, patch by patch, so that the drawing learns what it may not average away.

What a denoiser cannot know, where each hair lies, it draws in one step as the mean of all it could be: as a blur. A
critic that learns beside it asks for any one of them instead (adversarial diffusion distillation; in latents, where it
costs little and the decoder cannot cheat it: arXiv 2403.12015). Spectral norms hold it back (arXiv 1802.05957), hinges
say when it is content.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm

from generator.training.device import DEVICE, there

WIDTHS, RATE = (192, 192, 256, 256), 4e-4
DOWN = 2  # the layer that halves the side


class Critic(nn.Module):
    """Latents (n, c, h, w) → what it thinks of patches (n, 1, h/2, w/2), above 0 for true. `channels` (c,) is how much
    of a picture hangs on each.
    """

    scale: Tensor

    def __init__(self, channels: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("scale", torch.from_numpy(np.sqrt(channels)).float().view(1, -1, 1, 1).to(DEVICE))
        layers: list[nn.Module] = []
        for number, (inputs, outputs) in enumerate(zip((channels.size, *WIDTHS), WIDTHS, strict=False)):
            stride = 2 if number == DOWN else 1
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 3, stride, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 1)))
        self._optimizer = torch.optim.AdamW(self.parameters(), RATE, betas=(0.5, 0.99), weight_decay=0.0)

    def forward(self, latents: Tensor) -> Tensor:
        return self.layers(there(latents * self.scale))

    def objection(self, found: Tensor) -> Tensor:
        """What the drawing pays."""
        return -self(found).float().mean()

    def learn(self, found: Tensor, truth: Tensor) -> None:
        """One step of its own, on latents alike."""
        thought = self(torch.cat([found.detach(), truth])).float()
        of_drawn, of_true = thought.chunk(2)
        cost = functional.relu(1 + of_drawn).mean() + functional.relu(1 - of_true).mean()
        self._optimizer.zero_grad(set_to_none=True)
        cost.backward()
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
