"""The path of a frame through a real server: what is drawn, in which order, together with what, and what is told."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bridge import image_codec
from bridge.config import Config
from bridge.server import Server
from generator.face_generator import StreamSettings
from generator.testcard import picture
from protocol.errors import ProtocolError
from protocol.messages import Ack, Close, Control, Curves, Error, Opened, Picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bridge.conftest import GatedCard, Peer

STILL = np.zeros(55, np.float32)


def curves(sequence: int, stream: int = 0, value: float | None = None) -> Curves:
    level = sequence % 10 / 10 if value is None else value
    return Curves(stream, sequence, 1_000_000 + sequence, f"01:00:00:{sequence:02}", np.full(55, level, np.float32))


def drawn(message: Picture, like: np.ndarray) -> bool:
    """Whether the picture is the test card of these curves, as `teal`."""
    pixels = image_codec.decode(bytes(message.pixels), message.codec, message.width, message.height, message.row_order)
    return np.array_equal(pixels, picture(StreamSettings("teal", message.width), like))


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


def test_the_newest_frame_wins_while_the_model_is_busy(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(codec="rgb24")
    gated.gate.clear()
    peer.say(curves(0))
    assert gated.entered.acquire(timeout=20)

    peer.say(*(curves(sequence) for sequence in range(1, 8)))
    assert peer.settle()[-1].dropped == 6
    gated.gate.set()

    first, second = peer.hear(), peer.hear()
    assert [(message.sequence, message.dropped) for message in (first, second)] == [(0, 0), (7, 6)]
    assert drawn(second, np.full(55, 0.7, np.float32))


def test_every_frame_is_drawn_in_order_where_that_is_asked_for(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(delivery="every", credit=8)
    gated.gate.clear()

    peer.say(*(curves(sequence) for sequence in range(8)))
    peer.settle()
    gated.gate.set()

    assert [peer.hear().sequence for _ in range(8)] == list(range(8))
    assert peer.settle()[-1].dropped == 0


def test_a_stream_without_credit_is_not_drawn(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(credit=1)
    peer.open(stream=1, identity="amber")
    peer.say(curves(1))
    assert peer.hear().sequence == 1

    peer.say(curves(2), curves(3))
    peer.say(curves(1, stream=1))  # the model is free: it draws another stream
    assert peer.hear().stream == 1
    assert gated.batches == [["teal"], ["amber"]]
    peer.say(Ack(0, 1))

    answer = peer.hear()
    assert (answer.stream, answer.sequence, answer.dropped) == (0, 3, 1)


def test_streams_that_have_something_new_are_drawn_together_and_wait_for_no_other(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    for stream, identity in enumerate(("amber", "teal", "violet", "slate")):
        peer.open(stream=stream, identity=identity)
    gated.gate.clear()
    peer.say(curves(1, stream=0))
    assert gated.entered.acquire(timeout=20)

    peer.say(curves(1, stream=3), curves(1, stream=1))
    peer.settle()
    gated.gate.set()

    assert {peer.hear().stream for _ in range(3)} == {0, 1, 3}
    assert gated.batches == [["amber"], ["slate", "teal"]]


def test_a_batch_is_never_larger_than_the_generator_takes(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    gated.max_batch = 2
    peer = peering(serving(gated))
    peer.greet()
    for stream in range(5):
        peer.open(stream=stream)
    gated.gate.clear()
    peer.say(curves(1, stream=4))
    assert gated.entered.acquire(timeout=20)

    peer.say(*(curves(2, stream=stream) for stream in range(4)))
    peer.settle()
    gated.gate.set()

    assert {peer.hear().stream for _ in range(5)} == {0, 1, 2, 3, 4}
    assert [len(batch) for batch in gated.batches] == [1, 2, 2]


def test_of_a_batch_only_the_frame_at_fault_is_lost(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    gated.refuses = lambda values: values[0] > 0.9
    peer = peering(serving(gated))
    peer.greet()
    for stream in range(4):
        peer.open(stream=stream)
    gated.gate.clear()
    peer.say(curves(0, stream=0))
    assert gated.entered.acquire(timeout=20)

    peer.say(*(curves(1, stream=stream, value=1.0 if stream == 2 else 0.5) for stream in range(1, 4)))
    peer.settle()
    gated.gate.set()

    answers = {message.stream: type(message) for message in (peer.hear() for _ in range(4))}
    assert answers == {0: Picture, 1: Picture, 2: Error, 3: Picture}


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

    peer.say(Control(0, identity="violet", expression_scale=0.5))
    opened = peer.hear()
    peer.say(curves(1, value=1.0))
    message = peer.hear()

    assert isinstance(opened, Opened)
    assert (opened.identity, opened.expression_scale, opened.size) == ("violet", 0.5, 64)
    expected = picture(StreamSettings("violet", 64), np.full(55, 0.5, np.float32))
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
    assert error.text == "ValueError: seed 666 is refused"
    assert (opened.identity, opened.seed) == ("teal", 0)
    assert drawn(peer.hear(), curves(1).values)  # pyright: ignore[reportArgumentType]


def test_close_comes_back_after_the_last_picture_and_frees_the_number(
    serving: "Callable[..., Server]", peering: "Callable[..., Peer]", gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(delivery="every", credit=4)
    gated.gate.clear()
    peer.say(curves(1), curves(2), curves(3))
    assert gated.entered.acquire(timeout=20)

    peer.say(Close(0))
    assert peer.settle()[-1].dropped == 2
    gated.gate.set()

    assert [type(peer.hear()), type(peer.hear())] == [Picture, Close]
    assert peer.open(identity="amber").identity == "amber"


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
    assert error.text == "TypeError: the generator drew uint8 (64, 64, 2), not uint8 (64, 64, 3)"
    gated.crop = False
    peer.say(curves(2))
    assert isinstance(peer.hear(), Picture)


def test_an_offer_the_wire_cannot_hold_is_refused_at_the_start(gated: "GatedCard") -> None:
    gated.identities = ("x" * 65,)

    with pytest.raises(ProtocolError, match=r"WELCOME\.identities\[0\] must have from 1 to 64 bytes"):
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
