"""What the NVIDIA driver tells of its cards, from a driver compiled here."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.nvidia import Card, nvidia_cards

SOURCE = """
#include <stddef.h>
#include <stdio.h>
int cuInit(unsigned flags) { return INIT; }
int cuDriverGetVersion(int *version) { *version = 13020; return 0; }
int cuDeviceGetCount(int *count) { *count = 2; return 0; }
int cuDeviceGet(int *device, int index) { *device = index + 7; return 0; }
int cuDeviceGetName(char *name, int size, int device) { snprintf(name, size, "Card %d", device); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = ((size_t)device) << 32; return 0; }
"""


def driver(folder: Path, init: int) -> str:
    library = folder / f"cuda{init}.so"
    call = ["cc", "-shared", "-fPIC", f"-DINIT={init}", "-x", "c", "-o", library, "-"]
    subprocess.run(call, input=SOURCE, text=True, check=True)
    return str(library)


@pytest.mark.skipif(os.name == "nt" or not shutil.which("cc"), reason="compiles a driver for POSIX")
def test_name_memory_and_cuda_of_every_card(tmp_path: Path) -> None:
    cards = (Card("Card 7", 7 << 32, (13, 2)), Card("Card 8", 8 << 32, (13, 2)))
    assert nvidia_cards(driver(tmp_path, 0)) == cards


@pytest.mark.skipif(os.name == "nt" or not shutil.which("cc"), reason="compiles a driver for POSIX")
def test_a_driver_that_does_not_start_has_no_card(tmp_path: Path) -> None:
    assert nvidia_cards(driver(tmp_path, 999)) == ()


@pytest.mark.parametrize("library", ["no-such-library", "msvcrt.dll" if os.name == "nt" else "libm.so.6"])
def test_without_a_driver_there_is_no_card(library: str) -> None:
    assert nvidia_cards(library) == ()
