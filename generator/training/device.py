"""Where training computes: on an NVIDIA card where there is one, else on the processor."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from generator import hardware

M = TypeVar("M", bound=nn.Module)

LEAST, MOST = 8, 32  # times the samples of a processor's batch, on a card
ROOM = 20e9  # bytes of a card for the least: 9e9 for a step, the others for the portraits


def _larger() -> int:
    """A card is idle with few samples."""
    if not torch.cuda.is_available():
        return 1
    return min(LEAST * max(int(torch.cuda.get_device_properties(0).total_memory / ROOM), 1), MOST)


DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
HALF_PAYS = DEVICE.type == "cuda" or hardware.half_pays()
LARGER = _larger()  # times the samples in a batch


def half() -> torch.autocast:
    """bfloat16 where it pays."""
    return torch.autocast(DEVICE.type, torch.bfloat16, enabled=HALF_PAYS)


def there(tensor: Tensor) -> Tensor:
    """Pictures or latents (n, c, h, w) on the device, channels last: twice as fast on a processor."""
    return tensor.to(DEVICE).contiguous(memory_format=torch.channels_last)


def sent(array: np.ndarray) -> Tensor:
    """A few numbers to the device, which nobody waits for."""
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    return tensor.pin_memory().to(DEVICE, non_blocking=True) if DEVICE.type == "cuda" else tensor


def placed(module: M) -> M:
    """The module on the device, its convolutions channels last."""
    return module.to(DEVICE).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
