"""The light of a stream, what is behind the person, and alpha, over real sockets."""

import asyncio
import logging
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgpack
import numpy as np
import pytest

from bridge.backdrop import PLAIN, TRANSPARENT, on_backdrop
from bridge.client import FaceBridgeClient, Stream
from bridge.client_async import AsyncFaceBridgeClient
from bridge.received import ReceivedPicture
from generator.face_generator import Drawn, StreamSettings
from generator.testcard import CardStream, TestCard, picture
from protocol.errors import ProtocolError
from protocol.messages import Ack, Control, Opened, Picture
from tests.bridge.frames import STILL, curves, shown

if TYPE_CHECKING:
    from bridge.server import Server
    from tests.bridge.conftest import GatedCard, Peer

Serving = Callable[..., "Server"]
Connecting = Callable[..., FaceBridgeClient]
Peering = Callable[..., "Peer"]
GREEN = "#10e020"


class OldCard(TestCard):
    """A test card in a light of its own and on a backdrop of its own."""

    capabilities = ("expression",)

    def render(self, frames: Any) -> list[Drawn]:
        return [Drawn.whole(on_backdrop(one.pixels, GREEN), one.repeated) for one in super().render(frames)]

    def open_stream(self, settings: StreamSettings) -> CardStream:
        assert settings.light is None
        return super().open_stream(settings)


def drawn(stream: Stream, values: np.ndarray = STILL) -> ReceivedPicture:
    stream.send(values)
    received = stream.receive(timeout=20)
    assert received is not None
    return received


def card(light: tuple[float, float] | None = None) -> np.ndarray:
    return picture(StreamSettings("teal", 64, light=light), STILL)


def test_alpha_arrives_in_rgba32(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", size=64, codec="rgba32")

    pixels = drawn(stream).pixels

    assert stream.granted.backdrop == TRANSPARENT
    assert set(np.unique(pixels[..., 3])) == {0, 128, 255}
    assert np.array_equal(pixels, card())


def test_rows_from_the_bottom_keep_their_alpha(serving: Serving, peering: Peering) -> None:
    peer = peering(serving())
    peer.greet()
    peer.open(codec="rgba32", row_order="bottom")
    peer.say(curves(0, value=0.0))

    assert bytes(peer.hear().pixels) == card()[::-1].tobytes()


@pytest.mark.parametrize(("wish", "colour"), [("", PLAIN), (GREEN.upper(), GREEN)])
@pytest.mark.parametrize("codec", ["jpeg", "rgb24"])
def test_without_alpha_the_person_stands_on_the_backdrop(
    codec: str, wish: str, colour: str, serving: Serving, connecting: Connecting
) -> None:
    stream = connecting(serving()).open("teal", size=64, codec=codec, backdrop=wish)

    pixels = drawn(stream).pixels

    assert (stream.granted.backdrop, stream.granted.notice) == (colour, "")
    behind = np.array(list(bytes.fromhex(colour[1:])))
    assert np.abs(pixels[0, 16:48].astype(int) - behind).max() <= (12 if codec == "jpeg" else 0)
    assert codec == "jpeg" or np.array_equal(pixels, on_backdrop(card(), colour))


def test_a_colour_behind_the_person_fills_rgba32(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", size=64, codec="rgba32", backdrop=GREEN)

    filled = drawn(stream).pixels
    granted = stream.control(backdrop="")
    clear = drawn(stream).pixels

    assert (filled[..., 3] == 255).all() and np.array_equal(filled[..., :3], on_backdrop(card(), GREEN))
    assert granted.backdrop == TRANSPARENT and np.array_equal(clear, card())


def test_a_light_moves_while_the_stream_goes_on(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", size=64, codec="rgba32", delivery="every", light=(-40.0, 20.0))
    assert stream.granted.light == (-40.0, 20.0)
    received = [drawn(stream)]

    for azimuth in (0.0, 40.0):
        assert stream.control(light=(azimuth, 20.0)).light == (azimuth, 20.0)
        received.append(drawn(stream))
    assert stream.control(light=()).light == ()
    received += [drawn(stream), drawn(stream)]

    for one, light in zip(received, [(-40.0, 20.0), (0.0, 20.0), (40.0, 20.0), None, None], strict=True):
        assert np.array_equal(one.pixels, card(light))
    assert [one.sequence for one in received] == [0, 1, 2, 3, 4]
    assert [one.repeated for one in received] == [False, False, False, False, True]


def test_what_a_control_leaves_out_stays(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", size=64, codec="rgb24", light=(30.0, 0.0), backdrop=GREEN)

    granted = stream.control(identity="amber", reset=True)

    assert (granted.light, granted.backdrop) == ((30.0, 0.0), GREEN)
    expected = picture(StreamSettings("amber", 64, light=(30.0, 0.0)), STILL)
    assert np.array_equal(drawn(stream).pixels, on_backdrop(expected, GREEN))


@pytest.mark.parametrize("codec", ["jpeg", "rgb24", "rgba32"])
def test_a_still_face_is_laid_on_a_new_backdrop_at_once(codec: str, serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", size=64, codec=codec)

    first, again = drawn(stream), drawn(stream)
    stream.control(backdrop=GREEN)
    green, still = drawn(stream), drawn(stream)

    assert [one.repeated for one in (first, again, green, still)] == [False, True, False, True]
    assert np.array_equal(first.pixels, again.pixels) and np.array_equal(green.pixels, still.pixels)
    assert np.abs(green.pixels[0, 32, :3].astype(int) - (16, 224, 32)).max() <= 12


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"light": [math.nan, 0.0]}, "CONTROL.light's azimuth must be a finite number from -90 to 90, not nan"),
        ({"light": [0.0, 95]}, "CONTROL.light's elevation must be a finite number from -30 to 90, not 95"),
        ({"light": [10.0]}, "CONTROL.light must be [azimuth, elevation] in degrees, or [], not 1 entries"),
        ({"light": "front"}, "CONTROL.light must be a list [azimuth, elevation] in degrees, not str"),
        ({"backdrop": "green"}, """CONTROL.backdrop must be "#rrggbb", "transparent" or "", not 'green'"""),
    ],
)
def test_a_bad_value_is_refused_in_words_and_the_stream_lives(
    change: dict[str, Any], sentence: str, serving: Serving, peering: Peering
) -> None:
    peer = peering(serving())
    peer.greet()
    peer.open(codec="rgba32", light=(30.0, 10.0))

    peer.say_bytes(msgpack.Packer().pack({"t": "CONTROL", "stream": 0} | change))
    error = peer.hear_error()
    peer.say(curves(0, value=0.0))
    message = peer.hear()

    assert (error.name, error.text, error.stream, error.fatal) == ("bad_field", sentence, 0, False)
    assert isinstance(message, Picture) and bytes(message.pixels) == card((30.0, 10.0)).tobytes()


def test_the_client_refuses_a_bad_light_before_it_is_sent(serving: Serving, connecting: Connecting) -> None:
    client = connecting(serving())
    with pytest.raises(ProtocolError, match=r"OPEN\.light's azimuth must be a finite number from -90 to 90, not 120"):
        client.open("teal", light=(120.0, 0.0))
    stream = client.open("teal")
    with pytest.raises(ProtocolError, match=r"CONTROL\.light's elevation must be a finite number"):
        stream.control(light=(0.0, math.inf))
    assert drawn(stream).sequence == 0


def test_a_refused_control_leaves_the_backdrop_as_it_was(
    serving: Serving, peering: Peering, gated: "GatedCard"
) -> None:
    peer = peering(serving(gated))
    peer.greet()
    peer.open(codec="rgb24", backdrop=GREEN)

    peer.say(Control(0, seed=666, backdrop="#ffffff", light=(10.0, 10.0)))
    promised, error = peer.hear(), peer.hear()
    peer.say(Control(0), curves(0, value=0.0))
    opened, message = peer.hear_until(Opened)[-1], peer.hear_until(Picture)[-1]

    assert (promised.backdrop, error.name) == ("#ffffff", "generator_failed")
    assert (opened.backdrop, opened.light, opened.seed) == (GREEN, (), 0)
    assert bytes(message.pixels) == on_backdrop(card(), GREEN).tobytes()


def test_each_stream_has_its_own(serving: Serving, peering: Peering) -> None:
    peer = peering(serving())
    peer.greet()
    looks = {0: ((-60.0, 0.0), "#ff0000"), 1: ((60.0, 80.0), "#0000ff")}
    for stream, (light, backdrop) in looks.items():
        peer.open(stream, codec="rgb24", light=light, backdrop=backdrop)
    for stream, (light, backdrop) in looks.items():
        peer.say(curves(0, stream, value=0.0))
        assert bytes(peer.hear().pixels) == on_backdrop(card(light), backdrop).tobytes()
        peer.say(Ack(stream, 0))


def test_a_model_with_a_light_and_backdrop_of_its_own_says_so(
    serving: Serving, connecting: Connecting, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "facebridge")
    client = connecting(serving(OldCard()))
    stream = client.open("teal", size=64, codec="rgba32", light=(30.0, 0.0), backdrop="#ff0000")

    granted, pixels = stream.granted, drawn(stream).pixels
    quiet = stream.control(expression_scale=0.5)
    stream.control(light=(0.0, 0.0))

    assert client.capabilities == ("expression",)
    assert (granted.light, granted.backdrop) == ((), "")
    assert "`light` has no effect" in granted.notice and "`backdrop` has no effect" in granted.notice
    assert (pixels[..., 3] == 255).all() and np.array_equal(pixels[..., :3], on_backdrop(card(), GREEN))
    assert quiet.notice == ""
    assert [record.message for record in caplog.records] == [granted.notice, granted.notice.split("; ")[0]]


def test_a_wish_for_transparency_that_the_codec_cannot_have_is_told(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", size=64, codec="rgb24", backdrop=TRANSPARENT)

    assert stream.granted.notice == f"rgb24 has no alpha: the backdrop is {PLAIN}; the codec rgba32 has it"
    assert stream.granted.backdrop == PLAIN
    assert np.array_equal(drawn(stream).pixels, shown(StreamSettings("teal", 64), STILL))


def test_asyncio_sets_them_too(serving: Serving) -> None:
    async def perform(address: str) -> None:
        async with AsyncFaceBridgeClient(address, timeout=20) as client:
            stream = await client.open("teal", size=64, codec="rgb24", light=(10.0, 20.0))
            granted = await stream.control(light=(-10.0, 20.0), backdrop=GREEN)
            await stream.send(STILL)
            received = await stream.receive(timeout=20)
            assert (granted.light, granted.backdrop) == ((-10.0, 20.0), GREEN)
            assert received is not None
            assert np.array_equal(received.pixels, on_backdrop(card((-10.0, 20.0)), GREEN))

    asyncio.run(perform(serving().address))
