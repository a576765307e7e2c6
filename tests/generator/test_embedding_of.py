"""What an ID on the command line can be: somebody enrolled, a `.npy` of 512 numbers, or a photograph."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.errors import Explained
from generator.identities import Identity, IdentityError, IdentityStore, embedding_of, read_embedding
from tests.generator.face_models import plain_landmarks, with_squares, write_face_models
from tests.generator.test_identities import vector


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    made = IdentityStore(tmp_path / "people")
    made.write(Identity("Ada", vector(1)))
    made.write(Identity("Žofie 2", vector(2)))
    return made


def test_an_id_is_a_name_or_a_file_of_numbers(store: IdentityStore, tmp_path: Path) -> None:
    np.save(tmp_path / "somebody.npy", 5 * vector(4).astype(np.float64))
    np.testing.assert_array_equal(embedding_of("Ada", None, store), vector(1))
    np.testing.assert_allclose(embedding_of(str(tmp_path / "somebody.npy"), None, store), vector(4), atol=1e-7)


@pytest.mark.needs(module="insightface")
def test_an_id_is_a_photograph(store: IdentityStore, tmp_path: Path) -> None:
    models = write_face_models(tmp_path / "models", plain_landmarks())
    Image.fromarray(with_squares(640, (200, 240, 8))).save(tmp_path / "ada.png")
    found = embedding_of(str(tmp_path / "ada.png"), models, store)
    assert found.shape == (512,) and found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Bob", "'Bob' is neither a photograph, nor a .npy, nor enrolled; enrolled are: Ada, Žofie 2"),
        ("bob.jpg", "bob.jpg is read with the face networks of the published model: name its folder with --model"),
        ("bob.npy", "there is no file bob.npy"),
    ],
)
def test_an_id_that_is_nothing(store: IdentityStore, source: str, says: str) -> None:
    with pytest.raises(Explained, match=says):
        embedding_of(source, None, store)


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda path: np.save(path, np.ones(511)), r"512 numbers, and here is float64 \(511,\)"),
        (lambda path: np.save(path, np.array([{}] * 512, object), allow_pickle=True), "is no .npy of 512 numbers"),
        (lambda path: np.save(path, np.full((1, 512), "a")), "512 numbers, and here is <U1"),
        (lambda path: np.savez(path.open("wb"), a=np.ones(512)), "holds several arrays"),
        (lambda path: path.write_bytes(b"\x93NUMPY\x01"), "is no .npy"),
        (lambda path: path.write_bytes(b""), "is no .npy"),
        (lambda path: path.mkdir(), "is no .npy"),
    ],
)
def test_a_npy_that_is_no_embedding(tmp_path: Path, write: Callable[[Path], object], says: str) -> None:
    path = tmp_path / "somebody.npy"
    write(path)
    with pytest.raises(IdentityError, match=says) as caught:
        read_embedding(path)
    assert str(path) in str(caught.value)


def test_a_row_of_512_is_taken_as_it_is(tmp_path: Path) -> None:
    np.save(tmp_path / "row.npy", vector(5)[None].astype(np.float16))
    np.testing.assert_allclose(read_embedding(tmp_path / "row.npy"), vector(5), atol=1e-3)
