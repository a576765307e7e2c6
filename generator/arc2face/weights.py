"""Tensors from files, checked: every refusal names the file, the tensor, what was expected and what was found."""

from __future__ import annotations

import pickle
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from generator.checkpoint import CheckpointError

NAMED = 3  # tensors named in an error before it says how many more there are


@dataclass(frozen=True, slots=True)
class TensorFacts:
    """What a file says of a tensor before its numbers are read."""

    shape: tuple[int, ...]
    dtype: torch.dtype


def read_header(path: Path) -> dict[str, TensorFacts]:
    """Names, shapes and dtypes of a weights file (.safetensors, or a .bin that is a flat or nested state dict; nested
    names are joined with a dot). Raises CheckpointError for a file that is missing, damaged or something else.
    """
    if path.suffix == ".safetensors":
        with _opened(path) as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
            return {name: TensorFacts(tuple(s.get_shape()), _DTYPES[s.get_dtype()]) for name, s in slices.items()}
    return {name: TensorFacts(tuple(t.shape), t.dtype) for name, t in _unpickled(path)}


def read_tensors(
    path: Path, device: str | torch.device = "cpu", dtype: torch.dtype = torch.float32
) -> Iterator[tuple[str, Tensor]]:
    """Each tensor by name, converted and moved one by one, so that no second copy of the whole file is ever held.

    Floating-point tensors become `dtype`. Raises CheckpointError, also for a number that is not finite (or not any more
    in `dtype`).
    """
    for name, tensor in _raw(path):
        moved = tensor.to(device, dtype) if tensor.is_floating_point() else tensor.to(device)
        if moved.is_floating_point() and not bool(torch.isfinite(moved).all()):
            raise CheckpointError(f"{path}: {name} holds numbers that are not finite in {str(dtype).split('.')[-1]}")
        yield name, moved


def raw_tensors(path: Path) -> Iterator[tuple[str, Tensor]]:
    """Each tensor as the file holds it, one by one; whether its numbers are finite is not asked. CheckpointError."""
    return _raw(path)


def fill(module: nn.Module, tensors: Mapping[str, Tensor], path: Path) -> None:
    """Puts the tensors of a file in the place of a module's own (which may be on the meta device: nothing is copied).
    Raises CheckpointError unless names and shapes are exactly the module's.
    """
    expected = {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}
    check_shapes({name: tuple(tensor.shape) for name, tensor in tensors.items()}, expected, path)
    module.load_state_dict(dict(tensors), assign=True)
    module.eval().requires_grad_(False)


def check_shapes(found: Mapping[str, tuple[int, ...]], expected: Mapping[str, tuple[int, ...]], path: Path) -> None:
    """Raises CheckpointError naming the file, the tensors at fault, and what was expected of them."""
    missing = sorted(expected.keys() - found.keys())
    unknown = sorted(found.keys() - expected.keys())
    odd = [
        f"{name} is {list(found[name])}, expected {list(expected[name])}"
        for name in sorted(expected.keys() & found.keys())
        if found[name] != expected[name]
    ]
    faults = (("lacks", missing), ("has unknown tensors", unknown), ("does not fit:", odd))
    told = [f"{what} {_some(names)}" for what, names in faults if names]
    if told:
        raise CheckpointError(f"{path} {'; it '.join(told)}")


def _some(names: list[str]) -> str:
    rest = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _raw(path: Path) -> Iterator[tuple[str, Tensor]]:
    if path.suffix != ".safetensors":
        yield from _unpickled(path)
        return
    with _opened(path) as file:
        for name in file.keys():  # noqa: SIM118 (not a dict)
            yield name, file.get_tensor(name)


def _opened(path: Path) -> Any:
    if not path.is_file():
        raise CheckpointError(f"{path} is missing")
    try:
        return safe_open(path, framework="pt", device="cpu")
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path} is damaged or cut short: {error}") from error


def _unpickled(path: Path) -> Iterator[tuple[str, Tensor]]:
    """A .bin is a pickle: only tensors and plain containers are let out of it, no code runs."""
    if not path.is_file():
        raise CheckpointError(f"{path} is missing")
    try:
        held = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))  # older: no zip
    except pickle.UnpicklingError as error:
        raise CheckpointError(f"{path} holds more than tensors{_forbidden(error)}, so it is not read") from error
    except (RuntimeError, OSError, EOFError, ValueError, KeyError) as error:
        raise CheckpointError(f"{path} is damaged or cut short: {_first_line(error)}") from error
    if not isinstance(held, dict):
        raise CheckpointError(f"{path} holds a {type(held).__name__}, not a state dict (name → tensor)")
    tensors = list(_flat(held, "", path))  # they lie in the file still, mapped
    if not tensors:
        raise CheckpointError(f"{path} holds no tensors, so it is no state dict")
    yield from tensors


def _flat(held: Mapping[Any, Any], prefix: str, path: Path) -> Iterator[tuple[str, Tensor]]:
    for key, value in held.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.", path)
        elif isinstance(value, Tensor):
            yield name, value
        elif not isinstance(value, int | float | str | None):  # a training notes its step and the like
            raise CheckpointError(f"{path}: {name} is a {type(value).__name__}, not a tensor")


def _forbidden(error: Exception) -> str:
    """What torch refused, without its advice to trust the file."""
    named = re.search(r"GLOBAL ([\w.]+)", str(error))
    return f" (it asks for {named[1]})" if named else ""


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


_DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "I64": torch.int64,
    "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
    "F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2,
}  # fmt: skip
