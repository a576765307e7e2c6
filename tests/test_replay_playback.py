"""A take through a real server and the real client: what is sent, drawn, dropped and refused."""

import threading
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from bridge.client import FaceBridgeClient, Stream
from bridge.clock import now
from bridge.config import Config
from bridge.playback import DELIVERY, Pace, Playback, PlaybackError
from bridge.report import Tally, summarise
from bridge.server import Server
from bridge.takes import FIRST_MINUTE, Take, read_take
from generator.face_generator import Drawn, StreamSettings
from generator.testcard import CardStream, TestCard
from tests.bridge.frames import shown

Begin = Callable[[TestCard, Pace], Stream]


class GatedCard(TestCard):
    """A test card that waits for its gate."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def render(self, frames: Sequence[tuple[CardStream, np.ndarray]]) -> list[Drawn]:
        self.gate.wait()
        return super().render(frames)


class FaultyCard(TestCard):
    """A test card that fails for an open jaw."""

    def render(self, frames: Sequence[tuple[CardStream, np.ndarray]]) -> list[Drawn]:
        if any(values[17] > 0.9 for _, values in frames):
            raise ArithmeticError("the jaw is too far open")
        return super().render(frames)


class LateGate(Playback):
    """Opens a gate with the last frame: the model is busy with the first until all are on their way."""

    gate: threading.Event

    def _send(self) -> None:
        super()._send()
        if self.sent == len(self.take):
            self.gate.set()


@pytest.fixture
def take() -> Take:
    return read_take(FIRST_MINUTE).first(12)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """`begin(generator, pace)`: a stream of a server of its own."""
    open_: list[FaceBridgeClient | Server] = []

    def start(generator: TestCard, pace: Pace) -> Stream:
        server = Server(Config(bind="tcp://127.0.0.1:*", model="testcard"), generator)
        open_.append(server)
        client = FaceBridgeClient(server.start())
        open_.append(client)
        return client.open("teal", size=128, codec="rgb24", delivery=DELIVERY[pace], credit=2)

    yield start
    for each in reversed(open_):
        each.stop() if isinstance(each, Server) else each.close()


def test_at_max_pace_every_frame_is_drawn_in_order(begin: Begin, take: Take) -> None:
    playback = Playback(begin(TestCard(), "max"), take, "max")
    pictures = list(playback)
    assert [each.sequence for each in pictures] == list(range(12))
    assert [each.timecode for each in pictures] == list(take.timecodes)
    assert (pictures[-1].dropped, playback.sent, playback.refused) == (0, 12, [])
    assert playback.complete
    for each, curves in zip(pictures, take.curves, strict=True):
        assert np.array_equal(each.pixels, shown(StreamSettings("teal", 128), curves))


def test_a_still_face_is_told_apart(begin: Begin, take: Take) -> None:
    take.curves[5:9] = take.curves[4]
    stream = begin(TestCard(), "max")
    playback, tally = Playback(stream, take, "max"), Tally()
    for each in playback:
        tally.add(each)
    assert (tally.drawn, tally.repeated, tally.pictures) == (8, 4, 12)


def test_in_real_time_the_newest_wins(begin: Begin, take: Take) -> None:
    card = GatedCard()
    playback = LateGate(begin(card, "realtime"), take, "realtime")
    playback.gate = card.gate
    pictures = list(playback)
    assert playback.complete
    assert [each.sequence for each in pictures] == sorted({each.sequence for each in pictures})
    assert pictures[-1].sequence == 11
    assert pictures[-1].dropped > 0
    assert len(pictures) + pictures[-1].dropped == 12


def test_in_real_time_frames_leave_no_sooner_than_they_were_recorded(begin: Begin, take: Take) -> None:
    playback = Playback(begin(TestCard(), "realtime"), take, "realtime")
    began = now()
    for each in playback:
        assert each.captured >= began + int(take.times[each.sequence] * 1e6)


@pytest.mark.parametrize("pace", ["max", "realtime"])
def test_a_frame_that_cannot_be_drawn_costs_itself(begin: Begin, take: Take, pace: Pace) -> None:
    take.curves[3, 17] = take.curves[11, 17] = 1.0
    playback = Playback(begin(FaultyCard(), pace), take, pace)
    pictures = list(playback)
    assert playback.complete
    assert {error.sequence for error in playback.refused} <= {3, 11}
    assert 11 in {error.sequence for error in playback.refused}
    assert {3, 11}.isdisjoint(each.sequence for each in pictures)
    if pace == "max":
        assert (len(pictures), len(playback.refused)) == (10, 2)


def test_a_server_that_owes_a_picture_for_too_long(begin: Begin, take: Take) -> None:
    card = GatedCard()
    playback = Playback(begin(card, "max"), take, "max", patience=0.05)
    with pytest.raises(PlaybackError, match=r"no picture for 0\.05 s, after frame 1"):
        list(playback)
    assert not playback.complete
    card.gate.set()


def test_the_report(begin: Begin, take: Take) -> None:
    stream = begin(TestCard(), "max")
    playback, tally = Playback(stream, take, "max"), Tally()
    for each in playback:
        tally.add(each)
    report = summarise(tally, playback, stream._client.welcome, stream.granted)
    assert report["take"] == {"name": "first_minute", "frames": 12, "duration": 0.2, "rows_left_out": 0}
    assert report["frames"] == {"sent": 12, "drawn": 12, "repeated": 0, "dropped": 0, "refused": 0}
    assert report["complete"] is True
    assert report["settings"]["identity"] == "teal"
    assert report["settings"]["delivery"] == "every"
    assert set(report["latency_ms"]) == {"total", "transport", "wait", "generate", "encode"}
    for part in report["latency_ms"].values():
        assert 0 <= part["p50"] <= part["p95"] <= part["p99"]
    assert report["fps"] > 0


def test_a_report_without_a_picture(begin: Begin, take: Take) -> None:
    stream = begin(TestCard(), "max")
    report = summarise(Tally(), Playback(stream, take, "max"), stream._client.welcome, stream.granted)
    assert report["latency_ms"]["total"] == {}
    assert report["fps"] == 0
    assert report["complete"] is False
