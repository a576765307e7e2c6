"""Every source from its socket, through the chain and a real server, out to pictures."""

import gzip
import queue
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pythonosc.udp_client import SimpleUDPClient

from bridge.capture.ensemble import Ensemble, Part, Plan
from bridge.capture.facecap import ORDER
from bridge.capture.tally import State
from bridge.capture.wanted import read_wanted
from bridge.clock import now
from bridge.config import Config
from bridge.errors import CommandError
from bridge.received import ReceivedPicture
from bridge.server import Server
from bridge.takes import FIRST_MINUTE, read_take
from generator.face_generator import StreamSettings
from protocol.blendshapes import ARKIT52, INDEX
from tests.bridge.frames import shown
from tests.capture.encoders import livelink, mocap_text, openseeface
from tests.capture.osc_sender import bundle
from tests.capture.test_rokoko import actor, packed, scene
from tests.capture.test_vtube_studio import answer

PATIENCE = 30 * 1_000_000  # µs until a test gives up; nothing waits that long
HOME = "127.0.0.1"
JAW = {"jawOpen": 0.5}
CARD = np.zeros(55, np.float32)
CARD[INDEX["jawOpen"]] = 0.5


def values(**curves: float) -> np.ndarray:
    found = np.zeros(61, np.float32)
    for name, value in curves.items():
        found[INDEX[name]] = value
    return found


PACKETS: dict[str, Sequence[bytes]] = {
    "livelink": [livelink.packet(values(**JAW))],
    "livelink:units=degrees": [livelink.packet(values(**JAW))],
    "ifacialmocap": [mocap_text.version2(JAW)],
    "ifacialmocap:version=1": [mocap_text.version1(JAW)],
    "facemotion3d": [mocap_text.facemotion3d(JAW)],
    "openseeface": [openseeface.face({"mouth_open": 0.5})],
    "facecap": [bundle(*(("/W", place, JAW.get(name, 0.0)) for place, name in enumerate(ORDER)))],
    "rokoko": [packed(scene(actor("Amara", **(dict.fromkeys(ARKIT52, 0.0) | {"jawOpen": 50.0}))))],
    "vtubestudio": [answer(JAW)],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server:
        yield server


class Stage:
    """An ensemble whose pictures are kept, newest last."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        self.pictures: list[queue.SimpleQueue[ReceivedPicture]] = []
        for part in ensemble.parts:
            self.pictures.append(queue.SimpleQueue())
            part.act.watch = self.pictures[-1].put

    @property
    def part(self) -> Part:
        return self.ensemble.parts[0]

    def until(self, send: Callable[[], object], reached: Callable[[], bool]) -> None:
        """Send again and again."""
        deadline = now() + PATIENCE
        while not reached():
            assert now() < deadline, self.ensemble.standing()
            send()
            self._glance()

    def until_shown(self, send: Callable[[], object], card: np.ndarray, place: int = 0, who: str = "teal") -> None:
        """Send until a picture shows exactly these curves."""
        wanted = shown(StreamSettings(who, 128), card)
        found: list[bool] = []

        def look() -> bool:
            while not self.pictures[place].empty():
                found.append(np.array_equal(self.pictures[place].get().pixels, wanted))
            return any(found)

        self.until(send, look)

    def _glance(self) -> None:
        """Wait for a picture, though not long."""
        try:
            self.pictures[0].put(self.pictures[0].get(timeout=0.02))
        except queue.Empty:
            return


@pytest.fixture
def staging(server: Server) -> Iterator[Callable[..., Stage]]:
    """`staging("livelink:port=0", …)`: sources that drive the server, without a preset."""
    with ExitStack() as stack:

        def begin(*texts: str, **plan: object) -> Stage:
            wanted = [read_wanted(text) for text in texts]
            chosen: dict = {"server": server.address, "identity": "teal", "preset": "none", "codec": "rgb24"} | plan
            stage = Stage(Ensemble(Plan(wanted, **chosen)))
            stack.enter_context(stage.ensemble)
            return stage

        yield begin


@pytest.fixture
def phone() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind((HOME, 0))
        yield made


@pytest.mark.parametrize("text", PACKETS)
def test_a_datagram_becomes_a_picture(text: str, staging: Callable[..., Stage], phone: socket.socket) -> None:
    stage = staging(f"{text}{',' if ':' in text else ':'}port=0")

    def send() -> None:
        for packet in PACKETS[text]:
            phone.sendto(packet, (HOME, stage.part.port))

    stage.until_shown(send, CARD)
    stage.until(send, lambda: stage.ensemble.standing()[0].shown.latency is not None)
    report = stage.ensemble.standing()[0].report
    assert (report.state, report.refused) == (State.STREAMING, {})


def test_vmc_as_python_osc_sends_it(staging: Callable[..., Stage]) -> None:
    stage = staging("vmc:port=0")
    client = SimpleUDPClient(HOME, stage.part.port)

    def send() -> None:
        client.send_message("/VMC/Ext/Blend/Val", ["JawOpen", 0.5])
        client.send_message("/VMC/Ext/Blend/Apply", [])

    stage.until_shown(send, CARD)


@pytest.mark.parametrize(
    ("text", "packet"),
    [
        ("ifacialmocap:tcp=on,port=0", mocap_text.version2(JAW) + b"___iFacialMocap"),
        ("facemotion3d:tcp=on,port=0", mocap_text.facemotion3d(JAW) + b"___FACEMOTION3D"),
    ],
)
def test_a_connection_becomes_pictures(text: str, packet: bytes, staging: Callable[..., Stage]) -> None:
    stage = staging(text)
    for _ in range(2):  # the second time it comes back
        with socket.create_connection((HOME, stage.part.port)) as phone:
            stage.until_shown(lambda phone=phone: phone.sendall(packet), CARD)


def test_a_take_is_played_to_its_end(staging: Callable[..., Stage]) -> None:
    stage = staging(f"take:{FIRST_MINUTE},start=1,end=1.5")
    take = read_take(FIRST_MINUTE)
    last = take.curves[(take.times < 1.5)][-1]
    stage.until_shown(lambda: None, last)
    stage.until(lambda: None, lambda: stage.ensemble.over)
    assert stage.ensemble.standing()[0].report.state is State.OVER
    assert stage.ensemble.standing()[0].report.packets == 30


def test_two_phones_drive_two_people(staging: Callable[..., Stage], phone: socket.socket) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind((HOME, 0))
        port = free.getsockname()[1]
    stage = staging(f"livelink:port={port},identity=teal", f"livelink:port={port},identity=violet")

    def send() -> None:
        for name, jaw in (("anna", 0.5), ("bob", 0.25)):
            phone.sendto(livelink.packet(values(jawOpen=jaw), device=name), (HOME, port))

    bob = CARD.copy()
    bob[INDEX["jawOpen"]] = 0.25
    stage.until_shown(send, CARD)
    stage.until_shown(send, bob, place=1, who="violet")
    names = [(standing.name, standing.report.device) for standing in stage.ensemble.standing()]
    assert names == [("livelink", "anna"), ("livelink-2", "bob")]
    assert not any(standing.report.refused for standing in stage.ensemble.standing())


def test_a_preset_is_applied_and_changed_live(
    staging: Callable[..., Stage], phone: socket.socket, tmp_path: Path
) -> None:
    preset = tmp_path / "mine.toml"
    preset.write_text("[gain]\njawOpen = 2.0\n")
    stage = staging("livelink:port=0", preset=str(preset))

    def send() -> None:
        phone.sendto(livelink.packet(values(**JAW)), (HOME, stage.part.port))

    stage.until_shown(send, CARD * 2)
    preset.write_text("[gain]\njawOpen = 0.50\n")
    stage.until_shown(send, CARD / 2)
    preset.write_text("[gain]\njawopn = 1.0\n")
    stage.until(send, lambda: "unknown curve" in stage.ensemble.standing()[0].report.error)
    stage.until_shown(send, CARD / 2)


def test_a_face_at_rest_becomes_neutral(staging: Callable[..., Stage], phone: socket.socket, tmp_path: Path) -> None:
    preset = tmp_path / "mine.toml"
    preset.write_text("[calibration]\ncountdown = 0\naverage = 0.2\n")
    stage = staging("livelink:port=0", preset=str(preset), calibrate=True)

    def send() -> None:
        phone.sendto(livelink.packet(values(**JAW)), (HOME, stage.part.port))

    stage.until_shown(send, np.zeros(55, np.float32))
    stage.until(send, lambda: "neutral measured" in stage.ensemble.standing()[0].shown.calibration)


def test_a_lost_face_is_told(staging: Callable[..., Stage], phone: socket.socket) -> None:
    stage = staging("livelink:port=0")

    def send() -> None:
        phone.sendto(livelink.lost(), (HOME, stage.part.port))

    stage.until(send, lambda: stage.ensemble.standing()[0].report.state is State.LOST)


def test_a_server_that_comes_later_is_found(phone: socket.socket) -> None:
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as gone:
        address = gone.address
    with Ensemble(Plan([read_wanted("livelink:port=0")], address, "teal", "none", codec="rgb24")) as ensemble:
        stage = Stage(ensemble)

        def send() -> None:
            phone.sendto(livelink.packet(values(**JAW)), (HOME, stage.part.port))

        stage.until(send, lambda: "start one with" in ensemble.standing()[0].shown.status)
        with Server(Config(bind=address, model="testcard")):
            stage.until_shown(send, CARD)


@pytest.mark.parametrize("text", ["livelink:port=0", "vmc:port=0", "ifacialmocap:port=0"])
def test_a_running_capture_bears_anything(text: str, staging: Callable[..., Stage], phone: socket.socket) -> None:
    stage = staging(text)
    address = (HOME, stage.part.port)
    sent = 0

    @given(packets=st.lists(st.binary(max_size=1500), min_size=1, max_size=10))
    @settings(deadline=None, derandomize=True, max_examples=40)
    def bear(packets: list[bytes]) -> None:
        nonlocal sent
        for packet in packets:
            phone.sendto(packet, address)
        sent += len(packets)
        stage.until(lambda: None, lambda: stage.ensemble.standing()[0].report.packets == sent)

    bear()
    report = stage.ensemble.standing()[0].report
    assert report.packets == sent == report.taken + sum(report.refused.values())
    assert "fault" not in report.refused, report.error
    good = {
        "livelink:port=0": PACKETS["livelink"],
        "vmc:port=0": [bundle(("/VMC/Ext/Blend/Val", "jawOpen", 0.5), ("/VMC/Ext/Blend/Apply",))],
        "ifacialmocap:port=0": PACKETS["ifacialmocap"],
    }[text]
    stage.until_shown(lambda: [phone.sendto(packet, address) for packet in good], CARD)


def test_a_recording_holds_every_row_as_it_came(
    staging: Callable[..., Stage], phone: socket.socket, shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    stage = staging("livelink:port=0", record=tmp_path / "sweep.csv")
    packets = sweep(shared_data("captures/sweep.gesichter"))[:200]
    for burst in range(0, len(packets), 20):
        for packet in packets[burst : burst + 20]:
            phone.sendto(packet, (HOME, stage.part.port))
        stage.until(lambda: None, lambda burst=burst: stage.part.feed.tally.report(0).packets == burst + 20)
    stage.part.act.stop()
    recorded = read_take(tmp_path / "sweep.csv")
    decoder = stage.part.wanted.make()
    sent = [sample for packet in packets for sample in decoder.read(packet)]
    assert np.array_equal(recorded.curves, np.stack([sample.curves for sample in sent]))
    assert recorded.timecodes == tuple(sample.timecode for sample in sent)


def sweep(path: Path) -> list[bytes]:
    """The recorded packets of a `.gesichter`."""
    data = gzip.decompress(path.read_bytes())
    (count,) = struct.unpack_from(">I", data, 1)
    packets, at = [], 5
    for _ in range(count):
        (size,) = struct.unpack_from(">I", data, at)
        packets.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return packets


def test_a_take_is_not_written_over(tmp_path: Path, server: Server) -> None:
    (tmp_path / "a.csv").write_text("mine")
    ensemble = Ensemble(Plan([read_wanted("livelink:port=0")], server.address, record=tmp_path / "a.csv"))
    with pytest.raises(CommandError, match="is there already"), ensemble:
        pass
    assert (tmp_path / "a.csv").read_text() == "mine"
