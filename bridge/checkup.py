"""What `facebridge doctor` looks at: one function a subject, each saying how it stands and what to do about it."""

import importlib
import io
import platform
import re
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import numpy as np

from bridge.config import Config
from bridge.description import described
from generator import hardware
from generator.checkpoint import CheckpointError
from generator.face_generator import FaceGenerator, StreamSettings, load_generator
from protocol.blendshapes import BASES

SMOOTH = 30.0  # pictures per second that a performance needs
MEASURED = 2.0  # s
ROOM = 1e9  # bytes of disk for films and compiled models


@dataclass(frozen=True, slots=True)
class Finding:
    """How one subject stands. `advice` says what to do about it, where there is something to do."""

    grade: Literal["ok", "warn", "fail"]
    text: str
    advice: str = ""


def checks(model: str) -> dict[str, Callable[[], Finding]]:
    """Every check by subject, in the order to run them; each takes up to a few seconds."""
    return {
        "Python": python,
        "packages": packages,
        "processor": processor,
        "GPU": gpu,
        "model": lambda: drawing(model),
        "connection": connection,
        "port": port,
        "folder": folder,
        "films": films,
        "training": training,
    }


def examine(check: Callable[[], Finding]) -> Finding:
    """The check's finding; that a check breaks is a finding too."""
    try:
        return check()
    except CheckpointError as error:
        return Finding("fail", str(error), "name another with --model, or fetch the files again")
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        return Finding("fail", text, "`python3 run.py setup --fresh` installs every package anew")


def python() -> Finding:
    text = f"{platform.python_version()}, {platform.system()} {platform.machine()}, {sys.executable}"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("ok", text)
    return Finding("fail", text, "use Python 3.11, 3.12 or 3.13")


def packages() -> Finding:
    """Each required package is installed, and those with native parts load."""
    if not _version("facebridge"):
        return Finding("warn", "facebridge runs from its folder and is not installed", "run `python3 run.py setup`")
    required = [line for line in metadata.requires("facebridge") or () if "extra ==" not in line]
    installed = {name: _version(name) for name in (re.split(r"[^\w.-]", line)[0] for line in required)}
    missing = [name for name, version in installed.items() if not version]
    if missing:
        return Finding("fail", f"{', '.join(missing)} missing", "run `python3 run.py setup --fresh`")
    for module in ("torch", "cv2", "zmq", "msgpack", "av", "openvino"):
        importlib.import_module(module)
    return Finding("ok", ", ".join(f"{name} {version}" for name, version in installed.items()))


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def processor() -> Finding:
    found = hardware.processor()
    text = f"{found.name}, {found.cores} cores, computes in {'bfloat16' if found.bfloat16 else 'float32'}"
    if found.cores < 2:
        return Finding("warn", text, "give it two cores, or drawing and sending wait for each other")
    return Finding("ok", text)


def gpu() -> Finding:
    return Finding("ok", ", ".join(hardware.accelerators()) or "none, and none is needed for the compact model")


def drawing(model: str) -> Finding:
    """Load the model and draw a face that moves."""
    started = time.perf_counter()
    generator = load_generator(model)
    loaded = time.perf_counter() - started
    rate = _pictures_per_second(generator)
    text = f"{described(generator)}: loads in {loaded:.1f} s, draws {rate:.0f} pictures per second"
    if rate < SMOOTH:
        return Finding("warn", text, f"below {SMOOTH:.0f} a face moves in jerks: close what else is running")
    return Finding("ok", text)


def _pictures_per_second(generator: FaceGenerator) -> float:
    stream = generator.open_stream(StreamSettings(generator.identities[0], generator.sizes[0]))
    sway = np.linspace(0.0, 6.0, len(BASES[generator.basis]))
    drawn, started = -5, 0.0  # the first pictures warm the caches up
    while drawn < 3 or time.perf_counter() - started < MEASURED:
        started = started if drawn else time.perf_counter()
        curves = 0.5 + 0.5 * np.sin(sway + 0.3 * drawn)
        generator.render([(stream, curves.astype(np.float32))])
        drawn += 1
    return drawn / (time.perf_counter() - started)


def connection() -> Finding:
    """A picture from the test card through a real server and client on this machine."""
    from bridge.client import FaceBridgeClient
    from bridge.server import Server

    with (
        Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server,
        FaceBridgeClient(server.address) as client,
    ):
        stream = client.open(identity=client.identities[0])
        stream.send({"jawOpen": 0.5})
        picture = stream.receive(timeout=5.0)
    if picture is None:
        return Finding("fail", "no picture came back within 5 s", "let the firewall pass connections to 127.0.0.1")
    return Finding("ok", f"curves out and a picture back in {picture.latency.total:.1f} ms, without drawing a face")


def port() -> Finding:
    """Whether `facebridge serve` finds its default port free."""
    address = Config().bind
    host, number = re.fullmatch(r"tcp://(.+):(\d+)", address).groups()  # pyright: ignore[reportOptionalMemberAccess]
    with socket.socket() as probe:
        if probe.connect_ex((host, int(number))):
            return Finding("ok", f"{address} is free")
    return Finding(
        "warn", f"{address} is taken", "end the server there, or `facebridge serve --bind tcp://127.0.0.1:*`"
    )


def folder() -> Finding:
    """Whether the demo can write its film here."""
    here = Path.cwd()
    try:
        with tempfile.TemporaryFile(dir=here):
            pass
    except OSError as error:
        return Finding("fail", f"{here} cannot be written: {error.strerror}", "go to a folder of yours, or use --out")
    free = shutil.disk_usage(here).free
    text = f"{here} can be written, {free / 1e9:.0f} GB free"
    return Finding("ok", text) if free > ROOM else Finding("warn", text, "make room for films")


def films() -> Finding:
    """Encode a film of two pictures with H.264 in memory."""
    import av

    memory = io.BytesIO()
    with av.open(memory, "w", format="mp4") as film:
        video = film.add_stream("h264", rate=30)
        video.width = video.height = 128
        video.pix_fmt = "yuv420p"
        for picture in (np.zeros((128, 128, 3), np.uint8), np.full((128, 128, 3), 255, np.uint8)):
            film.mux(video.encode(av.VideoFrame.from_ndarray(picture)))
        film.mux(video.encode(None))
    return Finding("ok", f"H.264 by {video.codec.name}, PyAV {av.__version__}")


def training() -> Finding:
    try:
        return Finding("ok", f"training heads are drawn by {hardware.renderer()}")
    except RuntimeError as error:
        advice = "only training needs it: `python3 run.py setup train`, and Debian's libegl1 and libgl1-mesa-dri"
        return Finding("warn", str(error), advice)
