"""The store of enrolled people: real folders and files, and each way in which they can be wrong."""

import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from generator.identities import Identity, IdentityError, IdentityStore, average


def vector(seed: int) -> np.ndarray:
    numbers = np.random.default_rng(seed).normal(size=512)
    return (numbers / np.linalg.norm(numbers)).astype(np.float32)


def picture(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3), np.uint8)


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    made = IdentityStore(tmp_path / "people")
    made.write(Identity("Ada", vector(1), 3, picture(512), "2026-05-04T10:00:00+00:00"), picture(256))
    made.write(Identity("Žofie 2", vector(2)))
    return made


def test_what_is_written_is_read(store: IdentityStore) -> None:
    assert store.names() == ("Ada", "Žofie 2")
    ada = store.read("Ada")
    np.testing.assert_array_equal(ada.embedding, vector(1))
    assert ada.reference is not None
    np.testing.assert_array_equal(ada.reference, picture(512))
    assert (ada.name, ada.photos, ada.made) == ("Ada", 3, "2026-05-04T10:00:00+00:00")
    assert store.read("Žofie 2").reference is None


def test_pictures_lie_beside_for_people_to_look_at(store: IdentityStore) -> None:
    for name, size in (("thumbnail.png", 256), ("reference.png", 512)):
        seen = cv2.imread(str(store.place("Ada") / name))
        assert seen is not None
        np.testing.assert_array_equal(seen[..., ::-1], picture(size))
    assert [entry.name for entry in store.place("Žofie 2").iterdir()] == ["identity.safetensors"]


def test_another_store_on_the_same_folder_sees_changes_at_once(store: IdentityStore) -> None:
    other = IdentityStore(store.folder)
    store.write(Identity("Bo", vector(3)))
    assert other.names() == ("Ada", "Bo", "Žofie 2")
    other.remove("Ada")
    assert store.names() == ("Bo", "Žofie 2") and not (store.folder / "Ada").exists()


def test_a_name_is_the_same_however_its_letters_are_composed(store: IdentityStore) -> None:
    assert store.read("Z\N{COMBINING CARON}ofie 2").name == "Žofie 2"


def test_writing_again_replaces(store: IdentityStore) -> None:
    store.write(Identity("Ada", vector(9)))
    np.testing.assert_array_equal(store.read("Ada").embedding, vector(9))
    assert sorted(entry.name for entry in store.place("Ada").iterdir()) == ["identity.safetensors"]


def test_removing_leaves_what_is_not_ours(store: IdentityStore) -> None:
    (store.place("Ada") / "notes.txt").write_text("keep")
    store.remove("Ada")
    assert "Ada" not in store.names() and (store.folder / "Ada/notes.txt").read_text() == "keep"


def test_a_folder_that_is_not_there_is_an_empty_store(tmp_path: Path) -> None:
    assert IdentityStore(tmp_path / "nowhere").names() == ()


def test_the_default_is_the_user_s_data_folder() -> None:
    assert {"facebridge", "identities"} <= set(IdentityStore().folder.parts)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_user_can_read_it(store: IdentityStore) -> None:
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((store.place("Ada") / "identity.safetensors").stat().st_mode) == 0o600


def test_nobody_by_that_name_tells_who_there_is(store: IdentityStore, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match=r"nobody called 'ada' is enrolled in .*: there are Ada, Žofie 2"):
        store.read("ada")
    with pytest.raises(IdentityError, match=r"nobody is enrolled in .*empty yet: `facebridge enroll` adds people"):
        IdentityStore(tmp_path / "empty").read("Ada")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "1 to 64 bytes"),
        ("ä" * 33, "1 to 64 bytes"),
        ("../Ada", "'/'"),
        ("a\\b", r"'\\\\'"),
        ("Ada\n", r"'\\n'"),
        (".hidden", "space, dot or dash at its edge"),
        ("Ada ", "space, dot or dash at its edge"),
        ("-rf", "space, dot or dash at its edge"),
        ("nul", "taken for a file or a device"),
        ("COM1.b", "taken for a file or a device"),
        ("me.PNG", "taken for a file or a device"),
    ],
)
def test_a_name_that_cannot_be(name: str, says: str) -> None:
    with pytest.raises(IdentityError, match=says):
        Identity(name, vector(1))


def test_names_that_differ_in_case_alone_are_refused(store: IdentityStore) -> None:
    with pytest.raises(IdentityError, match="'ADA' and 'Ada', who is enrolled, would be one folder"):
        store.write(Identity("ADA", vector(1)))


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        (np.zeros(512), "has no direction"),
        (np.full(512, np.nan), "has no direction"),
        (np.ones(511), r"512 numbers, and here is float64 \(511,\)"),
        (np.ones((2, 256)).astype(complex), "512 numbers"),
    ],
)
def test_numbers_that_are_no_embedding(numbers: np.ndarray, says: str) -> None:
    with pytest.raises(IdentityError, match=f"'Ada': .*{says}"):
        Identity("Ada", numbers)


def test_a_reference_of_another_size_is_refused() -> None:
    with pytest.raises(IdentityError, match=r"the reference of 'Ada' must be uint8 \(512, 512, 3\)"):
        Identity("Ada", vector(1), reference=picture(256))


def test_an_identity_travels_as_one_file(store: IdentityStore, tmp_path: Path) -> None:
    store.export_to("Ada", tmp_path / "ada.safetensors")
    elsewhere = IdentityStore(tmp_path / "elsewhere")
    assert elsewhere.import_from(tmp_path / "ada.safetensors").name == "Ada"
    for name in ("thumbnail.png", "reference.png"):
        assert (elsewhere.place("Ada") / name).read_bytes() == (store.place("Ada") / name).read_bytes()
    np.testing.assert_array_equal(elsewhere.read("Ada").embedding, vector(1))
    assert elsewhere.read("Ada").made == "2026-05-04T10:00:00+00:00"


def test_an_import_can_have_another_name_and_replaces_only_when_told(store: IdentityStore, tmp_path: Path) -> None:
    file = tmp_path / "ada.safetensors"
    store.export_to("Ada", file)
    with pytest.raises(IdentityError, match=r"'Ada' is enrolled already in .*: choose another name, or add --replace"):
        store.import_from(file)
    store.import_from(file, name="Lovelace")
    store.import_from(file, overwrite=True)
    assert store.names() == ("Ada", "Lovelace", "Žofie 2")


def test_a_folder_renamed_by_hand_renames_the_person(store: IdentityStore, tmp_path: Path) -> None:
    (store.folder / "Ada").rename(store.folder / "Countess")
    assert store.read("Countess").name == "Countess"
    store.export_to("Countess", tmp_path / "file.safetensors")
    assert IdentityStore(tmp_path / "b").import_from(tmp_path / "file.safetensors").name == "Countess"


def test_a_folder_that_cannot_be_a_name_is_nobody(store: IdentityStore) -> None:
    (store.folder / "Ada").rename(store.folder / ("x" * 65))
    assert store.names() == ("Žofie 2",)


def _rewritten(change: Callable[[dict, dict], object]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        tensors = load_file(path)
        metadata = {"format": "facebridge identity 1", "name": "Ada", "photos": "3"}
        change(tensors, metadata)
        save_file(tensors, path, metadata=metadata)

    return rewrite


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:900]), "is no identity or is damaged"),
        (lambda path: path.write_bytes(b""), "is no identity or is damaged"),
        (lambda path: path.write_bytes(b"\x80\x04K\x01."), "is no identity or is damaged"),
        (_rewritten(lambda tensors, meta: meta.clear()), "some other safetensors file"),
        (_rewritten(lambda tensors, meta: meta.update(format="facebridge identity 2")), "for a later facebridge"),
        (_rewritten(lambda tensors, meta: meta.pop("name")), "lacks a name"),
        (_rewritten(lambda tensors, meta: tensors.pop("embedding")), "lacks an embedding"),
        (
            _rewritten(lambda tensors, meta: tensors.update(embedding=np.ones(512))),
            r"embedding must be F32 \[512\], and is F64 \[512\]",
        ),
        (
            _rewritten(lambda tensors, meta: tensors.update(embedding=np.full(512, np.inf, np.float32))),
            "has no direction",
        ),
        (
            _rewritten(lambda tensors, meta: tensors.update(reference=picture(64))),
            r"reference must be U8 \[512, 512, 3\]",
        ),
        (_rewritten(lambda tensors, meta: tensors.update(thumbnail=picture(600))), "thumbnail is no picture"),
    ],
)
def test_a_damaged_or_odd_file_is_named_with_its_fault(
    store: IdentityStore, tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    file = store.place("Ada") / "identity.safetensors"
    spoil(file)
    for attempt in (lambda: store.read("Ada"), lambda: IdentityStore(tmp_path / "b").import_from(file)):
        with pytest.raises(IdentityError, match=says) as caught:
            attempt()
        assert str(file) in str(caught.value)


def test_a_bad_name_in_a_file_is_refused_before_anything_is_written(store: IdentityStore, tmp_path: Path) -> None:
    file = store.place("Ada") / "identity.safetensors"
    _rewritten(lambda tensors, meta: meta.update(name="../../Ada"))(file)
    with pytest.raises(IdentityError, match="cannot be a name"):
        IdentityStore(tmp_path / "b").import_from(file)
    assert not (tmp_path / "b").exists()


def test_files_that_are_not_there(store: IdentityStore, tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match=r"there is no file .*gone.safetensors"):
        store.import_from(tmp_path / "gone.safetensors")
    with pytest.raises(IdentityError, match="cannot be written: No such file"):
        store.export_to("Ada", tmp_path / "nowhere/ada.safetensors")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(IdentityError, match="cannot be written: Permission denied"):
        IdentityStore(tmp_path / "people").write(Identity("Ada", vector(1)))


def test_a_store_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("a file")
    with pytest.raises(IdentityError, match=r"people.* cannot be written"):
        IdentityStore(tmp_path / "people").write(Identity("Ada", vector(1)))


def test_the_mean_of_two_lies_between_them() -> None:
    middle = average([vector(1), vector(2)])
    assert np.linalg.norm(middle) == pytest.approx(1, abs=1e-6)
    assert float(middle @ vector(1)) == pytest.approx(float(middle @ vector(2)), abs=1e-6)
    with pytest.raises(IdentityError, match="has no direction"):
        average([vector(1), -vector(1)])


def test_a_copied_store_is_the_same_store(store: IdentityStore, tmp_path: Path) -> None:
    assert IdentityStore(Path(shutil.copytree(store.folder, tmp_path / "copy"))).names() == store.names()
