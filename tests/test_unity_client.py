"""The C# client of the Unity package against the real server: connect, stream, change, lose, return, end."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zmq

from bridge.config import Config, Limits
from bridge.server import Server
from generator.face_generator import StreamSettings
from generator.testcard import picture
from protocol import codec
from protocol.messages import Hello, Message
from tests.bridge.locked import Locked, locked
from tests.scripted_server import NAMES, SITUATIONS, ScriptedServer
from tests.unity import mono

pytestmark = [pytest.mark.needs(command="mcs"), pytest.mark.needs(command="mono")]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mono.compiled(tmp_path_factory.mktemp("unity"))


@pytest.fixture
def client(program: Path) -> Iterator[mono.CSharpClient]:
    client = mono.CSharpClient(program)
    yield client
    assert client.end() == 0


def serve(bind: str = "tcp://127.0.0.1:*", **limits: float) -> Server:
    return Server(Config(bind=bind, model="testcard", limits=Limits(**limits)))  # type: ignore[arg-type]


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


def free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{probe.getsockname()[1]}"


def test_a_frame_comes_back_as_its_picture(client: mono.CSharpClient, server: Server) -> None:
    assert client.do("report")["state"] == "Offline"
    assert client.do("apply", f"Address={server.address}", "Size=64", "Subject=actor")["state"] == "Connecting"
    opened = client.do("until", "Streaming")
    assert (opened["colour"], opened["identity"], opened["size"]) == ("Green", opened["identities"][0], 64)
    report = client.do("frames", "5", "10:20:30:12")
    assert (report["width"], report["height"], report["codec"], report["bottom_first"]) == (64, 64, "rgba32", True)
    assert report["timecode"] == "10:20:30:12"
    assert report["total"] == pytest.approx(report["parts"])
    assert report["total"] > 0
    assert report["sequence"] >= 4
    assert report["status"] == f"Streaming {opened['identities'][0]} at 64 pixels."


@pytest.mark.parametrize(("wire", "channels"), [("rgba32", 4), ("rgb24", 3)])
def test_the_pixels_are_the_servers(client: mono.CSharpClient, server: Server, wire: str, channels: int) -> None:
    client.do("apply", f"Address={server.address}", "Size=64", "Identity=amber", f"Codec={wire}", "Backdrop=#102030")
    client.do("until", "Streaming")
    report = client.do("frames", "1")
    pixels = np.frombuffer(base64.b64decode(report["pixels"]), np.uint8).reshape(64, 64, channels)[::-1]
    values = np.zeros(55, np.float32)
    values[17] = np.float32(report["timecode"])
    expected = picture(StreamSettings(identity="amber", size=64), values)
    whole = expected[..., 3] == 255
    assert whole.mean() > 0.5
    assert np.array_equal(pixels[whole][:, :3], expected[whole][:, :3])


def test_a_jpeg_comes_as_a_file(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Codec=jpeg")
    client.do("until", "Streaming")
    assert base64.b64decode(client.do("frames", "1")["pixels"]).startswith(b"\xff\xd8\xff")


def test_settings_apply_live(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Size=64")
    first = client.do("until", "Streaming")
    other = first["identities"][1]
    client.do("apply", f"Identity={other}", "ExpressionScale=1.5", "Lit=true", "LightAzimuth=30")
    changed = client.do("identity", other)
    assert (changed["scale"], changed["state"]) == (1.5, "Streaming")
    before = client.do("frames", "1")["sequence"]
    client.do("apply", "Size=128")
    assert client.do("size", "128")["identity"] == other
    after = client.do("frames", "1")
    assert (after["width"], after["state"]) == (128, "Streaming")
    assert after["sequence"] > before


@pytest.mark.parametrize(
    ("wish", "word"),
    [("Identity=nobody", "choose another identity"), ("Size=4096", "choose another size"),
     ("Basis=arkit99", "choose another size"), ("Steps=101", "OPEN.steps"), ("Backdrop=blue", "OPEN.backdrop")],
)  # fmt: skip
def test_what_the_server_has_not_is_refused_until_it_changes(
    client: mono.CSharpClient, server: Server, wish: str, word: str
) -> None:
    client.do("apply", f"Address={server.address}", wish)
    refused = client.do("until", "Refused")
    assert word in refused["status"]
    assert refused["colour"] == "Red"
    assert refused["identities"]  # to choose from
    defaults = {"Identity": "", "Size": "64", "Basis": "arkit55", "Steps": "0", "Backdrop": ""}
    name = wish.partition("=")[0]
    client.do("apply", f"{name}={defaults[name]}")
    assert client.do("until", "Streaming")["fault"] == ""


def test_a_refusal_of_what_is_not_wished_any_more_is_passed_over(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Identity=nobody")
    client.do("until", "Refused")
    client.do("apply", "Identity=noone")
    client.do("update")  # it is asked for, and no answer has been read
    client.do("apply", "Identity=teal")
    assert client.do("until", "Streaming")["identity"] == "teal"


def test_a_refused_change_leaves_the_stream_as_it_was(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Identity=amber")
    client.do("until", "Streaming")
    client.do("apply", "Identity=nobody")
    report = client.do("fault", "no identity 'nobody'")
    assert (report["state"], report["colour"], report["identity"]) == ("Streaming", "Amber", "amber")
    assert client.do("frames", "2")["state"] == "Streaming"
    client.do("apply", "ExpressionScale=1.5")
    assert client.do("scale", "1.5")["colour"] == "Amber"  # other changes are made, and the refusal stands
    client.do("apply", "Identity=teal")
    assert client.do("identity", "teal")["colour"] == "Green"


def test_another_size_is_opened_when_the_first_stream_has_ended(client: mono.CSharpClient) -> None:
    with serve(max_streams=1) as server:
        client.do("apply", f"Address={server.address}", "Size=64")
        client.do("frames", "1")
        client.do("apply", "Size=128", "Codec=rgb24")
        assert client.do("size", "128")["state"] == "Streaming"
        report = client.do("frames", "1")
        assert (report["seen"], report["codec"]) == (["Streaming"], "rgb24")


@pytest.mark.parametrize("situation", SITUATIONS, ids=NAMES)
def test_what_the_user_reads(client: mono.CSharpClient, situation: dict[str, Any]) -> None:
    with ScriptedServer(situation) as server:
        client.do("apply", *words({name.title(): value for name, value in server.settings.items()}))
        if server.then:
            client.do("until", "Streaming")
            client.do("apply", *words({name.title(): value for name, value in server.then.items()}))
        told = client.do("status", server.status)
        assert (told["state"], told["colour"]) == (situation["state"], situation["colour"].title())


def test_without_a_server_it_waits_and_then_streams(client: mono.CSharpClient) -> None:
    address = free_address()
    client.do("apply", f"Address={address}")
    waiting = client.do("until", "Waiting")
    assert waiting["seen"] == ["Connecting", "Waiting"]
    assert waiting["colour"] == "Amber"
    assert "facebridge serve" in waiting["status"]
    with serve(address):
        assert client.do("until", "Streaming")["fault"] == ""
        client.do("frames", "1")


def test_a_server_that_returns_is_found_and_the_stream_resumed(client: mono.CSharpClient) -> None:
    with serve() as first:
        client.do("apply", f"Address={first.address}", "Size=64", "Identity=teal")
        client.do("until", "Streaming")
        before = client.do("frames", "3")["sequence"]
    waiting = client.do("until", "Waiting")
    assert waiting["status"].startswith("Waiting: the server")  # its last words are lost where the end comes with them
    with serve(first.address):
        resumed = client.do("until", "Streaming")
        assert (resumed["identity"], resumed["size"]) == ("teal", 64)
        assert client.do("frames", "1")["sequence"] > before


def test_an_engine_that_paused_too_long_streams_again(client: mono.CSharpClient) -> None:
    with serve(idle_timeout=0.2, probe_interval=0.1) as server:
        client.do("apply", f"Address={server.address}", "Size=64")
        client.do("until", "Streaming")
        client.do("frames", "1")
        until(lambda: _clients(server) == 0)
        client.do("until", "Waiting")
        client.do("until", "Streaming")
        client.do("frames", "1")


def _clients(server: Server) -> int:
    return len(list(server._guests.clients()))


def until(true: Callable[[], bool]) -> None:
    """Wait for what happens in another thread."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("wrong", ["tcp://nowhere", "127.0.0.1:5570", "ftp://127.0.0.1:1"])
def test_an_address_that_is_none_is_refused(client: mono.CSharpClient, server: Server, wrong: str) -> None:
    client.do("apply", f"Address={wrong}")
    assert wrong in client.do("until", "Refused")["status"]
    client.do("apply", f"Address={server.address}")
    client.do("until", "Streaming")


def test_garbage_for_an_answer_is_a_lost_connection(client: mono.CSharpClient) -> None:
    with Answering(lambda hello: b"\xc1") as server:
        client.do("apply", f"Address={server.address}")
        assert "does not keep to the protocol" in client.do("until", "Waiting")["status"]


def test_frames_that_do_not_fit_are_refused_here(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}")
    client.do("until", "Streaming")
    assert "55 values, not 2" in client.try_to("send", "arkit55", "0,1")["text"]
    assert "jawOpen" in client.try_to("send", "arkit52", ",".join(["0"] * 17 + ["NaN"] + ["0"] * 34))["text"]
    assert client.do("frames", "1")["failed"] == 0


def test_goodbye_and_again(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}")
    client.do("until", "Streaming")
    assert client.do("disconnect")["state"] == "Offline"
    until(lambda: _clients(server) == 0)
    client.do("apply")
    client.do("until", "Streaming")
    closed = client.do("dispose")
    assert (closed["state"], closed["colour"], closed["live"]) == ("Closed", "Grey", 0)
    assert client.do("dispose")["state"] == "Closed"
    until(lambda: _clients(server) == 0)


def test_fifty_plays_with_the_server_up(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Size=64")
    assert client.do("cycle", "50", "Streaming")["live"] == 1
    client.do("dispose")
    until(lambda: _clients(server) == 0)


def test_fifty_plays_with_the_server_down(client: mono.CSharpClient) -> None:
    client.do("apply", f"Address={free_address()}")
    assert client.do("cycle", "50", "Connecting")["live"] == 1


def test_code_is_unloaded_while_a_client_streams(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Size=64")
    client.do("disconnect")
    client.do("domains", "2")
    until(lambda: _clients(server) == 0)
    client.do("apply")
    client.do("until", "Streaming")


def test_the_connection_test_says_that_it_works(client: mono.CSharpClient, server: Server) -> None:
    client.do("apply", f"Address={server.address}", "Size=64", "Basis=flame55")
    verdict = client.do("test")["verdict"]
    assert verdict.startswith("Works: amber at 64 pixels")


@pytest.mark.parametrize(
    ("wish", "word"), [("Size=4096", "choose another size"), ("Identity=nobody", "there are amber")]
)
def test_the_connection_test_says_what_is_wrong(
    client: mono.CSharpClient, server: Server, wish: str, word: str
) -> None:
    client.do("apply", f"Address={server.address}", wish)
    assert word in client.do("test")["verdict"]


def test_the_connection_test_says_that_nobody_is_there(client: mono.CSharpClient) -> None:
    client.do("apply", f"Address={free_address()}")
    assert "start one with `facebridge serve`" in client.do("test")["verdict"]


def test_frames_cost_no_memory(program: Path, server: Server) -> None:
    cost = json.loads(mono.run(program, "allocation", server.address, "300")[0])
    assert cost["frames"] == 300
    assert cost["collections"] == 0
    assert cost["bytes"] <= 65536  # the pages a collector counts by, not 300 frames' worth


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Locked]:
    """A server that speaks only with keys."""
    with locked(tmp_path) as house:
        yield house


def keys_of(house: Locked, name: str) -> dict[str, str]:
    keys = house.keys(name)
    return {"Server": keys.server.decode(), "Public": keys.own.public.decode(), "Secret": keys.own.secret.decode()}


def words(keys: dict[str, Any]) -> list[str]:
    return [f"{name}={key}" for name, key in keys.items()]


@pytest.mark.skipif(not zmq.has("curve"), reason="this pyzmq has no CURVE")
def test_keys_open_a_locked_server(client: mono.CSharpClient, house: Locked) -> None:
    client.do("apply", f"Address={house.server.address}", *words(keys_of(house, "amara")))
    assert client.do("offer")["identities"] == list(house.server.generator.identities)


@pytest.mark.skipif(not zmq.has("curve"), reason="this pyzmq has no CURVE")
@pytest.mark.parametrize("fault", ["stranger", "other server", "no keys", "short key"])
def test_wrong_keys_are_refused(client: mono.CSharpClient, house: Locked, fault: str) -> None:
    keys, stranger = keys_of(house, "amara"), keys_of(house, "stranger")
    wrong, word = {
        "stranger": (stranger, "does not accept these keys"),
        "other server": ({**keys, "Server": stranger["Public"]}, "does not accept these keys"),
        "no keys": ({}, "asks for keys"),
        "short key": ({**keys, "Public": "abc"}, "public key must have 40 characters, not 3"),
    }[fault]
    client.do("apply", f"Address={house.server.address}", *words(wrong))
    assert word in client.do("until", "Refused")["status"]
    client.do("apply", *words(keys))
    assert client.do("offer")["identities"] == list(house.server.generator.identities)


class Answering:
    """A server that answers HELLO with one thing."""

    def __init__(self, answer: Callable[[Hello], Message | bytes]) -> None:
        self._answer = answer
        self._context = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self.address = f"tcp://127.0.0.1:{self._router.bind_to_random_port('tcp://127.0.0.1')}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ending = False

    def _run(self) -> None:
        while not self._ending:
            if self._router.poll(20):
                peer, *parts = self._router.recv_multipart()
                message = codec.decode(parts)
                if isinstance(message, Hello):
                    answer = self._answer(message)
                    reply = [answer] if isinstance(answer, bytes) else codec.encode(answer)
                    self._router.send_multipart([peer, *reply])

    def __enter__(self) -> "Answering":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending = True
        self._thread.join()
        self._router.close(linger=0)
        self._context.term()
