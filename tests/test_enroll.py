"""`facebridge enroll` as a person calls it, on small networks in antelopev2's shapes."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from bridge.cli import main
from generator.alignment import ffhq_crop
from generator.identities import IdentityStore
from generator.photo import FaceReader, read_picture
from tests.generator.face_models import face_by_yunet, plain_landmarks, with_squares, write_face_models

pytestmark = pytest.mark.needs(module="insightface")
Enroll = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_face_models(tmp_path_factory.mktemp("models"), plain_landmarks())


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    return IdentityStore(tmp_path / "people")


@pytest.fixture
def enroll(models: Path, store: IdentityStore, capsys: pytest.CaptureFixture[str]) -> Enroll:
    """The exit code, what was printed, and the complaint."""

    def call(*arguments: object) -> tuple[int, str, str]:
        places = ["--model", models, "--store", store.folder] if "--model" not in arguments else []
        code = main(["enroll", *map(str, [*arguments, *places])])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def photograph(path: Path, seed: int, *squares: tuple[int, int, int]) -> Path:
    """Magenta squares on black; what lies around each, which the recogniser sees, is by the seed."""
    picture = with_squares(640)
    shades = np.random.default_rng(seed).integers(0, 120, (8, 8, 1), np.uint8)
    for x, y, _ in squares:
        tile = np.kron(shades, np.ones((16, 16, 3), np.uint8))
        picture[y - 64 : y + 64, x - 64 : x + 64] = tile
        picture[y - 8 : y + 16, x - 8 : x + 16] = 0
    for x, y, side in squares:
        picture[y : y + side, x : x + side] = (255, 0, 255)
    Image.fromarray(picture).save(path)
    return path


def test_a_photograph_becomes_an_identity(enroll: Enroll, store: IdentityStore, models: Path, tmp_path: Path) -> None:
    path = photograph(tmp_path / "ada.png", 1, (200, 240, 8))
    code, out, _ = enroll(path, "--name", "Ada")
    assert code == 0
    assert f"{path}: one face, 64 pixels across" in out and "below 112 pixels a face is vague" in out
    assert f"Ada is kept in {store.folder / 'Ada'}" in out
    ada, (face,) = store.read("Ada"), FaceReader(models).read(read_picture(path))
    np.testing.assert_allclose(ada.embedding, face.embedding, atol=1e-6)
    assert ada.photos == 1 and ada.reference is None and ada.made.startswith("20")
    thumbnail = cv2.imread(str(store.place("Ada") / "thumbnail.png"))
    assert thumbnail is not None
    np.testing.assert_array_equal(thumbnail[..., ::-1], ffhq_crop(read_picture(path), face.landmarks, 256))


def test_a_reference_is_the_aligned_photograph(
    enroll: Enroll, store: IdentityStore, models: Path, tmp_path: Path
) -> None:
    path = photograph(tmp_path / "ada.png", 1, (200, 240, 20))
    code, out, _ = enroll(path, "--name", "Ada", "--with-reference")
    assert code == 0 and "Ada, with a reference, is kept in" in out
    (face,) = FaceReader(models).read(read_picture(path))
    reference = store.read("Ada").reference
    assert reference is not None
    np.testing.assert_array_equal(reference, ffhq_crop(read_picture(path), face.landmarks, 512))
    assert (store.place("Ada") / "reference.png").is_file()


def test_a_small_face_makes_a_soft_reference(enroll: Enroll, tmp_path: Path) -> None:
    _, out, _ = enroll(photograph(tmp_path / "ada.png", 1, (200, 240, 8)), "--name", "Ada", "--with-reference")
    assert "the reference is 128 pixels enlarged to 512" in out


def test_several_photographs_are_averaged_and_compared(
    enroll: Enroll, store: IdentityStore, models: Path, tmp_path: Path
) -> None:
    paths = [photograph(tmp_path / f"{x}.png", 1, (x, 240, 8)) for x in (200, 208)]
    code, out, _ = enroll(*paths, "--name", "Ada")
    assert code == 0 and "alike by 1.00 to 1.00" in out and "different people" not in out
    reader = FaceReader(models)
    both = [reader.read(read_picture(path))[0].embedding for path in paths]
    middle = np.mean(both, axis=0)
    np.testing.assert_allclose(store.read("Ada").embedding, middle / np.linalg.norm(middle), atol=1e-6)
    assert store.read("Ada").photos == 2


def test_two_people_in_one_identity_are_noticed(enroll: Enroll, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name in ("a", "b", "c"):
        np.save(tmp_path / f"{name}.npy", rng.normal(size=512))
    code, out, _ = enroll(*(tmp_path / f"{name}.npy" for name in "abc"), "--name", "Ada")
    assert code == 0
    assert out.count("look like different people") == 3
    assert f"{tmp_path / 'a.npy'} and {tmp_path / 'b.npy'} look like different people" in out


def test_an_embedding_is_enrolled_without_networks(enroll: Enroll, store: IdentityStore, tmp_path: Path) -> None:
    np.save(tmp_path / "ada.npy", np.arange(512))
    code, out, _ = enroll(
        tmp_path / "ada.npy", "--name", "Ada", "--model", tmp_path / "nowhere", "--store", store.folder
    )
    assert code == 0 and "Ada is kept in" in out
    assert store.read("Ada").photos == 0
    np.testing.assert_allclose(store.read("Ada").embedding, np.arange(512) / np.linalg.norm(np.arange(512)), atol=1e-6)


def test_of_several_faces_the_largest_is_taken(enroll: Enroll, tmp_path: Path) -> None:
    code, out, _ = enroll(photograph(tmp_path / "two.png", 1, (200, 240, 8), (440, 240, 8)), "--name", "Ada")
    assert code == 0 and "2 faces, of which the largest is taken, 64 pixels across" in out


def test_a_name_that_is_taken_is_refused_until_told(enroll: Enroll, store: IdentityStore, tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", np.eye(512)[0])
    np.save(tmp_path / "two.npy", np.eye(512)[1])
    assert enroll(tmp_path / "one.npy", "--name", "Ada")[0] == 0
    code, _, complaint = enroll(tmp_path / "two.npy", "--name", "Ada")
    assert code == 1 and "'Ada' is enrolled already" in complaint and "add --replace" in complaint
    assert store.read("Ada").embedding[0] == 1
    assert enroll(tmp_path / "two.npy", "--name", "Ada", "--replace")[0] == 0
    assert store.read("Ada").embedding[1] == 1


def test_no_face_names_the_photograph_and_enrols_nobody(enroll: Enroll, store: IdentityStore, tmp_path: Path) -> None:
    wall = photograph(tmp_path / "wall.png", 1)
    code, _, complaint = enroll(photograph(tmp_path / "ada.png", 1, (200, 240, 8)), wall, "--name", "Ada")
    assert code == 1 and complaint.startswith(f"facebridge: no face found in {wall}: take a picture")
    assert store.names() == ()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["gone.jpg"], "there is no picture gone.jpg"),
        (["gone.npy"], "there is no file gone.npy"),
        (["gone.jpg", "--name", "a/b"], "'a/b' cannot be a name"),
        (
            ["gone.jpg", "--model", "nowhere"],
            "nowhere/antelopev2 lacks scrfd_10g_bnkps.onnx, 1k3d68.onnx, arcface.onnx",
        ),
    ],
)
def test_what_cannot_be_enrolled_is_told_in_one_sentence(
    enroll: Enroll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    store = [] if "--model" not in arguments else ["--store", tmp_path / "people"]
    code, out, complaint = enroll("--name", "Ada", *arguments, *store)
    assert code == 1 and out == "" and len(complaint.splitlines()) == 1
    assert says in complaint.replace("\\", "/")


def test_a_reference_needs_a_photograph(enroll: Enroll, tmp_path: Path) -> None:
    np.save(tmp_path / "ada.npy", np.ones(512))
    code, _, complaint = enroll(tmp_path / "ada.npy", "--name", "Ada", "--with-reference")
    assert code == 1 and "--with-reference keeps a photograph, and none was given" in complaint


def test_the_astronaut_is_enrolled(
    shared_data: Callable[[str], Path], store: IdentityStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, path = shared_data("models/yunet_n_dynamic.onnx"), shared_data("photos/astronaut.png")
    face, landmarks = face_by_yunet(network, read_picture(path))
    models = write_face_models(tmp_path / "models", landmarks, [face], 512)
    arguments = [path, "--name", "Eileen", "--model", models, "--with-reference", "--store", store.folder]
    assert main(["enroll", *map(str, arguments)]) == 0
    assert "one face, 91 pixels across" in capsys.readouterr().out
    again, _ = face_by_yunet(network, read_picture(store.place("Eileen") / "reference.png"))
    np.testing.assert_allclose((again.points[0] + again.points[1]) / 2, [256, 240], atol=12)
