"""A checkpoint with SMIRK's keys and shapes and seeded numbers, the same on every machine."""

from pathlib import Path

import numpy as np
import torch

from generator.smirk import FILE, PREFIX, ExpressionEncoder

SEED = 11


def seeded(shapes: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """Tensors by name, uniform, of a spread that keeps the numbers of every layer about as large as those before it.

    Each has its own stream, by its place in the order of names, so that one more or less changes no other.
    """
    return {name: _tensor(name, shape, place) for place, (name, shape) in enumerate(sorted(shapes.items()))}


def write_smirk(folder: Path, **changed: torch.Tensor | None) -> Path:
    """SMIRK_em1.pt, with a tensor of the parts that nobody reads beside the encoder's. `changed` holds tensors by their
    names without the prefix, `.` as `__`; None leaves one out.
    """
    shapes = {name: tuple(tensor.shape) for name, tensor in ExpressionEncoder().state_dict().items()}
    tensors = {PREFIX + name: tensor for name, tensor in seeded(shapes).items()}
    tensors["smirk_generator.conv.weight"] = torch.zeros(3, 3)
    tensors["smirk_encoder.shape_encoder.shape_layers.0.bias"] = torch.zeros(300)
    for name, tensor in changed.items():
        key = PREFIX + name.replace("__", ".")
        tensors.pop(key) if tensor is None else tensors.update({key: tensor})
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(tensors, folder / FILE)
    return folder


def _tensor(name: str, shape: tuple[int, ...], place: int) -> torch.Tensor:
    random = np.random.default_rng([SEED, place])
    if name.endswith("num_batches_tracked"):
        return torch.tensor(1)
    values = random.random(shape)
    if name.endswith("running_var") or (name.endswith("weight") and len(shape) == 1):
        values = 0.5 + values
    else:
        spread = (3.0 / np.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0.2
        values = (values - 0.5) * 2 * spread
    return torch.from_numpy(values.astype(np.float32))
