"""Whom the compact model can draw, and that embeddings of different encoders are kept apart."""

from pathlib import Path

import numpy as np
import pytest

from generator.compact.people import CompactPeople
from generator.identities import Enrolled, Identity, IdentityError, IdentityStore, embedding_of
from generator.identity_file import ARCFACE

OURS = "compact-0123abcd"


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    made = IdentityStore(tmp_path / "people")
    made.write(Identity("Photo", np.eye(512, dtype=np.float32)[0]))
    made.write(Identity("Ours", np.eye(512, dtype=np.float32)[1], encoder=OURS))
    made.write(Identity("Older", np.eye(512, dtype=np.float32)[2], encoder="compact-ffffffff"))
    return made


def test_each_model_has_the_people_of_its_own_encoder(store: IdentityStore) -> None:
    assert Enrolled(store, ARCFACE).names() == ("Photo",)
    assert Enrolled(store, OURS).names() == ("Ours",)
    assert Enrolled(store, OURS).read("Ours").embedding[1] == 1


@pytest.mark.parametrize(
    ("encoder", "name", "says"),
    [
        (ARCFACE, "Ours", "'Ours' was enrolled for the compact model, .* and this model takes arcface: enrol"),
        (OURS, "Photo", f"'Photo' was enrolled for the published model .encoder arcface., and this .* {OURS}"),
        (OURS, "Older", "another training of it .encoder compact-ffffffff."),
        (OURS, "Nobody", "nobody called 'Nobody' is enrolled"),
    ],
)
def test_somebody_of_another_encoder_is_refused_in_words(
    store: IdentityStore, encoder: str, name: str, says: str
) -> None:
    with pytest.raises(IdentityError, match=says):
        Enrolled(store, encoder).read(name)


def test_the_published_model_takes_no_embedding_of_ours(store: IdentityStore) -> None:
    with pytest.raises(IdentityError, match="'Ours' was enrolled for the compact model"):
        embedding_of("Ours", None, store)


def test_the_compact_model_has_its_own_and_the_enrolled(store: IdentityStore) -> None:
    there = {name: Identity(name, np.eye(512)[number], encoder=OURS) for number, name in ((3, "ada"), (4, "bo"))}
    people = CompactPeople(there, Enrolled(store, OURS))
    assert people.names() == ("ada", "bo", "Ours")
    assert people.read("bo").embedding[4] == 1 and people.read("Ours").embedding[1] == 1
    with pytest.raises(IdentityError, match="no identity 'eve'; this model has ada, bo, Ours"):
        people.read("eve")
    with pytest.raises(IdentityError, match="was enrolled for the published model"):
        people.read("Photo")
    store.write(Identity("bo", np.eye(512)[5], encoder=OURS))
    assert people.names() == ("ada", "bo", "Ours") and people.read("bo").embedding[5] == 1


def test_the_encoder_and_a_reference_with_alpha_are_kept(store: IdentityStore) -> None:
    layers = np.random.default_rng(0).integers(0, 256, (256, 256, 4), np.uint8)
    store.write(Identity("Cap", np.ones(512), 1, layers, encoder=OURS), layers[..., :3])
    again = store.read("Cap")
    assert again.encoder == OURS and again.reference is not None
    np.testing.assert_array_equal(again.reference, layers)
    with pytest.raises(IdentityError, match=r"reference of 'Cap' must be uint8 \(512, 512, 3\)"):
        Identity("Cap", np.ones(512), 1, layers)


def test_identities_kept_before_encoders_were_named_are_of_arcface(store: IdentityStore, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    path = store.folder / "Photo" / "identity.safetensors"
    save_file(
        {"embedding": np.eye(512, dtype=np.float32)[0]}, path, {"format": "facebridge identity 1", "name": "Photo"}
    )
    assert store.read("Photo").encoder == ARCFACE
