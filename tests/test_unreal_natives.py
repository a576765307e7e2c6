"""What fetch_natives.py takes out of a wheel, and that the plugin loads the real one."""

import importlib.util
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
import zmq

from tests.unreal.native import PLUGIN


@pytest.fixture(scope="module")
def natives() -> ModuleType:
    spec = importlib.util.spec_from_file_location("unreal_fetch_natives", PLUGIN / "fetch_natives.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheel(path: Path, *members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, member)
    return path


def test_libraries_keep_their_names_and_licences_come_along(natives: ModuleType, tmp_path: Path) -> None:
    file = wheel(
        tmp_path / "pyzmq.whl",
        "zmq/__init__.py",
        "pyzmq.libs/libzmq-1a.so.5.2.5",
        "pyzmq.libs/libsodium-2b.so.26",
        "pyzmq.dist-info/licenses/LICENSE.md",
        "pyzmq.dist-info/licenses/licenses/LICENSE.libsodium.txt",
    )
    written = natives.unpack(file, natives.TARGETS[2], tmp_path / "libzmq")
    names = {"libzmq-1a.so.5.2.5", "libsodium-2b.so.26", "LICENSE.md.txt", "LICENSE.libsodium.txt"}
    assert {path.name for path in written} == names
    assert {path.name for path in (tmp_path / "libzmq" / "Linux").iterdir()} == names


def test_a_wheel_without_libzmq_is_told(natives: ModuleType, tmp_path: Path) -> None:
    file = wheel(tmp_path / "pyzmq.whl", "zmq/__init__.py", "pyzmq.dist-info/LICENSE")
    with pytest.raises(ValueError, match="no libzmq of its own"):
        natives.unpack(file, natives.TARGETS[0], tmp_path / "libzmq")
    assert not (tmp_path / "libzmq").exists()


def test_folders_are_the_platforms_that_the_subsystem_looks_in(natives: ModuleType) -> None:
    subsystem = (PLUGIN / "Source" / "FaceBridgeRuntime" / "Private" / "FaceBridgeSubsystem.cpp").read_text("utf-8")
    assert all(f'TEXT("{target.folder}")' in subsystem for target in natives.TARGETS)


def test_the_constants_of_libzmq_are_its_own() -> None:
    header = (PLUGIN / "Source/FaceBridgeCore/Public/FaceBridge/Zmq.h").read_text("utf-8")
    constants = [line.split() for line in header.splitlines() if line.startswith("constexpr int ")]
    assert len(constants) == 21
    for _, _, name, _, value in constants:
        assert int(value.rstrip(";"), 0) == int(getattr(zmq, name.upper())), name
