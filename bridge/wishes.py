"""What a stream is wished to be, what the server has granted of that, and what it has refused."""

from dataclasses import asdict, dataclass
from typing import Any

from protocol.messages import Welcome

CONNECTION = ("address", "key", "server_key")  # of the settings, those that are no wish for a stream
CONTROLLED = {"identity", "expression_scale", "reference_scale", "steps", "seed", "light", "backdrop"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the server is and what the stream is opened with, as in `protocol.messages.Open`.

    `key` and `server_key` are paths, and go together. An empty `identity` and a `size` of 0 are the server's first;
    `size` is in pixels.
    """

    address: str = "tcp://127.0.0.1:5570"
    key: str = ""  # the file with this client's own NAME.key_secret, where the server asks for keys
    server_key: str = ""  # the file with the server's public key
    identity: str = ""
    subject: str = ""
    size: int = 0
    basis: str = "arkit55"
    codec: str = "jpeg"
    credit: int = 2
    seed: int = 0
    steps: int = 0
    expression_scale: float = 1.0
    reference_scale: float = 0.8
    light: tuple[float, ...] = ()
    backdrop: str = ""


class Wishes:
    """The settings of one stream by name. A change that was refused is not asked for again until its wish changes."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}  # by the last OPEN or CONTROL; {} while no stream is
        self.in_force: dict[str, Any] = {}  # since the last OPENED; stays after the stream's end, to resume with
        self.refusal = ""  # why, as long as a refusal stands
        self._refused: dict[str, Any] = {}
        self._before: dict[str, Any] = {}  # what was in force before the last OPENED

    def wanted(self, settings: Settings, welcome: Welcome) -> dict[str, Any]:
        """What to ask for: the settings, with the server's own where none is wished, and without what it refused."""
        wanted = asdict(settings)
        for name in CONNECTION:
            del wanted[name]
        wanted["identity"] = wanted["identity"] or next(iter(welcome.identities), "")
        wanted["size"] = wanted["size"] or welcome.sizes[0]
        if any(wanted[name] != value for name, value in self._refused.items()):
            self._refused, self.refusal = {}, ""
        return wanted | {name: self.in_force[name] for name in self._refused}

    def changes(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """What of it has not been asked for yet."""
        return {name: value for name, value in wanted.items() if self.asked.get(name, ...) != value}

    def grant(self) -> None:
        """What was asked for is in force."""
        self._before, self.in_force = self.in_force or self.asked, self.asked

    def refuse(self, reason: str) -> None:
        """What the last CONTROL asked for is refused, and all stays as it was."""
        self._keep_out(self.asked, self.in_force, reason)
        self.asked = self.in_force

    def withdraw(self, reason: str) -> None:
        """What was granted last could not be done, and what was in force before it is again."""
        self._keep_out(self.in_force, self._before, reason)
        if self.asked == self.in_force:
            self.asked = self._before
        self.in_force = self._before

    def end(self) -> None:
        """The stream is no more."""
        self.asked = {}

    def _keep_out(self, wished: dict[str, Any], kept: dict[str, Any], reason: str) -> None:
        self._refused |= {name: value for name, value in wished.items() if kept[name] != value}
        self.refusal = reason
