"""One source without its sockets: who is heard, what is counted, and that nothing ends it."""

from collections.abc import Callable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.capture.feed import Feed
from bridge.capture.holder import SILENCE, Holder
from bridge.capture.inbox import MOST, Inbox
from bridge.capture.sample import RefusedPacketError, Sample
from bridge.capture.sources import SOURCES
from bridge.capture.tally import REASONS, SECOND, State, Tally, printable
from bridge.capture.wanted import read_wanted

Played = list[tuple[Sample, int]]


def sample(device: str = "", subject: str = "", value: float = 0.0, tracked: bool = True) -> Sample:
    curves = np.full(55, value, np.float32)
    return Sample(curves, np.zeros(6, np.float32), tracked=tracked, device=device, subject=subject)


class Words:
    """A protocol for tests: a packet is words, `device/subject`, each a face; the first letter may ask for trouble."""

    def read(self, packet: bytes) -> list[Sample]:
        if packet.startswith(b"!"):
            raise RefusedPacketError("bad", f"refused {packet!r}")
        if packet.startswith(b"?"):
            raise ZeroDivisionError("a fault of the decoder")
        if packet.startswith(b"~"):
            return [sample(value=float("nan"))]
        faces = [word.split("/") for word in packet.decode().split()]
        return [sample(device, subject) for device, subject in faces]


def feed(device: str = "", make: Callable[[], Words] = Words) -> tuple[Feed, Played]:
    played: Played = []
    return Feed(make, lambda sample, arrived: played.append((sample, arrived)), device), played


def test_the_first_device_holds_the_source_until_it_is_silent() -> None:
    holder = Holder()
    assert holder.admits("a", "1:1", 1)
    assert not holder.admits("b", "2:2", SILENCE)
    assert holder.admits("a", "1:1", SILENCE)
    assert not holder.admits("b", "2:2", 2 * SILENCE - 1)
    assert holder.admits("b", "2:2", 2 * SILENCE)
    assert not holder.admits("a", "1:1", 2 * SILENCE + 1)
    holder.release("1:1")
    assert not holder.admits("a", "1:1", 2 * SILENCE + 2)
    holder.release("2:2")
    assert holder.admits("a", "1:1", 2 * SILENCE + 3)


def test_another_device_or_subject_is_refused_and_counted() -> None:
    one, played = feed()
    one.take(b"phone/anna", "1.1.1.1:5", 10)
    one.take(b"other/anna", "1.1.1.2:5", 20)
    one.take(b"phone/bob", "1.1.1.1:5", 30)
    one.take(b"phone/anna", "1.1.1.1:6", 40)  # the app has started again, from another port
    report = one.tally.report(50)
    assert [arrived for _, arrived in played] == [10, 40]
    assert (report.packets, report.taken, report.refused) == (4, 2, {"other device": 2})
    assert "phone bob at 1.1.1.1:5 sends, while 1.1.1.1:5 performs" in report.error


def test_without_an_id_a_device_is_its_address() -> None:
    one, played = feed()
    one.take(b"/", "1.1.1.1:5", 10)
    one.take(b"/", "1.1.1.1:6", 20)
    one.take(b"/", "1.1.1.1:6", 10 + SILENCE)
    assert len(played) == 2


def test_only_the_device_that_is_wanted_is_heard() -> None:
    for wanted in ("phone", "anna", "1.1.1.1", "1.1.1.1:5"):
        one, played = feed(wanted)
        one.take(b"other/bob", "1.1.1.2:5", 10)
        one.take(b"phone/anna", "1.1.1.1:5", 20)
        assert [arrived for _, arrived in played] == [20]
        assert f"only {wanted} is wanted" in one.tally.report(30).error


def test_two_sources_on_one_port_share_out_the_faces() -> None:
    (one, first), (two, second) = feed(), feed()
    for arrived in (10, 20):
        performing: set[str] = set()
        for each in (one, two):
            each.judge(b"phone/anna phone/bob", "1.1.1.1:5", arrived, performing)
    assert {sample.subject for sample, _ in first} == {"anna"}
    assert {sample.subject for sample, _ in second} == {"bob"}


def test_what_a_sender_leaves_half_told_does_not_reach_anothers() -> None:
    class Told:
        def __init__(self) -> None:
            self.said = b""

        def read(self, packet: bytes) -> list[Sample]:
            self.said += packet
            if packet != b".":
                return []
            return [sample(value=float(len(self.said)))]

    played: Played = []
    one = Feed(Told, lambda sample, arrived: played.append((sample, arrived)))
    one.take(b"ab", "a:1", 1)
    one.take(b"xyz", "b:1", 2)
    one.take(b".", "a:1", 3)
    one.take(b"xyz", "b:1", 4)
    assert [float(sample.curves[0]) for sample, _ in played] == [3.0]
    assert one.tally.report(5).refused == {"other device": 1}
    for place in range(100):  # many addresses must not fill the memory
        one.take(b"ab", f"c:{place}", 6)
    one.take(b".", "a:1", 7)
    assert float(played[-1][0].curves[0]) == 4.0


def test_faults_and_what_is_not_finite_are_refused() -> None:
    one, played = feed()
    for packet in (b"!", b"?", b"~", b"\xff"):
        one.take(packet, "a:1", 1)
    report = one.tally.report(2)
    assert not played
    assert report.refused == {"bad": 1, "fault": 2, "not finite": 1}
    assert report.state is State.REFUSED


def test_states() -> None:
    tally = Tally()
    assert tally.report(0).state is State.WAITING
    tally.add(sample(), 10)
    assert tally.report(20).state is State.STREAMING
    tally.add(sample(tracked=False), 30)
    assert tally.report(40).state is State.LOST
    tally.refuse("short", "too short", 50 + SECOND)
    assert tally.report(60 + SECOND).state is State.REFUSED
    assert tally.report(60 + 2 * SECOND).state is State.WAITING
    tally.end()
    assert tally.report(0).state is State.OVER
    tally.end("the camera is gone")
    assert (tally.report(0).state, tally.report(0).error) == (State.FAILED, "the camera is gone")


def test_the_rate_is_that_of_the_last_second() -> None:
    tally = Tally()
    for frame in range(120):
        tally.add(sample(), frame * SECOND // 60)
    assert round(tally.report(2 * SECOND).rate) == 60
    assert tally.report(9 * SECOND).rate == 0.0


def test_what_a_sender_writes_cannot_fill_the_memory_or_paint_the_terminal() -> None:
    tally = Tally()
    for number in range(1000):
        tally.refuse(f"reason {number}", "\x1b[31m\n" + "x" * 10_000, 0)
    report = tally.report(1)
    assert len(report.refused) == REASONS + 1
    assert sum(report.refused.values()) == 1000
    assert report.error.startswith("?[31m?xxx") and len(report.error) <= 200
    assert printable("日本 é") == "日本 é"


def test_an_inbox_has_an_end_and_counts_what_went() -> None:
    inbox = Inbox()
    for arrived in range(MOST + 3):
        inbox.put(sample(), arrived)
    assert (len(inbox), inbox.missed) == (MOST, 3)
    inbox.wait(10.0)
    assert [arrived for _, arrived in inbox.drain()] == list(range(3, MOST + 3))
    assert not list(inbox.drain())
    inbox.close()
    inbox.put(sample(), 0)  # nobody reads it, and nothing is raised


DECODERS = [name for name, source in SOURCES.items() if source.transport != "none"]


@given(name=st.sampled_from(DECODERS), packets=st.lists(st.tuples(st.binary(max_size=2000), st.integers(0, 9))))
@settings(deadline=None, derandomize=True, max_examples=100)
def test_whatever_comes_is_counted_and_nothing_stops(name: str, packets: list[tuple[bytes, int]]) -> None:
    played: Played = []
    wanted = read_wanted(name)
    one = Feed(wanted.make, lambda sample, arrived: played.append((sample, arrived)))
    for place, (packet, sender) in enumerate(packets):
        one.take(packet, f"1.1.1.1:{sender}", place)
    report = one.tally.report(len(packets))
    assert report.packets == len(packets) == report.taken + sum(report.refused.values())
    assert report.samples == len(played)
    assert "fault" not in report.refused, report.error
