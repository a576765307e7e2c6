"""The same networks through torch.compile, on CUDA as graphs: one compilation for each size of batch, made at the
start, so that none stalls a show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch import Tensor, nn

from generator.arc2face.attention import Adapters
from generator.arc2face.release import Release

BATCHES: tuple[int, ...] = (1, 2, 4)


def compile_release(release: Release, backend: str = "inductor") -> None:
    """Replaces the denoiser's pass and the streams' decoder; `backend` as torch.compile has it."""
    graphs: dict[str, Any] = {"backend": backend, "dynamic": False}
    if backend == "inductor" and release.place.device == "cuda":
        graphs["mode"] = "reduce-overhead"
    release.denoiser.forward = PaddedPass(torch.compile(release.denoiser.unet, **graphs))
    decoder = release.tiny if release.tiny is not None else release.autoencoder
    decoder.decoder = PaddedDecoder(torch.compile(decoder.decoder, **graphs))


@dataclass(frozen=True, slots=True, eq=False)
class PaddedPass:
    """The UNet for any n: filled up with copies of the last sample to the next size there is a graph for."""

    unet: Callable[..., Any]

    def __call__(self, noisy: Tensor, timestep: Tensor, identity: Tensor, adapters: Adapters) -> Tensor:
        count = len(noisy)
        given = (filled(tensor) for tensor in (noisy, timestep, identity))
        kwargs = {"adapters": _filled_adapters(adapters)}
        return self.unet(*given, cross_attention_kwargs=kwargs, return_dict=False)[0][:count]


class PaddedDecoder(nn.Module):
    """An autoencoder's decoder for any n, likewise."""

    def __init__(self, decoder: Callable[..., Tensor]) -> None:
        super().__init__()
        self._decoder = decoder

    def forward(self, latents: Tensor, *rest: Any) -> Tensor:
        return self._decoder(filled(latents), *rest)[: len(latents)]


def filled(tensor: Tensor) -> Tensor:
    """(n, ...) → (m, ...), m the next of BATCHES; more than the largest is left as it is."""
    size = next((size for size in BATCHES if size >= len(tensor)), len(tensor))
    more = size - len(tensor)
    return torch.cat([tensor, tensor[-1:].expand(more, *tensor.shape[1:])]) if more else tensor


def _filled_adapters(adapters: Adapters) -> Adapters:
    full: dict[str, Any] = {}
    for part in fields(adapters):
        value = getattr(adapters, part.name)
        if isinstance(value, Tensor):
            full[part.name] = filled(value)
        elif isinstance(value, dict):
            full[part.name] = {layer: filled(states) for layer, states in value.items()}
    return replace(adapters, **full)
