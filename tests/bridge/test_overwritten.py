"""Packages whose files others wrote over, found by the records of real installations on the path."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from bridge.overwritten import overwritten

CARD, SCREENLESS = "onnxruntime-gpu==7.0", "opencv-python-headless==8.0"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path with both packages, whole."""
    folder = tmp_path / "lib/site-packages"
    script = tmp_path / "bin/onnxruntime_test"
    script.parent.mkdir()
    script.write_text("#!/python")
    install(folder, CARD, {"onnxruntime/core.py": "cuda", "onnxruntime/info.py": "gpu"}, "../../bin/onnxruntime_test")
    install(folder, SCREENLESS, {"cv2/__init__.py": "headless"})
    monkeypatch.syspath_prepend(folder)
    return folder


def install(site: Path, requirement: str, files: dict[str, str], script: str = "") -> None:
    name, _, version = requirement.partition("==")
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    rows = [f"{info.name}/RECORD,,", "onnxruntime/__pycache__/core.pyc,,"]
    rows += [f"{script},sha256=other,1"] if script else []
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
        digest = urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(text)}")
    (info / "RECORD").write_text("\n".join(rows) + "\n")


def test_what_is_as_it_was_installed_is_well(site: Path) -> None:
    assert overwritten() == []


def test_a_file_of_another_size(site: Path) -> None:
    (site / "cv2/__init__.py").write_text("with windows")
    assert overwritten() == [SCREENLESS]


def test_a_file_of_the_same_size(site: Path) -> None:
    (site / "onnxruntime/info.py").write_text("cpu")
    assert overwritten() == [CARD]


def test_a_file_that_another_package_took_along(site: Path) -> None:
    (site / "onnxruntime/core.py").unlink()
    (site / "cv2/__init__.py").unlink()
    assert overwritten() == [CARD, SCREENLESS]
