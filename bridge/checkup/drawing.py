"""Whether faces are drawn, and come through a server, and how fast."""

import time

import numpy as np

from bridge.checkup.finding import Finding
from bridge.config import Config
from bridge.description import able_to, described
from generator.checkpoint import BUILT_IN, SMALL
from generator.face_generator import FaceGenerator, ModelOptions, StreamSettings, load_generator
from protocol.blendshapes import BASES

SMOOTH = 30.0  # pictures per second that a performance needs
MEASURED = 2.0  # s
WARM_UPS = 5  # pictures
AS_IT_IS = ModelOptions()


def drawing(model: str, options: ModelOptions = AS_IT_IS) -> Finding:
    """Load the model and draw a face that moves."""
    started = time.perf_counter()
    generator = load_generator(model, options)
    text = f"{described(generator)}: loads in {time.perf_counter() - started:.1f} s"
    rate = _pictures_per_second(generator)
    text = f"{text}, draws {rate:.{0 if rate >= 1 else 2}f} pictures per second; {able_to(generator)}"
    if rate < SMOOTH:
        return Finding("warn", text, f"below {SMOOTH:.0f} a face moves in jerks: {_remedy(generator)}")
    return Finding("ok", text)


def _remedy(generator: FaceGenerator) -> str:
    if max(generator.sizes) >= 512:
        return "the published model needs a fast GPU"
    smaller = generator.name in BUILT_IN and generator.name != SMALL
    return "close what else is running" + (f", or take --model {SMALL}" if smaller else "")


def _pictures_per_second(generator: FaceGenerator) -> float:
    """Over MEASURED seconds, after pictures that warm the caches up; a slow model draws one picture for each."""
    stream = generator.open_stream(StreamSettings(generator.identities[0], generator.sizes[0]))
    sway = np.linspace(0.0, 6.0, len(BASES[generator.basis]))
    _draw_for(generator, stream, sway, WARM_UPS)
    started = time.perf_counter()
    drawn = _draw_for(generator, stream, -sway)
    return drawn / (time.perf_counter() - started)


def _draw_for(generator: FaceGenerator, stream: object, sway: np.ndarray, most: int = 1_000_000) -> int:
    drawn, started = 0, time.perf_counter()
    while drawn < most and (not drawn or time.perf_counter() - started < MEASURED):
        curves = 0.5 + 0.5 * np.sin(sway + 0.3 * drawn)
        generator.render([(stream, curves.astype(np.float32))])
        drawn += 1
    return drawn


def connection() -> Finding:
    """A picture from the test card through a real server and client on this machine."""
    from bridge.client import FaceBridgeClient
    from bridge.server import Server

    with (
        Server(Config(bind="tcp://127.0.0.1:*", model="testcard")) as server,
        FaceBridgeClient(server.address) as client,
    ):
        stream = client.open(identity=client.identities[0])
        stream.send({"jawOpen": 0.5})
        picture = stream.receive(timeout=5.0)
    if picture is None:
        return Finding("fail", "no picture came back within 5 s", "let the firewall pass connections to 127.0.0.1")
    return Finding("ok", f"curves out and a picture back in {picture.latency.total:.1f} ms, without drawing a face")
