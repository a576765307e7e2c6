"""NVIDIA cards as the driver itself tells of them: so a card is known even where no package can use it."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

DRIVER = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
NAME_BYTES = 256


@dataclass(frozen=True, slots=True)
class Card:
    """`cuda` is the newest CUDA that the installed driver runs, as (major, minor)."""

    name: str
    memory: int  # bytes
    cuda: tuple[int, int]


@cache
def nvidia_cards(driver: str = DRIVER) -> tuple[Card, ...]:
    """Every card; () without a card or a driver that works."""
    version, count = ctypes.c_int(), ctypes.c_int()
    try:
        library = ctypes.CDLL(driver)
        _call(library.cuInit, 0)
        _call(library.cuDriverGetVersion, ctypes.byref(version))
        _call(library.cuDeviceGetCount, ctypes.byref(count))
        cuda = version.value // 1000, version.value % 1000 // 10
        return tuple(_card(library, index, cuda) for index in range(count.value))
    except (OSError, AttributeError):
        return ()


def _card(library: ctypes.CDLL, index: int, cuda: tuple[int, int]) -> Card:
    device, memory = ctypes.c_int(), ctypes.c_size_t()
    name = ctypes.create_string_buffer(NAME_BYTES)
    _call(library.cuDeviceGet, ctypes.byref(device), index)
    _call(library.cuDeviceGetName, name, NAME_BYTES, device)
    _call(library.cuDeviceTotalMem_v2, ctypes.byref(memory), device)
    return Card(name.value.decode("utf-8", "replace"), memory.value, cuda)


def _call(function: Any, *arguments: Any) -> None:
    code = function(*arguments)
    if code:
        raise OSError(f"the driver answered {function.__name__} with error {code}")
