"""A model is told by its folder, and a folder that holds none says what it lacks."""

from pathlib import Path

import pytest

from generator.checkpoint import CheckpointError
from generator.face_generator import CAPABILITIES, ModelOptions, load_generator


def test_the_test_card_is_found_by_name_and_heeds_expressions() -> None:
    card = load_generator("testcard")

    assert (card.name, card.basis) == ("testcard", "arkit55")
    assert set(card.capabilities) == {"expression", "light", "alpha"} < set(CAPABILITIES)


def test_a_folder_that_holds_no_model_says_what_one_holds(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        load_generator(str(tmp_path))

    told = str(caught.value)
    assert told.startswith(f"{tmp_path} is no model: ")
    assert "facebridge.json" in told and "arc2face/" in told and "`facebridge models pull arc2face`" in told


def test_a_model_that_is_not_there_is_named_with_those_built_in() -> None:
    with pytest.raises(CheckpointError, match=r"no model folder no-such-model \(built in: compact, compact-s, test"):
        load_generator("no-such-model")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (ModelOptions(base="sd15"), "compact has no choice of base: that is for the published model"),
        (ModelOptions(autoencoder="sd", dtype="float16"), "no choice of autoencoder or dtype"),
        (ModelOptions(runtime="compiled"), "compiled is for the published model"),
    ],
)
def test_the_compact_model_refuses_what_it_would_not_heed(options: ModelOptions, told: str) -> None:
    with pytest.raises(CheckpointError, match=told):
        load_generator("compact", options)
