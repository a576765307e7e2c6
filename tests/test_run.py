"""run.py with the real venv and pip, on a small checkout whose packages are empty wheels in a folder."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("run", ROOT / "run.py")
assert SPEC and SPEC.loader
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)

BACKEND = """
import os, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "facebridge-1.dist-info"
    with zipfile.ZipFile(os.path.join(folder, "facebridge-1-py3-none-any.whl"), "w") as wheel:
        wheel.writestr("facebridge.pth", os.getcwd())
        extras = "Provides-Extra: published\\nRequires-Dist: onnxruntime-gpu; extra == 'published'\\n"
        extras += "Requires-Dist: onnxruntime; extra == 'published'\\nProvides-Extra: gpu\\n"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: facebridge\\nVersion: 1\\n{extras}")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return "facebridge-1-py3-none-any.whl"
"""


class Checkout:
    """A folder with run.py, a package `bridge` that prints what it is called with, and a folder of tiny wheels."""

    def __init__(self, home: Path) -> None:
        self.folder, self.wheels = home / "check out", home / "wheels"
        folder = self.folder
        (folder / "bridge").mkdir(parents=True)
        (folder / "bridge/__main__.py").write_text("import sys; print('bridge', *sys.argv[1:]); sys.exit(7)")
        shutil.copy(ROOT / "bridge/overwritten.py", folder / "bridge")
        (folder / "backend.py").write_text(BACKEND)
        (folder / "pyproject.toml").write_text(
            '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
            '[project]\nname = "facebridge"\nversion = "1"\n[project.optional-dependencies]\ndev = []\n'
        )
        (folder / "constraints.txt").write_text("torch==1\n")
        self.wheels.mkdir()
        for name, version in (("torch", 1), ("torch", 2), ("hatchling", 1), ("editables", 1)):
            _write_wheel(self.wheels, name, version)
        for name in ("onnxruntime", "onnxruntime-gpu"):
            _write_wheel(self.wheels, name, 1, "onnxruntime/__init__.py", f"served = '{name}'")
        shutil.copy(ROOT / "run.py", folder)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        local = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(
            [sys.executable, "run.py", *arguments],
            cwd=self.folder,
            env={name: value for name, value in (os.environ | local | variables).items() if value},
            capture_output=True,
            text=True,
        )

    def package(self, name: str) -> Path:
        return next((self.folder / ".venv").rglob(f"site-packages/{name}"))


def _write_wheel(folder: Path, name: str, version: int, file: str = "", content: str = "") -> None:
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    files = {
        file or f"{name}/__init__.py": content or f"version = {version}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{_digest(text)},{len(text)}\n" for path, text in files.items())
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        for path, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            wheel.writestr(path, text)


def _digest(text: str) -> str:
    return "sha256=" + urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Set up once; each test leaves it working."""
    made = Checkout(tmp_path_factory.mktemp("run"))
    first = made.run("setup")
    assert first.returncode == 0, first.stderr
    assert "making .venv" in first.stdout and "1 of 2: PyTorch" in first.stdout
    return made


def test_a_command_gets_its_arguments_and_its_exit_code_comes_back(checkout: Checkout) -> None:
    ended = checkout.run("demo", "--frames", "3")
    assert (ended.returncode, ended.stdout) == (7, "bridge demo --frames 3\n")


def test_a_second_run_installs_nothing(checkout: Checkout) -> None:
    again = checkout.run("setup", PIP_FIND_LINKS="", PIP_INDEX_URL="http://127.0.0.1:9")
    assert again.returncode == 0
    assert "making" not in again.stdout and "1 of 2" not in again.stdout


def test_a_deleted_package_is_noticed_and_mended(checkout: Checkout) -> None:
    shutil.rmtree(checkout.package("torch"))
    mended = checkout.run("setup")
    assert mended.returncode == 0
    assert "torch is missing" in mended.stdout
    assert checkout.package("torch").exists()


def test_an_interrupted_installation_is_made_anew(checkout: Checkout) -> None:
    (checkout.folder / ".venv/facebridge.json").unlink()
    assert "half-made" in checkout.run("setup").stdout
    assert checkout.run("demo").returncode == 7


def test_a_python_that_is_gone_is_noticed(checkout: Checkout) -> None:
    path = checkout.folder / ".venv/facebridge.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"python": "3.11.0 (gone)"}))
    mended = checkout.run("setup")
    assert mended.returncode == 0 and "was replaced" in mended.stdout


def test_a_fresh_environment_can_be_asked_for(checkout: Checkout) -> None:
    (checkout.package("torch") / "broken.py").write_text("what no check notices")
    assert "asked for" in checkout.run("setup", "--fresh").stdout
    assert not (checkout.package("torch") / "broken.py").exists()


def test_changed_pins_and_new_extras_are_installed_into_the_same_environment(checkout: Checkout) -> None:
    (checkout.folder / "constraints.txt").write_text("torch==2\n")
    updated = checkout.run("setup", "dev")
    assert updated.returncode == 0 and "constraints.txt changed" in updated.stdout and "making" not in updated.stdout
    assert (checkout.package("torch") / "__init__.py").read_text() == "version = 2\n"
    assert "1 of 2" not in checkout.run("setup").stdout


def test_what_another_package_wrote_over_is_installed_again(checkout: Checkout) -> None:
    """pip puts onnxruntime-gpu in first and onnxruntime over it; both write onnxruntime/__init__.py."""
    made = checkout.run("setup", "published")
    assert made.returncode == 0, made.stderr
    assert "installing onnxruntime-gpu==1 again" in made.stdout
    assert (checkout.package("onnxruntime") / "__init__.py").read_text() == "served = 'onnxruntime-gpu'"
    assert "again" not in checkout.run("setup", "published").stdout


@pytest.mark.skipif(os.name == "nt" or not shutil.which("cc"), reason="compiles a driver for POSIX")
@pytest.mark.parametrize(("cards", "extras"), [(1, ["gpu", "published"]), (0, ["published"])])
def test_published_takes_gpu_along_where_there_is_a_card(checkout: Checkout, cards: int, extras: list[str]) -> None:
    stamp = checkout.folder / ".venv/facebridge.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"extras": ["published"]}))
    library = checkout.folder / "libcuda.so.1"
    source = f"int cuInit(unsigned f) {{ return 0; }} int cuDeviceGetCount(int *n) {{ *n = {cards}; return 0; }}"
    subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=source, text=True, check=True)
    assert checkout.run("setup", "published", LD_LIBRARY_PATH=str(checkout.folder)).returncode == 0
    assert json.loads(stamp.read_text())["extras"] == extras


def test_without_a_network_one_sentence_says_so(tmp_path: Path) -> None:
    offline = {"PIP_NO_INDEX": "", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9", "PIP_RETRIES": "1"}
    ended = Checkout(tmp_path).run("demo", **offline)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("facebridge: the package index cannot be reached")
    assert "Traceback" not in ended.stderr


def test_a_package_without_a_build_for_this_system_is_named_as_that(tmp_path: Path) -> None:
    bare = Checkout(tmp_path)
    for wheel in bare.wheels.glob("torch*"):
        wheel.unlink()
    assert "no build for this system" in bare.run("demo").stderr.splitlines()[-1]


def test_a_full_disk_is_told_from_a_lost_network() -> None:
    assert "disk is full" in run.explain("ERROR: Could not install: [Errno 28] No space left on device")
    assert "lines above" in run.explain("ERROR: something else")


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14)])
def test_an_unsupported_python_is_told_which_are_supported(version: tuple[int, int]) -> None:
    with pytest.raises(run.SetupError, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
        run.check_python(version)


def test_an_old_python_can_parse_it() -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("arguments", [["nonsense"], ["setup", "nonsense"], []])
def test_a_wrong_call_makes_no_environment(tmp_path: Path, arguments: list[str]) -> None:
    checkout = Checkout(tmp_path)
    assert checkout.run(*arguments).returncode != 0
    assert not (checkout.folder / ".venv").exists()


def test_it_knows_the_commands_extras_and_pythons_of_the_project() -> None:
    from bridge.cli import COMMANDS

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(run.COMMANDS) == sorted(COMMANDS)
    assert sorted(run.EXTRAS) == sorted(project["optional-dependencies"])
    assert project["requires-python"] == ">=3.11,<3.14" and run.SUPPORTED == [(3, 11), (3, 12), (3, 13)]


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(name for names in project["optional-dependencies"].values() for name in names)]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0] for line in lines if "==" in line}
    names = {name.partition(";")[0].partition("[")[0].partition(">")[0].partition("=")[0].strip() for name in asked}
    assert names <= pinned


def test_the_published_models_folder_brings_its_packages(tmp_path: Path) -> None:
    (tmp_path / "weights" / "models" / "arc2face").mkdir(parents=True)
    assert run.needed("serve", ["--model", "compact"]) == []
    assert run.needed("serve", ["--model", str(tmp_path / "weights" / "models")]) == ["published"]
    assert run.needed("replay", ["take.csv", "--model", str(tmp_path / "weights")]) == ["published"]
    assert run.needed("expression", ["photo.png"]) == ["smirk"]
