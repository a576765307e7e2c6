"""The path of a frame through a real server: what is drawn, together with what, and what is told."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bridge.config import Config
from bridge.server import Server
from generator.face_generator import StreamSettings
from protocol.errors import ProtocolError
from protocol.messages import Ack, Control, Curves, Opened, Picture
from tests.bridge.frames import STILL, curves, drawn, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bridge.conftest import GatedCard, Peer


@pytest.mark.parametrize("codec", ["rgb24", "rgba32"])
@pytest.mark.parametrize("row_order", ["top", "bottom"])
def test_a_frame_comes_back_as_its_picture_with_its_times(
    codec: str, row_order: str, serving: "Callable[..., Server]", peering: "Callable[..., Peer]"
) -> None:
    peer = peering(serving())
    peer.greet()
    peer.open(codec=codec, row_order=row_order)
    frame = curves(7)

    peer.say(frame)
    message = peer.hear()

    assert (message.sequence, message.captured, message.timecode) == (7, 1_000_007, "01:00:00:07")
    assert (message.codec, message.row_order, message.width, message.height) == (codec, row_order, 64, 64)
    assert message.received <= message.taken <= message.drawn <= message.sent
    assert drawn(message, frame.values)  # pyright: ignore[reportArgumentType]


def test_names_on_the_wire_draw_what_an_array_draws(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]"
) -> None:
    peer = peering(serving())
    peer.greet()
    peer.open(basis="arkit52", codec="rgb24")
    values = STILL.copy()
    values[17] = 0.5

    peer.say(Curves(0, 1, 0, "", {"jawOpen": 0.5, "notACurve": 1.0}))

    assert drawn(peer.hear(), values)


def test_a_still_face_is_sent_again_and_marked(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]"
) -> None:
    peer = peering(serving())
    peer.greet()
    peer.open()
    pictures = []
    for sequence, value in enumerate((0.5, 0.5, 0.6)):
        peer.say(curves(sequence, value=value))
        pictures.append(peer.hear())
        peer.say(Ack(0, sequence))

    assert [message.repeated for message in pictures] == [False, True, False]
    assert bytes(pictures[0].pixels) == bytes(pictures[1].pixels) != bytes(pictures[2].pixels)
    stats = peer.settle()[-1]
    assert (stats.drawn, stats.repeated) == (2, 1)


def test_a_control_changes_the_next_picture(serving: "Callable[..., Server]", peering: "Callable[..., Peer]") -> None:
    peer = peering(serving())
    peer.greet()
    peer.open(codec="rgb24")

    peer.say(Control(0, identity="violet", expression_scale=0.5, reference_scale=0.25))
    opened = peer.hear()
    peer.say(curves(1, value=1.0))
    message = peer.hear()

    assert isinstance(opened, Opened)
    assert (opened.identity, opened.expression_scale, opened.size) == ("violet", 0.5, 64)
    assert opened.reference_scale == 0.25
    expected = shown(StreamSettings("violet", 64), np.full(55, 0.5, np.float32))
    assert bytes(message.pixels) == expected.tobytes()


def test_a_control_that_the_generator_refuses_leaves_the_stream_as_it_was(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(codec="rgb24")

    peer.say(Control(0, identity="violet", seed=666))
    promised, error = peer.hear(), peer.hear()
    peer.say(Control(0, expression_scale=1.0))
    opened = peer.hear()
    peer.say(curves(1))

    assert promised.seed == 666
    assert (error.name, error.stream, error.sequence) == ("generator_failed", 0, -1)
    assert error.text == "seed 666 is refused"
    assert (opened.identity, opened.seed) == ("teal", 0)
    assert drawn(peer.hear(), curves(1).values)  # pyright: ignore[reportArgumentType]


def test_clients_do_not_share_their_numbers(serving: "Callable[..., Server]", peering: "Callable[..., Peer]") -> None:
    server = serving()
    peers = [peering(server), peering(server)]
    for peer, identity in zip(peers, ("teal", "amber"), strict=True):
        peer.greet()
        peer.open(identity=identity, codec="rgb24")

    for peer in peers:
        peer.say(curves(1))

    assert drawn(peers[0].hear(), curves(1).values)  # pyright: ignore[reportArgumentType]
    assert not drawn(peers[1].hear(), curves(1).values)  # pyright: ignore[reportArgumentType]


def test_a_server_that_stops_tells_every_client_and_leaves_no_thread(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]"
) -> None:
    server = serving()
    peers = [peering(server), peering(server)]
    for peer in peers:
        peer.greet()

    server.stop()

    for peer in peers:
        error = peer.hear()
        assert (error.name, error.fatal) == ("server_closing", True)
    assert not server.alive
    server.stop()


def test_pixels_of_the_wrong_shape_cost_their_frame(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    gated.crop = True
    peer = peering(serving(gated))
    peer.greet()
    peer.open()

    peer.say(curves(1))

    error = peer.hear()
    assert (error.name, error.sequence) == ("generator_failed", 1)
    assert error.text == "TypeError: the generator drew uint8 (64, 64, 2), not uint8 (64, 64, 3 or 4)"
    gated.crop = False
    peer.say(curves(2))
    assert isinstance(peer.hear(), Picture)


def test_an_offer_the_wire_cannot_hold_is_refused_at_the_start(gated: "GatedCard") -> None:
    gated.name = "x" * 65

    with pytest.raises(ProtocolError, match=r"WELCOME\.model must have from 1 to 64 bytes"):
        Server(Config(bind="tcp://127.0.0.1:*"), gated)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_whose_model_thread_dies_says_so_and_ends(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    def die(values: np.ndarray) -> bool:
        raise SystemExit

    gated.refuses = die
    server = serving(gated)
    peer = peering(server)
    peer.greet()
    peer.open()

    peer.say(curves(1))

    assert peer.hear().name == "server_closing"
    with pytest.raises(RuntimeError, match="the thread that owns the model has ended"):
        server.wait()


def test_an_address_that_is_taken_is_named(serving: "Callable[..., Server]") -> None:
    taken = serving().address

    with pytest.raises(OSError, match=f"cannot listen on {taken}: .+; is another server running there?"):
        Server(Config(bind=taken, model="testcard")).start()


def test_a_model_that_is_not_there_is_not_served() -> None:
    with pytest.raises(ValueError, match="no-such-model"):
        Server(Config(bind="tcp://127.0.0.1:*", model="no-such-model"))
