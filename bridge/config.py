"""One validated, frozen configuration, from a TOML file with overrides from the command line."""

import difflib
import ipaddress
import re
import tomllib
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from generator.face_generator import AUTOENCODERS, DEVICES, DTYPES, RUNTIMES, ModelOptions

SECURITY = ("key", "clients")  # on the command line without their table
CHOICES = {"autoencoder": ("", *AUTOENCODERS), "device": DEVICES, "dtype": DTYPES, "runtime": RUNTIMES}


class ConfigError(ValueError):
    """A setting that cannot be: the sentence names it, what was given and what it takes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may ask of the server. Beyond a bound it gets an ERROR, and is forgotten if it goes on."""

    max_message: int = 65_536
    """Bytes of one message from a client. More is `too_large`; 4 times more and the connection is cut unread."""
    max_clients: int = 32
    """Clients at once. One more is told `too_many_clients`."""
    max_streams: int = 8
    """Streams of one client at once. One more is `too_many_streams`."""
    max_rate: float = 240.0
    """CURVES per second of a stream with delivery "newest", a quarter of a second's worth at once; more is
    `rate_exceeded`. Delivery "every" is bounded by its credit instead."""
    max_credit: int = 16
    """Pictures of a stream sent and not yet acknowledged. A stream that asks for more is granted this."""
    max_messages: float = 10_000.0
    """Messages of any kind per second of a client, a second's worth at once; more is `rate_exceeded`, unread."""
    max_errors: int = 500
    """Errors a client may cause at once, one forgiven every 10 ms. With the next it is let go and heard no more."""
    idle_timeout: float = 30.0
    """Seconds of silence, or with a picture unacknowledged, after which a client is told `timed_out` and forgotten."""
    probe_interval: float = 2.0
    """Seconds of silence after which a client is sent a PING; one whose connection is gone is forgotten at once."""

    def __post_init__(self) -> None:
        _check_types(self, "limits.")
        for bound in fields(self):
            if not 0 < getattr(self, bound.name) < 1e9:
                raise ConfigError(f"limits.{bound.name} must be above 0, got {getattr(self, bound.name)}")


@dataclass(frozen=True, slots=True)
class Security:
    """The keys of a server that others than this machine may reach: both, or none. docs/security.md shows them."""

    key: str = ""
    """The file with the server's own secret key, NAME.key_secret. With it, a client needs keys, here too."""
    clients: str = ""
    """The folder with the public keys, NAME.key, of those who may come in."""

    def __post_init__(self) -> None:
        _check_types(self, "security.")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the server is told at its start."""

    bind: str = "tcp://127.0.0.1:5570"
    """Where to listen: `tcp://ADDRESS:PORT` (port `*` takes a free one), or `ipc://PATH`. Beyond loopback with keys."""
    model: str = "compact"
    """"compact", "compact-s" (the same, smaller), "testcard" (bars instead of a face), or a folder with a model."""
    base: str = ""
    """Of the published model: the folder with Stable Diffusion 1.5's vae/ and scheduler/."""
    autoencoder: str = ""
    """Of the published model: "taesd", "sd", or "" for taesd where it is there."""
    device: str = "auto"
    """Where the network runs: "auto", "cpu" or "cuda"."""
    dtype: str = "auto"
    """Of the published model: "auto", "float32", "float16" or "bfloat16"."""
    runtime: str = "auto"
    """How the network runs: "auto", "eager", "compiled" or "openvino"."""
    store: str = ""
    """The folder of the people enrolled, "" the user's own."""
    map: str = ""
    """Between ARKit and FLAME: a folder with bs2exp.npy and its like, or one or a file with a manifest; "" bundled."""
    encoders: int = 2
    """Threads that encode pictures, 1 to 16."""
    jpeg_quality: int = 92
    """1 to 100."""
    limits: Limits = field(default_factory=Limits)
    security: Security = field(default_factory=Security)

    def __post_init__(self) -> None:
        _check_types(self, "")
        check_security(self.security)
        check_bind(self.bind, bool(self.security.key))
        for name, choices in CHOICES.items():
            _check_choice(name, getattr(self, name), choices)
        for name, most in (("encoders", 16), ("jpeg_quality", 100)):
            if not 1 <= getattr(self, name) <= most:
                raise ConfigError(f"{name} must be from 1 to {most}, got {getattr(self, name)}")

    @property
    def options(self) -> ModelOptions:
        """What `load_generator` is told beside the model."""
        return ModelOptions(**{option.name: getattr(self, option.name) for option in fields(ModelOptions)})


def load_config(path: str | Path | None = None, **overrides: Any) -> Config:
    """The settings of a TOML file, or the defaults; overrides that are not None win. Raises ConfigError."""
    given = {name: value for name, value in overrides.items() if value is not None}
    keys = {name: given.pop(name) for name in SECURITY if name in given}
    if path is not None:
        return _fill(_from_file(Path(path), keys), given, "")
    return _fill(Config(), given | {"security": _fill(Security(), keys, "security.")}, "")


def _from_file(path: Path, keys: dict[str, Any]) -> Config:
    """With `keys` in place of the file's own: without any, it might not hold."""
    settings = _read(path)
    try:
        for name, defaults in (("limits", Limits()), ("security", Security())):
            if isinstance(settings.get(name, {}), dict):
                settings[name] = _fill(defaults, settings.get(name, {}), f"{name}.")
        if isinstance(settings["security"], Security):
            settings["security"] = replace(_beside(path, settings["security"]), **keys)
        return _fill(Config(), settings, "")
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None


def _beside(path: Path, security: Security) -> Security:
    """Its paths as they are meant: from the folder of the file they stand in."""
    return Security(**{name: str(path.parent / given) if given else "" for name, given in asdict(security).items()})


def _check_choice(name: str, given: str, choices: tuple[str, ...]) -> None:
    if given not in choices:
        words = [choice for choice in choices if choice]
        raise ConfigError(f"{name} must be {', '.join(words[:-1])} or {words[-1]}, got {given!r}")


def check_security(security: Security) -> None:
    """ConfigError where one of the two is missing."""
    if security.clients and not security.key:
        raise ConfigError(
            "clients is given, and the server's own key is missing: `facebridge keys new server` makes it; "
            "name it with --key server.key_secret"
        )
    if security.key and not security.clients:
        raise ConfigError(
            "key is given, and the list of the clients is missing: name the folder of their public keys with "
            "--clients DIR; `facebridge keys new NAME` makes a pair, and its NAME.key goes there"
        )


def check_bind(address: str, keys: bool = False) -> None:
    """ConfigError unless only this machine can reach the address, or clients need `keys`."""
    if re.fullmatch(r"ipc://.+", address):
        return
    parts = re.fullmatch(r"tcp://(\[.+\]|[^:\[\]]+):(\d{1,5}|\*)", address)
    if not parts or (parts[2] != "*" and not 0 < int(parts[2]) < 65536):
        raise ConfigError(f"bind {address!r} is no address; write tcp://127.0.0.1:5570 or ipc:///path/to/socket")
    if not keys and not _is_loopback(parts[1].strip("[]")):
        raise ConfigError(
            f"bind {address!r} is refused: other machines would reach it, and without keys the server listens on "
            "loopback only; `facebridge keys new server` makes its key, then give --key server.key_secret and "
            "--clients DIR, with the clients' public keys in DIR (docs/security.md), or stay on tcp://127.0.0.1:PORT "
            "and use a tunnel such as `ssh -L`"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None


def _fill(defaults: Any, settings: dict[str, Any], prefix: str) -> Any:
    known = [setting.name for setting in fields(defaults)]
    for name in settings:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"there are {', '.join(known)}"
            raise ConfigError(f"unknown setting {prefix}{name}; {hint}")
    return replace(defaults, **settings)


def _check_types(settings: Any, prefix: str) -> None:
    for setting in fields(settings):
        value, kind = getattr(settings, setting.name), setting.type
        fits = type(value) is kind or (kind is float and type(value) is int)
        if not fits:
            words: dict[Any, str] = {int: "a whole number", float: "a number", str: "a text"}
            raise ConfigError(f"{prefix}{setting.name} must be {words.get(kind, 'a table')}, got {value!r}")
