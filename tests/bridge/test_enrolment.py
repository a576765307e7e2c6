"""People who are enrolled, or removed, while the server runs, and a server that has nobody."""

from collections.abc import Callable

import pytest

from bridge.client import FaceBridgeClient, RefusedError
from bridge.config import Config
from bridge.offer import NobodyError
from bridge.server import Server
from bridge.session import NAMED
from generator.testcard import TestCard
from protocol.messages import Hello, Open
from tests.bridge.one_client import said, session

Serving = Callable[..., Server]
Connecting = Callable[..., FaceBridgeClient]


class OneGuest(TestCard):
    """A test card with one person at first."""

    def __init__(self) -> None:
        self.identities = ("amber",)


class BrokenStore(TestCard):
    """A test card whose people cannot be read once it is told so."""

    broken = False

    @property
    def identities(self) -> tuple[str, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        if self.broken:
            raise OSError("the disk has gone")
        return ("amber", "teal")


def test_who_is_enrolled_meanwhile_can_be_opened_and_changed_to_at_once(
    serving: Serving, connecting: Connecting
) -> None:
    guests = OneGuest()
    server = serving(guests)
    client = connecting(server)
    stream = client.open("amber")
    with pytest.raises(RefusedError, match="no identity 'teal'; there are amber"):
        client.open("teal")

    guests.identities = ("amber", "teal")

    assert stream.control(identity="teal").identity == "teal"
    assert client.open("teal").granted.identity == "teal"
    assert client.identities == ("amber",)
    assert connecting(server).identities == ("amber", "teal")


def test_who_is_removed_meanwhile_is_offered_no_more(serving: Serving, connecting: Connecting) -> None:
    guests = OneGuest()
    guests.identities = ("amber", "teal")
    client = connecting(serving(guests))
    stream = client.open("amber")

    guests.identities = ("amber",)

    with pytest.raises(RefusedError, match="unknown_identity"):
        stream.control(identity="teal")
    assert stream.control(expression_scale=0.5).identity == "amber"


def test_people_that_cannot_be_read_end_no_stream(
    serving: Serving, connecting: Connecting, caplog: pytest.LogCaptureFixture
) -> None:
    store = BrokenStore()
    client = connecting(serving(store))
    stream = client.open("amber", size=64)

    store.broken = True

    with pytest.raises(RefusedError, match="no identity 'teal'; there are none"):
        client.open("teal")
    assert "the identities cannot be read: the disk has gone" in caplog.text
    stream.send({"jawOpen": 0.5})
    assert stream.receive(timeout=20) is not None


def test_a_welcome_names_as_many_as_it_can_hold_and_only_names_that_fit() -> None:
    crowd = OneGuest()
    crowd.identities = ("x" * 65, "é" * 33, "\udcff", "", *(f"{number:064}" for number in range(2000)))
    client = session(crowd)

    welcome = said(client.receive(Hello(1, 1), 0))

    assert welcome.identities == tuple(f"{number:064}" for number in range(NAMED))
    assert client.receive(Open(1, "", f"{1999:064}", "arkit55", 64), 0)
    refused = said(client.receive(Open(2, "", "x" * 65, "arkit55", 64), 0))
    assert refused.text.endswith(f"{11:064} ... and 1988 more")


def test_a_server_with_nobody_says_to_enrol_someone() -> None:
    nobody = OneGuest()
    nobody.identities = ()

    with pytest.raises(NobodyError, match="enrol someone first, `facebridge enroll PHOTO --name NAME`"):
        Server(Config(bind="tcp://127.0.0.1:*"), nobody)
