"""Any basis on any model, over real sockets: what both have arrives, and what is lost is told to both sides."""

import logging
from collections.abc import Callable

import numpy as np
import pytest

from bridge.client import FaceBridgeClient, Stream
from bridge.config import Config, Limits
from bridge.curve_names import CurveInput
from bridge.server import Server
from generator.blendshape_map import MappingError
from generator.face_generator import StreamSettings
from generator.testcard import TestCard
from protocol.blendshapes import ARKIT52, BASES, FLAME55
from tests.bridge.frames import shown

Serving = Callable[..., Server]
Connecting = Callable[..., FaceBridgeClient]


class FlameCard(TestCard):
    """A test card whose bars are the curves of flame55, in their order."""

    name = "flamecard"
    basis = "flame55"


def bars(stream: Stream, values: CurveInput) -> np.ndarray:
    """The pixels that the server draws for these curves."""
    stream.send(values)
    received = stream.receive(timeout=20)
    assert received is not None
    return received.pixels


def card(basis: str, **curves: float) -> np.ndarray:
    """The card of these curves as the model gets them, for `teal` at 128 pixels."""
    values = np.zeros(len(BASES[basis]), np.float32)
    for name, value in curves.items():
        values[BASES[basis].index(name)] = value
    return shown(StreamSettings("teal", 128), values)


LEVELS = (logging.INFO, logging.WARNING)


@pytest.mark.parametrize(
    ("model", "own", "others"),
    [(TestCard, "arkit55", ("arkit52", "flame55")), (FlameCard, "flame55", ("arkit52", "arkit55"))],
)
def test_every_basis_is_offered_and_the_models_own_comes_first(
    model: type[TestCard], own: str, others: tuple[str, ...], serving: Serving, connecting: Connecting
) -> None:
    welcome = connecting(serving(model())).welcome

    assert welcome.bases == (own, *others)


def test_the_jaw_and_lids_of_a_flame_stream_move_an_arkit_model(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving()).open("teal", basis="flame55", codec="rgb24")

    shut = bars(stream, {"eyelidLeft": 1.0, "expression07": 2.0})
    neutral = bars(stream, {})
    open_wide = bars(stream, {"jawX": 0.3})

    columns = {name: index * 128 // 55 + 1 for index, name in enumerate(ARKIT52)}
    assert (shut[64, columns["eyeBlinkLeft"]] != neutral[64, columns["eyeBlinkLeft"]]).any()
    assert (shut[:, columns["eyeBlinkRight"]] == neutral[:, columns["eyeBlinkRight"]]).all()
    assert (open_wide[64, columns["jawOpen"]] != neutral[64, columns["jawOpen"]]).any()
    assert np.array_equal(neutral, card("arkit55"))


def test_an_arkit_stream_moves_the_jaw_and_lids_of_a_flame_model(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving(FlameCard())).open("teal", codec="rgb24")  # arkit55, as nothing else is asked for

    assert np.array_equal(bars(stream, {"eyeBlinkLeft": 1.0, "browInnerUp": 1.0}), card("flame55", eyelidLeft=1.0))
    assert not np.array_equal(bars(stream, {"jawOpen": 1.0}), card("flame55"))
    assert stream.granted.basis == "arkit55"


def test_a_model_gets_its_own_basis_untouched(serving: Serving, connecting: Connecting) -> None:
    stream = connecting(serving(FlameCard())).open("teal", basis="flame55", codec="rgb24")
    values = np.linspace(0.0, 1.0, len(FLAME55), dtype=np.float32)

    assert np.array_equal(bars(stream, values), shown(StreamSettings("teal", 128), values))
    assert stream.granted.notice == ""


@pytest.mark.parametrize(
    ("model", "basis", "lost"),
    [(TestCard, "flame55", "expression"), (FlameCard, "arkit52", "brows"), (FlameCard, "arkit55", "head turns")],
)
def test_what_is_lost_is_told_to_the_client_and_to_whoever_reads_all_of_the_servers_log(
    model: type[TestCard],
    basis: str,
    lost: str,
    serving: Serving,
    connecting: Connecting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "facebridge")
    client = connecting(serving(model()))

    opened = [client.open("teal", basis=basis).granted for _ in range(2)]

    assert all(lost in one.notice and "`facebridge models pull mappings`" in one.notice for one in opened)
    told = {level: [record.message for record in caplog.records if record.levelno == level] for level in LEVELS}
    assert told[logging.WARNING] == [opened[0].notice]
    assert [text for text in told[logging.INFO] if opened[0].notice in text] == [
        f"client 'python': {opened[0].notice}"
    ] * 2


@pytest.mark.parametrize("basis", ["arkit52", "arkit55"])
def test_where_nothing_is_lost_nothing_is_said(
    basis: str, serving: Serving, connecting: Connecting, caplog: pytest.LogCaptureFixture
) -> None:
    assert connecting(serving()).open("teal", basis=basis).granted.notice == ""
    assert caplog.records == []


def test_a_mapping_of_ones_own_is_used(tmp_path_factory: pytest.TempPathFactory, connecting: Connecting) -> None:
    path = tmp_path_factory.mktemp("mapping") / "brows.json"
    path.write_text(
        '{"facebridge_mapping": 1, "name": "brows", "source": "arkit52", "target": "flame55", "sources": "this test",'
        ' "licence": "none", "numbers": {"browInnerUp": {"expression03": 0.5}}}'
    )
    config = Config(bind="tcp://127.0.0.1:*", map=str(path), limits=Limits())

    with Server(config, FlameCard()) as server:
        stream = connecting(server).open("teal", basis="arkit52", codec="rgb24")
        assert np.array_equal(bars(stream, {"browInnerUp": 1.0}), card("flame55", expression03=0.5))


def test_a_mapping_that_is_not_there_ends_the_start_before_the_model_is_read() -> None:
    with pytest.raises(MappingError, match="no-such-map"):
        Server(Config(bind="tcp://127.0.0.1:*", model="no-such-model", map="no-such-map"))
