"""The backbone of SMIRK's encoders: the minimal MobileNetV3-Large (arXiv 1905.02244), under timm's names.

timm calls it `tf_mobilenetv3_large_minimal_100`: 3×3 kernels and ReLU throughout, no squeeze-and-excitation. Its
weights came from TensorFlow: a strided convolution pads as TensorFlow's "same" does, and the batch norms' eps is 0.001.
"""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn

STEM = 16
FEATURES = 960
"""Channels of the last feature map."""
EPS = 1e-3

STAGES = (
    ((64, 24, 2), (72, 24, 1)),
    ((72, 40, 2), (120, 40, 1), (120, 40, 1)),
    ((240, 80, 2), (200, 80, 1), (184, 80, 1), (184, 80, 1)),
    ((480, 112, 1), (672, 112, 1)),
    ((672, 160, 2), (960, 160, 1), (960, 160, 1)),
)
"""Of each block between the first and the last: the channels within, the channels out, the stride."""


class SameConv2d(nn.Conv2d):
    """A convolution that pads as TensorFlow's "same": whatever is odd goes to the right and the bottom."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 (torch's own name)
        top, bottom = _same(input.shape[-2], self.kernel_size[0], self.stride[0])
        left, right = _same(input.shape[-1], self.kernel_size[1], self.stride[1])
        return super().forward(F.pad(input, [left, right, top, bottom]))


class MobileNetV3Minimal(nn.Module):
    """Images (n, 3, h, w) → the last feature map (n, 960, ⌈h/32⌉, ⌈w/32⌉), never negative."""

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = SameConv2d(3, STEM, 3, stride=2, bias=False)
        self.bn1 = _norm(STEM)
        blocks: list[nn.Module] = [nn.Sequential(_separable(STEM))]
        channels = STEM
        for stage in STAGES:
            blocks.append(nn.Sequential(*_stage(channels, stage)))
            channels = stage[-1][1]
        blocks.append(nn.Sequential(_last(channels)))
        self.blocks = nn.Sequential(*blocks)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.blocks(F.relu(self.bn1(self.conv_stem(images))))


class Residual(nn.Sequential):
    """Layers whose output is added to their input."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:  # noqa: A002 (torch's own name)
        return input + super().forward(input)


def _stage(channels: int, stage: tuple[tuple[int, int, int], ...]) -> list[nn.Module]:
    inputs = (channels, *(out for _, out, _ in stage[:-1]))
    return [_inverted(incoming, *block) for incoming, block in zip(inputs, stage, strict=True)]


def _separable(channels: int) -> nn.Module:
    """The first block: each channel on its own, then all of them mixed."""
    return Residual(
        OrderedDict(
            conv_dw=_depthwise(channels, 1),
            bn1=_norm(channels),
            act1=nn.ReLU(),
            conv_pw=nn.Conv2d(channels, channels, 1, bias=False),
            bn2=_norm(channels),
        )
    )


def _inverted(incoming: int, within: int, out: int, stride: int) -> nn.Module:
    """Widened, filtered channel by channel, narrowed again."""
    kind = Residual if stride == 1 and incoming == out else nn.Sequential
    return kind(
        OrderedDict(
            conv_pw=nn.Conv2d(incoming, within, 1, bias=False),
            bn1=_norm(within),
            act1=nn.ReLU(),
            conv_dw=_depthwise(within, stride),
            bn2=_norm(within),
            act2=nn.ReLU(),
            conv_pwl=nn.Conv2d(within, out, 1, bias=False),
            bn3=_norm(out),
        )
    )


def _last(incoming: int) -> nn.Module:
    conv = nn.Conv2d(incoming, FEATURES, 1, bias=False)
    return nn.Sequential(OrderedDict(conv=conv, bn1=_norm(FEATURES), act1=nn.ReLU()))


def _depthwise(channels: int, stride: int) -> nn.Conv2d:
    return SameConv2d(channels, channels, 3, stride=stride, groups=channels, bias=False)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=EPS)


def _same(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """How many zeros go before and after a side of `size`, so that it comes out as ⌈size / stride⌉."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2
