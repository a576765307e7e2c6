"""What the weights of each part have to be, by its config.json and the UNet's, and where a file is not that.

Every function returns all faults it finds, as sentences that name the file and the tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from generator.arc2face.attention import PROJECTIONS
from generator.arc2face.expression_adapter import load_expression_adapter
from generator.arc2face.lora import read_lora
from generator.arc2face.networks import read_config, weights_file
from generator.arc2face.weights import TensorFacts, read_header

FLOATS = (torch.float32, torch.float16, torch.bfloat16)
Rename = Callable[[str], str | None]


def network_faults(
    folder: Path, build: Callable[[Path], Any], names: tuple[str, ...], rename: Rename = lambda name: name
) -> list[str]:
    """A network's weights against its config.json. CheckpointError if the file cannot be read at all."""
    expected = {name: tuple(tensor.shape) for name, tensor in build(folder).state_dict().items()}
    path = weights_file(folder, names)
    renamed = ((rename(name), facts) for name, facts in read_header(path).items())
    found = {name: facts for name, facts in renamed if name is not None}
    return _shape_faults(found, expected, path) + _dtype_faults(found, folder, path)


def adapter_faults(path: Path, unet: Any) -> list[str]:
    """The Expression Adapter's layers against the UNet's, and its projection against what diffusers can read."""
    found = {name: facts for name, facts in read_header(path).items() if name.startswith("ip_adapter.")}
    expected: dict[str, tuple[int, ...]] = {}
    for number, name in enumerate(unet.attn_processors):
        if name.endswith("attn2.processor"):
            shape = tuple(unet.get_submodule(name.removesuffix(".processor")).to_k.weight.shape)
            expected |= {f"ip_adapter.{number}.{part}.weight": shape for part in ("to_k_ip", "to_v_ip")}
    faults = _shape_faults(found, expected, path)
    if not faults:
        load_expression_adapter(path, unet, "cpu", torch.float32)
    return faults


def lora_faults(path: Path, unet: Any, reference: bool) -> list[str]:
    """A LoRA against the UNet it changes; `reference`: only self-attention projections are to be in it."""
    modules = {name: tuple(module.weight.shape) for name, module in unet.named_modules() if hasattr(module, "weight")}
    faults: list[str] = []
    for name, layer in read_lora(path, "cpu", torch.float32).items():
        adds = (layer.up.shape[0], *layer.down.shape[1:])
        if reference and not (".attn1." in name and name.endswith(PROJECTIONS)):
            faults.append(f"{path}: {name} is no self-attention projection")
        elif name not in modules:
            faults.append(f"{path}: {name} is not in the UNet")
        elif torch.Size(adds).numel() != torch.Size(modules[name]).numel():
            faults.append(f"{path}: {name} adds {list(adds)}, expected {list(modules[name])}")
    return faults


def _shape_faults(found: Mapping[str, TensorFacts], expected: Mapping[str, tuple[int, ...]], path: Path) -> list[str]:
    lacking = [f"{path}: {name} is missing, expected {list(expected[name])}" for name in expected if name not in found]
    unknown = [f"{path}: {name} is not part of this network" for name in found if name not in expected]
    odd = [
        f"{path}: {name} is {list(facts.shape)}, expected {list(expected[name])}"
        for name, facts in found.items()
        if name in expected and facts.shape != expected[name]
    ]
    return odd + lacking + unknown


def _dtype_faults(found: Mapping[str, TensorFacts], folder: Path, path: Path) -> list[str]:
    """All of the dtype that config.json names; where it names none, all of one floating-point dtype."""
    config = read_config(folder)
    named = str(config.get("dtype") or config.get("torch_dtype") or "").removeprefix("torch.")
    dtypes = [facts.dtype for facts in found.values()]
    wanted = getattr(torch, named, None) if named else max(FLOATS, key=dtypes.count)
    return [
        f"{path}: {name} is {_told(facts.dtype)}, expected {_told(wanted)}"
        for name, facts in found.items()
        if isinstance(wanted, torch.dtype) and facts.dtype != wanted
    ]


def _told(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
