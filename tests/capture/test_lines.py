"""Sockets of the sources: ports in use, greetings, connections that break and come back."""

import json
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest

from bridge.capture.control_line import ControlLine
from bridge.capture.feed import Feed
from bridge.capture.greeter import look_up
from bridge.capture.lines import open_lines
from bridge.capture.listener import Line, Listener
from bridge.capture.livelink_control import MAGIC, framed
from bridge.capture.packets import LONGEST, Packets
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.tcp_line import GUESTS
from bridge.capture.wanted import read_wanted
from bridge.clock import now
from bridge.errors import CommandError

PATIENCE = 20  # s until a test gives up; nothing waits that long
HOME = "127.0.0.1"


class Heard:
    """A feed of packets that are a number each, and what came out of it."""

    def __init__(self) -> None:
        self.values: list[float] = []
        self.packets = threading.Semaphore(0)
        self.feed = Feed(lambda: self, self._take)

    def read(self, packet: bytes) -> list[Sample]:
        self.packets.release()
        try:
            value = float(packet)
        except ValueError:
            raise RefusedPacketError("no number", f"{packet!r} is no number") from None
        return [Sample(np.full(55, value, np.float32), np.zeros(6, np.float32), device="one")]

    def _take(self, sample: Sample, arrived: int) -> None:
        self.values.append(float(sample.curves[0]))

    def wait(self, count: int) -> None:
        """Until so many packets more have been read."""
        for _ in range(count):
            assert self.packets.acquire(timeout=PATIENCE)


@pytest.fixture
def hearing() -> Iterator[Callable[..., tuple[list[Line], list[Heard]]]]:
    """`hearing("livelink:port=0", …)`: lines that listen, and what each source heard."""
    with ExitStack() as stack:

        def begin(*texts: str) -> tuple[list[Line], list[Heard]]:
            heard = [Heard() for _ in texts]
            lines = open_lines([(read_wanted(text), one.feed) for text, one in zip(texts, heard, strict=True)])
            stack.enter_context(Listener(list(dict.fromkeys(lines))))
            return lines, heard

        yield begin


@contextmanager
def udp() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind((HOME, 0))
        made.settimeout(PATIENCE)
        yield made


def test_everything_that_waits_is_read(hearing: Callable[..., tuple[list[Line], list[Heard]]]) -> None:
    (line,), (heard,) = hearing("livelink:port=0")
    with udp() as phone:
        for number in range(50):
            phone.sendto(str(number).encode(), (HOME, line.port))
        phone.sendto(b"", (HOME, line.port))
        heard.wait(51)
    assert heard.values == list(range(50))


def test_a_port_in_use_is_told_with_what_to_do() -> None:
    with udp() as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as refused:
            open_lines([(read_wanted(f"livelink:port={port}"), Heard().feed)])
    assert f"livelink:port={port}: cannot listen on UDP port {port} of 0.0.0.0" in str(refused.value)
    assert "another program may have it" in str(refused.value)
    assert str(refused.value).endswith("choose another port, as in livelink:port=NUMBER, and tell the app")


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(CommandError, match=r"port 0 of 192\.0\.2\.77: .+; bind= takes an address of this computer"):
        open_lines([(read_wanted("livelink:port=0,bind=192.0.2.77"), Heard().feed)])


def test_different_sources_cannot_share_a_port() -> None:
    with pytest.raises(CommandError, match="cannot share port 11111: give one of them another, as in vmc:port=11112"):
        open_lines([(read_wanted(text), Heard().feed) for text in ("livelink", "vmc:port=11111")])


def test_sources_of_one_kind_share_their_port(hearing: Callable[..., tuple[list[Line], list[Heard]]]) -> None:
    with udp() as free:
        port = free.getsockname()[1]
    lines, heard = hearing(f"livelink:port={port}", f"livelink:port={port}")
    assert lines[0] is lines[1]
    with udp() as phone:
        phone.sendto(b"1", (HOME, port))
        phone.sendto(b"x", (HOME, port))
        for one in heard:
            one.wait(2)
    assert (heard[0].values, heard[1].values) == ([1.0], [])


def test_a_phone_is_asked_until_it_sends(hearing: Callable[..., tuple[list[Line], list[Heard]]]) -> None:
    with udp() as phone:
        (line,), (heard,) = hearing(f"ifacialmocap:port=0,host={HOME}:{phone.getsockname()[1]}")
        for _ in range(2):
            asked, computer = phone.recvfrom(500)
            assert asked == b"iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719|sendDataVersion=v2"
            assert computer[1] == line.port
        phone.sendto(b"4", computer)
        heard.wait(1)
    assert heard.values == [4.0]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ifacialmocap:version=1", b"iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719"),
        ("facemotion3d:subject=a", b"FACEMOTION3D_OtherStreaming"),
        ("facemotion3d:tcp=on", b"FACEMOTION3D_OtherStreaming|protocol=tcp"),
        ("vtubestudio:subject=a", b'"messageType": "iOSTrackingDataRequest"'),
    ],
)
def test_what_each_is_asked_with(
    text: str, asked: bytes, hearing: Callable[..., tuple[list[Line], list[Heard]]]
) -> None:
    with udp() as phone:
        (line,), _ = hearing(f"{text},port=0,host={HOME}:{phone.getsockname()[1]}")
        said = phone.recv(500)
    assert asked in said
    if said.startswith(b"{"):
        assert json.loads(said)["ports"] == [line.port]


def test_a_host_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match=r"ifacialmocap: there is no 'no\.such\.host\.invalid' in this network"):
        look_up("no.such.host.invalid", 1, "ifacialmocap")


def test_packets_of_a_connection_wherever_it_is_cut(
    hearing: Callable[..., tuple[list[Line], list[Heard]]],
) -> None:
    (line,), (heard,) = hearing("ifacialmocap:tcp=on,port=0")
    for turn in range(3):  # each time the phone has gone away and comes back
        with socket.create_connection((HOME, line.port), PATIENCE) as phone:
            for piece in (b"1___iFac", b"ialMocap2", b"___iFacialMocap3___iFacialMocapuntold"):
                phone.sendall(piece)
            heard.wait(3)
        assert heard.values == [1.0, 2.0, 3.0] * (turn + 1)


def test_those_that_only_connect_do_not_keep_others_out(
    hearing: Callable[..., tuple[list[Line], list[Heard]]],
) -> None:
    (line,), (heard,) = hearing("ifacialmocap:tcp=on,port=0")
    with ExitStack() as stack:
        for _ in range(3 * GUESTS):
            stack.enter_context(socket.create_connection((HOME, line.port), PATIENCE))
        with socket.create_connection((HOME, line.port), PATIENCE) as phone:
            phone.sendall(b"7___iFacialMocap")
            heard.wait(1)
    assert heard.values == [7.0]


def test_a_packet_that_never_ends_is_given_up() -> None:
    packets = Packets(b"|")
    assert list(packets.split(b"x" * LONGEST)) == []
    assert [len(packet) for packet in packets.split(b"y")] == [LONGEST + 1]
    assert list(packets.split(b"1|2|")) == [b"1", b"2"]


def test_a_phone_is_asked_for_its_curves_and_asked_again_when_it_comes_back() -> None:
    heard = Heard()
    controls: dict = {}
    with socket.create_server((HOME, 0)) as door:
        door.settimeout(PATIENCE)
        line = ControlLine(door.getsockname()[:2], 5555, controls, heard.feed)
        with Listener([line]):
            for _ in range(2):
                phone, _ = door.accept()
                with phone:
                    assert _answer(phone, {"sessionId": "s1"})["addressPath"] == "/session/start"
                    metadata = {"type": "arkit", "version": "1", "controls": ["JawOpen"]}
                    offer = {"subjects": [{"id": "i", "name": "n", "animationMetadata": metadata}]}
                    assert _answer(phone, offer)["addressPath"] == "/stream/subjects"
                    wish = _answer(phone, {})
                    assert (wish["addressPath"], wish["body"]["streamPort"]) == ("/stream/start", 5555)
        assert controls == {"i": ("JawOpen",)}
    assert heard.feed.tally.report(now()).oddities["no control"] >= 1


def _answer(phone: socket.socket, body: dict) -> dict:
    """Read a request of the control session, and answer it."""
    phone.settimeout(PATIENCE)
    head = phone.recv(len(MAGIC) + 6, socket.MSG_WAITALL)
    asked = json.loads(phone.recv(int.from_bytes(head[-4:], "little"), socket.MSG_WAITALL))
    told = {key: asked[key] for key in ("sessionId", "addressPath", "transactionId", "timestamp")}
    phone.sendall(framed(told | {"type": "response", "body": body}))
    return asked


def test_a_listener_leaves_nothing_open() -> None:
    heard = Heard()
    lines = open_lines([(read_wanted("livelink:port=0"), heard.feed)])
    port = lines[0].port
    with Listener(lines):
        pass
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("0.0.0.0", port))
        assert not select.select([again], [], [], 0)[0]
