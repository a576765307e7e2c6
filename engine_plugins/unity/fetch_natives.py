"""Puts libzmq, and the libsodium it encrypts with, into the Unity package: `python fetch_natives.py`.

They come out of the wheels of pyzmq, which pip downloads, with their licences. A release of the package needs
nothing else.
"""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import write_metas


@dataclass(frozen=True)
class Target:
    """One system: the folder in Plugins, the wheel that has its libraries, and the name Unity looks for."""

    folder: str
    platform: str
    version: str
    library: str


TARGETS = (
    # Later wheels for Windows have no library of its own, it is part of their Python module. This one has 4.3.4.
    Target("win-x64", "win_amd64", "25.1.2", "libzmq.dll"),
    Target("mac", "macosx_10_15_universal2", "27.1.0", "libzmq.dylib"),
    Target("linux-x64", "manylinux_2_28_x86_64", "27.1.0", "libzmq.so"),
)
PYTHON = "3.12"  # any that those wheels are for
LIBRARIES = ("pyzmq.libs", "zmq/.dylibs")


def download(target: Target, folder: Path) -> Path:
    """The wheel, from pip's own index. Raises CalledProcessError with what pip said."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    where = ["--platform", target.platform, "--python-version", PYTHON, "--dest", str(folder)]
    subprocess.run([*pip, *where, f"pyzmq=={target.version}"], check=True)
    return next(folder.glob("*.whl"))


def unpack(wheel: Path, target: Target, plugins: Path) -> list[Path]:
    """Write the wheel's libraries and licences into `plugins` and return their paths. ValueError without a libzmq."""
    folder = plugins / target.folder
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with zipfile.ZipFile(wheel) as archive:
        members = dict(_members(archive, target))
        for member, name in members.items():
            path = folder / name
            path.write_bytes(_with_plain_names(archive.read(member), members))
            written.append(path)
    if folder / target.library not in written:
        raise ValueError(f"{wheel.name} has no libzmq of its own: choose another version of pyzmq for {target.folder}")
    return written


def _members(archive: zipfile.ZipFile, target: Target) -> Iterator[tuple[str, str]]:
    """What to take from a wheel, and under which name; what libzmq itself loads keeps the name it asks for."""
    for member in archive.namelist():
        path = PurePosixPath(member)
        if path.name.startswith("LICENSE") and "tornado" not in path.name:
            yield member, path.name if path.suffix == ".txt" else f"{path.name}.txt"
        elif path.parent.as_posix() in LIBRARIES and not path.name.startswith("."):
            yield member, target.library if path.name.startswith("libzmq") else _plain(path.name)


def _plain(name: str) -> str:
    """Without the version behind .so: Unity takes no other file for a library, and would leave it out of a build."""
    return name.partition(".so.")[0] + ".so" if ".so." in name else name


def _with_plain_names(library: bytes, members: dict[str, str]) -> bytes:
    """The library, asking for those it loads by their plain names: the same bytes of the file, ended earlier."""
    for member, name in members.items():
        asked = PurePosixPath(member).name.encode()
        if b".so." in asked and name.startswith("libsodium"):
            library = library.replace(asked + b"\0", name.encode().ljust(len(asked) + 1, b"\0"))
    return library


def main() -> None:
    """Fetch the libraries of every system."""
    plugins = write_metas.PACKAGE / "Plugins"
    for target in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            for path in unpack(download(target, Path(folder)), target, plugins):
                print(path.relative_to(write_metas.PACKAGE))
    write_metas.write()


if __name__ == "__main__":
    main()
