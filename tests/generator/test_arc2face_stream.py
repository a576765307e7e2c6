"""The published model as a stream: few steps, batches, live changes, and what is absent."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from generator.arc2face.attention import Adapters
from generator.arc2face.compiled import PaddedPass, compile_release, filled
from generator.arc2face.place import Place
from generator.arc2face.release import load_release
from generator.arc2face.still import Sitting, StillSettings, draw_still
from generator.arc2face.streaming import Arc2FaceModel, load_streaming
from generator.arc2face.unet import Guide
from generator.checkpoint import CheckpointError
from generator.diffusion import DiffusionGenerator
from generator.face_generator import ModelOptions, StreamSettings, load_generator
from generator.identities import Identity, IdentityStore
from tests.generator.published import SIZE, write_release

RANDOM = np.random.default_rng(5)
NOW, LATER = RANDOM.normal(size=(2, 55)).astype(np.float32)
SD = ModelOptions(device="cpu", autoencoder="sd")


def person(name: str, reference: bool = False) -> Identity:
    vector = RANDOM.normal(size=512).astype(np.float32)
    picture = RANDOM.integers(0, 256, (512, 512, 3), dtype=np.uint8) if reference else None
    return Identity(name, vector / np.linalg.norm(vector), reference=picture)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_release(folder, lcm=True)
    store = IdentityStore(folder / "people")
    for one in (person("Ann"), person("Ben"), person("Cleo", reference=True)):
        store.write(one)
    return folder


def load(folder: Path, **options: str) -> DiffusionGenerator:
    return load_streaming(folder / "models", replace(SD, store=str(folder / "people"), **options))


@pytest.fixture(scope="module")
def generator(folder: Path) -> DiffusionGenerator:
    return load(folder)


def settings(name: str, **others: float) -> StreamSettings:
    return StreamSettings(name, SIZE, **others)  # pyright: ignore[reportArgumentType]


def drawn(generator: DiffusionGenerator, settings: StreamSettings, *frames: np.ndarray) -> list[np.ndarray]:
    stream = generator.open_stream(settings)
    return [generator.render([(stream, curves)])[0].pixels.astype(int) for curves in frames]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_a_model_folder_is_enough_to_know_the_published_model(folder: Path) -> None:
    generator = load_generator(str(folder), ModelOptions(device="cpu", store=str(folder / "people")))
    assert (generator.name, generator.basis, generator.sizes) == ("arc2face", "flame55", (SIZE,))
    assert generator.capabilities == ("expression", "reference")
    assert generator.identities == ("Ann", "Ben", "Cleo")


def test_the_first_picture_is_the_one_step_still(folder: Path, generator: DiffusionGenerator) -> None:
    ann = IdentityStore(folder / "people").read("Ann")
    release = load_release(folder / "models", folder / "sd15", Place(), few_steps=True)
    still = draw_still(
        release, Sitting(ann.embedding, NOW), StillSettings("lcm", steps=1, guidance=1.0, seed=4, size=SIZE)
    )
    streamed = drawn(generator, settings("Ann", seed=4, steps=1), NOW)[0]
    assert np.abs(streamed - still * 255).max() <= 0.51


@pytest.mark.parametrize("steps", [1, 2, 4])
def test_streams_in_one_pass_are_the_streams_alone(generator: DiffusionGenerator, steps: int) -> None:
    wishes = [settings("Ann", seed=1, steps=steps), settings("Cleo", seed=2, steps=steps, expression_scale=0.5)]
    wishes.append(settings("Cleo", seed=2, steps=steps, reference_scale=0.3))
    frames = [NOW, NOW + 0.05, LATER]  # fresh, going on from the last latent, and a cut
    alone = [drawn(generator, wish, *frames) for wish in wishes]
    streams = [generator.open_stream(wish) for wish in wishes]
    for number, frame in enumerate(frames):
        together = generator.render([(stream, frame) for stream in streams])
        for one, other in zip(alone, together, strict=True):
            assert np.abs(one[number] - other.pixels).max() <= 1


def test_expression_identity_and_both_scales_are_seen(generator: DiffusionGenerator) -> None:
    base = drawn(generator, settings("Cleo"), NOW)[0]
    changed = {
        "expression": drawn(generator, settings("Cleo"), LATER)[0],
        "identity": drawn(generator, settings("Ann"), NOW)[0],
        "expression scale": drawn(generator, settings("Cleo", expression_scale=0.2), NOW)[0],
        "reference scale": drawn(generator, settings("Cleo", reference_scale=0.3), NOW)[0],
        "no reference": drawn(generator, settings("Cleo", reference_scale=0), NOW)[0],
    }
    assert {what: apart(base, picture) > 0.5 for what, picture in changed.items()} == dict.fromkeys(changed, True)
    unseen = drawn(generator, settings("Ann", reference_scale=0.1), NOW)[0]
    assert apart(changed["identity"], unseen) == 0


def test_scales_change_live_while_the_face_is_still(generator: DiffusionGenerator) -> None:
    stream = generator.open_stream(settings("Cleo"))
    first = generator.render([(stream, NOW)])[0]
    assert generator.render([(stream, NOW)])[0].repeated
    for changed in ({"expression_scale": 0.4}, {"reference_scale": 0.2}, {"identity": "Ben"}):
        generator.change(stream, replace(stream.settings, **changed))
        after = generator.render([(stream, NOW)])[0]
        assert not after.repeated and apart(first.pixels, after.pixels) > 0.5, changed
        assert generator.render([(stream, NOW)])[0].repeated


def test_a_small_movement_goes_on_from_the_last_latent(
    generator: DiffusionGenerator, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = NOW + 0.05
    reused = drawn(generator, settings("Ann"), NOW, near)[1]
    monkeypatch.setattr(generator, "reuse", False)
    fresh = drawn(generator, settings("Ann"), NOW, near)[1]
    assert apart(fresh, drawn(generator, settings("Ann"), near)[0]) == 0
    assert apart(fresh, reused) > 0.5


def test_a_persons_tokens_are_computed_once(generator: DiffusionGenerator) -> None:
    model = generator.model
    assert isinstance(model, Arc2FaceModel)
    cleo = generator.people.read("Cleo")
    assert model.subject(cleo) is model.subject(generator.people.read("Cleo"))
    assert model.subject(replace(cleo, reference=None)) is not model.subject(cleo)


def test_somebody_enrolled_later_can_be_drawn_at_once(folder: Path, generator: DiffusionGenerator) -> None:
    with pytest.raises(ValueError, match="nobody called 'Dora'"):
        generator.open_stream(settings("Dora"))
    IdentityStore(folder / "people").write(person("Dora"))
    assert "Dora" in generator.identities
    assert drawn(generator, settings("Dora"), NOW)[0].shape == (SIZE, SIZE, 3)


@pytest.mark.parametrize(
    ("part", "left"), [("exp_adapter", ("reference",)), ("ref_adapter", ("expression",)), ("lcm_lora", None)]
)
def test_each_adapter_can_be_absent(folder: Path, tmp_path: Path, part: str, left: tuple[str, ...] | None) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "models" / part)
    generator = load(tmp_path / "copy")
    assert generator.capabilities == (left or ("expression", "reference"))
    if part == "lcm_lora":
        assert "no LCM-LoRA" in generator.label
    assert apart(*drawn(generator, settings("Cleo"), NOW, LATER)[:2]) > 0 or "expression" not in generator.capabilities


def test_the_tiny_autoencoder_is_taken_where_it_is_there(folder: Path, tmp_path: Path) -> None:
    assert "TAESD" in load(folder, autoencoder="").label
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy" / "models" / "taesd")
    assert "SD's autoencoder" in load(tmp_path / "copy", autoencoder="").label
    with pytest.raises(CheckpointError, match=r"taesd is not there.*--autoencoder sd"):
        load(tmp_path / "copy", autoencoder="taesd")


def test_a_compiled_pass_draws_what_eager_draws_and_fills_up_its_batch(folder: Path) -> None:
    eager, compiled = (load_release(folder / "models", folder / "sd15", Place(), few_steps=True) for _ in range(2))
    compile_release(compiled, backend="aot_eager")
    people = [eager.identity(torch.from_numpy(person("x").embedding)) for _ in range(3)]
    tokens = eager.expression(torch.from_numpy(np.stack([NOW, LATER, NOW])))
    guides = [Guide(one, expression, scale) for one, expression, scale in zip(people, tokens, (1, 0.5, 0), strict=True)]
    noisy, level = torch.randn(3, 4, 16, 16), torch.tensor([999, 499, 19])
    with torch.inference_mode():
        expected, found = (release.denoiser.predict(noisy, level, guides) for release in (eager, compiled))
        pictures = [release.decode(expected) for release in (eager, compiled)]
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(*pictures, atol=1e-4, rtol=1e-4)
    assert len(filled(noisy)) == 4


def test_a_compiled_model_makes_every_pass_before_the_first_stream(folder: Path) -> None:
    release = load_release(folder / "models", folder / "sd15", Place(), few_steps=True)
    passes: list[tuple[int, bool]] = []
    padded = PaddedPass(release.denoiser.unet)

    def seen(noisy: torch.Tensor, timestep: torch.Tensor, identity: torch.Tensor, adapters: Adapters) -> torch.Tensor:
        passes.append((len(noisy), adapters.reference is not None))
        return padded(noisy, timestep, identity, adapters)

    release.denoiser.forward = seen
    DiffusionGenerator(Arc2FaceModel(release, compiled=True), IdentityStore(folder / "people"))
    assert passes == [(1, False), (1, True), (2, False), (2, True), (4, False), (4, True)]


def test_another_runtime_is_refused(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="eager or compiled, not with openvino"):
        load(folder, runtime="openvino")


def test_cuda_that_is_not_there_is_named(folder: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("a card is here")
    with pytest.raises(CheckpointError, match="finds no CUDA"):
        load(folder, device="cuda")
