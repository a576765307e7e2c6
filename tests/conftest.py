"""What tests need beside the packages: tools, which CI must have, and third-party data, which nobody must have."""

import importlib
import os
import shutil
import signal
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

# Two processes with a pool of threads each do not share two cores, they stop each other; what is drawn here is small.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A shell starts what it runs in the background deaf to interrupts, and that is inherited by what the tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

REQUIRE_ALL = os.environ.get("FACEBRIDGE_REQUIRE_ALL") == "1"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs(command=..., module=..., renderer=True)`: skip without, or fail if all is asked for."""
    for marker in item.iter_markers("needs"):
        missing = _missing(**marker.kwargs)
        if missing and REQUIRE_ALL:
            pytest.fail(f"{missing}, and FACEBRIDGE_REQUIRE_ALL=1 asks for it", pytrace=False)
        elif missing:
            pytest.skip(missing)


def _missing(command: str = "", module: str = "", renderer: bool = False) -> str:
    """The first thing that is not here, as a reason; "" if all are."""
    if command and not shutil.which(command):
        return f"the program {command} is not on the PATH"
    if module and not _importable(module):
        return f"the Python module {module} cannot be imported"
    return _renderer_fault() if renderer else ""


@cache
def _importable(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


@cache
def _renderer_fault() -> str:
    from generator import hardware

    try:
        hardware.renderer()
    except RuntimeError as error:
        return str(error)
    return ""


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """`shared_data("captures/rom_3.csv")`: a file of the third-party data; without it the test is skipped, always."""

    def locate(name: str) -> Path:
        path = next((folder / name for folder in _data_folders() if (folder / name).exists()), None)
        if path is None:
            pytest.skip(f"third-party data {name} is not here; FACEBRIDGE_SHARED_DATA can name its folder")
        return path

    return locate


def _data_folders() -> list[Path]:
    """Where third-party data may lie: the folder the environment names, or shared/data in a folder above this one."""
    named = os.environ.get("FACEBRIDGE_SHARED_DATA")
    return [Path(named)] if named else [folder / "shared" / "data" for folder in Path(__file__).resolve().parents]
