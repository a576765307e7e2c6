"""NVIDIA cards as the driver itself tells of them: so a card is known even where no package can use it."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from functools import cache

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
    try:
        library = ctypes.CDLL(driver)
    except OSError:
        return ()
    version, count = ctypes.c_int(), ctypes.c_int()
    if library.cuInit(0) or library.cuDriverGetVersion(ctypes.byref(version)):
        return ()
    if library.cuDeviceGetCount(ctypes.byref(count)):
        return ()
    cuda = version.value // 1000, version.value % 1000 // 10
    return tuple(_card(library, index, cuda) for index in range(count.value))


def _card(library: ctypes.CDLL, index: int, cuda: tuple[int, int]) -> Card:
    device, memory = ctypes.c_int(), ctypes.c_size_t()
    name = ctypes.create_string_buffer(NAME_BYTES)
    library.cuDeviceGet(ctypes.byref(device), index)
    library.cuDeviceGetName(name, NAME_BYTES, device)
    library.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    return Card(name.value.decode("utf-8", "replace"), memory.value, cuda)
