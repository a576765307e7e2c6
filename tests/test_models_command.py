"""`facebridge models` as a person calls it, with a hub on this machine."""

import argparse
import importlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from bridge.cli import main
from generator.arc2face.layout import RELEASE, Hub, folders
from tests.generator.file_server import COMMIT, Site, as_hub, serving
from tests.generator.published import write_release

FROM_THE_HUB = ["arc2face", "encoder", "exp_adapter", "ref_adapter", "lcm_lora", "taesd", "sd15"]
TAESD = f"/madebyollin/taesd/resolve/{COMMIT}/diffusion_pytorch_model.safetensors"
AT_MOST = 60.0  # s to wait for a process: a bound for a hanging one, not a measure
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_release(folder, lcm=True)
    return folder


@pytest.fixture
def hub(published: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The small release where its authors would keep it."""
    with serving() as site:
        for part in RELEASE:
            for file in part.files:
                path = folders(published).of(part, file)
                if isinstance(file.source, Hub) and path.is_file():
                    site.put(file.source.repository, file.source.path, path.read_bytes())
        as_hub(site, monkeypatch)
        yield site


@pytest.fixture
def models(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """`facebridge models ...` without a terminal: exit code, output, complaints."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.stdin", Path(os.devnull).open(encoding="utf-8"))  # noqa: SIM115 (as long as the process)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["models", *map(str, arguments)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_pulled_listed_and_verified(hub: Site, models: Run, tmp_path: Path) -> None:
    code, told, _ = models("pull", "arc2face", "--only", *FROM_THE_HUB, "--to", tmp_path, "--yes")
    assert code == 0 and f"facebridge serve --model {tmp_path / 'models'} --base {tmp_path / 'sd15'}" in told
    code, told, _ = models("list", tmp_path)
    assert code == 0 and {line.split()[1] for line in told.splitlines() if line.split()[0] in FROM_THE_HUB} == {"there"}
    code, told, _ = models("verify", tmp_path)
    assert code == 0 and told.count("well ") == len(FROM_THE_HUB)


def test_sizes_and_licences_are_told_before_anything_comes(hub: Site, models: Run, tmp_path: Path) -> None:
    code, told, complaint = models("pull", "arc2face", "--to", tmp_path)
    assert code == 1 and "--yes" in complaint and "terminal" in complaint
    assert all(part.name in told and part.licence in told and part.terms in told for part in RELEASE)
    assert "about 3.4 GB" in told and str(tmp_path) in told
    assert hub.asked == [] and list(tmp_path.iterdir()) == []


def test_pulling_again_fetches_only_what_is_not_whole(hub: Site, models: Run, tmp_path: Path) -> None:
    models("pull", "taesd", "--to", tmp_path, "--yes")
    hub.asked.clear()
    code, told, _ = models("pull", "taesd", "--to", tmp_path)  # nothing comes, so nothing is asked
    assert code == 0 and "already" in told and hub.asked == []
    weights = tmp_path / "models" / "taesd" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert models("pull", "taesd", "--to", tmp_path, "--yes")[0] == 0
    assert [path for path, _ in hub.asked] == [TAESD]


def test_a_part_that_fails_does_not_keep_the_rest_from_coming(hub: Site, models: Run, tmp_path: Path) -> None:
    hub.statuses["/madebyollin/taesd/resolve/main/config.json"] = 404
    code, told, complaint = models("pull", "taesd", "ref_adapter", "--to", tmp_path, "--yes")
    assert code == 1 and "taesd/config.json did not come" in complaint and "404" in told
    assert (tmp_path / "models" / "ref_adapter" / "pytorch_lora_weights.safetensors").is_file()


def test_a_machine_that_is_offline_gets_one_sentence(models: Run, tmp_path: Path, hub: Site) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nobody listens
        with pytest.MonkeyPatch.context() as patch:
            as_hub(Site(address=f"http://127.0.0.1:{closed.getsockname()[1]}"), patch)
            code, _, complaint = models("pull", "taesd", "sd15", "--to", tmp_path, "--yes")
    assert code == 1 and complaint.count("\n") == 1 and "is this machine online?" in complaint


def test_a_disk_without_room_is_named(hub: Site, models: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bridge.fetching.SPARE", 1 << 60)
    code, _, complaint = models("pull", "arc2face", "--to", tmp_path / "new", "--yes")
    assert code == 1 and str(tmp_path) in complaint and "make room" in complaint and hub.asked == []


def test_what_only_a_person_can_fetch_is_told(hub: Site, models: Run, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "smirk"
    folder.mkdir(parents=True)
    (folder / "face_landmarker.task").write_bytes(b"PK\x05\x06" + bytes(18))  # an empty zip
    code, told, _ = models("pull", "smirk", "--to", tmp_path)
    assert code == 0 and "By hand" in told and "drive.google.com" in told and str(folder / "SMIRK_em1.pt") in told


def test_a_place_that_cannot_be_written_is_named(hub: Site, models: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    code, _, complaint = models("pull", "taesd", "--to", tmp_path / "file" / "below", "--yes")
    assert code == 1 and f"{tmp_path / 'file' / 'below'} cannot be written" in complaint


def test_two_downloads_into_one_folder_are_not_begun(hub: Site, models: Run, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".pull.lock"):
        code, _, complaint = models("pull", "taesd", "--to", tmp_path, "--yes")
    assert code == 1 and "another `models pull`" in complaint and hub.asked == []
    assert models("pull", "taesd", "--to", tmp_path, "--yes")[0] == 0


def test_only_chooses_from_everything(models: Run) -> None:
    code, _, complaint = models("pull", "taesd", "--only", "sd15")
    assert code == 1 and "--only" in complaint


def test_the_commands_of_the_documentation_can_be_called() -> None:
    text = (Path(__file__).parents[1] / "docs" / "arc2face.md").read_text(encoding="utf-8")
    lines = re.findall(r"^facebridge (\w+) (.+)$", text, re.MULTILINE)
    assert {name for name, _ in lines} == {"models", "enroll", "generate", "serve", "replay"}
    for name, arguments in lines:
        parser = argparse.ArgumentParser(allow_abbrev=False)
        importlib.import_module(f"bridge.commands.{name}").add_arguments(parser)
        parser.parse_args(shlex.split(arguments))


def test_an_unknown_part_is_answered_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["models", "pull", "arcface"])
    complaint = capsys.readouterr().err
    assert ended.value.code == 2 and "'arcface'" in complaint and "antelopev2" in complaint


def test_listing_names_what_is_missing_and_what_is_odd(models: Run, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "encoder"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{")
    code, told, _ = models("list", tmp_path)
    lines = {line.split()[0]: line for line in told.splitlines() if line}
    assert code == 0 and "missing" in lines["arc2face"] and "optional" in lines["taesd"]
    assert "incomplete" in lines["encoder"] and f"{folder / 'config.json'} is not JSON" in told
    assert f"{folder / 'pytorch_model.bin'} is missing" in told and "models pull arc2face" in told


@pytest.mark.parametrize("action", ["list", "verify"])
def test_a_folder_that_is_not_there_is_named(models: Run, tmp_path: Path, action: str) -> None:
    code, _, complaint = models(action, tmp_path / "nowhere")
    assert code == 1 and str(tmp_path / "nowhere") in complaint


def test_verifying_ends_in_failure_when_something_is_wrong(published: Path, models: Run, tmp_path: Path) -> None:
    spoilt = tmp_path / "sd15" / "vae"
    spoilt.mkdir(parents=True)
    (spoilt / "config.json").write_text(json.dumps({}))
    code, told, complaint = models("verify", published / "models", "--base", tmp_path / "sd15")
    assert code == 1 and "not in order: sd15" in complaint
    assert f"{spoilt / 'diffusion_pytorch_model.safetensors'} is missing" in told


def test_nothing_but_pulling_opens_a_connection(published: Path, models: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda self, address: called.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **more: called.append(arguments))
    assert models("list", published)[0] == models("verify", published)[0] == 0
    assert called == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize(("answer", "comes"), [("y", True), ("n", False), ("", False), ("\x04", False)])
def test_in_a_terminal_it_asks(hub: Site, tmp_path: Path, answer: str, comes: bool) -> None:
    import pty

    master, slave = pty.openpty()
    try:
        with called("pull", "taesd", "--to", str(tmp_path), hub=hub, stdin=slave) as process:
            os.write(master, answer.encode() if answer == "\x04" else f"{answer}\n".encode())
            told, complaint = process.communicate(timeout=AT_MOST)
    finally:
        os.close(master)
        os.close(slave)
    assert "[y/N]" in told
    assert (process.returncode == 0) == comes == (tmp_path / "models" / "taesd" / "config.json").is_file()
    assert comes or "nothing was fetched" in complaint


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot send this signal to one process")
def test_interrupted_it_keeps_what_came_and_goes_on(hub: Site, models: Run, tmp_path: Path) -> None:
    hub.held_back[TAESD] = 20_000
    with called("pull", "taesd", "--to", str(tmp_path), "--yes", hub=hub) as process:
        assert hub.holding.wait(AT_MOST)
        part = tmp_path / "models" / "taesd" / "diffusion_pytorch_model.safetensors.part"
        process.send_signal(signal.SIGINT)
        told, complaint = process.communicate(timeout=AT_MOST)
    assert process.returncode == 130 and "goes on from there" in told and "Traceback" not in complaint
    came = part.stat().st_size if part.is_file() else 0
    hub.go_on.set()
    hub.asked.clear()
    assert models("pull", "taesd", "--to", tmp_path, "--yes")[0] == 0
    assert hub.asked == [(TAESD, f"bytes={came}-" if came else "")]


def called(*arguments: str, hub: Site, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bridge", "models", *arguments],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HF_ENDPOINT": hub.address, "COLUMNS": "200"},
    )
