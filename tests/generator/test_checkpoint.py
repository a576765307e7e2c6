"""A model folder that is damaged is refused, and the error names the file and the fault."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from generator.checkpoint import FILES, CheckpointError, model_folder, read_card, read_identities
from generator.compact_network import load_network


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(model_folder("compact"), tmp_path / "model")


def test_the_built_in_model_is_complete() -> None:
    card = read_card(model_folder("compact"))
    assert (card.basis, card.size, len(card.identities)) == ("arkit55", 128, 12)
    vectors = read_identities(model_folder("compact"), card)
    assert all(abs(float(vector @ vector) - 1) < 1e-5 for vector in vectors.values())


def test_the_built_in_model_is_small() -> None:
    assert sum((model_folder("compact") / name).stat().st_size for name in FILES) < 60e6


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no model folder .*nowhere \(built in: compact, testcard\)"):
        read_card(tmp_path / "nowhere")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(CheckpointError, match=f"not a complete model: missing {name}"):
        read_card(copied)


def cut_off(text: str) -> str:
    return text[: len(text) // 2]


def without_basis(text: str) -> str:
    return json.dumps({key: value for key, value in json.loads(text).items() if key != "basis"})


def with_one_mean(text: str) -> str:
    return json.dumps(json.loads(text) | {"latent_mean": [0.0]})


@pytest.mark.parametrize(
    ("damage", "fault"),
    [(cut_off, "is not JSON"), (without_basis, "missing or odd entry 'basis'"), (with_one_mean, "16 numbers each")],
)
def test_an_odd_card(copied: Path, damage: Callable[[str], str], fault: str) -> None:
    path = copied / "facebridge.json"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(CheckpointError, match=f"facebridge.json.*{fault}"):
        read_card(copied)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".safetensors")])
def test_a_truncated_tensor_file(copied: Path, name: str) -> None:
    path = copied / name
    path.write_bytes(path.read_bytes()[:1000])
    card = read_card(copied)
    with pytest.raises(CheckpointError, match=f"{path.name} is damaged"):
        read_identities(copied, card)
        load_network(copied, card)


def test_a_tensor_of_another_shape(copied: Path) -> None:
    path = copied / "adapters.safetensors"
    state = load_file(path)
    state["layout.0.bias"] = torch.zeros(3)
    save_file(state, path)
    with pytest.raises(CheckpointError, match=r"layout.0.bias is \(3,\), not \(384,\)"):
        load_network(copied, read_card(copied))


def test_a_tensor_too_many_and_one_too_few(copied: Path) -> None:
    path = copied / "adapters.safetensors"
    state = load_file(path)
    state["odd"] = state.pop("layout.0.bias")
    save_file(state, path)
    with pytest.raises(CheckpointError, match=r"missing tensors: layout\.0\.bias"):
        load_network(copied, read_card(copied))


def test_an_identity_without_its_vector(copied: Path) -> None:
    path = copied / "identities.safetensors"
    state = load_file(path)
    del state["Kofi"]
    save_file(state, path)
    with pytest.raises(CheckpointError, match="no vector of 512 numbers for Kofi"):
        read_identities(copied, read_card(copied))
