"""The machine and what is installed on it: Python, packages, processor, port, folder, films, training."""

import importlib
import io
import platform
import re
import shutil
import socket
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import numpy as np

from bridge.checkup.finding import Finding, install_again, version
from bridge.config import Config
from bridge.overwritten import overwritten
from generator import hardware

ROOM = 1e9  # bytes of disk for films and compiled models
HEADLESS = "opencv-python-headless"


def python() -> Finding:
    text = f"{platform.python_version()}, {platform.system()} {platform.machine()}, {sys.executable}"
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("ok", text)
    return Finding("fail", text, "use Python 3.11, 3.12 or 3.13")


def packages() -> Finding:
    """Each required package is installed, and those with native parts load."""
    if not version("facebridge"):
        return Finding("warn", "facebridge runs from its folder and is not installed", "run `python3 run.py setup`")
    required = [line for line in metadata.requires("facebridge") or () if "extra ==" not in line]
    installed = {name: version(name) for name in (re.split(r"[^\w.-]", line)[0] for line in required)}
    missing = [name for name, version in installed.items() if not version]
    if missing:
        return Finding("fail", f"{', '.join(missing)} missing", "run `python3 run.py setup --fresh`")
    for module in ("torch", "zmq", "msgpack", "av", "openvino"):
        importlib.import_module(module)
    return Finding("ok", ", ".join(f"{name} {version}" for name, version in installed.items()))


def opencv() -> Finding:
    """That it loads, and that it is the build which needs no screen."""
    lost = next((name for name in overwritten() if name.startswith(HEADLESS)), "")
    mend = install_again(lost or f"{HEADLESS}=={version(HEADLESS)}") if version(HEADLESS) else ""
    try:
        import cv2
    except ImportError as error:
        return Finding("fail", f"does not load: {error}", mend or "run `python3 run.py setup --fresh`")
    if lost:
        text = f"{cv2.__version__}, the build with windows, which insightface or mediapipe brought: it needs libGL"
        return Finding("warn", text, mend)
    return Finding("ok", f"{cv2.__version__}, the build without windows")


def processor() -> Finding:
    found = hardware.processor()
    text = f"{found.name}, {found.cores} cores, computes in {'bfloat16' if found.bfloat16 else 'float32'}"
    if found.cores < 2:
        return Finding("warn", text, "give it two cores, or drawing and sending wait for each other")
    return Finding("ok", text)


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
