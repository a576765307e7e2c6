"""Every way to run the compact network gives the same picture."""

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator import hardware
from generator.checkpoint import model_folder
from generator.compact.card import read_card, read_identities
from generator.compact.eager import EagerRuntime
from generator.compact.openvino import FLOAT32, UNUSED, OpenVinoRuntime
from generator.compact.runtime import Conditions, load_runtime
from generator.temporal import stream_noise

FOLDER = model_folder("compact")
CARD = read_card(FOLDER)
PICTURE = np.random.default_rng(2).uniform(size=(1, 4, 256, 256)).astype(np.float32)


def inputs(count: int) -> tuple[np.ndarray, np.ndarray, Conditions]:
    noise = np.stack([stream_noise(seed, 32, 16) for seed in range(count)])
    people = list(read_identities(FOLDER, CARD).values())[:count]
    identity = np.stack([person.embedding for person in people])
    curves = np.linspace(0, 0.12, count * 55, dtype=np.float32).reshape(count, 55)
    scene = np.repeat(np.array([[-0.48, 0.42, 0.77, 1.0]], np.float32), count, 0)
    given = Conditions(identity, scene, curves, noise * np.float32(0.1), [], np.full(count, 0.8, np.float32))
    return noise, np.full(count, 999), given


@pytest.fixture(scope="module", params=[False, True], ids=["float32", "bfloat16"])
def fast(request: pytest.FixtureRequest) -> OpenVinoRuntime:
    return OpenVinoRuntime(FOLDER, CARD, bfloat16=request.param)


@pytest.fixture(scope="module")
def plain() -> EagerRuntime:
    return EagerRuntime(FOLDER, CARD, "cpu")


@pytest.mark.parametrize("size", CARD.sizes)
@pytest.mark.parametrize("count", [1, 3])
def test_openvino_draws_what_torch_draws(fast: OpenVinoRuntime, plain: EagerRuntime, count: int, size: int) -> None:
    noisy, level, given = inputs(count)
    expected, got = (one.decode(one.denoise(noisy, level, given), size).astype(int) for one in (plain, fast))
    assert got.shape == (count, size, size, 4)
    assert np.abs(expected - got).mean() < 2.5  # of 255: bfloat16 against float32


def test_a_processor_without_bfloat16_draws_in_float32_whatever_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "has_bfloat16", lambda: False)
    runtime = OpenVinoRuntime(FOLDER, CARD, bfloat16=True)
    assert runtime.label.endswith("float32") and runtime._settings.items() >= FLOAT32.items()


def test_a_reference_is_read_alike_and_heeded_alike(fast: OpenVinoRuntime, plain: EagerRuntime) -> None:
    noisy, level, given = inputs(1)
    picture = PICTURE
    seen = plain.read(picture, given.identity)
    assert all(np.array_equal(a, b) for a, b in zip(seen, fast.read(picture, given.identity), strict=True))
    looking = replace(given, reference=seen)
    expected, got = (one.denoise(noisy, level, looking) for one in (plain, fast))
    assert np.abs(expected - got).mean() < 0.05
    assert np.abs(expected - plain.denoise(noisy, level, given)).mean() > 1e-4


def test_a_batch_that_is_not_compiled_yet_is_drawn_one_by_one(plain: EagerRuntime) -> None:
    runtime = OpenVinoRuntime(FOLDER, CARD, bfloat16=False)
    noisy, level, given = inputs(3)
    runtime.denoise(*inputs(1))
    first = runtime.denoise(noisy, level, given)
    assert ("denoiser", 4) in runtime._coming
    runtime._coming["denoiser", 4].result()
    second = runtime.denoise(noisy, level, given)
    assert ("denoiser", 4) in runtime._compiled
    expected = plain.denoise(noisy, level, given)
    assert np.abs(first - expected).max() < 0.01 and np.abs(second - expected).max() < 0.01


@pytest.mark.parametrize("part", [0, 1], ids=["its latent", "its states"])
def test_each_part_of_a_reference_is_heeded(plain: EagerRuntime, part: int) -> None:
    noisy, level, given = inputs(1)
    seen = plain.read(PICTURE, given.identity)
    other = [-one if number == part else one for number, one in enumerate(seen)]
    drawn = [plain.denoise(noisy, level, replace(given, reference=reference)) for reference in (seen, other)]
    assert np.abs(drawn[0] - drawn[1]).mean() > 1e-4


def test_a_batch_that_does_not_compile_is_said_and_drawn_in_smaller_ones(caplog: pytest.LogCaptureFixture) -> None:
    runtime = OpenVinoRuntime(FOLDER, CARD, bfloat16=False)
    runtime.denoise(*inputs(1))
    runtime._settings["NO_SUCH_SETTING"] = "1"
    runtime.denoise(*inputs(3))
    runtime._coming["denoiser", 4].result()
    assert "denoiser for 4 streams at once does not compile" in caplog.text
    assert runtime.denoise(*inputs(3)).shape == (3, 32, 16, 16)


def test_a_person_in_a_light_is_asked_after_once(plain: EagerRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, asked = OpenVinoRuntime(FOLDER, CARD, bfloat16=False), []
    run = runtime._run
    monkeypatch.setattr(runtime, "_run", lambda graph, given: [asked.append(graph), run(graph, given)][1])
    noisy, level, given = inputs(1)
    for lit in (given, given, replace(given, scene=-given.scene), given):
        drawn, expected = runtime.denoise(noisy, level, lit), plain.denoise(noisy, level, lit)
        assert np.abs(drawn - expected).max() < 0.01
    assert asked.count("person") == 2 and asked.count("denoiser") == 4
    monkeypatch.setattr("generator.compact.openvino.KNOWN", 1)
    for azimuth in range(3):
        runtime.denoise(noisy, level, replace(given, scene=given.scene + np.float32(azimuth)))
    assert len(runtime._known) == 1


def test_too_many_streams_in_one_pass_are_refused(fast: OpenVinoRuntime) -> None:
    with pytest.raises(ValueError, match="5 streams in one pass; this runtime takes 4"):
        fast.denoise(*inputs(5))


def test_what_is_kept_compiled_draws_the_same_and_a_damaged_one_is_compiled_anew(tmp_path: Path) -> None:
    def drawn() -> np.ndarray:
        runtime = OpenVinoRuntime(FOLDER, CARD, bfloat16=False)
        runtime._kept = tmp_path
        return runtime.decode(inputs(1)[0], CARD.sizes[1]).astype(int)

    first = drawn()
    (blob,) = tmp_path.glob("*.blob")
    assert np.abs(drawn() - first).max() <= 1  # OpenVINO may sum in another order
    assert list(tmp_path.glob("*.blob")) == [blob], "it was compiled anew"
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes()[:1000])
    assert np.abs(drawn() - first).max() <= 1


def test_conversions_that_nobody_uses_any_longer_are_not_kept_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name: str(tmp_path / name))
    kept = OpenVinoRuntime(FOLDER, CARD)._kept
    recent, old = (kept.parent / name for name in ("recent", "old"))
    for folder in (kept, recent, old):
        folder.mkdir(parents=True)
        (folder / "decoder.bin").write_bytes(b"x")
    for folder in (kept, old):
        os.utime(folder, (0, time.time() - UNUSED - 1))
    for _ in range(2):
        OpenVinoRuntime(FOLDER, CARD)
    assert set(kept.parent.iterdir()) == {kept, recent}


INTEL, AMD = "Intel(R) Xeon(R) Processor", "AMD EPYC"


@pytest.mark.parametrize(
    ("name", "tiles", "held_to", "pays"),
    [
        (INTEL, True, "ALL", True), (INTEL, True, "AVX512_CORE_AMX", True), (INTEL, True, "AVX512_CORE_BF16", False),
        (INTEL, True, "AVX2", False), (INTEL, False, "ALL", False), (AMD, False, "ALL", True),
        (AMD, False, "AVX512_CORE_BF16", True), (AMD, False, "AVX512_CORE_VNNI", False), (AMD, False, "AVX2", False),
    ],
)  # fmt: skip
def test_bfloat16_is_for_processors_that_are_faster_in_it(
    monkeypatch: pytest.MonkeyPatch, name: str, tiles: bool, held_to: str, pays: bool
) -> None:
    monkeypatch.setattr(hardware, "has_bfloat16", lambda: True)  # of any processor, so that any tests it
    monkeypatch.setattr(hardware, "_tiles", lambda: tiles)
    monkeypatch.setattr(hardware, "_name", lambda: name)
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", held_to)
    assert hardware.half_pays() is pays


def test_without_a_card_auto_takes_openvino() -> None:
    if torch.cuda.is_available():
        pytest.skip("a graphics card is here")
    assert isinstance(load_runtime(FOLDER, CARD), OpenVinoRuntime)
