"""Who a drawn picture shows, in a form that can be learned through: the identity encoder out of its ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generator.compact.identity_encoder import PLAIN, SIDE
from generator.compact.identity_network import IdentityNetwork, new_identity_network


class Likeness(nn.Module):
    """Premultiplied pictures (n, 4, h, w) in 0..1, framed as the compact model draws → embeddings (n, 512), unit."""

    behind: Tensor

    def __init__(self, encoder: Path) -> None:
        super().__init__()
        self.network = read_encoder(encoder)
        self.register_buffer("behind", torch.tensor(PLAIN, dtype=torch.float32)[:, None, None] / 255, persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        shown = (pictures[:, :3] + (1 - pictures[:, 3:]) * self.behind).clamp(0, 1)
        down, across = (by_area(side).to(pictures) for side in pictures.shape[2:])
        return self.network((down @ shown @ across.T) * 2 - 1)


def read_encoder(path: Path) -> IdentityNetwork:
    """The network in a file that `identity_export.export_encoder` wrote, frozen: what each convolution was normalised
    by is part of its weights there.
    """
    import onnx
    from onnx import numpy_helper

    graph: Any = onnx.load(path).graph
    kept = {w.name.removesuffix("_half"): numpy_helper.to_array(w).astype(np.float32) for w in graph.initializer}
    given = [[kept[name] for name in node.input if name in kept] for node in graph.node if node.op_type != "Cast"]
    layers = [[torch.from_numpy(weight) for weight in weights] for weights in given if weights]
    network = new_identity_network().eval().requires_grad_(False)
    bare = [module for module in network.modules() if isinstance(module, (nn.Conv2d, nn.BatchNorm2d))]
    for number, (weight, bias) in enumerate(layers[:-2]):
        convolution, norm = bare[2 * number : 2 * number + 2]
        assert isinstance(convolution, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)
        convolution.weight.copy_(weight)
        assert norm.running_var is not None and norm.bias is not None
        norm.running_var.fill_(1 - norm.eps)
        norm.bias.copy_(bias)
    network.reduce.weight.copy_(layers[-2][0])
    assert network.reduce.bias is not None
    network.reduce.bias.copy_(layers[-2][1])
    network.expand.weight.copy_(layers[-1][0].T)
    return network


def by_area(side: int, smaller: int = SIDE) -> Tensor:
    """(smaller, side): row i is how much of each of `side` pixels lies in the i-th of `smaller` ones, 1 in all. What
    `identity_encoder.shrink` does along each axis.
    """
    edges = torch.arange(smaller + 1, dtype=torch.float64) * side / smaller
    starts = torch.arange(side, dtype=torch.float64)
    within = torch.minimum(edges[1:, None], starts + 1) - torch.maximum(edges[:-1, None], starts)
    return (within.clamp(min=0) * smaller / side).float()
