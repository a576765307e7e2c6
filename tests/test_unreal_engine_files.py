"""The Unreal plugin is complete, and its engine-facing files compile against stubs of what they use."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.unreal.native import HERE, PLUGIN

SOURCE = PLUGIN / "Source"
FACING = sorted((*SOURCE.glob("FaceBridgeRuntime/Private/*.cpp"), *SOURCE.glob("FaceBridgeEditor/Private/*.cpp")))
MODULES = ("FaceBridgeRuntime", "FaceBridgeEditor")
FOLDERS = [SOURCE / module / kind for module in MODULES for kind in ("Public", "Private")]
CORE = SOURCE / "FaceBridgeCore" / "Public"


def included(file: Path) -> list[str]:
    return re.findall(r'^#include "(.+)"', file.read_text("utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where each header of the engine that is included is one that includes the stubs."""
    folder = tmp_path_factory.mktemp("engine")
    for file in (file for place in FOLDERS if place.is_dir() for file in place.iterdir()):
        for name in included(file):
            if not any((place / name).exists() for place in (*FOLDERS, CORE)):
                stub = folder / name
                stub.parent.mkdir(parents=True, exist_ok=True)
                stub.write_text(_generated(name) if name.endswith(".generated.h") else '#include "engine.h"\n')
    return folder


def _generated(name: str) -> str:
    """What the header tool makes of a class, as far as its users see: `Super` and `StaticClass`."""
    headers = (place / name.replace(".generated", "") for place in FOLDERS)
    text = next(header.read_text("utf-8") for header in headers if header.exists())
    base = re.search(r"UCLASS\(.*\)\nclass \w+ \w+ : public (\w+)", text)
    body = f"public: typedef {base[1]} Super; static UClass* StaticClass(); private:" if base else ""
    return f"#undef GENERATED_BODY\n#define GENERATED_BODY() {body}\n"


@pytest.mark.needs(command="g++")
def test_engine_facing_files_compile(headers: Path, tmp_path: Path) -> None:
    together = tmp_path / "plugin.cpp"  # as a unity build has them: in one piece
    together.write_text("".join(f'#include "{file}"\n' for file in FACING))
    includes = [f"-I{folder}" for folder in (*FOLDERS, CORE, headers, HERE / "stubs")]
    strict = ["-fno-exceptions", "-fno-rtti", "-Wall", "-Wextra", "-Wshadow", "-Werror", "-Wno-unused"]
    compiler = ["g++", "-std=c++20", "-fsyntax-only", *strict, *includes, str(together)]
    done = subprocess.run(compiler, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[:6000]


def test_every_module_is_there_and_loads_nothing_that_is_not() -> None:
    plugin = json.loads((PLUGIN / "FaceBridge.uplugin").read_text("utf-8"))
    modules = [module["Name"] for module in plugin["Modules"]]
    assert modules == ["FaceBridgeCore", "FaceBridgeRuntime", "FaceBridgeEditor"]
    for name in (*modules, "libzmq"):
        build = next(SOURCE.glob(f"**/{name}.Build.cs")).read_text("utf-8")
        assert f"class {name} : ModuleRules" in build
    for name in modules:
        bodies = "".join(file.read_text("utf-8") for file in (SOURCE / name / "Private").glob("*.cpp"))
        assert len(re.findall(rf"IMPLEMENT_MODULE\(\w+, {name}\)", bodies)) == 1


def test_the_core_includes_nothing_of_the_engine() -> None:
    ours = {f"FaceBridge/{file.name}" for file in CORE.glob("FaceBridge/*.h")}
    private = SOURCE / "FaceBridgeCore" / "Private"
    ours |= {file.name for file in private.glob("*.h")}
    for file in (*CORE.glob("FaceBridge/*.h"), *private.glob("*.*")):
        assert file.name == "FaceBridgeCoreModule.cpp" or set(included(file)) <= ours, file.name
