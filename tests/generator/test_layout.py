"""The catalogue of the published release, and what is seen of it in a folder."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from generator.arc2face.inventory import holding, inventory, strangers
from generator.arc2face.layout import RELEASE, Address, ByHand, Hub, Member, folders, part_named
from generator.arc2face.release import EXPRESSION, FEW_STEPS, REFERENCE
from generator.arc2face.whole import fault
from tests.generator.published import write_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_release(folder, lcm=True)
    return folder


def test_the_catalogue_names_what_loading_reads() -> None:
    paths = {file.path for part in RELEASE for file in part.files}
    assert {EXPRESSION[-1], REFERENCE, FEW_STEPS} <= paths
    assert {"vae/config.json", "scheduler/scheduler_config.json"} <= paths


def test_every_part_says_what_it_is_for_and_what_its_licence_allows() -> None:
    for part in RELEASE:
        assert part.purpose and part.licence and part.terms and part.files, part.name
    assert {part.name for part in RELEASE if part.required} == {"arc2face", "encoder", "sd15"}


def test_the_documentation_names_every_part_and_file() -> None:
    text = (Path(__file__).parents[2] / "docs" / "arc2face.md").read_text(encoding="utf-8")
    for part in RELEASE:
        assert f"| `{part.name}` |" in text, part.name
        for file in part.files:
            assert all(name in text for name in (Path(file.path).name, *file.alternatives)), file.path
            assert f"weights/{part.root}/{Path(file.path).parent}/" in text, file.path


def test_files_lie_where_the_hub_would_put_them() -> None:
    """A repository's path is the end of the local one, so that a folder cloned from the hub fits too."""
    for part in RELEASE:
        for file in part.files:
            if isinstance(file.source, Hub):
                assert f"{part.name}/{file.path}".endswith(f"/{file.source.path}")


def test_plain_addresses_are_encrypted_and_name_their_file() -> None:
    for file in (file for part in RELEASE for file in part.files):
        if isinstance(file.source, Address):
            assert file.source.url.startswith("https://") and file.source.url.endswith(Path(file.path).name)
        elif isinstance(file.source, Member):
            assert file.source.url.startswith("https://") and file.source.url.endswith(".zip")
        elif isinstance(file.source, ByHand):
            assert "https://" in file.source.how


def test_the_identity_network_that_comes_with_the_detectors_is_left_out() -> None:
    names = {Path(file.path).name for file in part_named("antelopev2").files}
    assert "arcface.onnx" in names and "glintr100.onnx" not in names


@pytest.mark.parametrize("given", [".", "models"])
def test_both_folders_are_understood(release: Path, given: str) -> None:
    found = folders(release / given)
    assert (found.models, found.sd15) == (release / "models", release / "sd15")


def test_a_folder_of_another_name_and_a_base_elsewhere_are_understood(release: Path, tmp_path: Path) -> None:
    (tmp_path / "weights" / "arc2face").mkdir(parents=True)
    found = folders(tmp_path / "weights", release / "sd15")
    assert (found.models, found.sd15) == (tmp_path / "weights", release / "sd15")


def test_a_written_release_is_seen_as_what_it_is(release: Path) -> None:
    states = {held.part.name: held.state for held in inventory(folders(release))}
    missing = {name for name, state in states.items() if state == "missing"}
    assert missing == {"antelopev2", "smirk", "mappings"}
    assert {state for name, state in states.items() if name not in missing} == {"there"}


def test_the_other_accepted_name_counts(release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "encoder"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    save_file({"a": torch.zeros(2)}, folder / "model.safetensors")
    assert holding(part_named("encoder"), folders(tmp_path)).state == "there"


def test_what_is_missing_or_half_come_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "taesd"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "diffusion_pytorch_model.safetensors.part").write_bytes(bytes(1500))
    held = holding(part_named("taesd"), folders(tmp_path))
    assert held.state == "incomplete" and held.size == 2
    assert held.missing == (
        f"{folder / 'diffusion_pytorch_model.safetensors'} has not come whole yet: 1,500 bytes of it are here",
    )


def test_files_that_nothing_reads_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "antelopev2"
    folder.mkdir(parents=True)
    for name in ("arcface.onnx", "glintr100.onnx", ".gitattributes"):
        (folder / name).write_bytes(b"\x08\x08")
    assert strangers(part_named("antelopev2"), folders(tmp_path)) == [folder / "glintr100.onnx"]


def whole_files(folder: Path) -> list[Path]:
    """One of each format."""
    paths = [folder / name for name in ("a.safetensors", "a.bin", "a.npy", "a.json", "a.task")]
    save_file({"a": torch.zeros(300)}, paths[0])
    torch.save({"a": torch.zeros(300)}, paths[1])
    np.save(paths[2], np.zeros(300))
    paths[3].write_text(json.dumps({"a": [0] * 300}))
    with zipfile.ZipFile(paths[4], "w") as archive:
        archive.writestr("a.tflite", bytes(2400))
    # ONNX: ir_version 8, then field 7, the graph, of 2,400 bytes
    (folder / "a.onnx").write_bytes(b"\x08\x08\x3a\xe0\x12" + bytes(2400))
    return [*paths, folder / "a.onnx"]


def test_whole_files_have_no_fault_and_cut_ones_have(tmp_path: Path) -> None:
    for path in whole_files(tmp_path):
        assert fault(path) == ""
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        assert "cut short" in fault(path) or "not JSON" in fault(path), path.name


def test_a_real_onnx_file_has_no_fault(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    graph = onnx.helper.make_graph([], "empty", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "a.onnx")
    assert fault(tmp_path / "a.onnx") == ""


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
        (b"\n<!DOCTYPE html><html>", "web page"),
        (b"<html><body>Quota exceeded", "web page"),
        (b"\xff" * 64, "no header of safetensors"),
        (b"\x08\0\0\0\0\0\0\0nonsense", "no header of safetensors"),
    ],
)
def test_what_is_not_the_file_itself_is_recognised(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    assert told in fault(tmp_path / "a.safetensors")


def test_a_file_that_goes_on_too_long_is_named(tmp_path: Path) -> None:
    path = whole_files(tmp_path)[0]
    path.write_bytes(path.read_bytes() + b"\0" * 7)
    assert "too long" in fault(path)
