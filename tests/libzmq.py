"""The libzmq that clients in other languages load in the tests, by name, as in the engine."""

import ctypes.util
import sys
from functools import cache
from pathlib import Path

import pytest
import zmq


@cache
def libzmq() -> str:
    """A path to the one that pyzmq brings, or else the system's name for its own."""
    packages = Path(zmq.__file__).parents[1]
    bundled = sorted(packages.glob("pyzmq.libs/libzmq*.so*")) + sorted(packages.glob("zmq/.dylibs/libzmq*"))
    found = str(bundled[0]) if bundled else ctypes.util.find_library("zmq")
    if found is None:
        pytest.skip(f"no libzmq in {packages} nor in the system's folders ({sys.platform})")
    return found
