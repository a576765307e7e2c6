"""`facebridge identities`: the people of a model, and the store of those who were enrolled."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.cli import main
from bridge.portraits import EXPRESSIONS, expressions
from generator.checkpoint import model_folder
from generator.compact.card import read_card
from generator.identities import Identity, IdentityStore
from protocol.blendshapes import BASES

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path) -> IdentityStore:
    made = IdentityStore(tmp_path / "people")
    picture = np.zeros((512, 512, 3), np.uint8)
    made.write(Identity("Ada", np.eye(512)[0], 3, picture, "2026-05-04T10:00:00+00:00"), picture[:256, :256])
    made.write(Identity("Bo", np.eye(512)[1], made="2026-05-05T10:00:00+00:00"))
    return made


@pytest.fixture
def identities(store: IdentityStore, capsys: pytest.CaptureFixture[str]) -> Call:
    """The exit code, what was printed, and the complaint."""

    def call(*arguments: object, folder: Path = store.folder) -> tuple[int, str, str]:
        code = main(["identities", *map(str, arguments), "--store", str(folder)])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def test_the_list_says_what_everybody_was_made_of(identities: Call) -> None:
    code, out, _ = identities("list")
    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0] == ["name", "photos", "reference", "enrolled"]
    assert rows[1] == ["Ada", "3", "yes", "2026-05-04"]
    assert rows[2] == ["Bo", "none,", "an", "embedding", "no", "2026-05-05"]


def test_an_empty_store_says_how_to_fill_it(identities: Call, tmp_path: Path) -> None:
    code, out, _ = identities("list", folder=tmp_path / "nowhere")
    assert code == 0 and "`facebridge enroll` adds people" in out


def test_somebody_damaged_is_listed_as_that_and_the_others_as_they_are(identities: Call, store: IdentityStore) -> None:
    file = store.place("Ada") / "identity.safetensors"
    file.write_bytes(b"gone")
    code, out, _ = identities("list")
    assert code == 1 and f"{file} is no identity or is damaged" in out and "Bo" in out


def test_show_says_where_somebody_lies(identities: Call, store: IdentityStore) -> None:
    code, out, _ = identities("show", "Ada")
    shown, place = dict(line.split(maxsplit=1) for line in out.splitlines()), store.place("Ada")
    assert code == 0 and shown["folder"] == str(place) and shown["photos"] == "3"
    assert shown["thumbnail"] == str(place / "thumbnail.png") and shown["reference"] == str(place / "reference.png")


def test_removing_takes_all_or_none(identities: Call, store: IdentityStore) -> None:
    code, _, complaint = identities("remove", "Ada", "Boo")
    assert code == 1 and "nobody called 'Boo' is enrolled" in complaint and "Ada, Bo" in complaint
    assert store.names() == ("Ada", "Bo")
    code, out, _ = identities("remove", "Ada", "Bo")
    assert code == 0 and out.count("is removed from") == 2 and store.names() == ()


def test_somebody_goes_to_another_machine(identities: Call, store: IdentityStore, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert identities("export", "Ada", tmp_path / "ada.safetensors")[0] == 0
    code, out, _ = identities("import", tmp_path / "ada.safetensors", folder=elsewhere)
    assert code == 0 and f"Ada is kept in {elsewhere / 'Ada'}" in out
    assert (elsewhere / "Ada/thumbnail.png").read_bytes() == (store.place("Ada") / "thumbnail.png").read_bytes()


def test_an_import_refuses_a_name_that_is_taken_until_told(
    identities: Call, store: IdentityStore, tmp_path: Path
) -> None:
    identities("export", "Ada", tmp_path / "ada.safetensors")
    code, _, complaint = identities("import", tmp_path / "ada.safetensors")
    assert code == 1 and "'Ada' is enrolled already" in complaint
    assert identities("import", tmp_path / "ada.safetensors", "--name", "Bo", "--replace")[0] == 0
    assert store.read("Bo").photos == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["show", "Cleo"], "nobody called 'Cleo' is enrolled"),
        (["export", "Cleo", "cleo.safetensors"], "nobody called 'Cleo' is enrolled"),
        (["export", "Ada", "nowhere/ada.safetensors"], "cannot be written"),
        (["import", "gone.safetensors"], "there is no file gone.safetensors"),
        (["import", "text.safetensors"], "text.safetensors is no identity or is damaged"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_sentence(
    identities: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.safetensors").write_text("not a safetensors file")
    code, out, complaint = identities(*arguments)
    assert code == 1 and out == "" and len(complaint.splitlines()) == 1 and says in complaint


def test_the_built_in_people_need_no_action(identities: Call) -> None:
    code, out, _ = identities("--model", "testcard")
    assert code == 0 and out.split() == ["amber", "teal", "violet", "slate"]


def test_the_published_model_draws_those_enrolled(identities: Call, tmp_path: Path) -> None:
    (tmp_path / "models/arc2face").mkdir(parents=True)
    code, out, _ = identities("--model", tmp_path / "models")
    assert code == 0 and out.splitlines() == ["Ada  enrolled", "Bo   enrolled"]
    code, _, complaint = identities("--model", tmp_path / "models", folder=tmp_path / "nowhere")
    assert code == 1 and "nobody is enrolled" in complaint and "`facebridge enroll PHOTO --name NAME`" in complaint


@pytest.mark.parametrize("basis", ["arkit52", "arkit55", "flame55"])
def test_the_expressions_of_a_sheet_move_the_jaw_in_every_basis(basis: str) -> None:
    jaw = BASES[basis].index("jawX" if basis == "flame55" else "jawOpen")
    neutral, smile, surprise = expressions(basis)
    assert len(EXPRESSIONS) == 3 and not neutral.any()
    assert surprise[jaw] > smile[jaw]


def test_the_compact_model_has_its_people_and_those_enrolled_for_it(identities: Call, store: IdentityStore) -> None:
    card = read_card(model_folder("compact"))
    store.write(Identity("Eve", np.eye(512)[2], encoder=card.encoder))
    code, out, _ = identities("--model", "compact-s")
    listed = [line.split(maxsplit=1) for line in out.splitlines()]
    assert code == 0
    assert [name for name, _ in listed] == [*card.identities, "Eve"]
    assert listed[0][1] == card.identities["Amara"] and listed[-1][1] == "enrolled"
