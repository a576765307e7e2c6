"""A model folder that is damaged is refused, and the error names the file and the fault."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from generator.checkpoint import CheckpointError, model_folder
from generator.compact.card import DENOISER, ENCODER, FILES, IDENTITIES, SMALL, UNET, read_card, read_identities
from generator.compact.identity_encoder import encoder_name
from generator.compact.network import load_autoencoder, load_denoiser, load_small_decoder

FOLDER = model_folder("compact")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "model")


def test_the_built_in_model_is_complete() -> None:
    card = read_card(FOLDER)
    assert (card.name, card.basis, card.sizes, len(card.identities)) == ("compact", "arkit55", (256, 128), 12)
    assert card.encoder == encoder_name(FOLDER / ENCODER)
    people = read_identities(FOLDER, card)
    assert tuple(people) == tuple(card.identities)
    assert all(person.reference is not None and person.encoder == card.encoder for person in people.values())


def test_a_card_that_says_nothing_of_it_changes_no_curve_and_no_latent(copied: Path) -> None:
    path = copied / "facebridge.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    card = read_card(copied)
    known = "expression_gain", "curve_gains", "last_scale"
    assert (card.expression_gain, card.curve_gains, card.last_scale) == tuple(entries.pop(name) for name in known)
    path.write_text(json.dumps(entries), encoding="utf-8")
    card = read_card(copied)
    assert (card.expression_gain, card.curve_gains, card.last_scale) == (1, {}, 1)


def test_the_small_model_is_the_same_folder_at_the_smaller_size_first() -> None:
    card = read_card(FOLDER)
    small = card.called("compact-s")
    assert model_folder("compact-s") == FOLDER
    assert (small.name, small.sizes, small.encoder) == ("compact-s", (128, 256), card.encoder)
    assert card.called("compact") == card.called(str(FOLDER)) == card


def test_the_built_in_model_is_small() -> None:
    assert sum((FOLDER / name).stat().st_size for name in FILES) < 93e6


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no model folder .*nowhere \(built in: compact, compact-s, testcard\)"):
        read_card(tmp_path / "nowhere")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(CheckpointError, match=f"not a complete model: missing {name}"):
        read_card(copied)


def cut_off(text: str) -> str:
    return text[: len(text) // 2]


def changed(**entries: object) -> Callable[[str], str]:
    return lambda text: json.dumps(json.loads(text) | entries)


def without_basis(text: str) -> str:
    return json.dumps({key: value for key, value in json.loads(text).items() if key != "basis"})


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (cut_off, "is not JSON"),
        (without_basis, "missing or odd entry 'basis'"),
        (changed(sizes=5), "missing or odd entry"),
        (changed(sizes=[256, 64]), "sizes must be 256 and 128"),
        (changed(expression_gain="strong"), "expression_gain must be a number from 0 to 2"),
        (changed(last_scale=-1), "last_scale must be a number from 0 to 2"),
        (changed(curve_gains=2), "curve_gains must be numbers by names of curves"),
        (changed(curve_gains={"tongue": 2}), "curve_gains names 'tongue', which is none of the 52 curves"),
        (changed(curve_gains={"tongueOut": 0}), "curve_gains: tongueOut must be a number above 0, 4 at most"),
        (changed(curve_gains={"tongueOut": "2"}), "curve_gains: tongueOut must be a number above 0, 4 at most"),
    ],
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
        load_autoencoder(copied)
        load_small_decoder(copied)
        load_denoiser(copied, card)


def test_an_odd_configuration_of_the_network(copied: Path) -> None:
    (copied / UNET).write_text("{}}")
    with pytest.raises(CheckpointError, match=f"{UNET} is no configuration of a UNet"):
        load_denoiser(copied, read_card(copied))


def test_a_tensor_of_another_shape(copied: Path) -> None:
    path = copied / DENOISER
    state = load_file(path)
    state["person.layout.0.bias"] = torch.zeros(3)
    save_file(state, path)
    with pytest.raises(CheckpointError, match=r"shapes: person.layout.0.bias \(3,\), not \(384,\)"):
        load_denoiser(copied, read_card(copied))


@pytest.mark.parametrize(("renamed", "fault"), [(True, "missing tensors: "), (False, "unknown tensors: odd")])
def test_a_tensor_too_few_or_too_many(copied: Path, renamed: bool, fault: str) -> None:
    path = copied / SMALL
    state = load_file(path)
    name = next(iter(state))
    state["odd"] = state.pop(name) if renamed else state[name].clone()
    save_file(state, path)
    with pytest.raises(CheckpointError, match=f"{SMALL}: {fault}{name if renamed else ''}"):
        load_small_decoder(copied)


def test_an_identity_without_its_vector(copied: Path) -> None:
    path = copied / IDENTITIES
    state = load_file(path)
    del state["Kofi"]
    save_file(state, path)
    with pytest.raises(CheckpointError, match="no vector of 512 numbers for Kofi"):
        read_identities(copied, read_card(copied))


def test_a_built_in_person_may_lack_a_picture_but_not_have_an_odd_one(copied: Path) -> None:
    path = copied / IDENTITIES
    state = load_file(path)
    del state["Kofi/picture"]
    state["Amara/picture"] = state["Amara/picture"][:8].clone()
    save_file(state, path)
    with pytest.raises(CheckpointError, match=r"identities.safetensors: the reference of 'Amara' must be uint8"):
        read_identities(copied, read_card(copied))
    del state["Amara/picture"]
    save_file(state, path)
    assert read_identities(copied, read_card(copied))["Kofi"].reference is None
