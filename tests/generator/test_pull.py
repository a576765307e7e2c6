"""Fetching parts from a hub and from plain addresses, both on this machine."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import huggingface_hub.constants
import pytest

from generator.arc2face.download import TRIES, DownloadError, UnreachableError
from generator.arc2face.layout import Address, ByHand, Folders, Hub, Member, Part, PublishedFile, folders
from generator.arc2face.pull import fetch, outstanding
from tests.generator.file_server import COMMIT, Site, as_hub, serving

CONFIG = json.dumps({"width": 4, "note": "x" * 1000}).encode()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving() as site:
        as_hub(site, monkeypatch)
        yield site


def part_of(*files: PublishedFile) -> Part:
    return Part("small", "does nothing", "nothing", "none", "anything", files)


def from_hub(path: str = "config.json") -> Part:
    return part_of(PublishedFile(f"small/{path}", 10, Hub("somebody/small", path)))


def zipped(members: dict[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return memory.getvalue()


def fetch_all(part: Part, where: Folders) -> None:
    for errand in outstanding([part], where)[0]:
        fetch(errand, lambda name, done, whole: None, pause=0)


def test_a_file_of_the_hub_comes_by_the_commit_that_was_asked_about(site: Site, tmp_path: Path) -> None:
    site.put("somebody/small", "config.json", CONFIG)
    fetch_all(from_hub(), folders(tmp_path))
    assert (tmp_path / "models" / "small" / "config.json").read_bytes() == CONFIG
    assert [path for path, _ in site.asked] == [f"/somebody/small/resolve/{COMMIT}/config.json"]


def test_what_is_there_and_whole_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    site.put("somebody/small", "config.json", CONFIG)
    fetch_all(from_hub(), folders(tmp_path))
    assert outstanding([from_hub()], folders(tmp_path)) == ([], [])


def test_what_is_there_but_not_whole_is_fetched_anew(site: Site, tmp_path: Path) -> None:
    site.put("somebody/small", "config.json", CONFIG)
    path = tmp_path / "models" / "small" / "config.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONFIG[:-5])
    fetch_all(from_hub(), folders(tmp_path))
    assert path.read_bytes() == CONFIG


def test_an_interrupted_file_of_the_hub_goes_on(site: Site, tmp_path: Path) -> None:
    site.put("somebody/small", "config.json", CONFIG)
    path = f"/somebody/small/resolve/{COMMIT}/config.json"
    site.cuts[path] = [100, *[0] * TRIES]
    with pytest.raises(DownloadError, match="goes on from there"):
        fetch_all(from_hub(), folders(tmp_path))
    fetch_all(from_hub(), folders(tmp_path))
    assert site.asked[-1] == (path, "bytes=100-")
    assert (tmp_path / "models" / "small" / "config.json").read_bytes() == CONFIG


def test_a_content_other_than_the_hub_announces_is_thrown_away(site: Site, tmp_path: Path) -> None:
    site.put("somebody/small", "config.json", CONFIG)
    site.sha256s["/somebody/small/resolve/main/config.json"] = "0" * 64
    with pytest.raises(DownloadError, match="SHA-256"):
        fetch_all(from_hub(), folders(tmp_path))
    assert not (tmp_path / "models" / "small" / "config.json").exists()


def test_a_length_other_than_the_hub_announces_is_refused(site: Site, tmp_path: Path) -> None:
    site.put("somebody/small", "config.json", CONFIG)
    site.announced["/somebody/small/resolve/main/config.json"] = 7
    with pytest.raises(DownloadError, match="its publisher announces 7"):
        fetch_all(from_hub(), folders(tmp_path))


@pytest.mark.parametrize(("status", "told"), [(404, "404"), (401, "hf auth login"), (500, "500")])
def test_what_the_hub_refuses_is_told(site: Site, tmp_path: Path, status: int, told: str) -> None:
    site.statuses["/somebody/small/resolve/main/config.json"] = status
    with pytest.raises(DownloadError, match=told):
        fetch_all(from_hub(), folders(tmp_path))


def test_offline_means_that_nobody_is_asked(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    site.files["/a.json"] = CONFIG
    plain = part_of(PublishedFile("small/a.json", 10, Address(f"{site.address}/a.json")))
    for part in (from_hub(), plain):
        with pytest.raises(UnreachableError, match="HF_HUB_OFFLINE"):
            fetch_all(part, folders(tmp_path))
    assert site.asked == []


def test_a_plain_address_that_gives_a_web_page_leaves_nothing(site: Site, tmp_path: Path) -> None:
    site.files["/a.npy"] = b"<!DOCTYPE html><html>Sorry"
    part = part_of(PublishedFile("small/a.npy", 10, Address(f"{site.address}/a.npy")))
    with pytest.raises(DownloadError, match="is a web page"):
        fetch_all(part, folders(tmp_path))
    assert list((tmp_path / "models" / "small").iterdir()) == []


def archived(site: Site, content: bytes) -> Part:
    site.files["/pack.zip"] = content
    source = Member(f"{site.address}/pack.zip", len(content))
    return part_of(*(PublishedFile(f"small/{name}", 10, source) for name in ("a.json", "b.json")))


def test_members_are_picked_by_name_and_the_zip_goes(site: Site, tmp_path: Path) -> None:
    part = archived(site, zipped({"../../pack/a.json": CONFIG, "/etc/b.json": CONFIG, "pack/c.json": CONFIG}))
    fetch_all(part, folders(tmp_path / "to"))
    found = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert found == [Path("to/models/small/a.json"), Path("to/models/small/b.json")]
    assert len(site.asked) == 1


def test_one_missing_member_alone_is_picked(site: Site, tmp_path: Path) -> None:
    part = archived(site, zipped({"a.json": b"{}", "b.json": CONFIG}))
    own = tmp_path / "models" / "small" / "a.json"
    own.parent.mkdir(parents=True)
    own.write_bytes(CONFIG)
    fetch_all(part, folders(tmp_path))
    assert own.read_bytes() == own.with_name("b.json").read_bytes() == CONFIG


@pytest.mark.parametrize(
    ("content", "told"),
    [(zipped({"a.json": CONFIG}), "0 files in it are called b.json"), (b"PK\x03\x04 and no more", "came damaged")],
)
def test_a_zip_of_something_else_is_named_and_goes(site: Site, tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(DownloadError, match=told):
        fetch_all(archived(site, content), folders(tmp_path))
    assert not list(tmp_path.rglob("*.zip"))


def test_what_only_a_person_can_fetch_is_a_chore(tmp_path: Path) -> None:
    part = part_of(PublishedFile("small/a.pt", 0, ByHand("ask for it")))
    errands, chores = outstanding([part], folders(tmp_path))
    assert errands == [] and [(chore.target, chore.how) for chore in chores] == [
        (tmp_path / "models" / "small" / "a.pt", "ask for it")
    ]
