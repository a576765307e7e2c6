"""A server that asks for keys, and the folder its clients' public keys lie in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.client import ClientKeys
from bridge.config import Config, Security
from bridge.keys import make_pair
from bridge.server import Server


@dataclass(frozen=True)
class Locked:
    """`folder` has everybody's pairs, `folder / "clients"` is the list."""

    server: Server
    folder: Path

    def path(self, name: str) -> Path:
        """A client's secret key; the pair is made if there is none yet."""
        secret = self.folder / f"{name}.key_secret"
        if not secret.exists():
            make_pair(name, self.folder)
        return secret

    def keys(self, name: str, server: str = "server") -> ClientKeys:
        return ClientKeys.read(self.path(name), self.path(server).with_suffix(".key"))

    def let_in(self, name: str) -> None:
        public = self.path(name).with_suffix(".key")
        (self.folder / "clients" / public.name).write_bytes(public.read_bytes())

    def throw_out(self, name: str) -> None:
        (self.folder / "clients" / f"{name}.key").unlink()


@contextmanager
def locked(folder: Path, bind: str = "tcp://127.0.0.1:*") -> Iterator[Locked]:
    """A server with "amara" on its list."""
    _, secret = make_pair("server", folder)
    (folder / "clients").mkdir()
    make_pair("amara", folder)
    (folder / "amara.key").rename(folder / "clients" / "amara.key")
    (folder / "amara.key").write_bytes((folder / "clients" / "amara.key").read_bytes())
    security = Security(str(secret), str(folder / "clients"))
    with Server(Config(bind=bind, model="testcard", security=security)) as server:
        yield Locked(server, folder)
