"""The GDScript client before a real server: it streams, is refused, and comes back when the server does."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import zmq

from bridge.config import Config
from bridge.server import Server
from generator.face_generator import Drawn, StreamSettings
from generator.testcard import CardStream, TestCard
from tests.godot_engine import Run, display, godot, needs_godot

pytestmark = needs_godot
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
def client(screen: str, home: Path, until: str, then: str = "", **settings: Any) -> Iterator[Run]:
    """The client in the engine, until it has been through the states that `until` names."""
    variables = {"FACEBRIDGE_UNTIL": until, "FACEBRIDGE_THEN": then, "FACEBRIDGE_SETTINGS": json.dumps(settings)}
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
    then = json.dumps({"identity": "amber"})
    with serve(card) as server:
        wishes = {"address": server.address, "identity": "nobody", "size": 64}
        with client(screen, tmp_path, "Refused Streaming", then, **wishes) as engine:
            told = engine.rest()

    states = [(line["state"], line["status"]) for line in told if "state" in line]
    assert [state for state, _ in states] == ["Connecting", "Refused", "Connecting", "Streaming", "Closed"]
    assert states[1][1] == (
        "Refused: no identity 'nobody'; there are amber, teal, violet, slate: choose another identity."
    )
    assert card.identities_drawn == {"amber"}


def test_a_server_that_asks_for_keys_is_told(screen: str, tmp_path: Path) -> None:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        router.curve_server = True
        router.curve_secretkey = zmq.curve_keypair()[1]
        port = router.bind_to_random_port("tcp://127.0.0.1")
        with client(screen, tmp_path, "Refused", address=f"tcp://127.0.0.1:{port}") as engine:
            refused = engine.until(state="Refused")

    assert "it may ask for keys, and this client has none" in refused["status"]
