#!/usr/bin/env python3
"""facebridge from a fresh checkout. Standard library only.

  python3 run.py demo               serve, play a bundled performance, film the face
  python3 run.py test [...]         ruff, pyright and pytest; with arguments: pytest alone, with these
  python3 run.py setup [EXTRA ...]  only the environment; --fresh makes it anew. EXTRAs: dev, train, published, gpu,
                                    flame, smirk; published takes gpu along where there is an NVIDIA card
  python3 run.py COMMAND [...]      as `facebridge COMMAND` does: serve, capture, replay, take, performance, identities,
                                    enroll, generate, expression, models, map, preview, bridge-check, keys,
                                    doctor, train, evaluate

The first run makes .venv and installs what constraints.txt pins. Later runs start at once. An environment that is
half-made, moved or damaged is noticed and made anew; a change of the pins is installed.
"""
# An old Python has to get as far as being told so: nothing newer than 3.8 in this file.

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "facebridge.json"  # written last: without it the environment is half-made
LOCK = ROOT / ".venv.lock"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SUPPORTED = [(3, 11), (3, 12), (3, 13)]
EXTRAS = ["dev", "train", "published", "gpu", "flame", "smirk"]
COMMANDS = [
    "serve", "capture", "replay", "take", "performance", "demo", "identities", "enroll", "generate", "expression",
    "models", "map", "preview", "bridge-check", "keys", "doctor", "train", "evaluate",
]  # fmt: skip
NEEDED = {
    "test": ["dev", "train", "published", "flame", "smirk"], "train": ["train"], "evaluate": ["train"],
    "performance": ["train"],
    "enroll": ["published"], "generate": ["published"],
    "expression": ["smirk"], "preview": ["flame"],
}  # extras, and gpu with published where there is a card; the other commands need none  # fmt: skip
LEAST_DISK = 3e9  # bytes: less cannot hold even the CPU build
DOWNLOAD = {
    "Linux": "about 3 GB to download and 8 GB on disk, as PyTorch for Linux brings CUDA; for the CPU build, 0.5 GB,\n"
    "  set PIP_EXTRA_INDEX_URL to the index that PyTorch's page `Get started` prints",
    "Darwin": "about 0.4 GB to download",
    "Windows": "about 0.5 GB to download",
}
OFFLINE = ["NewConnectionError", "Max retries exceeded", "Retrying (", "Connection broken", "timed out", "getaddrinfo"]
PROBE = """if True:
    import json, os, sys, sysconfig
    site = sysconfig.get_path("purelib")
    print(json.dumps({"python": sys.version, "packages": sorted(os.listdir(site))}))
"""


class SetupError(Exception):
    """What went wrong and what to do, in one sentence for the person at the terminal."""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        check_python(sys.version_info[:2])
        if command == "setup":
            return setup(rest)
        if command == "test":
            prepare(NEEDED["test"])
            return test(rest)
        if command in COMMANDS:
            prepare(needed(command, rest))
            return become([str(PYTHON), "-m", "bridge", command, *rest])
    except SetupError as error:
        print(f"facebridge: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nfacebridge: interrupted", file=sys.stderr)
        return 130
    if command and not command.startswith("-") and command != "help":
        print(f"facebridge: there is no command {command!r}\n", file=sys.stderr)
    print(__doc__, file=sys.stdout if command in ("-h", "--help", "help") else sys.stderr)
    return 0 if command in ("-h", "--help", "help") else 2


def needed(command: str, arguments: list[str]) -> list[str]:
    """The extras of a command; the published model's folder and a webcam bring their own."""
    roots = [Path(text, inside) for text in arguments for inside in ("arc2face", "models/arc2face")]
    published = ["published"] if any(root.is_dir() for root in roots) else []
    webcam = ["smirk"] if any(text.split(":")[0] == "webcam" for text in arguments) else []
    return sorted({*NEEDED.get(command, []), *published, *webcam})


def check_python(version: tuple[int, ...]) -> None:
    if version not in SUPPORTED:
        raise SetupError(f"needs Python 3.11, 3.12 or 3.13; this is {platform.python_version()} ({sys.executable}).")


def setup(arguments: list[str]) -> int:
    unknown = [name for name in arguments if name not in [*EXTRAS, "--fresh"]]
    if unknown:
        raise SetupError(f"setup takes {', '.join(EXTRAS)} and --fresh, not {unknown[0]!r}.")
    prepare([name for name in arguments if name in EXTRAS], fresh="--fresh" in arguments)
    say(f"ready; try `python3 run.py demo`, or {PYTHON.with_name('facebridge')} --help")
    return 0


def test(arguments: list[str]) -> int:
    """All checks even if one fails; pytest comes last, so that its count closes the run."""
    checks = [] if arguments else [["ruff", "check", "."], ["pyright", "--pythonpath", str(PYTHON)]]
    codes = [subprocess.call([str(PYTHON), "-m", *check], cwd=ROOT, env=environment()) for check in checks]
    codes.append(subprocess.call([str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT, env=environment()))
    return max(codes, key=abs)


def become(arguments: list[str]) -> int:
    """The command in this process's place, so that signals and exit codes are its own."""
    if os.name == "posix":
        os.execve(arguments[0], arguments, environment())
    process = subprocess.Popen(arguments, env=environment())
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # the command gets it too, and ends in order
            return process.wait()


def environment() -> dict[str, str]:
    """The caller's variables, less those that would let packages from outside .venv in, or send them elsewhere."""
    outside = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    return {name: value for name, value in os.environ.items() if name not in outside} | {"PYTHONNOUSERSITE": "1"}


def prepare(extras: list[str], fresh: bool = False) -> None:
    """An environment with the pinned packages of these extras, at once if it is there already."""
    if "published" in extras and "gpu" not in extras and has_card():
        extras = [*extras, "gpu"]
    if not fresh and not fault(stamp(), extras):
        return
    with alone():
        made = stamp()
        reason = "asked for" if fresh else fault(made, extras)
        if not reason:
            return
        started = time.monotonic()
        extras = sorted({*extras, *made.get("extras", [])})
        if fresh or damage(made):
            make(reason)
        else:
            say(f"bringing .venv up to date: {reason}")
        install(extras)
        say(f"environment ready after {time.monotonic() - started:.0f} s")


def has_card() -> bool:
    """Whether an NVIDIA driver that works tells of a card."""
    count = ctypes.c_int()
    try:
        driver = ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
        return not driver.cuInit(0) and not driver.cuDeviceGetCount(ctypes.byref(count)) and count.value > 0
    except (OSError, AttributeError):
        return False


def stamp() -> dict:
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def fault(made: dict, extras: list[str]) -> str:
    """Why the environment does not serve as it is, or ""."""
    if damage(made):
        return damage(made)
    if made["inputs"] != inputs():
        return "pyproject.toml or constraints.txt changed"
    missing = [name for name in extras if name not in made["extras"]]
    return f"the packages for {', '.join(missing)} are not in it yet" if missing else ""


def damage(made: dict) -> str:
    """Why the environment has to be made anew, or ""."""
    if not VENV.exists():
        return "there is none yet"
    if not made:
        return "it is half-made"
    if made["root"] != str(ROOT):
        return f"it was made in {made['root']}"
    now = probe()
    if now.get("python") != made["python"]:
        return "the Python it was made with is gone or was replaced"
    lost = sorted(set(made["packages"]) - set(now["packages"]))
    return f"{lost[0]} is missing from it" if lost else ""


def probe() -> dict:
    """What the environment's Python is and which packages lie beside it; {} if it does not start."""
    try:
        asked = subprocess.run([str(PYTHON), "-I", "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return json.loads(asked.stdout)
    except (OSError, ValueError):
        return {}


def inputs() -> str:
    texts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def make(reason: str) -> None:
    """A new, empty .venv in place of whatever is there."""
    check_machine()
    say(f"making .venv with Python {platform.python_version()}: {reason}")
    say(DOWNLOAD.get(platform.system(), DOWNLOAD["Linux"]))
    try:
        shutil.rmtree(VENV) if VENV.exists() else None
    except OSError as error:
        raise SetupError(f"cannot remove {error.filename}: end what still uses .venv and try again.") from None
    base = getattr(sys, "_base_executable", sys.executable)  # this may be .venv's own Python, about to be replaced
    made = subprocess.run([base, "-m", "venv", str(VENV)], env=environment(), stdout=subprocess.PIPE, text=True)
    if made.returncode:
        raise SetupError(f"Python could not make {VENV}: {explain(made.stdout)}")


def check_machine() -> None:
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        raise SetupError(f"this Python comes without venv: on Debian or Ubuntu, `apt-get install {package}`.")
    free = shutil.disk_usage(ROOT).free
    if free < LEAST_DISK:
        raise SetupError(f"{ROOT} has {free / 1e9:.1f} GB free, and at least {LEAST_DISK / 1e9:.0f} are needed.")


def install(extras: list[str]) -> None:
    STAMP.unlink() if STAMP.exists() else None
    say("1 of 2: PyTorch")
    pip_install("torch", "hatchling", "editables")
    say("2 of 2: facebridge and the other packages")
    pip_install("--no-build-isolation", "--editable", f".[{','.join(extras)}]" if extras else ".")
    mend()
    made = {"root": str(ROOT), "inputs": inputs(), "extras": extras, **probe()}
    part = STAMP.with_suffix(".part")
    part.write_text(json.dumps(made, indent=1), encoding="utf-8")
    os.replace(part, STAMP)


def mend() -> None:
    """Install again what other packages wrote over: bridge/overwritten.py says which those are."""
    call = [str(PYTHON), "-m", "bridge.overwritten"]
    asked = subprocess.run(call, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True)
    if asked.returncode:
        raise SetupError("the packages cannot be compared with what was installed: the lines above say why.")
    if asked.stdout.split():
        say(f"installing {' and '.join(asked.stdout.split())} again: other packages wrote over it")
        pip_install("--no-deps", "--force-reinstall", *asked.stdout.split())


def pip_install(*arguments: str) -> None:
    """pip with its progress as it is, and its complaints read along to explain a failure."""
    call = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-c", "constraints.txt", *arguments]
    complaints = []
    errors = {"stderr": subprocess.PIPE, "text": True, "errors": "replace"}
    with subprocess.Popen(call, cwd=ROOT, env=environment(), **errors) as pip:
        for line in pip.stderr or ():
            sys.stderr.write(line)
            complaints.append(line)
    if pip.returncode:
        raise SetupError(explain("".join(complaints)))


def explain(complaints: str) -> str:
    """What to do about a failed installation, from what pip said."""
    if "No space left" in complaints or "Errno 28" in complaints or "WinError 112" in complaints:
        return "the disk is full: make room beside the checkout and for temporary files (TMPDIR), and try again."
    if any(sign in complaints for sign in OFFLINE):
        return "the package index cannot be reached: connect to the network (PIP_PROXY names a proxy) and try again."
    if "No matching distribution" in complaints or "conflicting dependencies" in complaints:
        return (
            "a package has no build for this system: 64-bit Windows, Linux with glibc 2.28 or newer, "
            "or macOS 14 on Apple silicon are needed."
        )
    return "the installation failed: the lines above say why."


@contextlib.contextmanager
def alone():
    """One run.py at a time works on .venv; the system lets go of the lock when a process ends, however it ends."""
    with LOCK.open("w") as lock:
        if not locked(lock):
            say("waiting for another run.py to finish the environment")
            while not locked(lock):
                time.sleep(0.5)
        yield


def locked(lock) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def say(text: str) -> None:
    print(f"facebridge: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
