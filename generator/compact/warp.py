"""A portrait bent to where its features are to be: a thin-plate spline through landmarks (Bookstein 1989).

What nobody could guess from 512 numbers, each freckle and curl, is in a portrait already. Bent, it is nearly in place,
and the network has to draw only what bending cannot: a mouth that opens, the side of a head, other light.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

COARSE = 32  # the spline is evaluated on so many points a side, and read between them: it is smooth
STIFF = 0.02  # how far it may miss a landmark, against how much it would have to bend
EDGE = torch.tensor([[x, y] for x in (-1.0, -0.5, 0.0, 0.5, 1.0) for y in (-1.0,)] + [[-1.0, -0.4], [1.0, -0.4]])
"""Points of the shoulders and the lower edge, which stay where they are; -1..1, y up."""


def bent(portrait: Tensor, there: Tensor, wanted: Tensor) -> Tensor:
    """portrait (n, c, h, w), its landmarks (n, k, 2) and where they are wanted, in -1..1, x to the right, y up →
    (n, c, h, w); what lies beyond the edge is 0.
    """
    down = portrait.new_tensor([1.0, -1.0])
    grid = _grid(wanted * down, there * down, portrait.shape[-1])
    grid = F.interpolate(grid.permute(0, 3, 1, 2), portrait.shape[-2:], mode="bilinear", align_corners=True)
    return F.grid_sample(portrait, grid.permute(0, 2, 3, 1), mode="bilinear", padding_mode="zeros", align_corners=False)


def _grid(source: Tensor, target: Tensor, side: int) -> Tensor:
    """For places of the bent picture, from the middle of its first pixel to that of its last, the place of the portrait
    that is seen there: (n, COARSE, COARSE, 2).
    """
    edge = (EDGE * torch.tensor([1.0, -1.0])).to(source).expand(len(source), -1, -1)
    source, target = torch.cat([source, edge], 1), torch.cat([target, edge], 1)
    count = source.shape[1]
    affine = torch.cat([torch.ones_like(source[..., :1]), source], 2)
    system = source.new_zeros(len(source), count + 3, count + 3)
    system[:, :count, :count] = _bending(source, source) + STIFF * torch.eye(count).to(source)
    system[:, :count, count:] = affine
    system[:, count:, :count] = affine.transpose(1, 2)
    moved = torch.cat([target - source, source.new_zeros(len(source), 3, 2)], 1)
    weights = torch.linalg.solve(system, moved)
    along = torch.linspace(-1, 1, COARSE, device=source.device, dtype=source.dtype) * (1 - 1 / side)
    places = torch.stack(torch.meshgrid(along, along, indexing="xy"), -1).view(1, -1, 2).expand(len(source), -1, -1)
    terms = torch.cat([_bending(places, source), torch.ones_like(places[..., :1]), places], 2)
    return (places + terms @ weights).view(len(source), COARSE, COARSE, 2)


def _bending(a: Tensor, b: Tensor) -> Tensor:
    """U(r) = r² log r² of every distance, (n, i, j)."""
    squared = (a[:, :, None] - b[:, None]).square().sum(-1)
    return squared * squared.clamp(min=1e-8).log()
