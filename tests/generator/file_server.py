"""A web server on this machine for downloads: plain files, the few answers a hub gives, and every way to fail."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import huggingface_hub.constants
import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Site:
    """What the server holds and how it behaves; `asked` is what came in, in order, as (path, Range)."""

    files: dict[str, bytes] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)  # an answer without a file
    cuts: dict[str, list[int]] = field(default_factory=dict)  # bytes until each answer breaks off, one an answer
    held_back: dict[str, int] = field(default_factory=dict)  # bytes that come, until `go_on`
    announced: dict[str, int] = field(default_factory=dict)  # another length than the file has, to a HEAD
    sha256s: dict[str, str] = field(default_factory=dict)  # another content than the file has
    marked: bool = True  # with ETags
    ranges: bool = True  # with Range
    lengths: bool = True  # with Content-Length
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""
    holding: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)

    def put(self, repository: str, path: str, content: bytes) -> None:
        """As a hub has it: by branch, and by commit."""
        for revision in ("main", COMMIT):
            self.files[f"/{repository}/resolve/{revision}/{path}"] = content


def as_hub(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let huggingface_hub, in this process, take the site for the hub."""
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", site.address)
    template = site.address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(huggingface_hub.constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(_Handler):
        content = site

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.address = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.go_on.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    content: Site
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        """Length, hash and commit, as a hub tells them."""
        if self._refused():
            return
        body = self.content.files[self.path]
        digest = self.content.sha256s.get(self.path, hashlib.sha256(body).hexdigest())
        length = self.content.announced.get(self.path, len(body))
        self._answer(200, {"ETag": f'"{digest}"', "X-Repo-Commit": COMMIT, "Content-Length": str(length)})

    def do_GET(self) -> None:
        if not self.path.startswith("/api/"):  # huggingface_hub asks things of its own
            self.content.asked.append((self.path, self.headers.get("Range", "")))
        if self._refused():
            return
        body = self.content.files[self.path]
        mark = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        start = self._start(mark)
        if start >= len(body) > 0:
            self._answer(416, {"Content-Range": f"bytes */{len(body)}", "Content-Length": "0"})
            return
        headers = {"ETag": mark} if self.content.marked else {}
        headers |= {"Content-Length": str(len(body) - start)} if self.content.lengths else {"Connection": "close"}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self._answer(206 if start else 200, headers)
        self._send(body[start:])

    def _refused(self) -> bool:
        status = self.content.statuses.get(self.path, 0 if self.path in self.content.files else 404)
        if status:
            self._answer(status, {"Content-Length": "0"})
        return bool(status)

    def _start(self, mark: str) -> int:
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range", mark) == mark
        return int(wanted[1]) if wanted and same and self.content.ranges else 0

    def _send(self, body: bytes) -> None:
        cuts = self.content.cuts.get(self.path)
        held_back = self.content.held_back.get(self.path)
        if held_back is not None and not self.content.go_on.is_set():
            self.wfile.write(body[:held_back])
            self.content.holding.set()
            self.content.go_on.wait(30)
            self.close_connection = True
        elif not cuts:
            self.wfile.write(body)
        else:
            self.wfile.write(body[: cuts.pop(0)])
            self.close_connection = True

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """In silence."""
