"""Verifying a release: a small seeded one in the published layout, sound and with each thing wrong that can be."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from generator.arc2face.layout import folders, part_named
from generator.arc2face.verify import Verdict, verify
from tests.generator.published import write_release

UNET = "models/arc2face/diffusion_pytorch_model.safetensors"
ENCODER = "models/encoder/pytorch_model.bin"
ADAPTER = "models/exp_adapter/exp_adapter.bin"
REFERENCE = "models/ref_adapter/pytorch_lora_weights.safetensors"
FEW_STEPS = "models/lcm_lora/pytorch_lora_weights.safetensors"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound")
    write_release(folder, lcm=True)
    return folder


@pytest.fixture
def release(sound: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    shutil.copytree(sound, tmp_path / "release")
    return tmp_path / "release"


def quietly(path: Path, read: int, size: int) -> None:
    """Progress nobody watches."""


def verdict_on(release: Path, part: str, quick: bool = False) -> Verdict:
    (verdict,) = verify(folders(release), quick, quietly, [part_named(part)])
    return verdict


def the_fault(release: Path, part: str, quick: bool = False) -> str:
    """The only fault of a part that is wrong."""
    verdict = verdict_on(release, part, quick)
    assert verdict.state == "wrong" and verdict.grave and len(verdict.faults) == 1
    return verdict.faults[0]


def change_tensors(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    if path.suffix == ".safetensors":
        tensors = load_file(path)
        change(tensors)
        save_file(tensors, path)
        return
    tensors = torch.load(path, weights_only=True)
    change(tensors)
    torch.save(tensors, path)


def change_config(path: Path, **entries: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | entries))


@pytest.mark.parametrize("quick", [False, True])
def test_a_sound_release_is_well_and_what_is_optional_may_be_missing(sound: Path, quick: bool) -> None:
    found = {verdict.part.name: verdict for verdict in verify(folders(sound), quick, quietly)}
    missing = {name for name, verdict in found.items() if verdict.state == "missing"}
    assert missing == {"antelopev2", "smirk", "mappings"}
    assert all(verdict.state == "well" for name, verdict in found.items() if name not in missing)
    assert not any(verdict.grave for verdict in found.values())


def test_reading_is_reported_to_its_end(sound: Path) -> None:
    reports: list[tuple[Path, int, int]] = []
    assert list(verify(folders(sound), False, lambda *report: reports.append(report), [part_named("arc2face")]))
    path, read, size = reports[-1]
    assert path == sound / UNET and size == path.stat().st_size and 0.9 * size < read <= size


@pytest.mark.parametrize("name", [UNET, ENCODER, REFERENCE])
def test_a_file_cut_short_is_named(release: Path, name: str) -> None:
    path = release / name
    path.write_bytes(path.read_bytes()[:-2000])
    fault = the_fault(release, path.parent.name)
    assert str(path) in fault and "cut short" in fault


def test_a_required_file_that_is_missing_is_grave(release: Path) -> None:
    (release / "sd15/scheduler/scheduler_config.json").unlink()
    verdict = verdict_on(release, "sd15")
    assert verdict.state == "incomplete" and verdict.grave
    assert verdict.faults == (f"{release / 'sd15/scheduler/scheduler_config.json'} is missing",)


def test_an_optional_part_that_is_half_there_is_not(release: Path) -> None:
    (release / "models/mappings").mkdir()
    np.save(release / "models/mappings/bs2exp.npy", np.zeros((52, 100)))
    verdict = verdict_on(release, "mappings")
    assert verdict.state == "incomplete" and not verdict.grave and len(verdict.faults) == 2


def test_every_tensor_of_another_shape_is_named(release: Path) -> None:
    change_config(release / "models/arc2face/config.json", cross_attention_dim=48)
    found = verdict_on(release, "arc2face").faults
    assert len(found) == 8  # to_k and to_v of four cross-attention layers
    assert all("attn2.to_" in fault and "32], expected [" in fault and "48]" in fault for fault in found)


def test_an_encoder_of_another_width_than_the_unet_is_named(release: Path) -> None:
    change_config(release / "models/arc2face/config.json", cross_attention_dim=48)
    (fault,) = verdict_on(release, "encoder").faults
    assert "hidden_size is 32, but cross_attention_dim" in fault and "is 48" in fault


@pytest.mark.parametrize("quick", [False, True])
def test_a_tensor_of_another_dtype_is_named(release: Path, quick: bool) -> None:
    change_tensors(release / UNET, lambda tensors: tensors.update({"conv_in.bias": tensors["conv_in.bias"].half()}))
    fault = the_fault(release, "arc2face", quick)
    assert fault == f"{release / UNET}: conv_in.bias is float16, expected float32"


def test_the_dtype_that_config_names_is_expected(release: Path) -> None:
    change_config(release / "models/encoder/config.json", dtype="float16")
    found = verdict_on(release, "encoder").faults
    assert len(found) > 10 and all("is float32, expected float16" in fault for fault in found)


def test_a_missing_and_an_unknown_tensor_are_named(release: Path) -> None:
    change_tensors(release / UNET, lambda tensors: tensors.update(conv_on=tensors.pop("conv_in.bias")))
    lacking, unknown = verdict_on(release, "arc2face").faults
    assert "conv_in.bias is missing, expected [32]" in lacking and "conv_on is not part of" in unknown


def spoil(tensor: torch.Tensor, value: float) -> None:
    tensor.view(-1)[3] = value


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (UNET, lambda tensors: spoil(tensors["conv_in.weight"], float("nan"))),
        (ENCODER, lambda tensors: spoil(tensors["text_model.final_layer_norm.weight"], float("inf"))),
        (ADAPTER, lambda tensors: spoil(tensors["image_proj"]["norm.weight"], float("nan"))),
        (REFERENCE, lambda tensors: spoil(next(iter(tensors.values())), -float("inf"))),
    ],
)
def test_numbers_that_are_not_finite_are_named(release: Path, name: str, change: Callable[[Any], None]) -> None:
    change_tensors(release / name, change)
    fault = the_fault(release, Path(name).parent.name)
    assert str(release / name) in fault and "is not finite in 1 of its" in fault


class Trap:
    """Pickled, it makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


def test_a_pickle_with_code_in_it_is_named_and_not_run(release: Path) -> None:
    torch.save({"weights": Trap(release / "sprung")}, release / ADAPTER)
    assert "holds more than tensors (it asks for " in the_fault(release, "exp_adapter")
    assert not (release / "sprung").exists()


@pytest.mark.parametrize("held", [[1, 2], {"weights": "none"}])
def test_a_pickle_that_is_no_state_dict_is_named(release: Path, held: Any) -> None:
    torch.save(held, release / ADAPTER)
    assert str(release / ADAPTER) in the_fault(release, "exp_adapter")


def test_an_adapter_for_another_unet_is_named_layer_by_layer(release: Path) -> None:
    def widen(tensors: dict[str, Any]) -> None:
        layers = tensors["ip_adapter"]
        layers |= {name: torch.zeros(9, 9) for name in list(layers)[:2]}

    change_tensors(release / ADAPTER, widen)
    found = verdict_on(release, "exp_adapter").faults
    assert len(found) == 2 and all("is [9, 9], expected [" in fault for fault in found)


def test_a_projection_that_diffusers_cannot_read_is_named(release: Path) -> None:
    change_tensors(release / ADAPTER, lambda tensors: tensors["image_proj"].pop("norm.weight"))
    assert "image_proj" in the_fault(release, "exp_adapter")


def test_a_lora_for_other_layers_is_named(release: Path) -> None:
    shutil.copy(release / FEW_STEPS, release / REFERENCE)
    found = verdict_on(release, "ref_adapter").faults
    assert found and all("is no self-attention projection" in fault for fault in found)


def test_a_scheduler_that_nobody_knows_is_named(release: Path) -> None:
    change_config(release / "sd15/scheduler/scheduler_config.json", _class_name="Slow")
    assert "_class_name is 'Slow'" in the_fault(release, "sd15")


def test_a_configuration_that_is_not_json_is_named(release: Path) -> None:
    (release / "models/taesd/config.json").write_text("{")
    assert "config.json is not JSON" in the_fault(release, "taesd")


def test_matrices_of_another_shape_or_with_gaps_are_named(release: Path) -> None:
    folder = release / "models/mappings"
    folder.mkdir()
    for name, columns in (("bs2exp", 100), ("bs2jaw", 3), ("bs2eye", 6)):
        np.save(folder / f"{name}.npy", np.zeros((52, columns)))
    assert verdict_on(release, "mappings").state == "well"
    np.save(folder / "bs2eye.npy", np.full((52, 6), np.nan))
    assert str(folder / "bs2eye.npy") in the_fault(release, "mappings")
    np.save(folder / "bs2eye.npy", np.zeros((52, 7)))
    assert str(folder / "bs2eye.npy") in the_fault(release, "mappings", quick=True)


def test_a_file_that_nothing_reads_is_only_noted(release: Path) -> None:
    (release / "sd15/vae/diffusion_pytorch_model.fp16.safetensors").write_bytes(b"half")
    verdict = verdict_on(release, "sd15")
    assert verdict.state == "well" and "diffusion_pytorch_model.fp16.safetensors" in verdict.notes[0]
