"""The state tables and the exchange of SPEC.md against the real server, by a client that knows SPEC.md alone.

It speaks through pyzmq and MessagePack and uses nothing of this repository but the server.
"""

from collections.abc import Iterator
from typing import Any

import msgpack
import pytest
import zmq

from bridge.config import Config
from bridge.server import Server

HELLO = {"t": "HELLO", "version_min": 1, "version_max": 1}
OPEN = {"t": "OPEN", "stream": 1, "subject": "", "basis": "arkit52", "codec": "rgb24", "credit": 1}
ON_A_STREAM = [
    {"t": "CURVES", "stream": 1, "sequence": 0, "captured": 1, "timecode": "", "values": {}},
    {"t": "ACK", "stream": 1, "sequence": 0},
    {"t": "CONTROL", "stream": 1, "seed": 3},
    {"t": "CLOSE", "stream": 1},
]
ONLY_SERVERS_SEND = [
    {"t": "ERROR", "code": 1, "name": "malformed", "text": ""},
    {"t": "OPENED", "stream": 1, "identity": "a", "basis": "arkit52", "size": 8, "codec": "jpeg", "row_order": "top"}
    | {"delivery": "newest", "credit": 1, "seed": 0, "steps": 0, "expression_scale": 1},
]


class Stranger:
    """A DEALER socket, MessagePack, and patience of ten seconds."""

    def __init__(self, context: zmq.Context[zmq.Socket[bytes]], address: str) -> None:
        self.socket = context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.rcvtimeo = 10_000
        self.socket.connect(address)

    def send(self, message: dict[str, Any]) -> None:
        self.socket.send(msgpack.Packer().pack(message))

    def receive(self) -> dict[str, Any]:
        """The next message that is no PING, its pixels under `pixels`."""
        while True:
            head, *pixels = self.socket.recv_multipart()
            message: dict[str, Any] = msgpack.unpackb(head)
            if message["t"] != "PING":
                return message | ({"pixels": pixels[0]} if pixels else {})

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        self.send(message)
        return self.receive()

    def refused(self, message: dict[str, Any]) -> tuple[str, bool]:
        """The name of the ERROR that a message leads to, and whether it was fatal."""
        answer = self.ask(message)
        assert answer["t"] == "ERROR", answer
        return answer["name"], answer["fatal"]

    def curves(self, sequence: int, jaw: float = 0.5) -> None:
        self.send(ON_A_STREAM[0] | {"sequence": sequence, "captured": 1000 + sequence, "values": {"jawOpen": jaw}})

    def open(self, **wishes: object) -> dict[str, Any]:
        welcome = self.ask(HELLO)
        choice = {"identity": welcome["identities"][0], "size": welcome["sizes"][0]}
        return self.ask(OPEN | choice | wishes)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
        yield server.address


@pytest.fixture
def stranger(address: str) -> Iterator[Stranger]:
    with zmq.Context() as context:
        stranger = Stranger(context, address)
        yield stranger
        stranger.send({"t": "BYE"})
        stranger.socket.close(linger=1000)


def name(message: dict[str, Any]) -> str:
    return message["t"]


@pytest.mark.parametrize(
    "message",
    [
        *ON_A_STREAM,
        *ONLY_SERVERS_SEND,
        {"t": "STATS"},
        {"t": "PING", "sent": 1},
        OPEN | {"identity": "a", "size": 8},
    ],
    ids=name,
)
def test_before_welcome_everything_is_fatal(stranger: Stranger, message: dict[str, Any]) -> None:
    assert stranger.refused(message) == ("unexpected_message", True)
    assert stranger.ask(HELLO)["t"] == "WELCOME"


def test_no_version_in_common(stranger: Stranger) -> None:
    assert stranger.refused(HELLO | {"version_min": 2, "version_max": 9}) == ("version_unsupported", True)


def test_after_welcome(stranger: Stranger) -> None:
    stranger.ask(HELLO)
    assert stranger.refused(HELLO) == ("unexpected_message", False)
    assert stranger.refused({"t": "JUMP"}) == ("unknown_message", False)
    assert [stranger.refused(message) for message in ONLY_SERVERS_SEND] == [("unexpected_message", False)] * 2
    assert stranger.ask({"t": "PING", "sent": 77})["sent"] == 77
    assert stranger.ask({"t": "STATS"})["clients"] >= 1
    stranger.send({"t": "BYE"})
    assert stranger.refused({"t": "STATS"}) == ("unexpected_message", True)


@pytest.mark.parametrize("message", ON_A_STREAM, ids=name)
def test_on_an_absent_stream(stranger: Stranger, message: dict[str, Any]) -> None:
    stranger.ask(HELLO)
    assert stranger.refused(message) == ("unknown_stream", False)


def test_what_is_not_to_be_had(stranger: Stranger) -> None:
    opened = stranger.open()
    wish = OPEN | {"identity": opened["identity"], "size": opened["size"], "stream": 2}
    assert stranger.refused(wish | {"stream": 1}) == ("duplicate_stream", False)
    assert stranger.refused(wish | {"identity": "nobody at all"}) == ("unknown_identity", False)
    assert stranger.refused(wish | {"size": 4095}) == ("unsupported", False)
    assert stranger.refused(wish | {"basis": "arkit99"}) == ("unsupported", False)


@pytest.mark.parametrize("other", [{"basis": "arkit55"}, {"codec": "jpeg"}])
def test_welcome_names_all_there_is_for_this_client(stranger: Stranger, other: dict[str, str]) -> None:
    welcome = stranger.ask(HELLO | {"bases": ["arkit52"], "codecs": ["rgb24"]})
    assert (welcome["bases"], welcome["codecs"]) == (["arkit52"], ["rgb24"])
    wish = OPEN | {"identity": welcome["identities"][0], "size": welcome["sizes"][0]}
    assert stranger.refused(wish | other) == ("unsupported", False)
    assert stranger.ask(wish)["t"] == "OPENED"


@pytest.mark.parametrize(
    ("message", "about"),
    [
        ({"t": "ACK", "stream": 9, "sequence": 3}, ("unknown_stream", 9, 3)),
        (ON_A_STREAM[0] | {"sequence": 3, "timecode": 0}, ("bad_field", 1, 3)),
        (ON_A_STREAM[0] | {"sequence": "3"}, ("bad_field", 1, -1)),
        (ON_A_STREAM[0] | {"stream": "1", "sequence": 3}, ("bad_field", -1, 3)),
        (ON_A_STREAM[0] | {"padding": "x" * 70_000}, ("too_large", -1, -1)),
        (OPEN | {"identity": "nobody at all", "size": 128, "stream": 2}, ("unknown_identity", 2, -1)),
        (OPEN | {"identity": "a", "size": 8, "delivery": "all"}, ("unsupported", 1, -1)),
        ({"t": "CONTROL", "stream": 1, "seed": -1}, ("bad_field", 1, -1)),
        ({"t": "WELCOME"}, ("bad_field", -1, -1)),
    ],
)
def test_which_message_an_error_is_about(
    stranger: Stranger, message: dict[str, Any], about: tuple[str, int, int]
) -> None:
    stranger.open()
    error = stranger.ask(message)
    assert (error["name"], error["stream"], error["sequence"]) == about


MANY = {f"name{index}": 0 for index in range(255)}


@pytest.mark.parametrize("values", [{}, {"expression00": 1}, {"jawOpen": 1, "no_curve": 100}, {"jawOpen": 1} | MANY])
def test_names_that_are_skipped(stranger: Stranger, values: dict[str, float]) -> None:
    stranger.open()
    assert stranger.ask(ON_A_STREAM[0] | {"values": values})["t"] == "PICTURE"


@pytest.mark.parametrize(
    "values",
    [{"jaw_open": 1}, {"jawOpen": 1, "no_curve": 101}, {"jawOpen": 1, "no_curve": "1"}, {"": 0, "jawOpen": 1} | MANY],
)
def test_names_that_are_not(stranger: Stranger, values: dict[str, Any]) -> None:
    stranger.open()
    assert stranger.refused(ON_A_STREAM[0] | {"values": values}) == ("bad_curves", False)


def test_newest_wins(stranger: Stranger) -> None:
    opened = stranger.open()
    assert (opened["t"], opened["credit"], opened["delivery"]) == ("OPENED", 1, "newest")
    stranger.curves(0)
    picture = stranger.receive()
    assert (picture["sequence"], picture["captured"], picture["dropped"]) == (0, 1000, 0)
    assert len(picture["pixels"]) == picture["width"] * picture["height"] * 3
    assert picture["received"] <= picture["taken"] <= picture["drawn"] <= picture["sent"]
    stranger.curves(1)
    stranger.curves(2)
    stranger.send({"t": "ACK", "stream": 1, "sequence": 0})
    picture = stranger.receive()
    assert (picture["sequence"], picture["captured"], picture["dropped"]) == (2, 1002, 1)


def test_every_frame_is_answered(stranger: Stranger) -> None:
    assert stranger.open(delivery="every", credit=2)["delivery"] == "every"
    stranger.curves(0)
    stranger.curves(1)
    assert [stranger.receive()["sequence"] for _ in range(2)] == [0, 1]
    for sequence in (2, 3, 4):  # no credit: the first two wait, the third is too many
        stranger.curves(sequence)
    error = stranger.receive()
    assert (error["name"], error["stream"], error["sequence"]) == ("credit_exceeded", 1, 4)
    stranger.send({"t": "ACK", "stream": 1, "sequence": 1})
    assert [stranger.receive()["sequence"] for _ in range(2)] == [2, 3]
    before = stranger.ask({"t": "STATS"})["dropped"]
    stranger.curves(4)  # the refused number again; without credit it waits until CLOSE
    assert stranger.ask({"t": "CLOSE", "stream": 1})["t"] == "CLOSE"
    assert stranger.ask({"t": "STATS"})["dropped"] == before + 1


def test_bad_frames_cost_only_themselves(stranger: Stranger) -> None:
    stranger.open()
    frame = ON_A_STREAM[0]
    stranger.curves(5)
    stranger.receive()
    assert stranger.refused(frame | {"sequence": 5}) == ("stale_sequence", False)
    assert stranger.refused(frame | {"sequence": 6, "values": b""}) == ("bad_curves", False)
    assert stranger.refused(frame | {"sequence": 7, "values": bytes(220)}) == ("bad_curves", False)
    stranger.send({"t": "ACK", "stream": 1, "sequence": 5})
    stranger.curves(8)
    assert stranger.receive()["sequence"] == 8


def test_control_is_answered_and_close_comes_back(stranger: Stranger) -> None:
    stranger.open()
    assert stranger.ask({"t": "CONTROL", "stream": 1, "seed": 9, "expression_scale": 2})["seed"] == 9
    assert stranger.ask({"t": "CLOSE", "stream": 1}) == {"t": "CLOSE", "stream": 1}
    assert stranger.refused({"t": "ACK", "stream": 1, "sequence": 0}) == ("unknown_stream", False)
