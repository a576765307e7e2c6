"""Where a person's features lie in the picture: a face model in miniature, learned from the rig's landmarks.

A network that small would need long to find out by itself where each of 55 curves and a turn of the head take an eye
or the corner of a mouth, on a face it has never seen. Told, it can look there and draw.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from generator.compact.camera import CENTRE_HEIGHT, DISTANCE, LANDMARKS, PIVOT, WEIGHTS, ZOOM

MAPS = 3 * LANDMARKS
REACH = 1.0  # of a landmark's spot on the maps, in cells


class Geometry(nn.Module):
    """Landmarks of the rig in the head's own space, cm: a mean, what the identity adds, what each curve adds, and what
    they add together; then the head's turn and the camera, which are known and not learned.
    """

    def __init__(self, identity: int, side: int) -> None:
        super().__init__()
        self.side, self.scale = side, identity**0.5
        self.rest = nn.Linear(identity, LANDMARKS * 3)
        self.moved = nn.Linear(WEIGHTS, LANDMARKS * 3, bias=False)
        self.who = nn.Linear(identity, 48)
        self.both = nn.Sequential(
            nn.Linear(48 + WEIGHTS, 256), nn.SiLU(), nn.Linear(256, 256), nn.SiLU(), nn.Linear(256, LANDMARKS * 3)
        )

    def forward(self, identity: Tensor, curves: Tensor) -> Tensor:
        """identity (n, 512) unit, curves (n, 55) → maps (n, 120, side, side), as `spots` has them."""
        with torch.autocast(identity.device.type, enabled=False):  # a bfloat16 knows places to a pixel at best
            return spots(self.points(identity.float(), curves.float()), self.side)

    def points(self, identity: Tensor, curves: Tensor) -> Tensor:
        """→ (n, 40, 2) in -1..1, x to the right, y up, in the order of the rig's landmarks; hidden ones too."""
        person, weights = identity * self.scale, curves[:, :WEIGHTS]
        together = self.both(torch.cat([self.who(person), weights * 2.0], 1))
        there = (self.rest(person) + self.moved(weights) + together).unflatten(1, (LANDMARKS, 3))
        pivot = there.new_tensor(PIVOT)
        turned = (there - pivot) @ head_turn(curves[:, WEIGHTS:]).transpose(1, 2) + pivot
        zoom = ZOOM / (DISTANCE - turned[..., 2])
        return torch.stack([turned[..., 0] * zoom, (turned[..., 1] - CENTRE_HEIGHT) * zoom], -1)


def head_turn(angles: Tensor) -> Tensor:
    """Yaw, pitch, roll (n, 3) in radians, signs as in SPEC.md → rotations (n, 3, 3)."""
    (sy, sp, sr), (cy, cp, cr) = (part.unbind(1) for part in (angles.sin(), angles.cos()))
    zero, one = torch.zeros_like(sy), torch.ones_like(sy)
    yaw = _matrix([cy, zero, -sy], [zero, one, zero], [sy, zero, cy])
    pitch = _matrix([one, zero, zero], [zero, cp, -sp], [zero, sp, cp])
    roll = _matrix([cr, sr, zero], [-sr, cr, zero], [zero, zero, one])
    return roll @ yaw @ pitch


def spots(points: Tensor, side: int) -> Tensor:
    """Points (n, k, 2) in -1..1 → (n, 3 k, side, side): a soft spot at each, and its offset across and down, in cells,
    weighed by the spot.
    """
    middle = torch.arange(side, device=points.device, dtype=points.dtype) + 0.5
    across = middle - (points[..., :1] + 1) * (side / 2)  # (n, k, side)
    down = middle - (1 - points[..., 1:]) * (side / 2)
    spot_x, spot_y = (torch.exp(-part.square() / (2 * REACH**2)) for part in (across, down))
    spot = spot_y[..., :, None] * spot_x[..., None, :]
    moved_x = spot_y[..., :, None] * (spot_x * across)[..., None, :]
    moved_y = (spot_y * down)[..., :, None] * spot_x[..., None, :]
    return torch.cat([spot, moved_x, moved_y], 1)


def _matrix(*rows: list[Tensor]) -> Tensor:
    return torch.stack([torch.stack(row, 1) for row in rows], 1)
