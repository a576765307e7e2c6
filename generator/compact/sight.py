"""What the denoiser sees of a portrait that was bent to where its features are to be."""

from __future__ import annotations

import torch
from torch import Tensor, nn

CHANNELS = 32  # of what is seen; one more tells that there is a portrait at all


class Sight(nn.Module):
    """(n, 4, h, w) premultiplied, 0..1 → (n, CHANNELS, h/16, w/16). Small, for it looks at every frame."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            nn.PixelUnshuffle(8), nn.Conv2d(256, 96, 3, padding=1), nn.SiLU(),
            nn.Conv2d(96, 192, 3, stride=2, padding=1), nn.SiLU(), nn.Conv2d(192, CHANNELS, 3, padding=1),
        )  # fmt: skip

    def forward(self, bent: Tensor) -> Tensor:
        return self.look(bent * 2 - 1)


class Entrance(nn.Module):
    """The UNet's first convolution, and another beside it for what is seen, which says nothing before it is trained."""

    def __init__(self, own: nn.Conv2d) -> None:
        super().__init__()
        self.own, self.seen = own, nn.Conv2d(CHANNELS + 1, own.out_channels, 3, padding=1, bias=False)
        nn.init.zeros_(self.seen.weight)

    def forward(self, sample: Tensor) -> Tensor:
        own, seen = sample.split([self.own.in_channels, CHANNELS + 1], 1)
        return self.own(own) + self.seen(seen)


def seen_or_not(sight: Sight, bent: Tensor | None, shown: Tensor | None, like: Tensor) -> Tensor:
    """(n, CHANNELS + 1, h, w) beside latents `like` (n, c, h, w): zero for samples without a portrait, whose `shown`
    (n,) is 0; None shows all.
    """
    if bent is None:
        return like.new_zeros(len(like), CHANNELS + 1, *like.shape[2:])
    there = like.new_ones(len(like)) if shown is None else shown
    there = there.view(-1, 1, 1, 1).expand(-1, 1, *like.shape[2:])
    return torch.cat([sight(bent) * there, there], 1)
