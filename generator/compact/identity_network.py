"""The network of the identity encoder: a small residual network of plain convolutions, which processors run faster than
depthwise ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F

SIDE, WIDTH = 112, 512
CHANNELS, BLOCKS, KEPT = (48, 96, 192), (1, 2, 2), 128
CELLS = (SIDE // 16) ** 2  # of the last layer of features, 7 × 7
FEATURES = (CHANNELS[1] + CHANNELS[2]) * CELLS


class IdentityNetwork(nn.Module):
    """(n, 3, 112, 112) RGB in -1..1 → (n, 512) of unit length: a linear map of features of two sizes."""

    def __init__(self) -> None:
        super().__init__()
        first, second, third = CHANNELS
        self.fine = nn.Sequential(
            convolution(3, first, 8, 4), *[Block(first) for _ in range(BLOCKS[0])],
            convolution(first, second, 3, 2), *[Block(second) for _ in range(BLOCKS[1])],
        )  # fmt: skip
        self.coarse = nn.Sequential(convolution(second, third, 3, 2), *[Block(third) for _ in range(BLOCKS[2])])
        self.reduce = nn.Linear(FEATURES, KEPT)
        self.expand = nn.Linear(KEPT, WIDTH, bias=False)

    def features(self, pictures: Tensor) -> Tensor:
        """(n, FEATURES): textures and hair lines from the finer layer, shapes from the coarser one."""
        fine = self.fine(pictures)
        return torch.cat([F.avg_pool2d(fine, 2).flatten(1), self.coarse(fine).flatten(1)], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        return F.normalize(self.expand(self.reduce(self.features(pictures))).float())


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = channels * 2 // 3
        self.inside = nn.Sequential(
            convolution(channels, inner, 3),
            nn.Conv2d(inner, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.inside(x))


def convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """With what follows it: the same size, or that divided by the stride."""
    bare = nn.Conv2d(inputs, outputs, kernel, stride, (kernel - stride + 1) // 2, bias=False)
    return nn.Sequential(bare, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def new_identity_network() -> IdentityNetwork:
    """Untrained, always the same one."""
    torch.manual_seed(0)
    return IdentityNetwork().to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def as_input(pictures: np.ndarray) -> Tensor:
    """uint8 (n, 112, 112, 3) RGB → what the network takes, channels last."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def save_identity_network(network: IdentityNetwork, path: Path) -> None:
    """Weights as bfloat16 safetensors."""
    halved = {k: v.bfloat16() if v.is_floating_point() else v for k, v in network.state_dict().items()}
    save_file({name: tensor.contiguous() for name, tensor in halved.items()}, path)


def load_identity_network(path: Path) -> IdentityNetwork:
    """In float32, ready to embed."""
    network = new_identity_network()
    network.load_state_dict(load_file(path))
    return network.eval()
