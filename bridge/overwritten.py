"""Packages whose files others have written over: pip lets several bring a file of one name, and the last one wins.

insightface brings onnxruntime, which lies over onnxruntime-gpu: CUDA is gone. It brings opencv-python, and mediapipe
opencv-contrib-python, which lie over opencv-python-headless: OpenCV then asks for libGL, which servers do not have.

`python -m bridge.overwritten` prints what to install again, one requirement a line. Standard library only.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, PackagePath, distribution
from pathlib import Path

PRECIOUS = ("onnxruntime-gpu", "opencv-python-headless")


def overwritten() -> list[str]:
    """The installed ones of PRECIOUS that are not as their wheel was, each as `name==version`."""
    return [f"{name}=={distribution(name).version}" for name in PRECIOUS if not _whole(name)]


def _whole(name: str) -> bool:
    """Whether every file is as the record of the installation says; also for a package that is not installed."""
    try:
        recorded = distribution(name).files or []
    except PackageNotFoundError:
        return True
    files = [
        file for file in recorded if file.hash and file.parts[0] != ".."
    ]  # scripts lie outside, and differ for good
    return all(_has_size(file) for file in files) and all(_has_hash(file) for file in files)


def _has_size(file: PackagePath) -> bool:
    found = Path(str(file.locate()))
    return found.is_file() and found.stat().st_size == (file.size or 0)


def _has_hash(file: PackagePath) -> bool:
    if not file.hash or file.hash.mode != "sha256":
        return True
    digest = sha256(Path(str(file.locate())).read_bytes()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode() == file.hash.value


if __name__ == "__main__":
    print("\n".join(overwritten()))
