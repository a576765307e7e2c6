"""The Unity package as Unity reads it: metas, assemblies, samples, and the engine's side compiled against stubs."""

import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.unity import mono

PACKAGE = mono.PACKAGE
STUBS = Path(__file__).parent / "unity" / "stubs"
ASSEMBLIES = {path.stem: json.loads(path.read_text("utf-8")) for path in PACKAGE.rglob("*.asmdef")}
FOLDERS = {path.stem: path.parent for path in PACKAGE.rglob("*.asmdef")}


def script(name: str) -> ModuleType:
    """A program of engine_plugins/unity, imported from its file."""
    path = PACKAGE.parent / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


write_metas = script("write_metas")
fetch_natives = script("fetch_natives")


def test_every_file_and_folder_has_its_meta_and_no_meta_is_left_over() -> None:
    assets = write_metas.imported()
    assert len(assets) > 50
    for path in assets:
        found = write_metas.meta_path(path)
        assert found.is_file(), f"{path} has no .meta: run engine_plugins/unity/write_metas.py"
        assert found.read_text("utf-8") == write_metas.meta(path), found
    assert set(PACKAGE.rglob("*.meta")) == {write_metas.meta_path(path) for path in assets}


def test_guids_are_unique_and_hang_on_the_path_alone(tmp_path: Path) -> None:
    guids = [re.search(r"guid: ([0-9a-f]{32})\n", write_metas.meta(path)) for path in write_metas.imported()]
    assert len({guid[1] for guid in guids if guid}) == len(guids)
    (tmp_path / "a.cs").touch()
    assert write_metas.meta(tmp_path / "a.cs", tmp_path) == write_metas.meta(tmp_path / "a.cs", tmp_path)
    write_metas.write(tmp_path)
    (tmp_path / "a.cs").rename(tmp_path / "b.cs")
    write_metas.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"b.cs", "b.cs.meta"}


def test_the_package_names_what_it_has() -> None:
    package: dict[str, Any] = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    assert package["name"] == PACKAGE.name
    assert package["unity"] == "2022.3"
    assert all((PACKAGE / sample["path"]).is_dir() for sample in package["samples"])
    assert f"[{package['version']}]" in (PACKAGE / "CHANGELOG.md").read_text("utf-8")
    assert (PACKAGE / "LICENSE.md").read_text("utf-8") == (mono.ROOT / "LICENSE").read_text("utf-8")


def test_the_core_knows_no_engine_and_assemblies_know_each_other() -> None:
    assert ASSEMBLIES["FaceBridge.Core"]["noEngineReferences"] is True
    for name, assembly in ASSEMBLIES.items():
        assert assembly["name"] == name
        ours = {reference for reference in assembly["references"] if reference.startswith("FaceBridge")}
        assert ours <= ASSEMBLIES.keys(), name
    core = "\n".join(path.read_text("utf-8") for path in FOLDERS["FaceBridge.Core"].rglob("*.cs"))
    assert not re.search(r"\bUnity(Engine|Editor)\b", core)


@pytest.mark.needs(command="mcs")
def test_what_faces_the_engine_compiles(tmp_path: Path) -> None:
    library(tmp_path, "Stubs", [STUBS], [], "-nowarn:0649")
    for name in (f"FaceBridge.{part}" for part in ("Core", "Engine", "ARKit", "Editor", "Tests.Editor")):
        ours = [reference for reference in ASSEMBLIES[name]["references"] if reference in ASSEMBLIES]
        engine = [] if ASSEMBLIES[name]["noEngineReferences"] else ["Stubs"]
        library(tmp_path, name, [FOLDERS[name]], ours + engine, "-define:FACEBRIDGE_ARKIT")
    library(tmp_path, "Samples", [PACKAGE / "Samples~"], ["Stubs", "FaceBridge.Core", "FaceBridge.Engine"])


def library(folder: Path, name: str, sources: list[Path], references: list[str], *options: str) -> None:
    """Compile the sources as Unity would, with no other assemblies in sight than these."""
    known = [f"-r:{folder / reference}.dll" for reference in references]
    command = [*mono.COMPILE, "-target:library", f"-out:{folder / name}.dll", *known, *options]
    done = subprocess.run([*command, *mono.sources(*sources)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def wheel(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_natives_come_out_of_a_wheel_with_their_licences(tmp_path: Path) -> None:
    files = {
        "pyzmq.libs/libzmq-1.so.5.2.5": b"..libsodium-2.so.26.2.0\0..",
        "pyzmq.libs/libsodium-2.so.26.2.0": b"sodium",
        "pyzmq.libs/.load-order": b"",
        "pyzmq-1.dist-info/licenses/LICENSE.md": b"licence",
        "pyzmq-1.dist-info/licenses/licenses/LICENSE.tornado.txt": b"of a part that is not taken",
        "zmq/__init__.py": b"",
    }
    target = fetch_natives.Target("linux-x64", "any", "1", "libzmq.so")
    written = fetch_natives.unpack(wheel(tmp_path / "a.whl", files), target, tmp_path / "Plugins")
    assert {path.name for path in written} == {"libzmq.so", "libsodium-2.so", "LICENSE.md.txt"}
    library = (tmp_path / "Plugins" / "linux-x64" / "libzmq.so").read_bytes()
    assert library == b"..libsodium-2.so\0\0\0\0\0\0\0\0.."
    assert "PluginImporter" in write_metas.meta(tmp_path / "Plugins" / "linux-x64" / "libzmq.so", tmp_path)


def test_a_wheel_without_a_library_is_told(tmp_path: Path) -> None:
    empty = wheel(tmp_path / "a.whl", {"zmq/_zmq.pyd": b""})
    with pytest.raises(ValueError, match=r"a\.whl has no libzmq of its own"):
        fetch_natives.unpack(empty, fetch_natives.TARGETS[0], tmp_path / "Plugins")
