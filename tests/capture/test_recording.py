"""Takes started and stopped by remote control, while the performance goes on."""

import socket
import time
from pathlib import Path

import numpy as np
import pytest
from pythonosc.osc_message import OscMessage

from bridge.capture.ensemble import Ensemble, Plan
from bridge.capture.remote import Order, SetSlate, SetTake, SetTarget, StartRecording, StopRecording, order_packet
from bridge.capture.wanted import read_wanted
from bridge.takes import read_take
from bridge.takes.take import TakeError
from bridge.takes.timecode import parse_timecode
from tests.capture.encoders import livelink

HOME = "127.0.0.1"
PATIENCE = 20


class Director:
    """Sends orders and reads the answers, with a phone that performs."""

    def __init__(self, ensemble: Ensemble) -> None:
        assert ensemble.remote
        self.ensemble = ensemble
        self.remote = (HOME, ensemble.remote.port)
        self.frame = 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((HOME, 0))
        self.socket.settimeout(PATIENCE)

    def order(self, order: Order) -> OscMessage:
        self.socket.sendto(order_packet(order), self.remote)
        return OscMessage(self.socket.recv(8192))

    def perform(self, frames: int) -> None:
        """Send frames, and wait until they are performed."""
        goal = self.frame + frames
        while self.frame < goal:
            values = np.full(61, self.frame / 100, np.float32)
            self.socket.sendto(livelink.packet(values, self.frame), (HOME, self.ensemble.parts[0].port))
            self.frame += 1
        recorder = self.ensemble.parts[0].act.recorder
        deadline = time.monotonic() + PATIENCE
        while recorder and recorder.frames < frames:
            assert time.monotonic() < deadline


@pytest.fixture
def director(tmp_path: Path):
    plan = Plan([read_wanted("livelink:port=0")], preset="none", remote=0, takes=tmp_path / "takes")
    with Ensemble(plan) as ensemble:
        director = Director(ensemble)
        yield director
        director.socket.close()


def test_takes_by_osc(director: Director, tmp_path: Path) -> None:
    started = director.order(StartRecording("scene 4", 7))
    assert started.address == "/RecordStartConfirm"
    assert parse_timecode(started.params[0])  # the time of day: nothing has come yet
    director.perform(10)
    stopped = director.order(StopRecording())
    assert stopped.address == "/RecordStopConfirm"
    assert stopped.params[1] == "scene 4_007.csv"
    assert len(read_take(tmp_path / "takes" / "scene 4_007.csv")) == 10
    assert director.order(StartRecording()).params[0].startswith("00:00:00:09")  # where the phone is
    director.perform(5)
    assert director.order(StopRecording()).params[1] == "scene 4_008.csv"
    director.socket.sendto(order_packet(SetSlate("dream")), director.remote)
    director.socket.sendto(order_packet(SetTake(3)), director.remote)
    director.order(StartRecording())
    assert director.order(StopRecording()).params[1] == "dream_003.csv"


def test_answers_go_where_they_are_wanted(director: Director) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as elsewhere:
        elsewhere.bind((HOME, 0))
        elsewhere.settimeout(PATIENCE)
        director.socket.sendto(order_packet(SetTarget(HOME, elsewhere.getsockname()[1])), director.remote)
        assert OscMessage(elsewhere.recv(8192)).address == "/OSCSetSendTargetConfirm"
        director.socket.sendto(order_packet(StopRecording()), director.remote)
        assert OscMessage(elsewhere.recv(8192)).address == "/RecordStopConfirm"


def test_what_cannot_be_recorded_or_read_is_told(director: Director, tmp_path: Path) -> None:
    director.order(StartRecording("a", 1))
    director.order(StopRecording())
    director.socket.sendto(b"nonsense", director.remote)
    director.socket.sendto(order_packet(StartRecording("a", 1)), director.remote)
    director.order(StopRecording())  # the answer says that all before it is done
    report = director.ensemble.standing()[0].report
    assert report.oddities == {"bad order": 1, "not recorded": 1}
    assert "is there already" in report.error


def test_several_subjects_are_recorded_under_one_number(tmp_path: Path) -> None:
    wanted = [read_wanted("livelink:port=0,subject=anna"), read_wanted("vmc:port=0,subject=bob")]
    with Ensemble(Plan(wanted, preset="none", takes=tmp_path)) as ensemble:
        ensemble.recording.start("duet")
        assert ensemble.recording.running
        ensemble.recording.start("duet")
        ensemble.recording.stop()
        assert not ensemble.recording.running
        with pytest.raises(TakeError):
            ensemble.recording.start("duet", 2)
    names = {path.name for path in tmp_path.iterdir() if path.name.endswith(("anna.csv", "bob.csv"))}
    assert names == {f"duet_00{number}_{name}.csv" for number in (1, 2) for name in ("anna", "bob")}
