"""`facebridge enroll --model` with a compact model's folder, whose encoder is the real network, untrained."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bridge.cli import main
from generator.checkpoint import model_folder
from generator.compact.card import read_card, read_identities
from generator.compact.identity_encoder import FILE, IdentityEncoder
from generator.compact.identity_network import new_identity_network
from generator.identities import IdentityError, IdentityStore
from generator.identity_file import encode
from protocol.blendshapes import INDEX

pytestmark = [pytest.mark.needs(module="onnx")]
Enroll = Callable[..., tuple[int, str, str]]
NONE = np.full(55, np.nan, np.float32)


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


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """A folder of two shots."""
    folder = tmp_path / "shots"
    folder.mkdir()
    for seed, (name, curves) in enumerate({"open": {"jawOpen": 0.5}, "aside": {"headYaw": -0.4}}.items()):
        portrait(folder / f"{name}.png", seed)
        (folder / f"{name}.json").write_text(json.dumps(curves))
    return folder


def test_pictures_of_known_expressions_are_kept_with_their_curves(
    enroll: Enroll, store: IdentityStore, known: Path, tmp_path: Path
) -> None:
    ada = portrait(tmp_path / "ada.png")
    code, out, _ = enroll(ada, "--name", "Ada", "--with-reference", "--shots", known)
    assert code == 0 and "Ada, with a reference and 2 more pictures, is kept in" in out
    aside, opened = store.read("Ada").shots
    assert np.flatnonzero(opened.curves).tolist() == [INDEX["jawOpen"]] and aside.curves[INDEX["headYaw"]] == -0.4
    alpha = np.asarray(Image.open(known / "open.png"))[..., 3]
    assert np.array_equal(opened.picture[..., 3], alpha)
    store.export_to("Ada", tmp_path / "ada.safetensors")
    again = store.import_from(tmp_path / "ada.safetensors", "Ada too").shots
    assert [shot.file for shot in again] == [aside.file, opened.file]


def test_a_picture_of_somebody_else_is_told(enroll: Enroll, known: Path, tmp_path: Path) -> None:
    folder = model_folder("compact")
    people = read_identities(folder, read_card(folder))
    for name, path in (("Amara", tmp_path / "a.png"), ("Amara", known / "open.png"), ("Bjorn", known / "aside.png")):
        Image.fromarray(np.asarray(people[name].reference)).save(path)
    reference = ("--name", "Ada", "--with-reference", "--shots", known, "--model", "compact")
    code, out, _ = enroll(tmp_path / "a.png", *reference)
    assert code == 0 and f"{known / 'aside.png'} looks like somebody else than Ada (" in out
    assert "open.png looks" not in out and "stands alone" not in out


def test_a_reference_beside_which_none_counts_is_told(enroll: Enroll, known: Path, tmp_path: Path) -> None:
    ada = portrait(tmp_path / "ada.png", mode="RGB")
    code, out, _ = enroll(ada, "--name", "Ada", "--with-reference", "--shots", known)
    assert code == 0 and "the reference has a backdrop: it stands alone" in out


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (
            lambda known: (known / "open.json").unlink(),
            "open.png has no open.json beside it: NAME.png, and in NAME.json",
        ),
        (lambda known: (known / "open.json").write_text("{"), "open.json: Expecting"),
        (lambda known: (known / "open.json").write_text("[1]"), "open.json: it is no object of named curves"),
        (lambda known: (known / "open.json").write_text('{"jawopen": 1}'), "did you mean 'jawOpen'?"),
        (lambda known: (known / "open.json").write_text('{"jawOpen": NaN}'), "open.json: the curve jawOpen is nan"),
        (
            lambda known: Image.new("RGB", (300, 200)).save(known / "open.png"),
            "open.png is 300 × 200 pixels, not square",
        ),
        (lambda known: (known / "open.png").write_bytes(b"no"), "open.png cannot be read as a picture"),
        (lambda known: [path.unlink() for path in known.iterdir()], "holds 0 pictures, not 1 to 48"),
        (shutil.rmtree, "no such folder; it holds NAME.png"),
    ],
)
def test_odd_folders_of_pictures_are_refused_before_anybody_is_kept(
    enroll: Enroll, store: IdentityStore, known: Path, tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    spoil(known)
    code, _, complaint = enroll(portrait(tmp_path / "a.png"), "--name", "Ada", "--with-reference", "--shots", known)
    assert code == 1 and says in complaint and not store.names()


def test_further_pictures_need_a_first(enroll: Enroll, known: Path, tmp_path: Path) -> None:
    code, _, complaint = enroll(portrait(tmp_path / "a.png"), "--name", "Ada", "--shots", known)
    assert code == 1 and "--shots goes with --with-reference, for the compact model" in complaint


def test_a_damaged_further_picture_is_not_imported(
    enroll: Enroll, store: IdentityStore, known: Path, tmp_path: Path
) -> None:
    enroll(portrait(tmp_path / "a.png"), "--name", "Ada", "--with-reference", "--shots", known)
    ada = store.read("Ada")
    spoilt = replace(ada, name="Bea", shots=(replace(ada.shots[0], file=b"no picture"),))
    (tmp_path / "bea.safetensors").write_bytes(encode(spoilt, None))
    with pytest.raises(IdentityError, match=r"bea\.safetensors is damaged: a shot is no picture"):
        store.import_from(tmp_path / "bea.safetensors")
    (tmp_path / "bea.safetensors").write_bytes(encode(replace(ada, shots=(replace(ada.shots[0], curves=NONE),)), None))
    with pytest.raises(
        IdentityError, match=r"bea.safetensors: the curves of 'Ada' must be finite float32 \(shots, 55\)"
    ):
        store.import_from(tmp_path / "bea.safetensors", "Bea")
