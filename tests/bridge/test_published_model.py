"""The published model behind the server, small and with seeded weights: from the folder to pictures over a socket."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.cli import main
from bridge.client import FaceBridgeClient, Stream
from bridge.config import Config
from bridge.server import Server
from generator.identities import Identity, IdentityStore
from tests.generator.published import SIZE, write_release

Connecting = Callable[..., FaceBridgeClient]


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models, sd15 and people, of whom there is one: ann, with a reference picture."""
    folder = tmp_path_factory.mktemp("release")
    write_release(folder, lcm=True)
    enrol(folder / "people", "ann", seed=1)
    return folder


@pytest.fixture(scope="module")
def server(release: Path) -> Iterator[Server]:
    with Server(config(release)) as server:
        yield server


def config(release: Path) -> Config:
    models, base, people = (str(release / name) for name in ("models", "sd15", "people"))
    return Config(bind="tcp://127.0.0.1:*", model=models, base=base, store=people, device="cpu", dtype="float32")


def enrol(people: Path, name: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    embedding = random.normal(size=512).astype(np.float32)
    picture = random.integers(0, 256, (512, 512, 3), np.uint8)
    IdentityStore(people).write(Identity(name, embedding / np.linalg.norm(embedding), 1, picture))


def face(stream: Stream, jaw: float) -> np.ndarray:
    """A fresh picture with the jaw so far open: uint8 (SIZE, SIZE, 3)."""
    stream.control(reset=True)
    stream.send({"jawOpen": jaw})
    received = stream.receive(timeout=20)
    assert received is not None
    return received.pixels


def differ(one: np.ndarray, other: np.ndarray) -> bool:
    return not np.array_equal(one, other)


def test_curves_identity_and_both_scales_change_what_is_drawn(server: Server, connecting: Connecting) -> None:
    client = connecting(server)
    stream = client.open("ann", codec="rgb24", reference_scale=0.0)

    neutral = face(stream, 0.0)
    wide = face(stream, 1.0)
    stream.control(expression_scale=0.0)
    muted = face(stream, 1.0)
    stream.control(expression_scale=1.0, reference_scale=0.8)
    referred = face(stream, 1.0)

    assert client.capabilities == ("expression", "reference")
    assert wide.shape == (SIZE, SIZE, 3)
    assert differ(wide, neutral) and differ(muted, wide) and differ(referred, wide)
    assert np.array_equal(face(stream, 1.0), referred)


def test_who_is_enrolled_while_it_runs_can_be_drawn(server: Server, release: Path, connecting: Connecting) -> None:
    client = connecting(server)
    stream = client.open("ann", codec="rgb24")
    before = face(stream, 0.5)

    enrol(release / "people", "ben", seed=2)

    assert stream.control(identity="ben").identity == "ben"
    assert differ(face(stream, 0.5), before)


def test_without_its_adapters_it_is_served_and_says_so(release: Path, tmp_path: Path, connecting: Connecting) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(release, bare)
    shutil.rmtree(bare / "models" / "exp_adapter")
    shutil.rmtree(bare / "models" / "ref_adapter")

    with Server(config(bare)) as server:
        client = connecting(server)
        stream = client.open("ann", codec="rgb24", reference_scale=0.8)
        assert client.capabilities == ()
        assert np.array_equal(face(stream, 0.0), face(stream, 1.0))


def test_with_nobody_enrolled_it_is_not_served(
    release: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--model", str(release), "--store", str(tmp_path), "--device", "cpu"]) == 1

    complaint = capsys.readouterr().err
    assert "enrol someone first, `facebridge enroll PHOTO --name NAME`" in complaint
    assert str(tmp_path) in complaint
