"""CURVE keys in files: NAME.key, which anybody may see, and NAME.key_secret, which nobody else may.

The format is ZeroMQ's own (`zmq.auth`), the keys in it are 40 characters of Z85.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import zmq
import zmq.auth

from bridge.errors import CommandError

PUBLIC, SECRET = ".key", ".key_secret"
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}", re.ASCII)
Z85 = re.compile(rb"[0-9a-zA-Z.:+=^!/*?&<>()\[\]{}@%$#-]{40}")


class KeyFileError(CommandError):
    """A key that cannot be used: the sentence names the file, what is wrong, and the command that makes it."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves, in Z85."""

    public: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """What a client needs for a server that asks for keys: the server's public key, and a pair of its own."""

    server: bytes
    own: KeyPair

    @classmethod
    def read(cls, key: str | Path, server: str | Path) -> "ClientKeys":
        """From one's own NAME.key_secret, and the server's NAME.key. Raises KeyFileError."""
        return cls(read_public(Path(server)), read_pair(Path(key)))


def keys_named(key: str, server_key: str) -> ClientKeys | None:
    """From the two paths, "" and "" for none. Raises KeyFileError."""
    if bool(key) != bool(server_key):
        missing = "the server's public key, server.key" if key else "one's own secret key, NAME.key_secret"
        raise KeyFileError(f"keys go in pairs: name {missing}, too")
    return ClientKeys.read(key, server_key) if key else None


def make_pair(name: str, folder: Path) -> tuple[Path, Path]:
    """A new pair in a folder: the paths of its public and its secret file. Nothing is written over."""
    if not NAME.fullmatch(name):
        raise KeyFileError(f"{name!r} is no name for a key: letters, digits, '-', '_' and '.', such as amara")
    require_curve()
    public, secret = (folder / f"{name}{ending}" for ending in (PUBLIC, SECRET))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, mode in ((public, 0o644), (secret, 0o600)):  # before there is anything to be read in it
            path.touch(mode, exist_ok=False)
        zmq.auth.create_certificates(folder, name)
    except FileExistsError:
        raise KeyFileError(f"{public} or {secret.name} is there already: take another name, or delete both") from None
    except OSError as error:
        raise KeyFileError(f"cannot write {public}: {error.strerror or error}") from None
    return public, secret


def read_public(path: Path) -> bytes:
    """The public key, of either file of a pair."""
    public, _ = _read(path)
    return public


def read_pair(path: Path) -> KeyPair:
    """Both keys, of a NAME.key_secret."""
    public, secret = _read(path)
    if secret is None:
        raise KeyFileError(f"{path} has no secret key: name the file that ends in {SECRET}")
    require_curve()
    if not Z85.fullmatch(secret) or zmq.curve_public(secret) != public:
        raise KeyFileError(f"{path} is damaged: its two keys do not belong together; copy it again")
    return KeyPair(public, secret)


def require_curve() -> None:
    """KeyFileError where ZeroMQ was built without encryption."""
    if not zmq.has("curve"):
        raise KeyFileError(
            "this machine's ZeroMQ was built without CURVE: `pip install --force-reinstall pyzmq` brings one with it"
        )


def _read(path: Path) -> tuple[bytes, bytes | None]:
    make = f"`facebridge keys new {path.stem or 'NAME'}` makes one"
    if not path.is_file():
        raise KeyFileError(f"there is no key file {path}; {make}")
    try:
        public, secret = zmq.auth.load_certificate(path)
    except OSError as error:
        raise KeyFileError(f"cannot read {path}: {error.strerror or error}") from None
    except ValueError:
        public, secret = b"", None
    if not Z85.fullmatch(public):
        raise KeyFileError(f"{path} is no key file; {make}")
    return public, secret
