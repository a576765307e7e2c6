"""What `facebridge doctor` finds, and what it advises, in situations that are made here."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bridge.checkup import checks, drawing, examine
from bridge.checkup.accelerators import gpu, onnx
from bridge.checkup.machine import opencv
from bridge.checkup.published import people, release
from generator import nvidia
from generator.face_generator import ModelOptions
from generator.identities import Identity, IdentityStore
from tests.bridge.test_overwritten import CARD, SCREENLESS, install


@pytest.fixture
def a_card(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A driver that tells of a card which nothing on this machine can use."""
    for module in ("bridge.checkup.accelerators", "generator.nvidia"):
        monkeypatch.setattr(f"{module}.nvidia_cards", lambda: (nvidia.Card("RTX 9", 24_000_000_000, (12, 8)),))
    yield


def test_people_are_counted_and_named(tmp_path: Path) -> None:
    store = IdentityStore(tmp_path)
    assert people(tmp_path).text.startswith(f"nobody is enrolled in {tmp_path}")
    for number, name in enumerate(("Ada", "Bo")):
        store.write(Identity(name, np.eye(512)[number]))
    found = people(tmp_path)
    assert (found.grade, found.text) == ("ok", f"2 enrolled in {tmp_path}: Ada, Bo")


def test_somebody_damaged_is_named_with_what_to_do(tmp_path: Path) -> None:
    IdentityStore(tmp_path).write(Identity("Ada", np.eye(512)[0]))
    file = tmp_path / "Ada/identity.safetensors"
    file.write_bytes(file.read_bytes()[:100])
    found = people(tmp_path)
    assert found.grade == "warn" and str(file) in found.text and "`facebridge identities remove NAME`" in found.advice


def test_the_published_model_is_not_needed_for_the_compact_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.checkup.published.home", lambda: tmp_path)
    assert release("compact") == release("testcard")
    assert release("compact").grade == "ok" and "not needed" in release("compact").text


def test_what_is_missing_of_the_published_model_is_named_with_what_it_means(tmp_path: Path) -> None:
    (tmp_path / "models/arc2face").mkdir(parents=True)
    found = release(str(tmp_path / "models"), str(tmp_path / "sd15"))
    assert found.grade == "fail" and "no arc2face: nothing is drawn" in found.text
    assert "no ref_adapter: no reference photographs" in found.text
    assert found.advice.startswith("`facebridge models pull arc2face encoder exp_adapter")
    assert found.advice.endswith(f" --to {tmp_path}`")


def test_a_part_that_is_not_whole_is_named_by_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "models/antelopev2"
    folder.mkdir(parents=True)
    (folder / "arcface.onnx").write_bytes(b"")
    found = release(str(tmp_path / "models"))
    assert f"{folder / 'arcface.onnx'}" in found.text or f"{folder / 'scrfd_10g_bnkps.onnx'} is missing" in found.text


def test_without_a_card_nothing_is_asked_for() -> None:
    if nvidia.nvidia_cards():
        pytest.skip("there is a card")
    assert gpu().grade == "ok" and not gpu().advice


def test_a_card_that_this_torch_cannot_use_is_named_with_what_to_do(a_card: None) -> None:
    import torch

    found = gpu()
    assert found.grade == "warn" and "RTX 9, 24 GB, driver for CUDA 12.8" in found.text
    if torch.version.cuda is None:
        assert "built without CUDA" in found.text and "PIP_EXTRA_INDEX_URL" in found.advice
    else:
        assert "too new for the driver" in found.text and "driver" in found.advice


@pytest.mark.needs(module="onnxruntime")
def test_a_card_without_onnxruntime_s_cuda_is_named_with_what_to_do(a_card: None) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("onnxruntime has CUDA here")
    found = onnx()
    assert found.grade == "warn" and "although there is a card" in found.text
    assert found.advice == "the build with CUDA: `python3 run.py setup gpu`"


def test_onnxruntime_written_over_gets_the_command_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, CARD, {"onnxruntime/info.py": "gpu"})
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "onnxruntime/info.py").write_text("cpu")
    found = onnx()
    assert found.grade == "warn" and "onnxruntime-gpu 7.0 is not whole" in found.text
    assert found.advice == f"`{sys.executable} -m pip install --no-deps --force-reinstall onnxruntime-gpu==7.0`"


def test_opencv_with_windows_gets_the_command_that_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, SCREENLESS, {"cv2_data/colours.txt": "headless"})
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "cv2_data/colours.txt").write_text("windows")
    found = opencv()
    assert found.grade == "warn" and "it needs libGL" in found.text
    assert found.advice.endswith("-m pip install --no-deps --force-reinstall opencv-python-headless==8.0`")


def test_opencv_that_does_not_load_fails_with_the_reason(tmp_path: Path) -> None:
    """In a process of its own: this one has loaded OpenCV."""
    (tmp_path / "cv2.py").write_text("raise ImportError('libGL.so.1: cannot open shared object file')")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom bridge.checkup.machine import opencv\nprint(opencv())"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "grade='fail'" in shown and "does not load: libGL.so.1" in shown


def test_every_subject_has_a_check_that_ends_in_a_finding(tmp_path: Path) -> None:
    slow = {"model", "connection", "training"}
    findings = {
        subject: examine(check)
        for subject, check in checks("testcard", ModelOptions(store=str(tmp_path))).items()
        if subject not in slow
    }
    assert all(
        finding.grade == "ok" for subject, finding in findings.items() if subject in ("Python", "people", "films")
    )
    assert {"GPU", "onnxruntime", "OpenCV", "published", "people", "port"} <= set(findings)


def test_a_check_that_breaks_is_a_finding() -> None:
    found = examine(lambda: shutil.rmtree("/no/such/folder"))  # type: ignore[arg-type]
    assert found.grade == "fail" and found.text.startswith("FileNotFoundError")


@pytest.mark.parametrize(
    ("name", "sizes", "advice"),
    [
        ("compact", (256, 128), "close what else is running, or take --model compact-s"),
        ("compact-s", (128, 256), "close what else is running"),
        ("arc2face", (512,), "the published model needs a fast GPU"),
    ],
)
def test_a_slow_machine_is_told_what_would_help(
    name: str, sizes: tuple[int, ...], advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SimpleNamespace(name=name, sizes=sizes, capabilities=())
    monkeypatch.setattr(drawing, "load_generator", lambda *_: slow)
    monkeypatch.setattr(drawing, "_pictures_per_second", lambda _: 7.0)
    found = drawing.drawing(name)
    assert found.grade == "warn" and found.advice.endswith(f": {advice}")
