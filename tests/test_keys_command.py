"""`facebridge keys`, and the commands that need them, as a person calls them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
import zmq.auth

from bridge.cli import main
from bridge.takes import FIRST_MINUTE
from tests.bridge.locked import Locked, locked

pytestmark = pytest.mark.skipif(not zmq.has("curve"), reason="this pyzmq has no CURVE")
TAKE = str(FIRST_MINUTE)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Locked]:
    with locked(tmp_path) as house:
        yield house


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """The one line a failed command leaves."""
    assert main([str(argument) for argument in arguments]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told


def test_a_new_pair_is_one_and_its_public_half_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "new", "amara", "--to", str(tmp_path / "new")]) == 0
    public, secret = tmp_path / "new" / "amara.key", tmp_path / "new" / "amara.key_secret"
    told = capsys.readouterr().out
    assert f"{public}: public" in told and f"{secret}: secret, for amara alone" in told
    own_public, own_secret = zmq.auth.load_certificate(secret)
    assert own_secret and zmq.curve_public(own_secret) == own_public
    for path in (public, secret):
        assert main(["keys", "show", str(path)]) == 0
        assert capsys.readouterr().out == own_public.decode() + "\n"
    assert own_secret.decode() not in public.read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_nobody_else_may_read_what_is_secret(tmp_path: Path) -> None:
    main(["keys", "new", "amara", "--to", str(tmp_path)])
    main(["keys", "export", "unreal", str(tmp_path / "amara.key_secret"), "--to", str(tmp_path / "unreal.txt")])
    for name in ("amara.key_secret", "unreal.txt"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["keys", "new", "amara", "--to", str(tmp_path)])
    before = (tmp_path / "amara.key_secret").read_bytes()
    told = complaint(capsys, "keys", "new", "amara", "--to", tmp_path)
    assert "is there already: take another name, or delete both" in told
    assert (tmp_path / "amara.key_secret").read_bytes() == before


def test_the_engines_key_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("server", "amara"):
        main(["keys", "new", name, "--to", str(tmp_path)])
    server, amara, unity = tmp_path / "server.key", tmp_path / "amara.key_secret", tmp_path / "unity.txt"
    assert "--server-key" in complaint(capsys, "keys", "export", "unity", amara, "--to", unity)

    assert main(["keys", "export", "unity", str(amara), "--server-key", str(server), "--to", str(unity)]) == 0

    public, secret = zmq.auth.load_certificate(amara)
    assert secret
    assert unity.read_bytes().split() == [zmq.auth.load_certificate(server)[0], public, secret]
    assert "choose another name" in complaint(capsys, "keys", "export", "unreal", amara, "--to", unity)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["keys", "new", "../amara"], "'../amara' is no name for a key"),
        (["keys", "show", "none.key"], "there is no key file none.key; `facebridge keys new none` makes one"),
        (["keys", "show", TAKE], "is no key file"),
        (["keys", "export", "unreal", "amara.key", "--to", "x"], "amara.key has no secret key"),
        (["keys", "export", "unreal", "torn.key_secret", "--to", "x"], "its two keys do not belong together"),
        (["serve", "--model", "testcard", "--bind", "tcp://0.0.0.0:5570"], "without keys the server listens on loop"),
        (["serve", "--key", "none.key_secret", "--clients", "."], "there is no key file none.key_secret; `facebridge"),
        (["serve", "--key", "amara.key_secret", "--clients", "none"], "there is no folder none for the public keys"),
        (["replay", TAKE, "--key", "amara.key_secret", "--server-key", "amara.key"], "name it with --server tcp://"),
        (["replay", TAKE, "--server", "tcp://127.0.0.1:1", "--key", "amara.key_secret"], "name the server's public"),
        (["bridge-check", "--server-key", "amara.key"], "name one's own secret key, NAME.key_secret, too"),
        (["capture", "sliders", "--key", "no.key_secret", "--server-key", "amara.key", "--to"], "there is no key file"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_makes_it(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["keys", "new", "amara"])
    main(["keys", "new", "bola"])
    amara, bola = (zmq.auth.load_certificate(f"{name}.key_secret") for name in ("amara", "bola"))
    torn = Path("amara.key_secret").read_bytes().replace(amara[0], bola[0])
    Path("torn.key_secret").write_bytes(torn)

    assert sentence in complaint(capsys, *arguments)


def test_commands_come_to_a_server_with_their_keys(house: Locked, capsys: pytest.CaptureFixture[str]) -> None:
    counts = str(house.folder / "counts.json")
    keys = ["--key", str(house.path("amara")), "--server-key", str(house.path("server").with_suffix(".key"))]
    there = ["--server", house.server.address]
    assert main(["replay", TAKE, "--frames", "3", *there, *keys]) == 0
    assert main(["bridge-check", "--seconds", "0.5", *there, *keys]) == 0
    assert main(["capture", f"take:file={TAKE},end=4", "--json", counts, "--to", house.server.address, *keys]) == 0
    assert json.loads(Path(counts).read_text())["sources"][0]["pictures"]["pictures"] > 0
    assert "asks for keys" in complaint(capsys, "replay", TAKE, *there)
    keys[1] = str(house.path("stranger"))
    assert "does not accept these keys" in complaint(capsys, "replay", TAKE, *there, *keys)
