"""The GDScript client before a real server: it streams, is refused, and comes back when the server does."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bridge.config import Config, Limits
from bridge.server import Server
from generator.face_generator import Drawn, StreamSettings
from generator.testcard import CardStream, TestCard
from tests.godot_engine import Run, display, godot, needs_godot
from tests.scripted_server import SITUATIONS, ScriptedServer

pytestmark = needs_godot
COLOURS = {"green": "4dd966", "amber": "ffbf33", "red": "f24d40"}  # as hex of the colours in client.gd
STATES = ["Connecting", "Streaming", "Waiting", "Streaming", "Closed"]


class KeptCard(TestCard):
    """A test card that remembers the hash of every picture it drew."""

    def __init__(self) -> None:
        self.drawn: set[str] = set()
        self.identities_drawn: set[str] = set()

    def render(self, frames: Any) -> list[Drawn]:
        drawn = super().render(frames)
        self.drawn |= {hashlib.sha256(one.pixels.tobytes()).hexdigest() for one in drawn}
        return drawn

    def open_stream(self, settings: StreamSettings) -> CardStream:
        self.identities_drawn.add(settings.identity)
        return super().open_stream(settings)


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    with display() as name:
        yield name


def serve(card: TestCard, address: str = "tcp://127.0.0.1:*") -> Server:
    return Server(Config(bind=address, model="testcard"), card)


@contextmanager
def client(
    screen: str, home: Path, until: str, at: str = "", then: dict[str, Any] | None = None, **settings: Any
) -> Iterator[Run]:
    """The client in the engine, until it has been in the states that `until` names; in `at` it changes settings."""
    variables = {
        "FACEBRIDGE_UNTIL": until,
        "FACEBRIDGE_AT": at,
        "FACEBRIDGE_THEN": json.dumps(then),
        "FACEBRIDGE_SETTINGS": json.dumps(settings),
    }
    with godot(screen, home, "checks/conduct.gd", **variables) as engine:
        yield engine


def test_it_comes_back_with_the_server_and_its_numbers_go_on(screen: str, tmp_path: Path) -> None:
    card = KeptCard()
    with serve(card) as server:
        address = server.address
        wishes = {"address": address, "identity": "teal", "size": 64}
        with client(screen, tmp_path, "Streaming Waiting Streaming", **wishes) as engine:
            engine.until(state="Streaming", status="Streaming teal at 64 pixels.")
            engine.until(width=64)
            server.stop()
            waiting = engine.until(state="Waiting")
            with serve(card, address):
                told = engine.rest()

    assert waiting["status"].startswith("Waiting: the server ended the connection: the server is shutting down")
    assert [line["state"] for line in told if "state" in line] == STATES
    pictures = [line for line in told if "sequence" in line]
    sequences = [line["sequence"] for line in pictures]
    assert sequences == sorted(set(sequences))
    assert {line["sha256"] for line in pictures} <= card.drawn
    for line in pictures:
        parts = line["latency"]
        assert parts["total"] == pytest.approx(sum(parts.values()) - parts["total"], abs=0.01)


def test_a_refused_identity_is_told_and_another_is_taken_at_once(screen: str, tmp_path: Path) -> None:
    card = KeptCard()
    with serve(card) as server:
        wishes = {"address": server.address, "identity": "nobody", "size": 64}
        with client(screen, tmp_path, "Refused Streaming", "Refused", {"identity": "amber"}, **wishes) as engine:
            told = engine.rest()

    states = [(line["state"], line["status"]) for line in told if "state" in line]
    assert [state for state, _ in states] == ["Connecting", "Refused", "Connecting", "Streaming", "Closed"]
    assert states[1][1] == (
        "Refused: no identity 'nobody'; there are amber, teal, violet, slate: choose another identity."
    )
    assert card.identities_drawn == {"amber"}


def test_what_the_user_reads(screen: str, tmp_path: Path) -> None:
    with ExitStack() as servers:
        serving = [servers.enter_context(ScriptedServer(situation)) for situation in SITUATIONS]
        asked = [{"settings": server.settings, "then": server.then} for server in serving]
        with godot(screen, tmp_path, "checks/standing.gd", FACEBRIDGE_SITUATIONS=json.dumps(asked)) as engine:
            expected = {
                (place, situation["state"], server.status, COLOURS[situation["colour"]])
                for place, (situation, server) in enumerate(zip(SITUATIONS, serving, strict=True))
            }
            while expected:
                told = engine.until()
                expected.discard((told["place"], told["state"], told["status"], told["colour"]))


def test_a_change_that_is_refused_leaves_the_stream_as_it_was(screen: str, tmp_path: Path) -> None:
    card = KeptCard()
    with serve(card) as server:
        wishes = {"address": server.address, "identity": "teal", "size": 64}
        with client(screen, tmp_path, "Never", "Streaming", {"identity": "nobody"}, **wishes) as engine:
            refused = engine.until(state="Streaming", colour=COLOURS["amber"])
            engine.until(width=64)
            engine.until(width=64)

    assert "as before; refused: no identity 'nobody'" in refused["status"]
    assert card.identities_drawn == {"teal"}


def test_another_size_is_another_stream_after_the_first_has_ended(screen: str, tmp_path: Path) -> None:
    card = KeptCard()
    with Server(Config(bind="tcp://127.0.0.1:*", model="testcard", limits=Limits(max_streams=1)), card) as server:
        wishes = {"address": server.address, "size": 64}
        with client(screen, tmp_path, "Never", "Streaming", {"size": 128}, **wishes) as engine:
            engine.until(width=128)
