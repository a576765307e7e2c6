"""What the denoiser is told of a person, a scene and an expression, each on three ways into the network: tokens for
cross-attention, a vector beside the time embedding, and a coarse layout, further channels beside the latent.

The paper has the tokens alone. The other two teach a small network faster: a turned head is somewhere else, and the
layout says where. The expression's layout is drawn from where the face model in miniature finds the features.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from generator.compact.card import IDENTITY
from generator.compact.geometry import MAPS, Geometry

SCENE = 4
TOKENS = 4  # of identity, and of expression
SKETCH = 48  # channels that the features' places are drawn into
SHY = -2.0  # how little of a reference is copied by who has not learned where
ANGLE_SCALE = 3.0  # radians of head turn to the size of a curve


class Foundation(nn.Module):
    """Identity and scene: the direction of the key light, zero where nobody knows it, and 1 for plain clothes."""

    def __init__(self, width: int, embedding: int, layout: tuple[int, int]) -> None:
        super().__init__()
        self.tokens = nn.Sequential(
            nn.Linear(IDENTITY, TOKENS * width), nn.Unflatten(1, (TOKENS, width)), nn.LayerNorm(width)
        )
        self.vector = _perceptron(IDENTITY + SCENE, embedding)
        self.layout = _layout(IDENTITY + SCENE, layout)

    def forward(self, identity: Tensor, scene: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """identity (n, 512) unit, scene (n, 4) → tokens (n, 4, width), vector (n, embedding), layout."""
        both = torch.cat([identity * IDENTITY**0.5, scene * SCENE**0.5], 1)
        return self.tokens(identity * IDENTITY**0.5), self.vector(both), self.layout(both)


class Expression(nn.Module):
    """The Expression Adapter's own part: curves → what is added to the foundation's, and a sketch of the features."""

    def __init__(self, curves: int, width: int, embedding: int, layout: tuple[int, int]) -> None:
        super().__init__()
        self.tokens = nn.Sequential(
            nn.Linear(curves, 2 * width), nn.GELU(), nn.Linear(2 * width, TOKENS * width),
            nn.Unflatten(1, (TOKENS, width)), nn.LayerNorm(width),
        )  # fmt: skip
        self.vector = _perceptron(IDENTITY + SCENE + curves, embedding)
        self.layout = _layout(IDENTITY + SCENE + curves, layout)
        self.geometry = Geometry(IDENTITY, layout[1])
        self.sketch = nn.Sequential(nn.Conv2d(MAPS, 96, 3, padding=1), nn.SiLU(), nn.Conv2d(96, SKETCH, 3, padding=1))

    def forward(
        self, identity: Tensor, scene: Tensor, curves: Tensor, maps: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """curves (n, 55), head angles in radians last; `maps` what `geometry` says of them, for who has asked it
        already → tokens (n, 4, width), vector, layout, sketch (n, 48, side, side).
        """
        moved = torch.cat([curves[:, :52], curves[:, 52:] * ANGLE_SCALE], 1)
        everything = torch.cat([identity * IDENTITY**0.5, scene * SCENE**0.5, moved * 2.0], 1)
        sketch = self.sketch(self.geometry(identity, curves) if maps is None else maps)
        return self.tokens(moved), self.vector(everything), self.layout(everything), sketch


class ReferenceLayout(nn.Module):
    """The Reference Adapter's own part, what of a reference picture is where: backdrop and clothes stay in place."""

    def __init__(self, latents: int, layout_channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(latents, 96, 3, padding=1)
        self.second = nn.Conv2d(96, layout_channels + SKETCH, 3, padding=1)
        for weight in self.second.parameters():
            nn.init.zeros_(weight)

    def forward(self, picture: Tensor) -> Tensor:
        """Clean latents (n, c, side, side) → what is added to layout and sketch, (n, layout + 48, side, side)."""
        return self.second(nn.functional.silu(self.first(picture)))


class ReferenceCopy(nn.Module):
    """The Reference Adapter's last part: where what was found is what the reference picture shows, and only softer, the
    picture's own latents are taken. So what no embedding tells of, a cap, a pattern, the backdrop, is kept to the hair.
    """

    def __init__(self, latents: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(3 * latents, 96, 3, padding=1)
        self.second = nn.Conv2d(96, 1, 3, padding=1)
        nn.init.constant_(self.second.bias, SHY)  # pyright: ignore[reportArgumentType]

    def forward(self, found: Tensor, picture: Tensor, scale: Tensor) -> Tensor:
        """Latents (n, c, side, side) found, and the reference picture's; `scale` (n,) from 0, nothing of it."""
        apart = picture - found
        alike = self.second(nn.functional.silu(self.first(torch.cat([found, picture, apart.abs()], 1)))).sigmoid()
        return found + (alike * scale.clamp(0, 1)[:, None, None, None]) * apart


def _perceptron(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, outputs), nn.SiLU(), nn.Linear(outputs, outputs))


def _layout(inputs: int, shape: tuple[int, int]) -> nn.Sequential:
    channels, side = shape
    return nn.Sequential(
        nn.Linear(inputs, 384), nn.SiLU(), nn.Linear(384, 384), nn.SiLU(), nn.Linear(384, channels * side**2),
        nn.Unflatten(1, (channels, side, side)),
    )  # fmt: skip
