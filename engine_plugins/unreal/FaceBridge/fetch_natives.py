"""Puts libzmq, and the libsodium it encrypts with, into the plugin: `python fetch_natives.py`.

They come out of the wheels of pyzmq, which pip downloads, with their licences. A release of the plugin needs nothing
else.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PLUGIN = Path(__file__).parent
NATIVES = PLUGIN / "Binaries" / "ThirdParty" / "libzmq"


@dataclass(frozen=True)
class Target:
    """One system: its folder, which Unreal calls so, and the wheel that has its libraries."""

    folder: str
    platform: str
    version: str


TARGETS = (
    # Later wheels for Windows have no library of its own, it is part of their Python module; this one has 4.3.4.
    Target("Win64", "win_amd64", "25.1.2"),
    Target("Mac", "macosx_10_15_universal2", "27.1.0"),
    Target("Linux", "manylinux_2_28_x86_64", "27.1.0"),
)
PYTHON = "3.12"  # any that those wheels are for
LIBRARIES = ("pyzmq.libs", "zmq/.dylibs")


def download(target: Target, folder: Path) -> Path:
    """The wheel, from pip's own index. Raises CalledProcessError with what pip said."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    system = ["--platform", target.platform, "--python-version", PYTHON]
    subprocess.run([*pip, *system, "--dest", str(folder), f"pyzmq=={target.version}"], check=True)
    return next(folder.glob("*.whl"))


def unpack(wheel: Path, target: Target, natives: Path = NATIVES) -> list[Path]:
    """Write the wheel's libraries and licences into a folder of `natives`; returns what was written.

    ValueError where the wheel has no libzmq.
    """
    folder = natives / target.folder
    with zipfile.ZipFile(wheel) as archive:
        members = dict(_members(archive))
        if not any(name.startswith("libzmq") for name in members.values()):
            raise ValueError(f"{wheel.name} has no libzmq of its own: choose another pyzmq for {target.folder}")
        folder.mkdir(parents=True, exist_ok=True)
        for member, name in members.items():
            (folder / name).write_bytes(archive.read(member))
    return [folder / name for name in members.values()]


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """What to take from a wheel, and under which name. The libraries keep theirs: they ask for each other by them."""
    for member in archive.namelist():
        path = PurePosixPath(member)
        if path.name.startswith("LICENSE") and "tornado" not in path.name:
            yield member, path.name if path.suffix == ".txt" else f"{path.name}.txt"
        elif path.parent.as_posix() in LIBRARIES and not path.name.startswith("."):
            yield member, path.name


def main() -> None:
    """Fetch the libraries of every system."""
    for target in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            for path in unpack(download(target, Path(folder)), target):
                print(path.relative_to(PLUGIN))


if __name__ == "__main__":
    main()
