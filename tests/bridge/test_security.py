"""Servers that ask for keys, on real sockets: who comes in, who does not, and that nobody is disturbed by these."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zmq

from bridge.client import ClientKeys, FaceBridgeClient
from bridge.client_async import AsyncFaceBridgeClient
from bridge.keys import KeyFileError, KeyPair
from bridge.performer import Performer, State
from protocol import codec
from protocol.messages import Bye, Hello, Welcome
from tests.bridge.locked import Locked, locked

if TYPE_CHECKING:
    from bridge.server import Server

pytestmark = pytest.mark.skipif(not zmq.has("curve"), reason="this pyzmq has no CURVE")
HELLO = codec.encode(Hello(1, 1, "peer"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Locked]:
    with locked(tmp_path) as house:
        yield house


def connect(house: Locked, keys: ClientKeys | None) -> FaceBridgeClient:
    return FaceBridgeClient(house.server.address, timeout=20, keys=keys)


def draws(client: FaceBridgeClient) -> bool:
    stream = client.open("teal", size=64)
    stream.send({"jawOpen": 0.5})
    return stream.receive(timeout=20) is not None


def test_who_is_on_the_list_gets_pictures(house: Locked) -> None:
    with connect(house, house.keys("amara")) as client:
        assert draws(client)


def test_the_servers_own_keys_let_its_own_sources_in(house: Locked) -> None:
    with connect(house, house.keys("server")) as client:
        assert draws(client)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (None, "turns this client away; it asks for keys, or is no facebridge server: enter the keys"),
        (("stranger", "server"), "does not accept these keys: check the server's public key, and have yours put on"),
        (("amara", "stranger"), "does not accept these keys: check the server's public key"),
    ],
    ids=["no keys", "not on the list", "another server's key"],
)
def test_nobody_else_gets_a_welcome_nor_disturbs_a_client(
    house: Locked, keys: tuple[str, str] | None, sentence: str
) -> None:
    with connect(house, house.keys("amara")) as amara:
        with pytest.raises(ConnectionError, match=sentence):
            connect(house, house.keys(*keys) if keys else None)
        assert draws(amara)
        assert amara.stats().clients == 1


def test_the_public_half_of_somebody_on_the_list_is_not_enough(house: Locked) -> None:
    ours, theirs = house.keys("stranger"), house.keys("amara")
    with pytest.raises(ConnectionError, match="does not accept these keys"):
        connect(house, ClientKeys(ours.server, KeyPair(theirs.own.public, ours.own.secret)))


def test_a_client_with_keys_says_so_of_a_server_without(serving: "Callable[..., Server]") -> None:
    keys = ClientKeys(zmq.curve_keypair()[0], KeyPair(*zmq.curve_keypair()))
    with pytest.raises(ConnectionError, match="does not accept these keys"):
        FaceBridgeClient(serving().address, timeout=20, keys=keys)


def test_a_client_is_let_in_while_the_server_runs(house: Locked) -> None:
    with pytest.raises(ConnectionError):
        connect(house, house.keys("bola"))

    house.let_in("bola")

    with connect(house, house.keys("bola")) as client:
        assert draws(client)


def test_who_is_thrown_out_is_told_so_and_does_not_come_back(house: Locked) -> None:
    house.let_in("bola")
    with connect(house, house.keys("bola")) as bola, connect(house, house.keys("amara")) as amara:
        stream = bola.open("teal", size=64)

        house.throw_out("bola")

        with pytest.raises(ConnectionError, match="your key was taken off the server's list"):
            stream.receive(timeout=20)
        assert draws(amara)
    with pytest.raises(ConnectionError, match="does not accept these keys"):
        connect(house, house.keys("bola"))


def test_who_is_thrown_out_and_stays_is_heard_no_more(house: Locked) -> None:
    house.let_in("bola")
    keys = house.keys("bola")
    with zmq.Context() as context, context.socket(zmq.DEALER) as peer:
        peer.linger = 0
        peer.curve_serverkey, peer.curve_publickey, peer.curve_secretkey = keys.server, keys.own.public, keys.own.secret
        peer.connect(house.server.address)
        peer.send_multipart(HELLO)
        assert isinstance(heard(peer), Welcome)
        house.throw_out("bola")
        assert isinstance(heard(peer), Bye)

        peer.send_multipart(HELLO)
        with connect(house, house.keys("amara")) as amara:  # the server has read on
            assert draws(amara)
            assert amara.stats().clients == 1
        assert not peer.poll(0)


def heard(peer: "zmq.Socket[bytes]") -> object:
    assert peer.poll(20_000)
    return codec.decode(peer.recv_multipart())


def test_a_folder_that_is_gone_lets_nobody_in_and_is_told_of_once(
    house: Locked, caplog: pytest.LogCaptureFixture
) -> None:
    house.throw_out("amara")
    (house.folder / "clients").rmdir()
    for _ in range(2):
        with pytest.raises(ConnectionError):
            connect(house, house.keys("amara"))
    assert caplog.text.count("nobody may come in: the folder") == 1


def test_a_file_that_is_no_key_is_left_out(house: Locked, caplog: pytest.LogCaptureFixture) -> None:
    (house.folder / "clients" / "notes.key").write_text("buy milk")
    with connect(house, house.keys("amara")) as client:
        assert draws(client)
    assert "notes.key is no key file" in caplog.text


def test_strangers_in_numbers_cost_a_client_nothing(house: Locked) -> None:
    contexts = [zmq.Context() for _ in range(8)]
    for number, context in enumerate(contexts):
        peer = context.socket(zmq.DEALER)
        peer.linger = 0  # it is closed when the next takes its name, and what it sends never arrives
        if number % 2:
            other = zmq.curve_keypair()
            peer.curve_serverkey = house.keys("server").server
            peer.curve_publickey, peer.curve_secretkey = other
        peer.connect(house.server.address)
        peer.send_multipart(HELLO)
    with connect(house, house.keys("amara")) as client:
        stream = client.open("teal", size=64, delivery="every")
        for _ in range(50):
            stream.send({"jawOpen": 0.5})
            assert stream.receive(timeout=20)
        assert client.stats().clients == 1
    for context in contexts:
        context.destroy(linger=0)


def test_the_asyncio_client_has_keys_too(house: Locked) -> None:
    async def run(name: str) -> int:
        async with AsyncFaceBridgeClient(house.server.address, timeout=20, keys=house.keys(name)) as client:
            return (await client.stats()).clients

    # As on Windows, where ZeroMQ needs it.
    loop = asyncio.SelectorEventLoop
    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(run("amara")) == 1
    with asyncio.Runner(loop_factory=loop) as runner, pytest.raises(ConnectionError, match="does not accept these"):
        runner.run(run("stranger"))


def test_a_performer_comes_in_with_its_keys_once_they_are_right(house: Locked) -> None:
    right = {"key": str(house.path("amara")), "server_key": str(house.path("server").with_suffix(".key"))}
    wrong = right | {"key": str(house.path("stranger"))}
    with Performer(address=house.server.address, size=64) as performer:
        until(performer, State.REFUSED)
        assert "it asks for keys" in performer.status
        performer.change(**wrong)
        until(performer, State.REFUSED)
        assert "does not accept these keys" in performer.status
        performer.change(**right)
        until(performer, State.STREAMING)


def test_a_performer_says_what_is_wrong_with_a_file(house: Locked, tmp_path: Path) -> None:
    with Performer(address=house.server.address, key=str(tmp_path / "none.key_secret")) as performer:
        assert performer.status == "Refused: keys go in pairs: name the server's public key, server.key, too."
        performer.change(server_key=str(house.path("server")))
        performer.receive()
        assert "there is no key file" in performer.status and "`facebridge keys new none` makes one" in performer.status
        performer.change(key=str(house.path("amara")))
        until(performer, State.STREAMING)


def test_a_performer_that_is_thrown_out_is_refused(house: Locked) -> None:
    house.let_in("bola")
    keys = {"key": str(house.path("bola")), "server_key": str(house.path("server"))}
    with Performer(address=house.server.address, size=64, **keys) as performer:
        until(performer, State.STREAMING)
        house.throw_out("bola")
        until(performer, State.REFUSED)
        assert "does not accept these keys" in performer.status


def until(performer: Performer, state: State) -> None:
    overdue = threading.Event()
    watch = threading.Timer(20, overdue.set)
    watch.start()
    while performer.state is not state:
        performer.receive(timeout=0.02)
        assert not overdue.is_set(), performer.status
    watch.cancel()


def test_a_server_that_others_can_reach_lets_in_who_has_keys(tmp_path: Path) -> None:
    with locked(tmp_path, bind="tcp://0.0.0.0:*") as house:
        port = house.server.address.rpartition(":")[2]
        with FaceBridgeClient(f"tcp://127.0.0.1:{port}", timeout=20, keys=house.keys("amara")) as client:
            assert draws(client)
        with pytest.raises(ConnectionError, match="asks for keys"):
            FaceBridgeClient(f"tcp://127.0.0.1:{port}", timeout=20)


def test_a_zeromq_without_encryption_is_named(house: Locked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zmq, "has", lambda capability: False)
    with pytest.raises(KeyFileError, match="built without CURVE: `pip install --force-reinstall pyzmq`"):
        house.keys("amara")
