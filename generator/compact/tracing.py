"""The networks in plain torch: what OpenVINO's graphs are traced from, once, and what reads a reference picture."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import openvino as ov
import torch
from openvino.frontend import FrontEndManager
from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder
from torch import Tensor, nn

from generator.compact.autoencoder import Autoencoder, SmallDecoder
from generator.compact.card import COLOURS, IDENTITY, Card
from generator.compact.conditions import SCENE, TOKENS
from generator.compact.denoiser import Denoiser
from generator.compact.network import load_autoencoder, load_denoiser, load_small_decoder, to_bytes

CURVES = 55


class Networks:
    """Of a model's folder. Raises CheckpointError."""

    def __init__(self, folder: Path, card: Card) -> None:
        self._folder, self._card, self._denoiser = folder, card, load_denoiser(folder, card)

    @torch.inference_mode()
    def read(self, picture: np.ndarray, identity: np.ndarray) -> list[np.ndarray]:
        """As a `Runtime` does."""
        latent = load_autoencoder(self._folder).encode(torch.from_numpy(picture))
        return [seen.numpy() for seen in self._denoiser.read(latent, torch.from_numpy(identity))]

    def traced(self, name: str) -> ov.Model:
        """The graph of that name, for two streams."""
        return _traced(*self._example(name))

    def _example(self, name: str) -> tuple[nn.Module, tuple[Tensor, ...]]:
        """The module that a graph is traced from, and inputs for it."""
        side, channels = self._card.latent_size, self._card.latent_channels
        latents = torch.zeros(2, channels, side, side)
        if name == "decoder":
            return _Squares(load_autoencoder(self._folder)), (latents,)
        if name == "small_decoder":
            return _Squares(load_small_decoder(self._folder)), (latents,)
        identity, scene, curves = torch.zeros(2, IDENTITY), torch.zeros(2, SCENE), torch.zeros(2, CURVES)
        person, geometry = _Person(self._denoiser), self._denoiser.expression.geometry
        if name == "person":
            return person, (identity, scene)
        if name == "geometry":
            return geometry, (identity, curves)
        with torch.inference_mode():
            maps, who = geometry(identity, curves), person(identity, scene)
            seen = self._denoiser.read(latents, identity) if name == "reference_denoiser" else []
        inputs = (latents, torch.tensor([999, 500]), identity, scene, curves, latents, maps, who)
        return _Drawing(self._denoiser), (*inputs, torch.ones(2), *seen) if seen else inputs


def _traced(module: nn.Module, example: tuple[Tensor, ...]) -> ov.Model:
    """As `ov.convert_model` does it, less its second look at the trace and its report home, its slowest parts."""
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # of what a trace fixes: shapes, and these are fixed anyhow
        decoder = TorchScriptPythonDecoder(torch.jit.trace(module, example, strict=False, check_trace=False))
        frontend = FrontEndManager().load_by_framework("pytorch")
        graph = frontend.convert(frontend.load(decoder))
    graph.reshape({port: list(tensor.shape) for port, tensor in zip(graph.inputs, example, strict=True)})
    return graph


class _Squares(nn.Module):
    """Latents → uint8 (n, h, w, 4 * 4 * 4): squares of 4 x 4 pixels, row by row, each pixel's colours together. To lay
    them out takes a graph as long as one of its layers.
    """

    def __init__(self, of: Autoencoder | SmallDecoder) -> None:
        super().__init__()
        self.of, last = of, of.decoder[-1]
        for weight in last.parameters():  # a convolution's channels have the colours first
            weight.data = weight.unflatten(0, (COLOURS, -1)).transpose(0, 1).flatten(0, 1).contiguous()

    def forward(self, latents: Tensor) -> Tensor:
        return to_bytes(self.of.squares(latents))


class _Person(nn.Module):
    """Identity and scene → all that the denoiser makes of them alone, in one row (n, numbers)."""

    def __init__(self, denoiser: Denoiser) -> None:
        super().__init__()
        self.person, side = denoiser.person, denoiser.side
        self.shapes = (TOKENS, denoiser.width), (denoiser.embedding,), (denoiser.layout_channels, side, side)

    def forward(self, identity: Tensor, scene: Tensor) -> Tensor:
        return torch.cat([part.flatten(1) for part in self.person(identity, scene)], 1)

    def parts(self, row: Tensor) -> list[Tensor]:
        """As `Denoiser.forward` takes them."""
        split = row.split([math.prod(shape) for shape in self.shapes], 1)
        return [part.unflatten(1, shape) for part, shape in zip(split, self.shapes, strict=True)]


class _Drawing(nn.Module):
    """The denoiser in a signature of tensors alone: without a reference, or with its scale and states behind."""

    def __init__(self, denoiser: Denoiser) -> None:
        super().__init__()
        self.denoiser, self.parts = denoiser, _Person(denoiser).parts

    def forward(self, *inputs: Tensor) -> Tensor:
        *first, maps, who = inputs[:8]
        scale, seen = (inputs[8], list(inputs[9:])) if len(inputs) > 8 else (None, None)
        return self.denoiser(*first, reference=seen, reference_scale=scale, maps=maps, who=self.parts(who))
