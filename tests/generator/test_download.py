"""Downloads over a real connection to a server on this machine that breaks off, changes, lies and refuses."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.arc2face.download import TRIES, DownloadError, Remote, UnreachableError, download
from tests.generator.file_server import Site, serving

BODY = bytes(range(256)) * 4096  # 1 MiB, every place in it recognisable


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        site.files["/file"] = BODY
        yield site


def fetch(site: Site, target: Path, **announced: int | str) -> list[tuple[int, int]]:
    """Fetch the file; what was reported on the way."""
    reports: list[tuple[int, int]] = []
    remote = Remote(f"{site.address}/file", **announced)  # pyright: ignore[reportArgumentType]
    download(remote, target, lambda done, whole: reports.append((done, whole)), pause=0)
    return reports


def test_a_file_comes_whole_and_nothing_else_stays(site: Site, tmp_path: Path) -> None:
    reports = fetch(site, tmp_path / "deep" / "file")
    assert (tmp_path / "deep" / "file").read_bytes() == BODY
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["file"]
    assert reports[-1] == (len(BODY), len(BODY))


def test_a_cut_connection_is_taken_up_where_it_broke(site: Site, tmp_path: Path) -> None:
    site.cuts["/file"] = [300_000, 1, 400_000]
    fetch(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == BODY
    assert [asked for _, asked in site.asked] == ["", "bytes=300000-", "bytes=300001-", "bytes=700001-"]


def test_another_process_goes_on_where_one_gave_up(site: Site, tmp_path: Path) -> None:
    site.cuts["/file"] = [500_000, *[0] * TRIES]
    with pytest.raises(DownloadError, match=r"broke off after 500,000 bytes.*goes on from there"):
        fetch(site, tmp_path / "file")
    assert not (tmp_path / "file").exists() and (tmp_path / "file.part").stat().st_size == 500_000
    site.asked.clear()
    reports = fetch(site, tmp_path / "file")
    assert site.asked == [("/file", "bytes=500000-")] and reports[0][0] > 500_000
    assert (tmp_path / "file").read_bytes() == BODY


def test_a_part_of_another_version_is_not_joined(site: Site, tmp_path: Path) -> None:
    site.cuts["/file"] = [500_000, *[0] * TRIES]
    with pytest.raises(DownloadError):
        fetch(site, tmp_path / "file")
    site.files["/file"] = BODY[::-1]
    fetch(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == BODY[::-1]


@pytest.mark.parametrize("lack", ["marked", "ranges"])
def test_a_server_that_cannot_go_on_starts_over(site: Site, tmp_path: Path, lack: str) -> None:
    setattr(site, lack, False)
    site.cuts["/file"] = [500_000]
    fetch(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == BODY


@pytest.mark.parametrize("body", [BODY, b""])
def test_a_file_whose_length_nobody_says_comes_too(site: Site, tmp_path: Path, body: bytes) -> None:
    site.lengths, site.files["/file"] = False, body
    fetch(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == body


def test_a_part_that_was_whole_is_only_checked(site: Site, tmp_path: Path) -> None:
    site.cuts["/file"] = [len(BODY) - 1, *[0] * TRIES]
    with pytest.raises(DownloadError):
        fetch(site, tmp_path / "file")
    with (tmp_path / "file.part").open("ab") as part:
        part.write(BODY[-1:])
    fetch(site, tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == BODY


def test_a_length_other_than_announced_is_refused(site: Site, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="1,048,576 bytes long, where its publisher announces 5"):
        fetch(site, tmp_path / "file", size=5)
    assert not (tmp_path / "file").exists()


def test_a_content_other_than_announced_is_thrown_away(site: Site, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"SHA-256.*run the same command again"):
        fetch(site, tmp_path / "file", sha256="0" * 64)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("status", "advice"), [(404, "not there any more"), (403, "logged in"), (418, "by hand")])
def test_a_refusal_is_told_with_what_to_do(site: Site, tmp_path: Path, status: int, advice: str) -> None:
    site.statuses["/file"] = status
    with pytest.raises(DownloadError, match=rf"refused by its server \({status}\).*{advice}"):
        fetch(site, tmp_path / "file")
    assert len(site.asked) == 1


def test_a_server_in_trouble_is_asked_again_but_not_for_ever(site: Site, tmp_path: Path) -> None:
    site.statuses["/file"] = 503
    with pytest.raises(DownloadError, match="503"):
        fetch(site, tmp_path / "file")
    assert len(site.asked) == TRIES


def test_a_host_that_is_not_there_is_named(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nobody listens
        remote = Remote(f"http://127.0.0.1:{closed.getsockname()[1]}/file")
        with pytest.raises(UnreachableError, match=r"127\.0\.0\.1 cannot be reached.*online"):
            download(remote, tmp_path / "file", lambda done, whole: None, pause=0)


def test_a_place_that_cannot_be_written_is_named(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UnreachableError, match="cannot be written"):
        fetch(site, tmp_path / "file" / "below")
