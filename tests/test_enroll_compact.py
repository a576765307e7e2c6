"""`facebridge enroll --model` with a compact model's folder, whose encoder is the real network, untrained."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bridge.cli import main
from generator.compact.identity_encoder import FILE, IdentityEncoder
from generator.compact.identity_network import new_identity_network
from generator.identities import IdentityStore

pytestmark = [pytest.mark.needs(module="onnx")]
Enroll = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from generator.training.identity_export import export_encoder

    return export_encoder(new_identity_network(), tmp_path_factory.mktemp("model")).parent


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    return IdentityStore(tmp_path / "people")


@pytest.fixture
def enroll(model: Path, store: IdentityStore, capsys: pytest.CaptureFixture[str]) -> Enroll:
    """The exit code, what was printed, and the complaint."""

    def call(*arguments: object) -> tuple[int, str, str]:
        places = ["--store", store.folder] + (["--model", model] if "--model" not in arguments else [])
        code = main(["enroll", *map(str, [*arguments, *places])])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def portrait(path: Path, seed: int = 0, side: int = 256, mode: str = "RGBA") -> Path:
    coarse = np.random.default_rng(seed).integers(0, 256, (8, 8, 4), np.uint8)
    picture = Image.fromarray(coarse).resize((side, side), Image.Resampling.NEAREST)
    picture.convert(mode).save(path)
    return path


def test_a_framed_picture_becomes_an_identity_of_this_encoder(
    enroll: Enroll, store: IdentityStore, model: Path, tmp_path: Path
) -> None:
    path = portrait(tmp_path / "ada.png")
    code, out, _ = enroll(path, "--name", "Ada", "--with-reference")
    assert code == 0 and "Ada, with a reference, is kept in" in out
    assert "knows synthetic people such as it draws, no photographs" in " ".join(out.split())
    ada, encoder, layers = store.read("Ada"), IdentityEncoder(model), np.asarray(Image.open(path))
    assert ada.encoder == encoder.name and ada.photos == 1
    np.testing.assert_allclose(ada.embedding, encoder.embed(layers[None])[0], atol=1e-5)
    np.testing.assert_array_equal(ada.reference, layers)
    assert Image.open(store.place("Ada") / "thumbnail.png").mode == "RGB"


def test_an_opaque_larger_picture_makes_an_opaque_reference(
    enroll: Enroll, store: IdentityStore, tmp_path: Path
) -> None:
    assert enroll(portrait(tmp_path / "a.png", side=512, mode="RGB"), "--name", "Ada", "--with-reference")[0] == 0
    reference = store.read("Ada").reference
    assert reference is not None and reference.shape == (256, 256, 4) and (reference[..., 3] == 255).all()


def test_several_pictures_are_averaged(enroll: Enroll, store: IdentityStore, model: Path, tmp_path: Path) -> None:
    paths = [portrait(tmp_path / f"{seed}.png", seed, mode="RGB") for seed in (1, 2)]
    code, out, _ = enroll(*paths, "--name", "Ada")
    assert code == 0 and "alike by" in out
    both = IdentityEncoder(model).embed(np.stack([np.asarray(Image.open(path)) for path in paths]))
    np.testing.assert_allclose(store.read("Ada").embedding, both.sum(0) / np.linalg.norm(both.sum(0)), atol=1e-5)
    assert store.read("Ada").photos == 2 and store.read("Ada").reference is None


def test_an_embedding_is_marked_with_the_model_it_was_enrolled_for(
    enroll: Enroll, store: IdentityStore, model: Path, tmp_path: Path
) -> None:
    np.save(tmp_path / "ada.npy", np.arange(512))
    assert enroll(tmp_path / "ada.npy", "--name", "Ada")[0] == 0
    assert store.read("Ada").encoder == IdentityEncoder(model).name


@pytest.mark.parametrize(
    ("size", "says"),
    [((640, 480), "640 × 480 pixels, not square: the compact model knows"), ((64, 64), "takes 112 or more")],
)
def test_what_is_not_framed_is_refused(enroll: Enroll, tmp_path: Path, size: tuple[int, int], says: str) -> None:
    Image.new("RGB", size).save(tmp_path / "a.png")
    code, _, complaint = enroll(tmp_path / "a.png", "--name", "Ada")
    assert code == 1 and says in complaint


def test_missing_pictures_and_encoders_are_told(enroll: Enroll, tmp_path: Path) -> None:
    assert "there is no picture" in enroll(tmp_path / "gone.png", "--name", "Ada")[2]
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "facebridge.json").write_text("{}")
    code, _, complaint = enroll(portrait(tmp_path / "a.png"), "--name", "Ada", "--model", tmp_path / "bare")
    assert code == 1 and f"has no {FILE}" in complaint
